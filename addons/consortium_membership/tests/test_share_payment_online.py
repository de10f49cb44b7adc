from lxml import html
from odoo.addons.payment.tests.http_common import PaymentHttpCommon
from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger

from .common_shares import ShareCommon


@tagged("post_install", "-at_install")
class TestSharePaymentOnline(PaymentHttpCommon, ShareCommon):
    """A representative pays the invoice of its shares by the pages of the portal.

    Only what a bank would answer is told by the test: ``payment``'s own test provider
    has none behind it.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.currency = cls.company.currency_id
        cls._create_dummy_payment_method_for_provider(
            provider=cls.dummy_provider, journal=cls.bank
        )
        cls.aline = cls.representative("Aline", cls.alize)
        cls.operation = cls.issue(quantity=10)

    def setUp(self):
        # The accounting of the provider is set up: what comes after is wanted.
        self.enable_post_process_patcher = False
        super().setUp()
        self.authenticate(self.aline.login, self.aline.login)

    @mute_logger("odoo.addons.payment.models.payment_transaction")
    def start(self, amount=None, invoice=None, **values):
        """What the form on the page of the invoice sends; the transaction."""
        invoice = invoice or self.invoice(self.operation)
        context = self.context_of(invoice)
        answer = self.make_jsonrpc_request(
            f"/invoice/transaction/{invoice.id}",
            {
                "provider_id": self.dummy_provider.id,
                "payment_method_id": self.payment_method_id,
                "token_id": None,
                "amount": amount or invoice.amount_residual,
                "flow": "direct",
                "tokenization_requested": False,
                "landing_route": context["landing_route"],
                "access_token": context["access_token"],
                **values,
            },
        )
        return self._get_tx(answer["reference"])

    def context_of(self, invoice):
        """What the form of payment has, on the page that the shares lead to."""
        shares = html.fromstring(self.url_open("/my/shares").text)
        links = shares.xpath("//a[contains(@class, 'o_share_invoice')]/@href")
        link = next(link for link in links if f"/{invoice.id}?" in link)
        return self._get_payment_context(self.url_open(link))

    def land(self):
        """The page one comes back to: it asks whether the payment is done."""
        self.make_jsonrpc_request("/payment/status/poll", {})
        self.env.invalidate_all()

    def balances(self):
        return (
            self.balance(self.common.equity_account_id),
            self.balance(self.common.unpaid_account_id),
        )

    def test_the_page_offers_to_pay(self):
        page = self.url_open("/my/shares").text
        self.assertIn(f"/my/invoices/{self.invoice(self.operation).id}", page)
        self.assertEqual(self.balances(), (0, 10000))

    def test_paid_online_is_equity_once(self):
        transaction = self.start()
        self.assertEqual(self.balances(), (0, 10000))
        transaction._set_done()
        self.land()
        self.assertTrue(transaction.is_post_processed)
        self.assertEqual(self.balances(), (10000, 0))
        self.assertEqual((self.row().paid, self.row(day="2030-01-01").owing), (0, 0))
        self.assertFalse(self.invoice(self.operation).amount_residual)
        self.assertEqual(self.valid().quantity, 10)
        self.assertBooks()
        self.assertIn("text-success", self.url_open("/my/shares").text)

    def test_the_hook_replayed_does_nothing(self):
        transaction = self.start()
        transaction._set_done()
        self.land()
        counts = self.counts()
        self.land()
        with mute_logger("odoo.addons.payment.models.payment_transaction"):
            transaction._set_done()
        transaction._post_process()
        self.env["payment.transaction"]._cron_post_process()
        self.assertEqual(self.counts(), counts)
        self.assertEqual(self.balances(), (10000, 0))
        self.assertBooks()

    def counts(self):
        self.env.invalidate_all()
        return [
            self.env[model].search_count([])
            for model in (
                "account.payment",
                "account.move",
                "consortium.share.entry",
                "consortium.share.payment",
                "consortium.share.certificate",
            )
        ]

    def test_a_part_paid_online(self):
        self.start(amount=30.0)._set_done()
        self.land()
        self.assertEqual(self.balances(), (3000, 7000))
        self.assertEqual(self.operation.amount_owing, 70)
        self.assertEqual(self.valid().quantity, 3)
        self.start(amount=70.0)._set_done()
        self.land()
        self.assertEqual(self.balances(), (10000, 0))
        self.assertEqual(self.valid().quantity, 10)
        self.assertBooks()

    def test_two_payments_of_the_same_invoice(self):
        """Paid in two windows: the second is a credit of the member, not shares."""
        first, second = self.start(), self.start()
        for transaction in (first, second):
            transaction._set_done()
            self.land()
        self.assertEqual(self.balances(), (10000, 0))
        self.assertEqual(self.held(), 10)
        self.assertEqual(len(self.payments.search([])), 1)
        self.assertBooks()

    def test_a_payment_that_fails_pays_nothing(self):
        for fail in ("_set_canceled", "_set_pending"):
            getattr(self.start(), fail)()
            self.land()
        self.start()._set_error("Carte refusée")
        self.land()
        self.assertEqual(self.balances(), (0, 10000))
        self.assertFalse(self.payments.search([]))

    def test_the_invoice_of_another_is_not_paid(self):
        own = self.invoice(self.operation)
        other = self.invoice(self.issue(self.boreale))
        context = self.context_of(own)
        for token in (None, context["access_token"], "forged"):
            with mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
                self.make_jsonrpc_request(
                    f"/invoice/transaction/{other.id}",
                    {
                        "provider_id": self.dummy_provider.id,
                        "payment_method_id": self.payment_method_id,
                        "token_id": None,
                        "amount": 100,
                        "flow": "direct",
                        "tokenization_requested": False,
                        "landing_route": context["landing_route"],
                        "access_token": token,
                    },
                )
        self.assertFalse(other.sudo().transaction_ids)
