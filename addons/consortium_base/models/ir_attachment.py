import base64

from odoo import api, models
from odoo.exceptions import UserError

# What makes an attachment the signed document of one resolution, and no other.
FROZEN_FIELDS = {
    "raw",
    "datas",
    "db_datas",
    "store_fname",
    "type",
    "url",
    "res_model",
    "res_id",
    "res_field",
}


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    @api.model_create_multi
    def create(self, vals_list):
        """A second document does not take the place of the one that was filed."""
        for vals in vals_list:
            if vals.get("res_field") == "document":
                self._check_no_document(vals.get("res_model"), vals.get("res_id"))
        return super().create(vals_list)

    def write(self, vals):
        """The signed document of a decided resolution stays, and nothing replaces it.

        What is written again unchanged is let through: moving files between storages
        does so.
        """
        if FROZEN_FIELDS & set(vals):
            for attachment in self._filed_documents():
                if any(
                    attachment._would_change(name, vals[name])
                    for name in FROZEN_FIELDS & set(vals)
                ):
                    raise UserError(self._filed_message())
        if {"res_model", "res_id", "res_field"} & set(vals):
            for attachment in self - self._filed_documents():
                if vals.get("res_field", attachment.res_field) == "document":
                    attachment._check_no_document(
                        vals.get("res_model", attachment.res_model),
                        vals.get("res_id", attachment.res_id),
                    )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_filed_documents(self):
        if self._filed_documents():
            raise UserError(self._filed_message())

    def _filed_documents(self):
        """Those of these attachments that are documents of decided resolutions."""
        # Whoever reaches the attachment may not read the resolution.
        documents = self.sudo().filtered(
            lambda attachment: (
                attachment.res_model == "consortium.resolution"
                and attachment.res_field == "document"
                and attachment.res_id
            )
        )
        resolutions = self.env["consortium.resolution"].sudo()
        decided = resolutions.browse(documents.mapped("res_id")).exists()
        decided = decided.filtered(lambda resolution: resolution.state != "draft")
        return documents.filtered(lambda attachment: attachment.res_id in decided.ids)

    def _would_change(self, name, value):
        self.ensure_one()
        if name == "datas":
            return base64.b64decode(value or b"") != (self.raw or b"")
        if name == "raw" and isinstance(value, str):
            value = value.encode()
        return (self[name] or False) != (value or False)

    @api.model
    def _check_no_document(self, model, resolution_id):
        if model != "consortium.resolution" or not resolution_id:
            return
        # The one that is filed counts, whoever may read it.
        documents = self.sudo().search(
            [
                ("res_model", "=", model),
                ("res_field", "=", "document"),
                ("res_id", "=", resolution_id),
            ]
        )
        if documents._filed_documents():
            raise UserError(self._filed_message())

    @api.model
    def _filed_message(self):
        return self.env._(
            "The signed document of a resolution that has been decided is neither "
            "replaced nor deleted."
        )
