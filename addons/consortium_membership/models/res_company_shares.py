from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"  # pylint: disable=consider-merging-classes-inherited

    share_journal_id = fields.Many2one(
        "account.journal",
        string="Subscriptions of Shares",
        domain="[('type', '=', 'sale')]",
        ondelete="restrict",
        groups="base.group_user",
        help="The invoices of shares, and nothing else.",
    )
    share_entry_journal_id = fields.Many2one(
        "account.journal",
        string="Movements of Shares",
        domain="[('type', '=', 'general')]",
        ondelete="restrict",
        groups="base.group_user",
        help="The account entries of payments, transfers, redemptions, conversions.",
    )

    def _set_up_shares(self):
        """Make the two journals of shares where they are missing."""
        # Once for the company, by whoever keeps the classes of shares.
        for company in self.sudo():
            journals = self.env["account.journal"].sudo().with_company(company)
            if not company.share_journal_id:
                company.share_journal_id = journals.create(
                    {
                        "name": self.env._("Subscriptions of shares"),
                        "code": "PSOUS",
                        "type": "sale",
                        "company_id": company.id,
                        "show_on_dashboard": False,
                    }
                )
            if not company.share_entry_journal_id:
                company.share_entry_journal_id = journals.create(
                    {
                        "name": self.env._("Movements of shares"),
                        "code": "PMOUV",
                        "type": "general",
                        "company_id": company.id,
                        "show_on_dashboard": False,
                    }
                )

    def _share_account(self, code, name, account_type):
        """An account of the company by its name and type, made if there is none."""
        self.ensure_one()
        accounts = self.env["account.account"].sudo().with_company(self)
        known = accounts.search(
            [
                ("name", "=", name),
                ("account_type", "=", account_type),
                ("company_ids", "in", self.ids),
            ],
            limit=1,
        )
        if known:
            return known
        return accounts.create(
            {
                "code": accounts._search_new_account_code(code),
                "name": name,
                "account_type": account_type,
                "company_ids": [(6, 0, self.ids)],
                "reconcile": account_type == "liability_payable",
                "non_trade": account_type == "liability_payable",
            }
        )
