from odoo.tests import HttpCase, tagged

from .common_true_up import TrueUpCommon


@tagged("post_install", "-at_install")
class TestTrueUpTour(TrueUpCommon, HttpCase):
    browser_size = "1366x768"

    def test_a_true_up(self):
        """Established, a policy chosen, approved, accrued, settled: in a browser."""
        self.bill_all()
        run = self.final()
        accountant = self.role("accountant")
        accountant.password = accountant.login
        # Built before: on a slow machine, other requests would not wait for it.
        bundle = self.env["ir.qweb"]._get_asset_bundle("web.assets_web")
        bundle.js()
        bundle.css()
        action = self.env.ref("consortium_timesheet.consortium_rate_run_action")
        self.start_tour(
            f"/odoo/action-{action.id}/{run.id}",
            "consortium_timesheet_true_up",
            login=accountant.login,
            timeout=180,
        )
        self.assertEqual(run.true_up_state, "approved")
        self.assertTrue(run.accrual_move_ids)
        names = self.names()
        found = {names[row.order_id]: row.settlement for row in run.true_up_ids}
        self.assertEqual(
            found,
            dict.fromkeys(("A1", "A3", "G1"), "settle")
            | dict.fromkeys(("A2", "A4"), "carry"),
        )
        self.assertEqual(len(run.true_up_ids.move_id), 3)
