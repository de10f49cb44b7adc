import re
import threading
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.http import Request
from odoo.tests import HttpCase, get_db_name, tagged
from odoo.tools import mute_logger

from .common_members import MemberCommon

WALKED = re.compile(r"^/(my/membership|membership|consortium/members)")


@tagged("post_install", "-at_install")
class TestMemberPortal(MemberCommon, HttpCase):
    """Aline signs for A; what is of B is not found."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.member_a = cls.admit(cls.alize, "2016-03-01")
        cls.member_b = cls.admit(cls.boreale, "2016-03-01", number=4242)
        cls.aline = cls.representative(cls.alize)
        cls.bruno = cls.representative(
            cls.boreale, "Bruno Gagnon", scope_sign=False, scope_vote=False
        )
        cls.request_b = cls.env["consortium.member.request"]._submit(
            "resignation", cls.boreale, cls.bruno.partner_id, details="Secret de B"
        )
        cls.secrets = ("Boréale", "Secret de B", "4242", cls.request_b.name, "Bruno")

    def login(self, user=None):
        user = user or self.aline
        self.authenticate(user.login, user.login)

    def token(self, page):
        return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page).group(1)

    def post(self, path, **values):
        form = self.url_open("/my/membership/request/document").text
        files = values.pop("files", None)
        data = {"csrf_token": self.token(form), **values}
        return self.url_open(path, data=data, files=files)

    def requests(self, partner=None):
        return self.env["consortium.member.request"].search(
            [("partner_id", "=", (partner or self.alize).id)]
        )

    def routes(self):
        thread = threading.current_thread()
        with patch.object(thread, "dbname", get_db_name(), create=True):
            rules = list(self.env["ir.http"].routing_map().iter_rules())
        return [
            rule
            for rule in rules
            if WALKED.match(rule.rule) and rule.endpoint.routing["type"] == "http"
        ]

    def test_walk(self):
        """Every page and route of members, with the identifiers of B."""
        self.login()
        token = self.token(self.url_open("/my/membership/request/document").text)
        rules = self.routes()
        self.assertGreater(len(rules), 6)
        for rule in rules:
            path = re.sub(r"<int:[^>]+>", str(self.request_b.id), rule.rule)
            path = re.sub(r"<string:[^>]+>", "resignation", path)
            methods = rule.methods or {"GET"}
            for query in ("", f"?partner_id={self.boreale.id}&access_token=forged"):
                with mute_logger("odoo.http"):
                    if "GET" in methods:
                        answer = self.url_open(path + query)
                    else:
                        answer = self.url_open(
                            path + query,
                            data={
                                "csrf_token": token,
                                "partner_id": self.boreale.id,
                                "organization_id": self.boreale.id,
                            },
                        )
                # What is of B isn't found; the other pages are those of A.
                expected = (404,) if "<int:" in rule.rule else (200, 404)
                self.assertIn(answer.status_code, expected, path)
                for secret in self.secrets:
                    self.assertNotIn(secret, answer.text, path)
        self.assertEqual(self.request_b.state, "submitted")
        self.assertEqual(self.requests(self.boreale), self.request_b)

    def test_an_expired_form_is_refused(self):
        self.login()
        path = "/my/membership/request/resignation/send"
        tokens = (Request.csrf_token(self, time_limit=-10), "forged", "")
        for token in tokens:
            with mute_logger("odoo.http"):
                answer = self.url_open(path, data={"csrf_token": token})
            self.assertEqual(answer.status_code, 400, token)
        self.assertFalse(self.requests())

    def test_a_mandate_that_has_run_out(self):
        """Still logged in the day after the last one: nothing is shown any more."""
        self.login()
        self.assertEqual(self.url_open("/my/membership").status_code, 200)
        token = Request.csrf_token(self)
        mandate = self.aline.partner_id.mandate_ids
        mandate.date_end = self.today - timedelta(days=1)
        self.aline.active = True
        with mute_logger("odoo.http"):
            for path in ("/my/membership", "/my/membership/request/document"):
                self.assertEqual(self.url_open(path).status_code, 404, path)
            answer = self.url_open(
                "/my/membership/request/resignation/send", data={"csrf_token": token}
            )
        self.assertEqual(answer.status_code, 404)
        self.assertFalse(self.requests())

    def test_page(self):
        self.login()
        page = self.url_open("/my/membership").text
        number = self.member_a.number
        self.assertRegex(page, rf"(Member no\.|Membre nº)\s+{number}\b")
        self.assertIn("Test user", page)
        self.assertIn("/my/membership/request/transfer", page)

    def test_without_the_scope_to_sign(self):
        self.login(self.bruno)
        page = self.url_open("/my/membership").text
        self.assertNotIn("o_membership_asks", page)
        answer = self.url_open("/my/membership/request/resignation")
        self.assertEqual(answer.status_code, 404)

    def test_without_a_mandate(self):
        self.alize.representative_ids.revoke("fin")
        self.aline.active = True
        self.login()
        for path in ("/my/membership", "/my/membership/request/document"):
            self.assertEqual(self.url_open(path).status_code, 404, path)

    def test_unknown_kind(self):
        self.login()
        for kind in ("other", "state", "1"):
            answer = self.url_open(f"/my/membership/request/{kind}")
            self.assertEqual(answer.status_code, 404)

    def test_resignation(self):
        self.login()
        answer = self.post(
            "/my/membership/request/resignation/send", details="Au revoir"
        )
        self.assertTrue(answer.url.endswith("/my/membership?sent=1"))
        request = self.requests()
        self.assertEqual(request.kind, "resignation")
        self.assertEqual(request.details, "Au revoir")
        self.assertEqual(request.person_id, self.aline.partner_id)

    def test_forged_fields_are_not_taken(self):
        self.login()
        self.post(
            "/my/membership/request/redemption/send",
            quantity="3",
            partner_id=self.boreale.id,
            state="accepted",
            company_id="99",
            replaced_mandate_id=str(self.boreale.representative_ids.id),
        )
        request = self.requests()
        self.assertEqual((request.state, request.quantity), ("submitted", 3))
        self.assertFalse(request.replaced_mandate_id)

    def test_a_mandate_of_another_is_not_replaced(self):
        self.login()
        self.post(
            "/my/membership/request/representative/send",
            representative_name="Carole",
            representative_email="carole@rep.example",
            replaced_mandate_id=str(self.boreale.representative_ids.id),
        )
        self.assertFalse(self.requests().replaced_mandate_id)

    def test_bad_input_is_said_and_kept(self):
        self.login()
        for kind, values, words in (
            ("redemption", {"quantity": "-3"}, "whole number|nombre entier"),
            ("redemption", {"quantity": "9" * 30}, "whole number|nombre entier"),
            ("redemption", {}, "how many shares|combien de parts"),
            ("transfer", {"quantity": "3", "details": "Gardé"}, "Gardé"),
            ("resignation", {"effective_date": "demain"}, "not a date|pas une date"),
            (
                "representative",
                {"representative_name": "X"},
                "valid e-mail|courriel valide",
            ),
            ("document", {}, "Choose the document|Choisissez le document"),
        ):
            page = self.post(f"/my/membership/request/{kind}/send", **values).text
            self.assertIn("o_request_error", page, kind)
            self.assertRegex(page, words)
        self.assertFalse(self.requests())

    def test_document(self):
        self.login()
        answer = self.post(
            "/my/membership/request/document/send",
            files={"document": ("resolution.pdf", b"%PDF-1.4 x", "application/pdf")},
        )
        self.assertTrue(answer.url.endswith("/my/membership?sent=1"))
        self.assertEqual(self.requests().document_name, "resolution.pdf")

    def test_document_of_another_type(self):
        self.login()
        page = self.post(
            "/my/membership/request/document/send",
            files={"document": ("x.pdf", b"<html>", "application/pdf")},
        ).text
        self.assertIn("o_request_error", page)
        self.assertFalse(self.requests())

    def test_withdrawal(self):
        self.login()
        self.post("/my/membership/request/resignation/send")
        request = self.requests()
        self.post(f"/my/membership/request/{request.id}/withdraw")
        self.assertEqual(request.state, "cancelled")
        self.post(f"/my/membership/request/{self.request_b.id}/withdraw")
        self.assertEqual(self.request_b.state, "submitted")

    def test_query_count_does_not_grow(self):
        self.login()

        def queries():
            self.url_open("/my/membership")
            with self.assertQueryCount(__system__=200):
                start = self.env.cr.sql_log_count
                self.url_open("/my/membership")
            return self.env.cr.sql_log_count - start

        few = queries()
        for index in range(30):
            self.admit(self.organization(f"Org {index}"), "2016-03-01")
        self.assertLessEqual(queries(), few + 1)
        self.assertLessEqual(few, 40)


@tagged("post_install", "-at_install")
class TestMembershipApply(MemberCommon, HttpCase):
    def form(self, **values):
        page = self.url_open("/membership/apply").text
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page).group(1)
        return self.url_open(
            "/membership/apply/send",
            data={
                "csrf_token": token,
                "organization_name": "Coop du formulaire",
                "organization_kind_id": self.kind.id,
                "category_id": self.user_category.id,
                "email": "info@formulaire.example",
                "contact_name": "Aline",
                "contact_email": "aline@formulaire.example",
                "need": "Comptabilité et paie",
                "has_undertaken": "1",
                **values,
            },
        )

    def applications(self):
        return self.env["consortium.membership.application"].search([])

    def test_anybody_may_apply(self):
        before = self.applications()
        answer = self.form()
        self.assertTrue(answer.url.endswith("/membership/apply/thanks"))
        application = self.applications() - before
        self.assertEqual(application.organization_name, "Coop du formulaire")
        self.assertEqual(application.source, "portal")
        self.assertEqual(application.state, "draft")
        self.assertFalse(application.partner_id)

    def test_what_is_known_is_not_told(self):
        self.alize.write({"company_registry": "1142000000", "city": "Ville Secrète"})
        answer = self.form(neq="1142 000 000")
        self.assertNotIn("Alizé", answer.text)
        self.assertNotIn("Secrète", answer.text)
        self.assertEqual(self.applications()[:1].partner_id, self.alize)

    def test_bad_input(self):
        before = self.applications()
        for values, words in (
            ({"neq": "123"}, "A NEQ has 10 digits|Un NEQ a 10 chiffres"),
            ({"email": "pas une adresse"}, "not an e-mail|pas une adresse courriel"),
            ({"organization_name": " "}, "Required|Obligatoire"),
            ({"category_id": "999999"}, "Choose a category|Choisissez une catégorie"),
            ({"category_id": "abc"}, "Choose a category|Choisissez une catégorie"),
            ({"organization_kind_id": ""}, "Choose a kind|Choisissez un type"),
            ({"has_undertaken": ""}, "undertakes|engage"),
        ):
            page = self.form(**values).text
            self.assertIn("o_apply_error", page, values)
            self.assertRegex(page, words)
            self.assertIn("Comptabilité et paie", page)
        self.assertEqual(self.applications(), before)

    def test_forged_fields_are_not_taken(self):
        before = self.applications()
        self.form(state="admitted", partner_id=str(self.alize.id), member_number="1")
        application = self.applications() - before
        self.assertEqual(application.state, "draft")
        self.assertFalse(application.partner_id)

    def apply_again(self, **values):
        """The form of Aline, who represents Alizé, with nothing else to tell it by."""
        before = self.applications()
        answer = self.form(
            organization_name="Coopérative Alizé",
            email="nouvelle@adresse.example",
            contact_name="Aline Tremblay",
            contact_email="aline@rep.example",
            **values,
        )
        self.assertTrue(answer.url.endswith("/membership/apply/thanks"))
        return self.applications() - before

    def test_a_representative_applies_for_its_own_organization(self):
        """No second contact is made of it, and its application waits once."""
        user = self.representative(self.alize)
        self.authenticate(user.login, user.login)
        application = self.apply_again()
        self.assertEqual(application.partner_id, self.alize)
        self.assertFalse(self.apply_again(neq="1142000000"))
        before = self.env["res.partner"].search_count([])
        application.action_submit()
        self.assertEqual(application.membership_id.partner_id, self.alize)
        self.assertEqual(application.person_id, user.partner_id)
        self.assertEqual(self.env["res.partner"].search_count([]), before)

    def test_a_representative_applies_for_another_organization(self):
        user = self.representative(self.alize)
        self.authenticate(user.login, user.login)
        before = self.applications()
        self.form()
        self.assertFalse((self.applications() - before).partner_id)

    def test_a_visitor_is_nobody_s_representative(self):
        self.assertFalse(self.apply_again().partner_id)

    def test_what_is_refused_late_changes_nothing(self):
        before = self.applications()
        model = type(self.env["consortium.membership.application"])
        with patch.object(
            model, "activity_schedule", side_effect=UserError("Trop tard")
        ):
            page = self.form().text
        self.assertIn("o_apply_error", page)
        self.assertIn("Trop tard", page)
        self.assertIn("Comptabilité et paie", page)
        self.env.invalidate_all()
        self.assertEqual(self.applications(), before)

    def test_a_program_is_thanked_and_forgotten(self):
        before = self.applications()
        self.form(website_url="http://spam.example")
        self.assertEqual(self.applications(), before)

    def test_text_is_text(self):
        before = self.applications()
        self.form(need="<script>alert(1)</script>")
        application = self.applications() - before
        self.assertEqual(application.need, "<script>alert(1)</script>")
