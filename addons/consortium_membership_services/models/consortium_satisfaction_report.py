from odoo import api, fields, models
from odoo.tools import SQL


class ConsortiumSatisfactionReport(models.Model):
    _inherit = "consortium.satisfaction.report"

    dimension = fields.Selection(
        selection_add=[("category", "By Member Category")],
    )

    @api.model
    def _dimensions(self):
        return {
            **super()._dimensions(),
            "category": (
                SQL(
                    "LEFT JOIN consortium_member_category category "
                    "ON category.id = answer.satisfaction_category_id"
                ),
                SQL(
                    "coalesce(category.name->>%s, category.name->>'en_US')",
                    self._language(),
                ),
            ),
        }
