from odoo import api, models
from odoo.fields import Domain

# What moves time from one agreement to another, or makes more of it.
MOVING = {"unit_amount", "so_line", "task_id", "project_id", "employee_id"}


class AccountAnalyticLine(models.Model):
    _inherit = "account.analytic.line"

    @api.model_create_multi
    def create(self, vals_list):
        """:raise UserError: the time goes over the ceiling of its agreement"""
        lines = super().create(vals_list)
        lines._check_agreement_ceilings({})
        return lines

    def write(self, vals):
        """:raise UserError: the time goes over the ceiling of its agreement"""
        before = self._agreement_minutes() if MOVING & set(vals) else None
        result = super().write(vals)
        if before is not None:
            self._check_agreement_ceilings(before)
        return result

    def _compute_so_line(self):
        """Time follows its task and its project to another agreement: no ``write`` is
        called then.

        :raise UserError: the time goes over the ceiling of its agreement
        """
        # What is typed in is not there yet.
        lines = self.sudo().filtered("id")
        before = {line: line.so_line.order_id for line in lines}
        result = super()._compute_so_line()
        moved = lines.filtered(
            lambda line: line.project_id and line.so_line.order_id != before[line]
        )
        orders = moved.so_line.order_id.filtered("is_service_agreement")
        if orders:
            orders._touch_ceilings()
            orders._check_ceilings()
        return result

    def _agreement_minutes(self):
        """The minutes of these lines, by agreement that runs under a ceiling."""
        found = {}
        # Who enters time need not read the agreement that it is for.
        for line in self.sudo():
            order = line.so_line.order_id
            if order.is_service_agreement and line.project_id:
                minutes = found.get(order, 0) + round(line.unit_amount * 60)
                found[order] = minutes
        return found

    def _check_agreement_ceilings(self, before):
        """Check the agreements that have more time than before.

        Less time is never refused, however far over the ceiling it leaves.
        """
        now = self._agreement_minutes()
        orders = self.env["sale.order"].sudo()
        for order, minutes in now.items():
            if minutes > before.get(order, 0):
                orders |= order
        if orders:
            orders._touch_ceilings()
            orders._check_ceilings()

    @api.model
    def _timesheet_get_portal_domain(self):
        """In the portal: the time of the agreements that the mandate shows. Core says:
        what the company of the contact follows."""
        user = self.env.user
        if not user._is_portal():
            return super()._timesheet_get_portal_domain()
        return (
            Domain("project_id.privacy_visibility", "in", ["invited_users", "portal"])
            & Domain("order_id", "any", self.env["sale.order"]._acting_domain())
            & Domain("timesheet_invoice_type", "!=", False)
        )
