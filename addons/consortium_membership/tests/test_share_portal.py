import re
import threading
from unittest.mock import patch

from odoo.http import Request
from odoo.tests import HttpCase, get_db_name, tagged
from odoo.tools import mute_logger

from .common_shares import ShareCommon


@tagged("post_install", "-at_install")
class TestSharePortal(ShareCommon, HttpCase):
    """Aline represents Alizé with all scopes; Béatrice represents Boréale."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.aline = cls.representative("Aline", cls.alize)
        cls.beatrice = cls.representative("Béatrice", cls.boreale)
        cls.paid_issue(quantity=10)
        cls.owed = cls.issue(quantity=4, day="2018-03-01")
        cls.paid_issue(cls.boreale, 777)
        statements = cls.env["consortium.share.statement"]
        statements._make("2018-01-01", "2018-12-31", cls.company)

    def login(self, user):
        self.authenticate(user.login, user.login)

    def document_of(self, partner):
        certificate = self.valid(partner)
        statement = self.env["consortium.share.statement"].search(
            [("partner_id", "=", partner.id)]
        )
        return certificate, statement

    def test_the_page(self):
        self.login(self.aline)
        page = self.url_open("/my/shares").text
        self.assertIn("o_share_line", page)
        self.assertIn(self.valid().number, page)
        self.assertIn(self.invoice(self.owed).name, page)
        self.assertEqual(page.count("o_share_entry"), 2)
        self.assertIn("/my/shares", self.url_open("/my").text)

    def test_invoices_need_a_billing_mandate(self):
        carole = self.representative("Carole", self.alize, scope_billing=False)
        self.login(carole)
        page = self.url_open("/my/shares").text
        self.assertIn("o_share_line", page)
        self.assertNotIn("o_share_invoice", page)

    def test_documents(self):
        self.login(self.aline)
        certificate, statement = self.document_of(self.alize)
        certificate._document()
        for path in (
            f"/my/shares/certificates/{certificate.id}",
            f"/my/shares/statements/{statement.id}",
        ):
            answer = self.url_open(path, timeout=60)
            self.assertEqual(answer.status_code, 200, path)
            self.assertTrue(answer.content.startswith(b"%PDF"), path)

    def test_documents_of_others_are_not_found(self):
        self.login(self.aline)
        certificate, statement = self.document_of(self.boreale)
        certificate._document()
        statement._document()
        for path in (
            f"/my/shares/certificates/{certificate.id}",
            f"/my/shares/statements/{statement.id}",
            "/my/shares/certificates/0",
            "/my/shares/statements/999999999",
            f"/web/content/{certificate.sudo().attachment_id.id}",
            f"/my/invoices/{self.boreale_invoice().id}",
        ):
            self.assertEqual(self.url_open(path).status_code, 404, path)

    def boreale_invoice(self):
        return self.env["account.move"].search(
            [("partner_id", "=", self.boreale.id), ("move_type", "=", "out_invoice")]
        )

    def test_without_a_mandate_nothing(self):
        """A mandate that is revoked ends the session of its user, archived with it."""
        self.login(self.aline)
        self.assertIn("o_share_line", self.url_open("/my/shares").text)
        self.aline.partner_id.mandate_ids.sudo().revoke("Départ")
        self.assertFalse(self.aline.active)
        page = self.url_open("/my/shares")
        self.assertIn("/web/login", page.url)
        self.assertNotIn("o_share_line", page.text)

    def test_rules_show_ones_own_alone(self):
        for model in ("entry", "payment", "register", "certificate", "statement"):
            found = (
                self.env[f"consortium.share.{model}"].with_user(self.aline).search([])
            )
            self.assertEqual(found.sudo().partner_id, self.alize, model)

    def routes(self):
        """``(rule, ours)``: the pages of anybody, and every route of our own."""
        thread = threading.current_thread()
        with patch.object(thread, "dbname", get_db_name(), create=True):
            rules = list(self.env["ir.http"].routing_map().iter_rules())
        for rule in rules:
            ours = rule.endpoint.func.__module__.startswith("odoo.addons.consortium")
            if (
                rule.endpoint.routing["type"] == "http"
                and (ours or "GET" in (rule.methods or {"GET"}))
                and re.match(r"^/(my|consortium|parts)", rule.rule)
            ):
                yield rule, ours

    def walk(self, identifiers):
        """``{path: answers}`` of every route, with the identifiers given."""
        answers = {}
        token = Request.csrf_token(self)
        for rule, ours in self.routes():
            path = rule.rule
            for name in rule.arguments:
                value = identifiers.get(name, self.boreale.id)
                path = re.sub(rf"<(?:[^<>]*:)?{name}>", str(value), path)
            if path in answers:
                continue
            methods = rule.methods or {"GET", "POST"}
            data = {"csrf_token": token, "partner_id": self.boreale.id}
            with mute_logger("odoo.http"):
                answers[path] = [
                    self.url_open(
                        f"{path}?partner_id={self.boreale.id}",
                        data=data if method == "POST" else None,
                    )
                    for method in ("GET", "POST")
                    if method in methods and (ours or method == "GET")
                ]
        return answers

    def test_the_walk(self):
        """Every page with the identifiers of B, as the representative of A."""
        certificate, statement = self.document_of(self.boreale)
        identifiers = {
            "certificate_id": certificate.id,
            "statement_id": statement.id,
            "invoice_id": self.boreale_invoice().id,
            "token": "forged",
        }
        secrets = (certificate.number, "Boréale", "Bor&eacute;ale", "7,770.00")
        self.login(self.aline)
        answers = self.walk(identifiers)
        self.assertIn("/my/shares", answers)
        for path in (
            f"/my/shares/certificates/{certificate.id}",
            f"/my/shares/statements/{statement.id}",
            f"/my/invoices/{self.boreale_invoice().id}",
            "/parts/certificat/forged",
            "/consortium/shares.xlsx",
        ):
            for answer in answers[path]:
                self.assertEqual(answer.status_code, 404, path)
        leaks = [
            (path, secret)
            for path, pages in answers.items()
            for secret in secrets
            for page in pages
            if secret in page.text
        ]
        self.assertFalse(leaks)

    def test_a_mandate_that_has_run_out(self):
        """Who was logged in while it ran finds nothing of its member any more."""
        certificate, statement = self.document_of(self.alize)
        self.login(self.aline)
        self.assertEqual(self.url_open("/my/shares").status_code, 200)
        self.aline.partner_id.mandate_ids.date_end = "2018-12-31"
        self.aline.sudo().active = True
        for path in (
            "/my/shares",
            f"/my/shares/certificates/{certificate.id}",
            f"/my/shares/statements/{statement.id}",
            f"/my/invoices/{self.invoice(self.owed).id}",
        ):
            with mute_logger("odoo.http"):
                self.assertEqual(self.url_open(path).status_code, 404, path)

    def test_the_query_budget_of_the_page(self):
        """As many queries with twice the archive."""

        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            self.url_open("/my/shares")
            before = self.cr.sql_log_count
            self.url_open("/my/shares")
            return self.cr.sql_log_count - before

        self.login(self.aline)
        first = queries()
        for number in range(5):
            self.issue(quantity=1, day=f"2018-04-0{number + 1}")
            self.issue(self.boreale, quantity=1, day=f"2018-04-0{number + 1}")
        self.assertLessEqual(queries(), first)
        self.assertLessEqual(first, 40)
