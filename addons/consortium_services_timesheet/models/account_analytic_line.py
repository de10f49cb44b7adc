from odoo import api, models
from odoo.fields import Domain

# What makes time count in the ceiling of its agreement, beside its hours.
COUNTING = {"minutes", "chargeable"}


class AccountAnalyticLine(models.Model):
    _inherit = "account.analytic.line"

    def write(self, vals):
        """:raise UserError: the time goes over the ceiling of its agreement"""
        before = self._agreement_minutes() if COUNTING & set(vals) else None
        result = super().write(vals)
        if before is not None:
            self._check_agreement_ceilings(before)
        return result

    @api.depends("project_id.agreement_id.beneficiary_id")
    def _compute_partner_id(self):
        """Time is rendered to who is served, who need not be the one who signed."""
        result = super()._compute_partner_id()
        # As core and the approval of time have it: those keep the contact they have.
        for line in self._not_approved().filtered(lambda line: line._is_not_billed()):
            # Who enters time need not read the agreement that it is for.
            beneficiary = line.sudo().project_id.agreement_id.beneficiary_id
            if beneficiary:
                line.partner_id = beneficiary
        return result

    def _agreement_minutes(self):
        """Whole minutes, and those that are charged: the others cost the member
        nothing."""
        found = {}
        # Who enters time need not read the agreement that it is for.
        for line in self.sudo():
            order = line.so_line.order_id
            if order.is_service_agreement and line.project_id and line.chargeable:
                found[order] = found.get(order, 0) + line.minutes
        return found

    def _timesheet_get_portal_domain(self):
        """In the portal: approved time of the agreements that the mandate shows, to who
        signed them and to who is served, whichever the contact of the time is."""
        user = self.env.user
        if not user._is_portal():
            return super()._timesheet_get_portal_domain()
        mine = user._acting_partner("request").ids
        orders = self.env["sale.order"]._acting_domain() & (
            Domain("partner_id.commercial_partner_id", "in", mine)
            | Domain("beneficiary_id", "in", mine)
        )
        return (
            Domain("project_id.privacy_visibility", "in", ["invited_users", "portal"])
            & Domain("approval_state", "=", "approved")
            & Domain("timesheet_invoice_type", "!=", False)
            & Domain("order_id", "any", orders)
        )
