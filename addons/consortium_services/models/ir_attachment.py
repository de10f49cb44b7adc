from odoo import api, models
from odoo.exceptions import UserError

VERSION = "consortium.agreement.version"
DOCUMENTS = ("document", "final_document")


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    @api.model
    def _filed_fields(self):
        """The PDF of a signed version stays: its digest is kept beside it."""
        return {
            **super()._filed_fields(),
            VERSION: (DOCUMENTS, [("signed_on", "!=", False)]),
        }

    @api.model
    def _check_no_document(self, model, res_id, field):
        """Signing files these documents, as superuser: nobody else puts one there, even
        where there is none yet."""
        if model == VERSION and field in DOCUMENTS and not self.env.su:
            raise UserError(self._filed_message())
        return super()._check_no_document(model, res_id, field)
