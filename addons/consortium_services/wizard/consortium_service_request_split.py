from odoo import fields, models


class ConsortiumServiceRequestSplit(models.TransientModel):
    """Make another request of some needs of a request."""

    _name = "consortium.service.request.split"
    _description = "Split a Service Request"

    lead_id = fields.Many2one("crm.lead", required=True, ondelete="cascade")
    line_ids = fields.Many2many(
        "consortium.service.request.line",
        "consortium_request_split_line_rel",
        string="Needs to Move",
        domain="[('lead_id', '=', lead_id)]",
    )

    def action_split(self):
        """Open the request that was made of these needs."""
        self.ensure_one()
        return self.lead_id._split(self.line_ids)._action_open_request()
