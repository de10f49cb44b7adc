from odoo.tests import tagged

from ..hooks import post_init_hook
from .common_figures import FiguresCase


@tagged("post_install", "-at_install")
class TestPreset(FiguresCase):
    def test_defaults_by_type(self):
        accounts = self.env["account.account"].create(
            [
                {"name": kind, "code": f"9{i}", "account_type": kind}
                for i, kind in enumerate(
                    ("income", "income_other", "equity", "expense")
                )
            ]
        )
        self.assertEqual(
            accounts.mapped("operations_scope"),
            ["included", "excluded", "excluded", "excluded"],
        )
        self.assertEqual(self.accounts["surplus"].equity_section, "surplus")
        self.assertFalse(accounts[2].equity_section)

    def test_the_chart_of_quebec(self):
        self.company.chart_template = "ca_2023"
        for name in ("grants", "interest"):
            self.accounts[name].operations_scope = "included"
        for name in ("reserve", "common"):
            self.accounts[name].equity_section = False
        post_init_hook(self.env)
        scopes = {
            name: self.accounts[name].operations_scope
            for name in ("services", "grants", "interest")
        }
        self.assertEqual(
            scopes,
            {"services": "included", "grants": "excluded", "interest": "excluded"},
        )
        self.assertEqual(self.accounts["reserve"].equity_section, "reserve")
        self.assertEqual(self.accounts["common"].equity_section, "common")
        preset = self.env["account.account"]
        self.assertEqual(preset._apply_reporting_preset(self.company), 0)

    def test_another_chart_is_left_alone(self):
        self.company.chart_template = "generic_coa"
        self.accounts["grants"].operations_scope = "included"
        self.accounts["reserve"].equity_section = False
        self.env["account.account"]._apply_reporting_preset(self.company)
        self.assertEqual(self.accounts["grants"].operations_scope, "included")
        self.assertFalse(self.accounts["reserve"].equity_section)

    def test_the_accountant_applies_it(self):
        accounts = self.env["account.account"].with_user(self.employee("accountant"))
        action = accounts._action_apply_reporting_preset()
        self.assertEqual(action["tag"], "display_notification")
