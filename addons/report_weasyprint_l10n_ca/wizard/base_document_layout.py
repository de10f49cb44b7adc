from odoo import fields, models


class BaseDocumentLayout(models.TransientModel):
    """The letterhead's preview reads what the letterhead reads of a company."""

    _inherit = "base.document.layout"

    company_registry = fields.Char(related="company_id.company_registry")
    state_id = fields.Many2one(related="company_id.state_id")
