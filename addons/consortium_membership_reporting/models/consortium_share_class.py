from odoo import api, models


class ConsortiumShareClass(models.Model):
    """The account of a class of shares is of the section of equity that it says."""

    _inherit = "consortium.share.class"

    @api.model_create_multi
    def create(self, vals_list):
        classes = super().create(vals_list)
        classes._tell_equity_section()
        return classes

    def write(self, vals):
        result = super().write(vals)
        if {"equity_account_id", "kind"} & set(vals):
            self._tell_equity_section()
        return result

    def _equity_section(self):
        self.ensure_one()
        return "common" if self.kind == "common" else "preferred"

    def _tell_equity_section(self):
        for share_class in self:
            # Whoever keeps shares need not keep the chart of accounts.
            account = share_class.sudo().equity_account_id
            if account:
                account.equity_section = share_class._equity_section()
