from odoo import fields, models


class ConsortiumAffiliation(models.Model):
    _inherit = "consortium.affiliation"

    shares_requests = fields.Boolean(
        string="Requests Shown to the Network",
        tracking=True,
        help="The organization agrees that the network follows its service requests, "
        "while it belongs to it.",
    )
