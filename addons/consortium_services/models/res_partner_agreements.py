from odoo import api, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    def _followed_documents(self):
        """Agreements, their projects and tasks: no longer received by e-mail when the
        mandate that shows them ends."""
        return [
            *super()._followed_documents(),
            ("sale.order", "partner_id.commercial_partner_id", None),
            ("sale.order", "beneficiary_id", None),
            ("project.project", "partner_id.commercial_partner_id", None),
            ("project.task", "partner_id.commercial_partner_id", None),
        ]
