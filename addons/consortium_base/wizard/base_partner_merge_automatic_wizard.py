from odoo import api, models
from odoo.exceptions import UserError


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _fields_that_hold(self):
        """What is written in a register under the name of a contact, who so is not
        merged into another one. Addons add theirs.

        :return: ``[(model, field), …]``
        """
        return [
            ("consortium.affiliation", "organization_id"),
            ("consortium.affiliation", "network_id"),
            ("consortium.representation", "person_id"),
            ("consortium.representation", "organization_id"),
            ("consortium.office", "person_id"),
            ("consortium.office", "organization_id"),
        ]

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Refuse to merge what stands in a register into another contact.

        Core moves the rows by SQL, whatever the user's rights, and deletes those that a
        constraint refuses: a past affiliation would vanish, a mandate or an office
        would go to another person without a trace.
        """
        for model, name in self._fields_that_hold():
            # What the user may not read holds the merge too; archived or not.
            records = self.env[model].sudo().with_context(active_test=False)
            if held := records.search([(name, "in", src_partners.ids)], limit=1):
                raise UserError(
                    self.env._(
                        "%(contact)s stands in « %(record)s »: keep this contact and "
                        "merge the others into it, or change that record first.",
                        contact=held[name].display_name,
                        record=held.display_name,
                    )
                )
        return super()._update_foreign_keys(src_partners, dst_partner)
