from odoo import models


class AccountAnalyticLine(models.Model):
    """What the ledger says of an entry of time, and why it may say nothing."""

    _inherit = "account.analytic.line"  # pylint: disable=R8180

    def _billing_problems(self):
        """``{order: one sentence}`` on why time of it can't be billed; most often none.

        What an order's entries share, a center and a rate, is looked at once.
        """
        first = {}
        for line in self:
            first.setdefault(
                (line.order_id, line.cost_center_id, line.hourly_rate_id), line
            )
        found = {}
        for line in first.values():
            if problem := line._billing_problem():
                found.setdefault(line.order_id, problem)
        return found

    def _billing_problem(self):
        """One sentence on why this time can't be billed, if it can't."""
        self.ensure_one()
        order = self.order_id
        if not (self.hourly_rate_id and self.cost_center_id):
            return self.env._(
                "The time of %(name)s on %(date)s (%(order)s) has no approved rate: it "
                "can't be billed.",
                name=self.employee_id.name,
                date=self.date,
                order=order.name,
            )
        if order.currency_id != self.company_id.currency_id:
            return self.env._(
                "%(order)s is in %(currency)s: time at cost is billed in the currency "
                "of the cooperative.",
                order=order.name,
                currency=order.currency_id.name,
            )
        return False

    def _billing_values(self):
        """What the ledger says of an entry of time, but the amounts."""
        self.ensure_one()
        return {
            "kind": "bill",
            "company_id": self.company_id.id,
            "timesheet_line_id": self.id,
            "order_line_id": self.so_line.id,
            "order_id": self.order_id.id,
            "cost_center_id": self.cost_center_id.id,
            "rate_id": self.hourly_rate_id.id,
            "minutes": self.minutes,
            "cents": 0,
            "reserve_cents": 0,
            "cost_date": self.cost_date or self.date,
        }
