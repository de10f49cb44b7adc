import json
import re
import threading
from unittest.mock import patch

from dateutil.relativedelta import relativedelta
from odoo.addons.consortium_base.tests.common_access import (
    READ_ALL,
    AccessMatrix,
)
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, get_db_name, tagged
from odoo.tools import mute_logger

from .common_annual_report import AnnualReportCommon

WRITERS = dict.fromkeys(("membership_officer", "accountant", "manager"), "crwu")
KEPT = {**WRITERS, "auditor": "r"}
SET_UP = {
    "membership_officer": "r",
    "accountant": "r",
    "auditor": "r",
    "manager": "crwu",
}
EXPECTED = {
    "consortium.annual.objective": KEPT,
    "consortium.annual.report": {**READ_ALL, **WRITERS, "portal": "r"},
    "consortium.annual.report.comparison": {**WRITERS, "auditor": "crwu"},
    "consortium.annual.report.item": KEPT,
    "consortium.annual.report.requirement": SET_UP,
    "consortium.development.action": {
        **READ_ALL,
        "coordinator": "crwu",
        "membership_officer": "crwu",
        "manager": "crwu",
    },
    "consortium.statutory.deadline": {**READ_ALL, **WRITERS},
    "consortium.statutory.deadline.kind": {**READ_ALL, "manager": "crwu"},
}
# What the portal reads of a report, and nothing else of its own.
PORTAL_FIELDS = {
    "adopted_on",
    "company_id",
    "content",
    "content_hash",
    "date_from",
    "date_to",
    "is_readable",
    "state",
}
MAGIC = {
    "id",
    "create_uid",
    "create_date",
    "write_uid",
    "write_date",
    # Of core; the messages themselves are closed.
    "message_ids",
    "website_message_ids",
}
SECRET = "Brouillon confidentiel"
# Pages that change something, leave the portal, or wait for another program.
NOT_WALKED = re.compile(
    r"^/(web/(session/(logout|destroy)|assets|binary|database|tests|static|dataset)"
    r"|websocket|longpolling|web/(offline|service-worker|bundle))"
)
WALKED = re.compile(r"^/(my|portal|mail|report|web/(content|image)|consor)")


@tagged("post_install", "-at_install")
class TestAccess(AccessMatrix, AnnualReportCommon):
    expected = EXPECTED

    def test_auditor_reads_all_and_writes_nothing(self):
        auditor = self.users["auditor"]
        report = self.adoptable(objective_ids=[(0, 0, {"name": "O"})])
        self.env["consortium.development.action"].create({"name": "A"})
        for model in EXPECTED:
            records = self.env[model].search([])
            mine = self.env[model].with_user(auditor)
            if mine._transient:
                continue
            self.assertEqual(mine.search_count([]), len(records), model)
            records.with_user(auditor).read()
        seen = report.with_user(auditor)
        for action in ("action_compute", "action_adopt"):
            with self.assertRaises(AccessError):
                getattr(seen, action)()
        with self.assertRaises(AccessError):
            seen.write({"president_text": "x"})
        with self.assertRaises(AccessError):
            seen.item_ids[0].write({"said": "satisfied", "reason": "x"})
        self.assertTrue(seen.action_compare())

    def test_an_expert_reads_what_is_adopted(self):
        report = self.adoptable()
        seen = report.with_user(self.users["expert"])
        self.assertFalse(seen.search([]))
        with self.assertRaises(AccessError):
            seen.read(["content"])
        report.action_adopt()
        self.assertEqual(seen.search([]), report)
        self.assertTrue(seen.preview)
        with self.assertRaises(AccessError):
            seen.read(["president_text"])

    def test_each_company_its_reports(self):
        other = self.env["res.company"].create({"name": "Autre"})
        report = self.report(company_id=other.id)
        for group in ("manager", "auditor"):
            user = self.users[group]
            self.assertFalse(report.with_user(user)._filtered_access("read"))

    def test_a_member_reads_these_fields_only(self):
        self.mandate()
        user = self.user_of(self.person)
        user.write({"company_ids": [(4, self.company.id)]})
        report = self.adopted()
        seen = report.with_user(user)
        readable = {
            name
            for name, field in seen._fields.items()
            if field.store
            and seen._has_field_access(field, "read")
            and name not in MAGIC
        }
        self.assertEqual(readable | {"is_readable"}, PORTAL_FIELDS)
        self.assertFalse(seen.message_ids)
        for name in ("president_text", "resolution_id", "item_ids", "statements"):
            with self.assertRaises(AccessError):
                seen.read([name])


@tagged("post_install", "-at_install")
class TestPortal(AnnualReportCommon, HttpCase):
    """Aline represents A; Bruno is a contact of B without a mandate."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mandate_a = cls.mandate(scope_request=True)
        cls.aline = cls.user_of(cls.person)
        contact = cls.env["res.partner"].create(
            {"name": "Bruno", "parent_id": cls.organization_b.id}
        )
        cls.bruno = cls.portal_user("bruno-report", contact)
        for user in cls.aline + cls.bruno:
            user.write(
                {
                    "company_ids": [(4, cls.company.id)],
                    "company_id": cls.company.id,
                    "password": user.login,
                    "lang": "en_US",
                }
            )
        cls.annual_report = cls.adopted()
        cls.draft = cls.report(
            date_from=cls.date_from - relativedelta(years=1),
            date_to=cls.date_from - relativedelta(days=1),
            president_text=f"<p>{SECRET}</p>",
        )
        cls.draft.action_compute()
        cls.draft.message_post(
            body=SECRET, message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        cls.annual_report.message_post(
            body=SECRET, message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        cls.attachment = cls.env["ir.attachment"].search(
            [
                ("res_model", "=", "consortium.annual.report"),
                ("res_field", "=", "statements"),
                ("res_id", "=", cls.annual_report.id),
            ]
        )
        cls.path = f"/my/annual_reports/{cls.annual_report.id}"

    def login(self, user):
        self.authenticate(user.login, user.login)

    def test_list_and_page(self):
        self.login(self.aline)
        self.assertIn("/my/annual_reports", self.url_open("/my").text)
        page = self.url_open("/my/annual_reports").text
        self.assertIn(self.path, page)
        self.assertNotIn(f"/my/annual_reports/{self.draft.id}", page)
        page = self.url_open(self.path).text
        self.assertIn("Chers membres", page)
        self.assertIn("data:image/svg+xml;base64,", page)
        self.assertIn("63\u00a0800\u00a0h", page)
        self.assertIn(self.annual_report.content_hash, page)

    def test_pdf(self):
        self.login(self.aline)
        registry = self.env.registry["ir.actions.report"]
        render = registry._render_qweb_pdf

        def forced(reports, *args, **kwargs):  # tests print HTML otherwise
            return render(
                reports.with_context(force_report_rendering=True), *args, **kwargs
            )

        with patch.object(registry, "_render_qweb_pdf", forced):
            answer = self.url_open(f"{self.path}/pdf", timeout=60)
        self.assertEqual(answer.status_code, 200)
        self.assertTrue(answer.content.startswith(b"%PDF"))

    def test_what_is_not_adopted_is_not_found(self):
        self.login(self.aline)
        for path in (
            f"/my/annual_reports/{self.draft.id}",
            f"/my/annual_reports/{self.draft.id}/pdf",
            "/my/annual_reports/987654",
            f"/consortium/annual_report/{self.draft.id}.xlsx",
            f"/consortium/annual_report/{self.annual_report.id}.xlsx",
        ):
            self.assertEqual(self.url_open(path).status_code, 404, path)

    def test_documents_of_the_report_are_not_the_portal_s(self):
        self.assertTrue(self.attachment)
        self.login(self.aline)
        for path in (
            f"/web/content/{self.attachment.id}",
            f"/web/content/consortium.annual.report/{self.annual_report.id}/statements",
        ):
            self.assertEqual(self.url_open(path).status_code, 404, path)

    def test_without_a_mandate_nothing(self):
        self.login(self.bruno)
        for path in ("/my/annual_reports", self.path, f"{self.path}/pdf"):
            self.assertEqual(self.url_open(path).status_code, 404, path)
        reports = self.env["consortium.annual.report"].with_user(self.bruno)
        self.assertFalse(reports.search([]))

    def test_a_mandate_that_ends_closes_them(self):
        self.login(self.aline)
        self.assertEqual(self.url_open(self.path).status_code, 200)
        self.env.cr.execute(
            "UPDATE consortium_representation SET date_end = %s WHERE id = %s",
            (self.day(-1), self.mandate_a.id),
        )
        self.env.invalidate_all()
        self.assertEqual(self.url_open(self.path).status_code, 404)

    def test_nobody_logged_in(self):
        answer = self.url_open(self.path)
        self.assertNotIn("Chers membres", answer.text)
        self.assertIn("/web/login", answer.url)

    def test_messages_are_the_employees(self):
        self.login(self.aline)
        for path in ("/mail/thread/messages", "/mail/chatter_fetch"):
            with mute_logger("odoo.http"):
                answer = self.url_open(
                    path,
                    data=json.dumps(
                        {
                            "jsonrpc": "2.0",
                            "params": {
                                "thread_model": "consortium.annual.report",
                                "thread_id": self.annual_report.id,
                            },
                        }
                    ),
                    headers={"Content-Type": "application/json"},
                )
            self.assertNotIn(SECRET, answer.text)
        messages = self.env["mail.message"].with_user(self.aline)
        self.assertFalse(messages.search([("model", "=", "consortium.annual.report")]))

    def test_calls_of_the_orm(self):
        reports = self.env["consortium.annual.report"].with_user(self.aline)
        self.assertEqual(reports.search([]), self.annual_report)
        with self.assertRaises(AccessError):
            self.draft.with_user(self.aline).read(["content"])
        for model in EXPECTED:
            if model != "consortium.annual.report":
                with self.assertRaises(AccessError):
                    self.env[model].with_user(self.aline).search([])

    def routes(self):
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
        """The addresses of a rule, with the draft in place of arguments."""
        identifiers = {
            "res_model": "consortium.annual.report",
            "model": "consortium.annual.report",
            "thread_model": "consortium.annual.report",
            "attachment_id": self.attachment.id,
            "reportname": "consortium_reporting.report_annual_report",
            "converter": "html",
            "field": "content",
            "filename": "x",
            "xmlid": "base.main_company",
        }
        path = rule.rule
        for name in rule.arguments:
            value = identifiers.get(name, self.draft.id)
            path = re.sub(rf"<(?:[^<>]*:)?{name}>", str(value), path)
        yield path
        yield (
            f"{path}?report_id={self.draft.id}&model=consortium.annual.report"
            f"&res_id={self.draft.id}&access_token=forged&report_type=html"
        )

    def test_walk_of_the_routes(self):
        """No page shows a draft, nor what employees said of an adopted report."""
        for user in (self.aline, self.bruno):
            self.login(user)
            leaks, seen = [], set()
            for rule in self.routes():
                for path in set(self.paths(rule)) - seen:
                    seen.add(path)
                    # Core fails on several of them, for want of an argument.
                    with mute_logger("odoo.http", "odoo.addons.base.models.ir_qweb"):
                        answer = self.url_open(path, timeout=30)
                    page = answer.content.decode(errors="replace")
                    if SECRET in page:
                        leaks.append(path)
                    if user == self.bruno and "Chers membres" in page:
                        leaks.append(path)
            self.assertGreater(len(seen), 40, "the routes were not found")
            self.assertFalse(leaks, user.login)

    def test_query_count_of_a_page(self):
        """The same, however many reports were adopted and however long they are."""
        self.login(self.aline)

        def queries(path):
            self.assertEqual(self.url_open(path).status_code, 200)
            before = self.cr.sql_log_count
            self.url_open(path)
            return self.cr.sql_log_count - before

        few = [queries("/my/annual_reports"), queries(self.path)]
        self.assertLessEqual(max(few), 40)
        self.env["consortium.office"].create(
            {
                "person_id": self.env["res.partner"].create({"name": "Doyen"}).id,
                "role": "director",
                "date_start": self.date_from - relativedelta(years=7),
                "term_months": 36,
            }
        )
        larger = [
            self.adopted(
                date_from=self.date_from - relativedelta(years=back),
                date_to=self.date_to - relativedelta(years=back),
                objective_ids=[(0, 0, {"name": "O", "result": "R"})] * 40,
            )
            for back in range(2, 8)
        ]
        path = f"/my/annual_reports/{larger[-1].id}"
        self.assertEqual([queries("/my/annual_reports"), queries(path)], few)
