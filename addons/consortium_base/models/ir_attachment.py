import base64

from odoo import api, models
from odoo.exceptions import UserError

# What an attachment is the file of.
KEY = ("res_model", "res_id", "res_field")
# What makes it the file of one record, and no other.
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
            self._check_no_document(*map(vals.get, KEY))
        return super().create(vals_list)

    def write(self, vals):
        """What was filed stays, and nothing replaces it.

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
        if set(KEY) & set(vals):
            for attachment in self - self._filed_documents():
                key = [vals.get(name, attachment[name]) for name in KEY]
                attachment._check_no_document(*key)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_filed_documents(self):
        if self._filed_documents():
            raise UserError(self._filed_message())

    @api.model
    def _filed_fields(self):
        """Whose files stay: ``{model: (names of its fields, domain of the records that
        are final)}``, for other addons to extend."""
        return {"consortium.resolution": (("document",), [("state", "!=", "draft")])}

    def _filed_documents(self):
        """Those of these attachments that are files of final records."""
        # Whoever reaches the attachment may not read the record.
        trusted = self.sudo()
        filed = trusted.browse()
        for model, (names, domain) in self._filed_fields().items():
            own = trusted.filtered(
                lambda attachment, model=model, names=names: (
                    attachment.res_model == model
                    and attachment.res_field in names
                    and attachment.res_id
                )
            )
            records = self.env[model].sudo().browse(own.mapped("res_id")).exists()
            final = set(records.filtered_domain(domain).ids)
            filed |= own.filtered(lambda each, final=final: each.res_id in final)
        return filed

    def _would_change(self, name, value):
        self.ensure_one()
        if name == "datas":
            return base64.b64decode(value or b"") != (self.raw or b"")
        if name == "raw" and isinstance(value, str):
            value = value.encode()
        return (self[name] or False) != (value or False)

    @api.model
    def _check_no_document(self, model, res_id, field):
        names, _domain = self._filed_fields().get(model, ((), ()))
        if field not in names or not res_id:
            return
        # The one that is filed counts, whoever may read it.
        documents = self.sudo().search(
            [
                ("res_model", "=", model),
                ("res_field", "=", field),
                ("res_id", "=", res_id),
            ]
        )
        if documents._filed_documents():
            raise UserError(self._filed_message())

    @api.model
    def _filed_message(self):
        return self.env._(
            "The file of what has been decided or adopted is neither replaced nor "
            "deleted."
        )
