from odoo import models


class ConsortiumSatisfactionInvitation(models.Model):
    _inherit = "consortium.satisfaction.invitation"

    def _counted_by(self):
        """Also the member category in which the agreement was signed."""
        return {
            **super()._counted_by(),
            "satisfaction_category_id": self.order_id.member_category_id.id,
        }
