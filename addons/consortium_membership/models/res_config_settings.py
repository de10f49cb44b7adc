from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    member_minimum_margin = fields.Integer(
        related="company_id.member_minimum_margin", readonly=False
    )
    has_liaison_committee = fields.Boolean(
        related="company_id.has_liaison_committee", readonly=False
    )
