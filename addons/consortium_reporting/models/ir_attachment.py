from odoo import api, models


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    @api.model
    def _filed_fields(self):
        """The files of an adopted report stay: their digests are in what it says."""
        return {
            **super()._filed_fields(),
            "consortium.annual.report": (
                ("statements", "auditor_report"),
                [("state", "=", "adopted")],
            ),
        }
