from odoo.addons.payment.tests.http_common import PaymentHttpCommon
from odoo.tests import tagged

from .common_shares import ShareCommon


@tagged("post_install", "-at_install")
class TestWholeTour(PaymentHttpCommon, ShareCommon):
    """Application → admission → payment → certificate, by those who do each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.currency = cls.company.currency_id
        cls._create_dummy_payment_method_for_provider(
            provider=cls.dummy_provider, journal=cls.bank
        )
        cls.category = cls.env["consortium.member.category"].create(
            {
                "name": "Test user",
                "code": "t_whole",
                "qualifying_ids": [
                    (0, 0, {"share_class_id": cls.common.id, "quantity": 10})
                ],
            }
        )
        cls.common.is_qualifying = True
        decision = cls.resolution("2018-01-10", "admission", decide=False)
        decision.number = "T-PARCOURS"
        decision.action_decide()
        companies = {
            "company_ids": [(4, cls.company.id)],
            "company_id": cls.company.id,
        }
        cls.env.ref("base.public_user").sudo().write({**companies, "lang": "en_US"})
        cls.officer = cls.member_user("membership_officer")

    def setUp(self):
        # The accounting of the provider is set up: what comes after is wanted.
        self.enable_post_process_patcher = False
        super().setUp()
        # Built before: on a slow machine, other requests would not wait for it.
        for name in ("web.assets_web", "web.assets_frontend"):
            bundle = self.env["ir.qweb"]._get_asset_bundle(name)
            bundle.js()
            bundle.css()

    def test_from_the_application_to_the_certificate(self):
        self.start_tour("/membership/apply", "consortium_membership_apply", timeout=180)
        self.start_tour(
            "/odoo/applications",
            "consortium_membership_admit",
            login=self.officer.login,
            timeout=180,
        )
        membership = self.admitted()
        user = self.portal_user_of(membership)
        self.start_tour(
            "/my", "consortium_membership_owing", login=user.login, timeout=180
        )
        transaction = self.pay_online(user, membership.partner_id)
        self.assertEqual(transaction.state, "done")
        self.start_tour(
            "/my/shares",
            "consortium_membership_certificate",
            login=user.login,
            timeout=180,
        )
        self.assertEqual(self.valid(membership.partner_id).quantity, 10)
        self.assertBooks()

    def admitted(self):
        application = self.env["consortium.membership.application"].search(
            [("organization_name", "=", "Coopérative du parcours")]
        )
        self.assertEqual(
            (application.state, application.source), ("admitted", "portal")
        )
        membership = application.membership_id
        self.assertEqual(self.held(membership.partner_id), 10)
        self.assertTrue(membership.message_ids)
        return membership

    def portal_user_of(self, membership):
        """The mandate that came with the admission has opened the portal."""
        person = membership.partner_id.representative_ids.person_id
        user = person.sudo().with_context(active_test=False).user_ids
        self.assertTrue(user._is_portal())
        user.write(
            {
                "password": user.login,
                "lang": "en_US",
                "company_ids": [(6, 0, self.company.ids)],
                "company_id": self.company.id,
            }
        )
        return user

    def pay_online(self, user, organization):
        """What the form of payment sends, and the answer of the bank."""
        invoice = self.env["account.move"].search(
            [("partner_id", "=", organization.id), ("move_type", "=", "out_invoice")]
        )
        self.authenticate(user.login, user.login)
        answer = self.make_jsonrpc_request(
            f"/invoice/transaction/{invoice.id}",
            {
                "provider_id": self.dummy_provider.id,
                "payment_method_id": self.payment_method_id,
                "token_id": None,
                "amount": invoice.amount_residual,
                "flow": "direct",
                "tokenization_requested": False,
                "landing_route": "/my/shares",
                "access_token": invoice._portal_ensure_token(),
            },
        )
        transaction = self._get_tx(answer["reference"])
        transaction._set_done()
        self.make_jsonrpc_request("/payment/status/poll", {})
        self.env.invalidate_all()
        return transaction
