from odoo import models
from odoo.exceptions import UserError


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Refuse to merge what has affiliations into another contact.

        Core moves the rows by SQL and deletes those that a constraint refuses: a past
        affiliation would vanish, and a loop would not be seen.
        """
        affiliation = (
            self.env["consortium.affiliation"]
            .sudo()  # an affiliation that the user may not read holds the merge too
            .search(
                [
                    "|",
                    ("organization_id", "in", src_partners.ids),
                    ("network_id", "in", src_partners.ids),
                ],
                limit=1,
            )
        )
        if affiliation:
            raise UserError(
                self.env._(
                    "%(affiliation)s: move this affiliation to the contact that is "
                    "kept, then merge again.",
                    affiliation=affiliation.display_name,
                )
            )
        return super()._update_foreign_keys(src_partners, dst_partner)
