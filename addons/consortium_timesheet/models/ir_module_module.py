from odoo import api, models


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    @api.model
    def _ledgers_kept(self):
        return {
            **super()._ledgers_kept(),
            "consortium_timesheet": [
                ("consortium.billing.entry", []),
                ("consortium.funding.claim", [("state", "=", "approved")]),
            ],
        }
