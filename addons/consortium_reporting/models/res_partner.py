from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    operations_class = fields.Selection(
        [
            ("user", "User Member"),
            ("worker", "Worker Member"),
            ("none", "Not a Member"),
        ],
        string="Operations with Members",
        groups="consortium_base.group_accountant,consortium_base.group_manager,"
        "consortium_base.group_auditor",
        help="As what its operations count where no register of members says so on "
        "their date.",
    )
