from odoo import api, models

from .consortium_membership import PERIOD_STATES


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    @api.model
    def _ledgers_kept(self):
        return {
            **super()._ledgers_kept(),
            "consortium_membership": [
                ("consortium.share.entry", []),
                ("consortium.membership", [("state", "in", PERIOD_STATES)]),
            ],
        }
