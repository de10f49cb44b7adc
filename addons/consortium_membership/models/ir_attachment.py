from odoo import api, models
from odoo.addons.consortium_base.models.ir_attachment import FROZEN_FIELDS
from odoo.exceptions import UserError

ISSUED = ("consortium.share.certificate", "consortium.share.statement")


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def write(self, vals):
        """Certificates and statements stay as they were issued.

        What is written again unchanged is let through: moving files does so.
        """
        names = FROZEN_FIELDS & set(vals)
        if names:
            for attachment in self._issued_documents():
                if any(attachment._would_change(n, vals[n]) for n in names):
                    raise UserError(self._issued_message())
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_issued(self):
        if self._issued_documents():
            raise UserError(self._issued_message())

    def _issued_documents(self):
        """Those of these that a certificate or a statement was issued as."""
        # Whoever reaches the attachment may not read what it belongs to.
        found = self.browse()
        for attachment in self.sudo().filtered(lambda a: a.res_model in ISSUED):
            record = self.env[attachment.res_model].sudo().browse(attachment.res_id)
            if record.exists().attachment_id == attachment:
                found |= attachment
        return found

    @api.model
    def _issued_message(self):
        return self.env._(
            "A certificate or a statement of shares stays as it was issued."
        )
