from odoo import api, fields, models

from ..tools import presets

EQUITY_SECTIONS = [
    ("participating", "Participating Preferred Shares"),
    ("common", "Members' Equity: Common Shares"),
    ("preferred", "Members' Equity: Preferred Shares"),
    ("surplus", "Cooperative's Equity: Surplus to Be Allocated"),
    ("reserve", "Cooperative's Equity: Reserve"),
    ("enhancement", "Cooperative's Equity: Enhancement Reserve"),
    ("contributed", "Cooperative's Equity: Contributed Surplus"),
]


class AccountAccount(models.Model):
    _inherit = "account.account"

    equity_section = fields.Selection(
        EQUITY_SECTIONS,
        compute="_compute_equity_section",
        store=True,
        readonly=False,
        precompute=True,
        help="Where the balance sheet of a cooperative shows it, in the order of the "
        "regulation.",
    )
    operations_scope = fields.Selection(
        [("included", "Counted"), ("excluded", "Not Counted")],
        string="Operations with Members",
        compute="_compute_operations_scope",
        store=True,
        readonly=False,
        precompute=True,
        help="Whether what is invoiced on this account enters the proportion of "
        "operations with members. A product may say otherwise.",
    )

    @api.depends("account_type")
    def _compute_equity_section(self):
        for account in self:
            if account.account_type == "equity_unaffected":
                account.equity_section = "surplus"
            elif account.account_type != "equity":
                account.equity_section = False
            else:
                account.equity_section = account.equity_section

    @api.depends("account_type")
    def _compute_operations_scope(self):
        for account in self:
            counted = account.account_type == "income"
            account.operations_scope = "included" if counted else "excluded"

    @api.model
    def _apply_reporting_preset(self, company):
        """Set the sections of equity, and what counts as operations, of the accounts of
        a company by the preset of its chart; what the preset doesn't know is kept.

        :return: how many accounts it changed
        """
        chart = company.chart_template
        accounts = self.with_company(company).search(
            [
                ("company_ids", "in", company.ids),
                ("account_type", "in", ["equity", "equity_unaffected", "income"]),
            ]
        )
        changed = 0
        for account in accounts:
            vals = account._preset_values(chart)
            if vals:
                account.write(vals)
                changed += 1
        return changed

    def _preset_values(self, chart):
        self.ensure_one()
        code = self.code or ""
        section = presets.equity_section(chart, code)
        vals = {}
        if section and section != self.equity_section:
            vals["equity_section"] = section
        excluded = self.account_type == "income" and not presets.is_operation(
            chart, code
        )
        if excluded and self.operations_scope != "excluded":
            vals["operations_scope"] = "excluded"
        return vals

    @api.model
    def _action_apply_reporting_preset(self):
        """The preset of the chart of the company one works for, and what it changed."""
        self.check_access("write")
        changed = self._apply_reporting_preset(self.env.company)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if changed else "info",
                "message": self.env._(
                    "Accounts changed by the preset: %(count)s.", count=changed
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
