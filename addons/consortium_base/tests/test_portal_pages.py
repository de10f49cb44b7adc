import json
import re
import threading
from unittest.mock import patch

from odoo.tests import get_db_name, tagged
from odoo.tools import mute_logger

from .common_portal import PortalCase

# Pages that change something, leave the portal, or wait for another program.
NOT_WALKED = re.compile(
    r"^/(web/(session/(logout|destroy)|assets|binary|database|tests|static|dataset)"
    r"|websocket|longpolling|web/(offline|service-worker|bundle))"
)
WALKED = re.compile(
    r"^/(my|invoice|payment|portal|mail|report|web/(content|image)|consor)"
)


@tagged("post_install", "-at_install")
class TestPortalPages(PortalCase):
    # The walk

    def routes(self):
        """Every page that a browser may ask, and that shows records of somebody."""
        thread = threading.current_thread()
        with patch.object(thread, "dbname", get_db_name(), create=True):
            rules = list(self.env["ir.http"].routing_map().iter_rules())
        for rule in rules:
            routing = rule.endpoint.routing
            if (
                routing["type"] == "http"
                and routing["auth"] in ("user", "public")
                and "GET" in (rule.methods or {"GET"})
                and WALKED.match(rule.rule)
                and not NOT_WALKED.match(rule.rule)
            ):
                yield rule

    def paths(self, rule):
        """The addresses of a rule with the identifiers of B in place of arguments."""
        identifiers = {
            "invoice_id": self.invoice_b.id,
            "attachment_id": self.attachment_b.id,
            "res_id": self.invoice_b.id,
            "res_model": "account.move",
            "model": "account.move",
            "thread_model": "account.move",
            "thread_id": self.invoice_b.id,
            "id": self.attachment_b.id,
            "docids": self.invoice_b.id,
            "reportname": "account.report_invoice",
            "converter": "html",
            "field": "raw",
            "filename": "x",
            "xmlid": "base.main_company",
        }
        path = rule.rule
        for name in rule.arguments:
            value = identifiers.get(name, self.organization_b.id)
            path = re.sub(rf"<(?:[^<>]*:)?{name}>", str(value), path)
        yield path
        yield (
            f"{path}?partner_id={self.organization_b.id}&invoice_id={self.invoice_b.id}"
            f"&model=account.move&res_id={self.invoice_b.id}&access_token=forged"
            "&report_type=html"
        )

    def walk(self, user):
        """Ask every page; the secrets of B that some of them showed."""
        self.login(user)
        leaks, seen = [], set()
        for rule in self.routes():
            for path in self.paths(rule):
                if path in seen:
                    continue
                seen.add(path)
                # Core fails on several of them, for want of an argument.
                with mute_logger("odoo.http"):
                    answer = self.url_open(path, timeout=30)
                page = answer.content.decode(errors="replace")
                leaks += [(path, secret) for secret in self.secrets if secret in page]
        self.assertGreater(len(seen), 60, "the routes were not found")
        return leaks

    def test_walk_of_a_contact_without_a_mandate(self):
        self.assertFalse(self.walk(self.bruno))

    def test_walk_of_the_representative_of_another(self):
        self.assertFalse(self.walk(self.aline))

    # Pages, one by one

    def test_home_of_a_representative(self):
        self.login(self.aline)
        page = self.url_open("/my").text
        self.assertEqual(self.acting_name(page), "Coopérative Alizé")
        self.assertIn("/my/representatives", page)
        self.assertNotIn("o_acting_switch", page)
        counters = self.call("/my/counters", counters=["invoice_count", "bill_count"])
        self.assertEqual(counters["invoice_count"], 1)

    def test_home_without_a_mandate(self):
        self.login(self.bruno)
        page = self.url_open("/my").text
        self.assertIn("o_acting_nobody", page)
        counters = self.call(
            "/my/counters",
            counters=["invoice_count", "overdue_invoice_count", "representative_count"],
        )
        self.assertFalse(any(counters.values()))

    def test_without_a_mandate_pages_are_not_found(self):
        self.login(self.bruno)
        for path in (
            "/my/account",
            "/my/addresses",
            f"/my/address?partner_id={self.address_b.id}",
            "/my/invoices",
            f"/my/invoices/{self.invoice_b.id}",
            f"/my/invoices/{self.invoice_c.id}",
            "/my/payment_method",
            "/my/representatives",
        ):
            self.assertEqual(self.url_open(path).status_code, 404, path)
        self.assertEqual(self.url_open("/my/security").status_code, 200)

    def test_invoices(self):
        self.login(self.aline)
        page = self.url_open("/my/invoices").text
        self.assertIn(self.invoice_a.name, page)
        answer = self.url_open(f"/my/invoices/{self.invoice_a.id}")
        self.assertIn(self.invoice_a.name, answer.text)
        page = self.url_open(f"/my/invoices/{self.invoice_a.id}?report_type=html")
        self.assertIn("Article pour Alizé", page.content.decode())

    def test_overdue_invoices_are_those_of_the_organization(self):
        self.login(self.aline)
        counters = self.call("/my/counters", counters=["overdue_invoice_count"])
        self.assertEqual(counters["overdue_invoice_count"], 1)
        page = self.url_open("/my/invoices?filterby=overdue_invoices").text
        self.assertIn(self.invoice_a.name, page)

    def test_without_billing_no_invoice_is_followed(self):
        followed = self.invoice_a + self.invoice_b
        followed.message_subscribe(self.person.ids)
        self.mandate_a.scope_billing = False
        self.assertNotIn(self.person, self.invoice_a.message_partner_ids)
        self.assertIn(self.person, self.invoice_b.message_partner_ids, "not by mandate")

    def test_billing_is_a_scope(self):
        self.mandate_a.scope_billing = False
        self.login(self.aline)
        self.assertEqual(
            self.url_open(f"/my/invoices/{self.invoice_a.id}").status_code, 404
        )
        self.assertNotIn(self.invoice_a.name, self.url_open("/my/invoices").text)

    def test_forged_identifiers_are_not_found(self):
        self.login(self.aline)
        for identifier in (self.invoice_b.id, self.invoice_c.id, 987654):
            path = f"/my/invoices/{identifier}"
            for query in ("", "?access_token=forged", "?report_type=pdf&download=1"):
                self.assertEqual(self.url_open(path + query).status_code, 404)
        attachment = self.url_open(f"/web/content/{self.attachment_b.id}")
        self.assertEqual(attachment.status_code, 404)

    def test_expired_mandate_is_not_found(self):
        self.login(self.aline)
        path = f"/my/invoices/{self.invoice_a.id}"
        self.assertEqual(self.url_open(path).status_code, 200)
        self.env.cr.execute(
            "UPDATE consortium_representation SET date_end = %s WHERE id = %s",
            (self.day(-1), self.mandate_a.id),
        )
        self.env.invalidate_all()
        self.assertTrue(self.aline.active, "the cron has not run")
        self.assertEqual(self.url_open(path).status_code, 404)
        self.assertEqual(self.url_open("/my/invoices").status_code, 404)
        self.assertIn("o_acting_nobody", self.url_open("/my").text)

    def test_link_of_an_invoice_shows_that_invoice_only(self):
        self.invoice(self.organization_b, "Autre article de Boréale")
        token = self.invoice_b._portal_ensure_token()
        path = f"/my/invoices/{self.invoice_b.id}?access_token={token}"
        for user in (None, self.aline, self.bruno):
            if user:
                self.login(user)
            answer = self.url_open(path)
            self.assertEqual(answer.status_code, 200)
            self.assertIn(self.invoice_b.name, answer.text)
            other = f"/my/invoices/{self.invoice_c.id}?access_token={token}"
            self.assertEqual(self.url_open(other).status_code, 404)

    def test_neighbours_of_a_session_are_checked_again(self):
        """Previous and next links of core carry tokens, from the session's memory."""
        other = self.invoice(self.organization_a, "Autre article")
        token = self.invoice_a._portal_ensure_token()
        path = f"/my/invoices/{self.invoice_a.id}?access_token={token}"
        self.login(self.aline)
        self.url_open("/my/invoices")
        self.assertIn(f"/my/invoices/{other.id}?", self.url_open(path).text)
        self.mandate_a.scope_billing = False
        page = self.url_open(path)
        self.assertEqual(page.status_code, 200)
        self.assertNotIn(f"/my/invoices/{other.id}?", page.text)

    def test_payment_of_another_s_invoice(self):
        self.login(self.aline)
        for invoice in (self.invoice_b, self.invoice_c):
            answer = self.call(f"/invoice/transaction/{invoice.id}", access_token="x")
            self.assertIn("code", answer)
            self.assertNotIn(invoice.name, json.dumps(answer))
        self.login(self.bruno)
        answer = self.call(
            f"/invoice/transaction/{self.invoice_b.id}", access_token="x"
        )
        self.assertNotIn(self.invoice_b.name, json.dumps(answer))

    def test_chatter_of_another_s_invoice(self):
        for user in (self.aline, self.bruno):
            self.login(user)
            for path in ("/mail/thread/messages", "/mail/chatter_fetch"):
                answer = self.call(
                    path,
                    thread_model="account.move",
                    thread_id=self.invoice_b.id,
                    access_token="forged",
                )
                self.assertNotIn("Message de", json.dumps(answer))
            answer = self.call(
                "/mail/message/post",
                thread_model="account.move",
                thread_id=self.invoice_b.id,
                post_data={"body": "intrus"},
            )
            self.assertNotIn("store_data", json.dumps(answer))
        self.assertNotIn("intrus", str(self.invoice_b.message_ids.mapped("body")))

    def test_chatter_of_one_s_own_invoice(self):
        self.invoice_a.message_post(
            body="Bonjour Alizé",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.login(self.aline)
        answer = self.call(
            "/mail/chatter_fetch",
            thread_model="account.move",
            thread_id=self.invoice_a.id,
        )
        self.assertIn("Bonjour", json.dumps(answer, ensure_ascii=False))

    def test_calls_of_the_orm(self):
        """What a portal user may ask without any page."""
        for user in (self.aline, self.bruno):
            self.login(user)
            for model in (
                "account.move",
                "account.move.line",
                "res.partner",
                "res.users",
                "consortium.representation",
                "mail.message",
            ):
                answer = self.call(
                    f"/web/dataset/call_kw/{model}/search_read",
                    model=model,
                    method="search_read",
                    args=[[], ["display_name"]],
                    kwargs={},
                )
                if model in ("res.partner", "res.users"):
                    # One's own contact tells the name of the company it is under.
                    own = {"res.partner": user.partner_id, "res.users": user}[model]
                    answer = [row for row in answer if row["id"] != own.id]
                text = json.dumps(answer, ensure_ascii=False)
                for secret in self.secrets:
                    self.assertNotIn(secret, text, f"{model} by {user.login}")
