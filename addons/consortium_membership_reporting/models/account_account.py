from odoo import models


class AccountAccount(models.Model):
    _inherit = "account.account"

    def _preset_values(self, chart):
        """What a class of shares says of its account comes before its code."""
        vals = super()._preset_values(chart)
        classes = (
            self.env["consortium.share.class"]
            .sudo()  # only to compare accounts
            .with_context(active_test=False)
            .search([("equity_account_id", "=", self.id)], limit=1)
        )
        if classes:
            vals.pop("equity_section", None)
            if self.equity_section != classes._equity_section():
                vals["equity_section"] = classes._equity_section()
        return vals
