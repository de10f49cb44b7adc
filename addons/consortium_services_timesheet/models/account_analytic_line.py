from odoo import models
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
        """In the portal: approved time, of the agreements that the mandate shows."""
        domain = super()._timesheet_get_portal_domain()
        if not self.env.user._is_portal():
            return domain
        orders = self.env["sale.order"]._acting_domain()
        return Domain(domain) & Domain("order_id", "any", orders)
