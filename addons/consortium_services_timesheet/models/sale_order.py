from odoo import api, fields, models


class SaleOrder(models.Model):
    """The hours of an agreement: approved, and those that wait for it."""

    _inherit = "sale.order"

    approved_hours = fields.Float(
        string="Of Which Approved", compute="_compute_approved_hours"
    )
    pending_hours = fields.Float(
        string="Waiting for Approval", compute="_compute_approved_hours"
    )

    owes_true_up = fields.Boolean(
        compute="_compute_owes_true_up", store=True, readonly=False
    )

    @api.depends("clause_version_ids.clause_id")
    def _compute_owes_true_up(self):
        """What was signed says it: the member owes the actual cost where the agreement
        has the clause at cost. Orders without clauses say it themselves."""
        for order in self:
            clauses = order.clause_version_ids.clause_id
            if clauses:
                order.owes_true_up = "AT-COST" in clauses.mapped("code")
            else:
                order.owes_true_up = order.owes_true_up

    @api.depends("order_line.timesheet_ids.minutes")
    def _compute_approved_hours(self):
        agreements = self.filtered("is_service_agreement")
        found = agreements._charged_minutes()
        for order in self:
            approved = pending = 0
            for (order_id, _field, done), minutes in found.items():
                if order_id == order.id:
                    approved += minutes if done else 0
                    pending += 0 if done else minutes
            order.approved_hours = approved / 60
            order.pending_hours = pending / 60

    def _charged_minutes(self):
        """``{(order id, field of expertise id, approved or not): minutes}`` of the time
        charged to these agreements; one aggregate."""
        if not self.ids:
            return {}
        # Totals of all who work for the member; who asks need not read their time.
        rows = (
            self.env["account.analytic.line"]
            .sudo()
            ._read_group(
                [
                    ("order_id", "in", self.ids),
                    ("project_id", "!=", False),
                    ("chargeable", "=", True),
                ],
                ["so_line", "approval_state"],
                ["minutes:sum"],
            )
        )
        found = {}
        for line, state, minutes in rows:
            key = (line.order_id.id, line.expertise_id.id, state == "approved")
            found[key] = found.get(key, 0) + minutes
        return found

    def _spent_minutes(self):
        """Approved time and time that waits for approval, if it is charged."""
        found = {}
        for (order, field, _approved), minutes in self._charged_minutes().items():
            mine = found.setdefault(order, {})
            mine[field] = mine.get(field, 0) + minutes
        return found
