from odoo import api, models
from odoo.exceptions import UserError

DOCUMENTS = ("document", "final_document")
FROZEN = {"raw", "datas", "db_datas", "store_fname", "res_model", "res_id", "res_field"}


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def write(self, vals):
        """The PDF of a signed version stays: its digest is kept beside it."""
        if FROZEN & set(vals):
            for attachment in self._signed_documents():
                if any(
                    attachment._would_change(name, vals[name])
                    for name in FROZEN & set(vals)
                ):
                    raise UserError(self._signed_document_message())
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signed_documents(self):
        if self._signed_documents():
            raise UserError(self._signed_document_message())

    def _signed_documents(self):
        # Whoever reaches the attachment may not read the version.
        return self.sudo().filtered(
            lambda attachment: (
                attachment.res_model == "consortium.agreement.version"
                and attachment.res_field in DOCUMENTS
            )
        )

    @api.model
    def _signed_document_message(self):
        return self.env._("What was signed is neither replaced nor deleted.")
