from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    operations_scope = fields.Selection(
        [
            ("account", "As the Account"),
            ("included", "Counted"),
            ("excluded", "Not Counted"),
        ],
        string="Operations with Members",
        required=True,
        default="account",
        help="Whether what is invoiced of it enters the proportion of operations with "
        "members.",
    )
