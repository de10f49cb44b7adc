from collections import defaultdict

from odoo import models
from odoo.fields import Domain


class SaleOrder(models.Model):
    """What a billing run proposes for each order."""

    _inherit = "sale.order"  # pylint: disable=R8180

    def _billing_run_values(self, date_to):
        """The line of a billing run for each order: figures, or why there are none.

        Orders with nothing to bill have none.
        """
        problems = {order: order._payer_problem() for order in self}
        times = self._unbilled_time(date_to=date_to)
        for order, problem in times._billing_problems().items():
            problems[order] = problems[order] or problem
        sound = self.filtered(lambda order: not problems[order])
        proposal = sound._proposal(times.filtered(lambda line: line.order_id in sound))
        open_minutes = self._open_minutes(date_to)
        due = self.order_line._expenses_due(date_to)
        rows = []
        for order in self:
            values = {
                "order_id": order.id,
                "payer_id": order.partner_invoice_id.id,
                "open_minutes": open_minutes[order.id],
            }
            if problems[order]:
                rows.append({**values, "state": "problem", "problem": problems[order]})
                continue
            groups = [g for line in order.order_line for g in proposal.of(line)]
            amount = sum(group.cents for group in groups) / 100
            reserve = sum(group.reserve for group in groups) / 100
            order = order.with_context(
                billing_proposal=proposal, expenses_end_date=date_to
            )
            expenses, others = order._rest_to_invoice(due)
            if not (groups or expenses or others):
                continue
            rows.append(
                {
                    **values,
                    "position_id": order._payer_position().id,
                    "minutes": sum(group.minutes for group in groups),
                    "late_minutes": sum(group.late for group in groups),
                    "amount": amount,
                    "reserve": reserve,
                    "expenses": expenses,
                    "others": others,
                    "total": amount + reserve + expenses + others,
                }
            )
        return rows

    def _rest_to_invoice(self, due):
        """What goes on an invoice beside time and its reserve.

        :param due: see ``_expenses_due``
        :return: ``(disbursements, others)``, before taxes
        """
        expenses = others = 0
        lines = self._get_invoiceable_lines(final=True)
        for line in lines - lines._time_lines():
            if line.display_type:
                continue
            if line.is_expense:
                expenses += line._invoiced_for(due.get(line, line.qty_to_invoice))
            else:
                others += line._invoiced_for(
                    -1 if line.is_downpayment else line.qty_to_invoice
                )
        return expenses, others

    def _open_minutes(self, date_to):
        """Minutes of the period that nobody approved, by order."""
        rows = (
            self.env["account.analytic.line"]
            .sudo()
            ._read_group(
                Domain("order_id", "in", self.ids)
                & Domain("project_id", "!=", False)
                & Domain("chargeable", "=", True)
                & Domain("approval_state", "!=", "approved")
                & Domain("date", "<=", date_to),
                ["order_id"],
                ["minutes:sum"],
            )
        )
        return defaultdict(int, {order.id: minutes for order, minutes in rows})

    def _payer_problem(self):
        """One sentence on the payer of an agreement that can't be billed."""
        self.ensure_one()
        payer = self.partner_invoice_id
        if not (payer and payer.active):
            return self.env._("%(order)s has no payer.", order=self.name)
        known = self.billing_position_id or payer.property_account_position_id
        canada = self.company_id.account_fiscal_country_id.code == "CA"
        abroad = payer.country_id and payer.country_id.code != "CA"
        if canada and not (known or abroad or payer.state_id):
            return self.env._(
                "The address of %(payer)s has no province: taxes follow it.",
                payer=payer.display_name,
            )
        return False
