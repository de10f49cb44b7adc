from odoo import api, models


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _fields_that_hold(self):
        """Holders stay who they are: the ledger of shares never changes."""
        return [
            *super()._fields_that_hold(),
            ("consortium.share.entry", "partner_id"),
            ("consortium.share.entry", "counterparty_id"),
            ("consortium.share.operation", "partner_id"),
            ("consortium.share.operation", "counterparty_id"),
            ("consortium.share.redemption", "partner_id"),
        ]
