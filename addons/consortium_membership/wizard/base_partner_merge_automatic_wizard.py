from odoo import api, models


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _fields_that_hold(self):
        """The register of members keeps who it names."""
        return [
            *super()._fields_that_hold(),
            ("consortium.membership", "partner_id"),
            ("consortium.membership.application", "partner_id"),
            ("consortium.suspension", "partner_id"),
            ("consortium.member.request", "partner_id"),
        ]
