from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    cost_center_id = fields.Many2one(
        "consortium.cost.center",
        company_dependent=True,
        domain="[('kind', '=', 'expertise')]",
        help="Time sold with this service is of this center, whoever works it.",
    )
