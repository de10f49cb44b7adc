from odoo.tests import HttpCase, tagged

from .common_billing import BillingRunCommon


@tagged("post_install", "-at_install")
class TestBillingTour(BillingRunCommon, HttpCase):
    browser_size = "1366x768"

    def test_a_billing_run(self):
        self.worked(90)
        left = self.other_time(60)
        self.accountant.password = self.accountant.login
        # Built before: on a slow machine, other requests would not wait for it.
        bundle = self.env["ir.qweb"]._get_asset_bundle("web.assets_web")
        bundle.js()
        bundle.css()
        action = self.env.ref("consortium_timesheet.consortium_billing_run_action")
        self.start_tour(
            f"/odoo/action-{action.id}",
            "consortium_timesheet_billing_run",
            login=self.accountant.login,
            timeout=120,
        )
        invoice = self.order.invoice_ids
        self.assertEqual((invoice.state, invoice.amount_untaxed), ("posted", 183))
        self.assertEqual(self.ledger(), (90, 18_300))
        self.assertFalse(left.timesheet_invoice_id)
