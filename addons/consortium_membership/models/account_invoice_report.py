from odoo import api, models
from odoo.tools import SQL


class AccountInvoiceReport(models.Model):
    _inherit = "account.invoice.report"

    @api.model
    def _where(self):
        """Subscriptions of shares are not sales."""
        return SQL("%s AND move.share_operation_id IS NULL", super()._where())
