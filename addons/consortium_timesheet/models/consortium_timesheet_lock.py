from odoo import api, fields, models
from odoo.exceptions import UserError


class ConsortiumTimesheetLock(models.Model):
    """Up to which day hours are locked: the last row counts, and all rows stay."""

    _name = "consortium.timesheet.lock"
    _description = "Lock of Hours"
    _order = "id desc"
    _rec_name = "date"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    date = fields.Date(string="Locked Up To", required=True)
    reason = fields.Char(help="Needed to open again days that were locked.")

    @api.model_create_multi
    def create(self, vals_list):
        locks = super().create(vals_list)
        for lock in locks:
            previous = self.search(
                [("company_id", "=", lock.company_id.id), ("id", "<", lock.id)], limit=1
            )
            if previous.date and lock.date < previous.date and not lock.reason:
                raise UserError(
                    self.env._(
                        "Hours are already locked up to %(date)s: say why these days "
                        "are opened again, or add an exception.",
                        date=previous.date,
                    )
                )
            closed = lock.company_id.at_cost_closed_until
            if closed and lock.date < closed:
                raise UserError(
                    self.env._(
                        "The cost is closed up to %(date)s: its hours stay locked.",
                        date=closed,
                    )
                )
        self.env["res.company"].invalidate_model(["timesheet_lock_date"])
        return locks

    def write(self, vals):
        """Another lock replaces the last one; both stay."""
        if self:
            raise UserError(self.env._("A lock is not changed: enter another one."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A lock is not deleted: enter another one."))
