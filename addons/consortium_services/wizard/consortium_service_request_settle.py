from odoo import fields, models
from odoo.exceptions import UserError


class ConsortiumServiceRequestSettle(models.TransientModel):
    """Close needs without an agreement: the member reads why."""

    _name = "consortium.service.request.settle"
    _description = "Refuse or Hand Over Needs"

    line_ids = fields.Many2many(
        "consortium.service.request.line",
        "consortium_request_settle_line_rel",
        string="Needs",
        required=True,
    )
    how = fields.Selection(
        [
            ("refused", "Refuse"),
            ("handed_over", "Hand Over to Another Organization"),
            ("withdrawn", "Withdraw at the Member's Request"),
        ],
        required=True,
        default="refused",
    )
    handed_to_id = fields.Many2one("res.partner", string="Hand Over To")
    reason = fields.Text(required=True, help="The member reads it.")

    def action_settle(self):
        """
        :raise UserError: handed over to nobody, or settled already
        """
        self.ensure_one()
        if self.how == "handed_over" and not self.handed_to_id:
            raise UserError(self.env._("Say which organization takes it over."))
        partner = self.handed_to_id if self.how == "handed_over" else None
        self.line_ids._settle(self.how, self.reason, partner)
        return {"type": "ir.actions.act_window_close"}
