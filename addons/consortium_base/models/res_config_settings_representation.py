from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    mandate_first_reminder = fields.Integer(
        string="First Reminder",
        default=60,
        config_parameter="consortium_base.mandate_first_reminder",
    )
    mandate_second_reminder = fields.Integer(
        string="Second Reminder",
        default=30,
        config_parameter="consortium_base.mandate_second_reminder",
    )
