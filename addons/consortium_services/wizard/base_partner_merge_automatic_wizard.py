from odoo import api, models


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _fields_that_hold(self):
        """Who signed, or consented, is not merged into another contact."""
        return [
            *super()._fields_that_hold(),
            ("consortium.agreement.version", "signatory_id"),
            ("consortium.agreement.consent", "partner_id"),
        ]
