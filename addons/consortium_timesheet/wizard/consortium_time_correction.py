from odoo import api, fields, models


class ConsortiumTimeCorrection(models.TransientModel):
    """A reasoned correction of approved time, which keeps both."""

    _name = "consortium.time.correction"
    _description = "Correction of Approved Time"

    line_id = fields.Many2one(
        "account.analytic.line", required=True, readonly=True, ondelete="cascade"
    )
    reason = fields.Char(required=True)
    cancel_only = fields.Boolean(
        string="Take Back Only", help="The time was never worked: nothing replaces it."
    )
    unit_amount = fields.Float(string="Time")
    date = fields.Date()
    name = fields.Char(string="Description")
    task_id = fields.Many2one(
        "project.task", domain="[('allow_timesheets', '=', True)]"
    )

    @api.model
    def default_get(self, fields_list):
        """What the entry says, to be put right."""
        values = super().default_get(fields_list)
        line = self.env["account.analytic.line"].browse(values.get("line_id"))
        if line:
            values.update(
                unit_amount=line.unit_amount,
                date=line.date,
                name=line.name,
                task_id=line.task_id.id,
            )
        return values

    def action_confirm(self):
        """Add what takes the entry back, and what replaces it."""
        self.ensure_one()
        line = self.line_id
        replacement = None
        if not self.cancel_only:
            replacement = {
                "unit_amount": self.unit_amount,
                "date": self.date,
                "name": self.name,
            }
            if self.task_id != line.task_id:
                # Another agreement: the order line is that of the other task.
                replacement.update(
                    {
                        "task_id": self.task_id.id,
                        "project_id": self.task_id.project_id.id,
                        "so_line": self.task_id.sudo().sale_line_id.id,
                    }
                )
        line._correct(self.reason, replacement)
        return {"type": "ir.actions.act_window_close"}
