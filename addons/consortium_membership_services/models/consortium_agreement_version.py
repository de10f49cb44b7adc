from odoo import models


class ConsortiumAgreementVersion(models.Model):
    _inherit = "consortium.agreement.version"

    def action_propose(self):
        """:raise UserError: it gives more services to who may not be served"""
        self.filtered(lambda version: version._extends()).order_id._check_served()
        return super().action_propose()

    def _extends(self):
        """Whether this amendment gives more than the agreement does: a later end, a
        higher ceiling or none, more hours in all, a field of expertise."""
        self.ensure_one()
        order = self.order_id
        taken = order.order_line.filtered("is_taken")
        rows = self.line_ids.filtered("planned_minutes")
        unlimited = float("inf")
        return bool(
            (self.agreement_end and self.agreement_end > order.agreement_end)
            or (self.ceiling_minutes or unlimited)
            > (order.ceiling_minutes or unlimited)
            or sum(rows.mapped("planned_minutes")) > order._taken_minutes()
            or rows.expertise_id - taken.filtered("planned_minutes").expertise_id
        )
