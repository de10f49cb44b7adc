from odoo import fields, models


class ConsortiumRepresentationRevoke(models.TransientModel):
    _name = "consortium.representation.revoke"
    _description = "Revoke a Mandate"

    representation_id = fields.Many2one(
        "consortium.representation",
        string="Mandate",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    reason = fields.Char(required=True)

    def action_revoke(self):
        """End the mandate today, with its reason."""
        for wizard in self:
            wizard.representation_id.revoke(wizard.reason)
        return {"type": "ir.actions.act_window_close"}
