from odoo.tests import HttpCase, tagged

from .common_shares import ShareCommon


@tagged("post_install", "-at_install")
class TestRedemptionTour(ShareCommon, HttpCase):
    def test_a_redemption(self):
        self.paid_issue()
        request = self.request(4)
        today = self.company._today()
        resolution = self.env["consortium.resolution"].create(
            {
                "subject": "Rachat de parts",
                "kind": "redemption",
                "date": today,
                "unanimous": True,
            }
        )
        resolution.action_decide()
        self.bank.name = "Banque"
        manager = self.member_user("manager")
        self.start_tour(
            f"/odoo/consortium.share.redemption/{request.id}",
            "consortium_membership_redemption",
            login=manager.login,
            timeout=180,
        )
        self.env.invalidate_all()
        self.assertEqual((request.state, self.held()), ("repaid", 6))
        self.assertEqual(len(request.test_ids), 2)
        self.assertBooks()


@tagged("post_install", "-at_install")
class TestCertificateTour(ShareCommon, HttpCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_from_the_payment_to_the_certificate(self):
        user = self.representative("Aline", self.alize)
        operation = self.issue(quantity=5)
        self.start_tour("/my", "consortium_membership_owing", login=user.login)
        self.pay(operation)
        self.start_tour(
            "/my/shares", "consortium_membership_certificate", login=user.login
        )
        self.assertEqual(self.valid().quantity, 5)
