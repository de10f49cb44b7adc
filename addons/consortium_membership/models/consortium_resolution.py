from odoo import fields, models


class ConsortiumResolution(models.Model):
    _inherit = "consortium.resolution"

    kind = fields.Selection(
        selection_add=[("resignation", "Resignation"), ("redemption",)],
        ondelete={"resignation": "set other"},
    )
