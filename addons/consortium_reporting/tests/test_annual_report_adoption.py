import base64
import hashlib

from dateutil.relativedelta import relativedelta
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import CheckViolation

from .common_annual_report import AnnualReportCommon

CLOSED = "Le registre est fermé."


@tagged("post_install", "-at_install")
class TestAdoption(AnnualReportCommon):
    def assert_refused(self, report, words):
        with self.assertRaisesRegex(UserError, words):
            report.action_adopt()
        self.assertEqual(report.state, "review")
        self.assertFalse(report.content_hash)

    def test_adopted_and_frozen(self):
        report = self.adopted()
        self.assertEqual(report.state, "adopted")
        self.assertEqual(report.adopted_on, self.company._today())
        self.assertEqual(
            report.content_hash, hashlib.sha256(report.content.encode()).hexdigest()
        )
        self.assertTrue(report._is_intact())
        adoption = report._read_content()["adoption"]
        self.assertEqual(
            [director["name"] for director in adoption["directors"]],
            ["Aubin", "Bélanger"],
        )
        self.assertEqual(adoption["resolution"], report.resolution_id.number)

    def test_a_missing_item_is_named(self):
        report = self.adoptable(employee_count=0)
        self.assertEqual(report.missing_count, 1)
        self.assert_refused(report, "Number of persons employed")

    def test_each_mandatory_item_stops_the_adoption(self):
        for name, words in (
            ("statements", "Financial statements"),
            ("auditor_report", "Auditor's report"),
            ("meeting_date", "Date of the annual meeting"),
            ("member_count", "Number of members"),
            ("capital_text", "State of capital"),
        ):
            report = self.adoptable(**{name: False})
            self.assert_refused(report, words)
            report.unlink()

    def test_what_is_said_with_a_reason_counts(self):
        report = self.adoptable(employee_count=0)
        item = report.item_ids.filtered(lambda i: i.requirement_id.code == "employees")
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(CheckViolation),
            self.cr.savepoint(),
        ):
            item.write({"said": "not_applicable"})
            self.env.flush_all()
        item.write({"said": "not_applicable", "reason": "Aucun employé"})
        report.action_compute()
        report.action_adopt()
        self.assertIn("Aucun employé", report.content)

    def test_an_unclassified_proportion_is_missing(self):
        """It may be anything, until somebody says whose the rest is."""
        report = self.report()
        item = report.item_ids.filtered(
            lambda each: each.requirement_id.code == "operations"
        )
        known = self.operations(None, None, None)
        for status, state in (
            ("none", "not_applicable"),
            ("incomplete", "missing"),
            ("below", "satisfied"),
            ("warning", "satisfied"),
            ("met", "satisfied"),
        ):
            self.patch(
                self.env.registry["consortium.member.operations"],
                "_for_year",
                lambda *args, status=status: {**known, "status": status},
            )
            self.assertEqual(report._requirement_state(item.requirement_id), state)

    def test_a_report_begins_at_its_beginning(self):
        """Whatever the defaults of who makes it, only the button adopts."""
        forged = {
            "state": "adopted",
            "content": "{}",
            "content_hash": "0",
            "adopted_on": str(self.today),
            "adopted_by_id": self.env.uid,
        }
        for name, value in forged.items():
            self.env["ir.default"].set(self.reports._name, name, value, user_id=True)
        context = {f"default_{name}": value for name, value in forged.items()}
        report = self.reports.with_context(**context).create(
            {"date_from": self.date_from, "date_to": self.date_to}
        )
        self.assertEqual(report.state, "draft")
        self.assertFalse(report.content or report.content_hash or report.adopted_on)

    def test_a_failed_section_stops_the_adoption(self):
        def refuses(report):
            raise UserError(CLOSED)

        self.patch(type(self.reports), "_section_board", refuses)
        report = self.adoptable()
        self.assert_refused(report, CLOSED)

    def test_what_changed_after_the_review_stops_the_adoption(self):
        report = self.adoptable()
        report.president_text = "<p>Autre chose.</p>"
        self.assert_refused(report, "compute it again")
        report.action_compute()
        report.action_adopt()

    def test_figures_that_changed_stop_the_adoption(self):
        report = self.adoptable()
        self.table[2]["actual"] += 1
        self.addCleanup(self.table[2].update, actual=7504800)
        self.assert_refused(report, "compute it again")

    def test_a_report_in_preparation_is_not_adopted(self):
        report = self.report()
        with self.assertRaisesRegex(UserError, "not been computed"):
            report.action_adopt()

    def test_without_a_resolution(self):
        report = self.adoptable()
        report.resolution_id = False
        self.assert_refused(report, "must cite one resolution")

    def test_resolutions_that_will_not_do(self):
        for values, words in (
            ({"kind": "rates"}, "kind"),
            ({"body": "general_meeting"}, "not the board's"),
            ({"date": self.date_to}, "not later than the fiscal"),
        ):
            resolution = self.resolution(
                **{
                    "kind": "report_adoption",
                    "body": "board",
                    "company_id": self.company.id,
                    **values,
                }
            )
            report = self.adoptable()
            report.resolution_id = resolution
            self.assert_refused(report, words)
            report.unlink()
        proposed = self.board_resolution(decide=False)
        report = self.adoptable()
        report.resolution_id = proposed
        self.assert_refused(report, "has not been adopted")

    def test_as_many_directors_as_the_law_asks(self):
        report = self.adoptable()
        report.attesting_office_ids = self.offices[:1]
        self.assert_refused(report, "2 directors attest")
        # Two offices of one person are one director.
        second = self.env["consortium.office"].create(
            {
                "person_id": self.offices[0].person_id.id,
                "role": "treasurer",
                "is_director": True,
                "date_start": self.date_from,
            }
        )
        report.attesting_office_ids = self.offices[:1] + second
        report.action_compute()
        self.assert_refused(report, "2 directors attest")

    def test_an_officer_does_not_attest(self):
        report = self.adoptable()
        report.attesting_office_ids = self.offices
        self.assert_refused(report, "Côté is not a director in office")

    def test_who_left_does_not_attest(self):
        report = self.adoptable()
        self.offices[1].write({"date_end": self.day(-1), "end_reason": "resigned"})
        report.action_compute()
        self.assert_refused(report, "Bélanger is not a director in office")

    def test_an_accountant_prepares_but_does_not_adopt(self):
        report = self.adoptable()
        accountant = self.employee_of("accountant")
        with self.assertRaisesRegex(UserError, "secretary or the management"):
            report.with_user(accountant).action_adopt()
        report.with_user(self.employee_of("membership_officer")).action_adopt()

    def test_twice_is_refused(self):
        report = self.adopted()
        with self.assertRaisesRegex(UserError, "is adopted and never changes"):
            report.action_adopt()
        with self.assertRaisesRegex(UserError, "is adopted and never changes"):
            report.action_compute()

    # Frozen

    def test_nobody_writes_an_adopted_report(self):
        report = self.adopted(objective_ids=[(0, 0, {"name": "O"})])
        for record, values in (
            (report, {"president_text": "<p>X</p>"}),
            (report, {"meeting_date": "2019-01-01"}),
            (report.objective_ids, {"name": "X"}),
            (
                report.item_ids.filtered(lambda i: i.stage == "before")[0],
                {"said": "satisfied", "reason": "x"},
            ),
        ):
            with self.assertRaisesRegex(UserError, "never changes"):
                record.write(values)
        with self.assertRaisesRegex(UserError, "never changes"):
            report.unlink()
        with self.assertRaisesRegex(UserError, "never changes"):
            report.objective_ids.unlink()
        with self.assertRaisesRegex(UserError, "never changes"):
            report.objective_ids.create({"report_id": report.id, "name": "N"})

    def test_its_files_stay_and_their_digests_are_in_it(self):
        report = self.adopted()
        statements = base64.b64decode(report.statements)
        self.assertIn(hashlib.sha256(statements).hexdigest(), report.content)
        attachments = self.env["ir.attachment"]
        for field in ("statements", "auditor_report"):
            key = {
                "res_model": report._name,
                "res_id": report.id,
                "res_field": field,
            }
            domain = [(name, "=", value) for name, value in key.items()]
            attachment = attachments.search(domain)
            for change in (
                lambda file=attachment: file.write({"raw": b"%PDF-1.4 other"}),
                lambda file=attachment: file.write({"res_id": 0}),
                attachment.unlink,
                lambda key=key: attachments.create(
                    {"name": "x", "raw": b"%PDF-1.4 x", **key}
                ),
            ):
                with self.assertRaisesRegex(UserError, "neither replaced nor deleted"):
                    change()

    def test_a_file_that_changed_since_the_review_is_reviewed(self):
        report = self.adoptable()
        report.statements = base64.b64encode(b"%PDF-1.4 others")
        with self.assertRaisesRegex(UserError, "have changed since"):
            report.action_adopt()

    def test_the_addon_stays_while_it_keeps_an_adopted_report(self):
        self.adopted()
        addon = self.env.ref("base.module_consortium_reporting")
        with self.assertRaises(UserError):
            addon.button_uninstall()

    @mute_logger("odoo.sql_db")
    def test_nobody_changes_it_in_the_database(self):
        report = self.adopted()
        self.env.flush_all()
        for query in (
            "UPDATE consortium_annual_report SET content = '{}'",
            "UPDATE consortium_annual_report SET content_hash = 'x'",
            "UPDATE consortium_annual_report SET state = 'review'",
            "UPDATE consortium_annual_report SET employee_count = 1",
            "UPDATE consortium_annual_report SET date_to = date_to + 1",
            "DELETE FROM consortium_annual_report",
        ):
            with self.assertRaises(CheckViolation), self.cr.savepoint():
                self.cr.execute(f"{query} WHERE id = %s", (report.id,))
        with self.assertRaises(CheckViolation), self.cr.savepoint():
            self.cr.execute("TRUNCATE consortium_annual_report CASCADE")
        self.assertTrue(report._is_intact())

    def test_a_report_in_review_may_go(self):
        report = self.adoptable()
        report.unlink()
        self.assertFalse(report.exists())

    def test_a_correction_of_the_books_shows_as_a_difference(self):
        report = self.adopted()
        before = report.content
        self.assertFalse(report._book_differences())
        self.table[2]["actual"] = 7600000
        self.addCleanup(self.table[2].update, actual=7504800)
        changes = report._book_differences()
        self.assertEqual(
            [(change["before"], change["after"]) for change in changes],
            [("75\u00a0048\u00a0$", "76\u00a0000\u00a0$")],
        )
        action = report.action_compare()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertTrue(wizard.is_intact)
        self.assertIn("76\u00a0000\u00a0$", str(wizard.body))
        self.assertEqual(report.content, before)
        self.assertTrue(report._is_intact())

    def test_what_comes_after_is_still_said(self):
        report = self.adopted()
        item = report.item_ids.filtered(lambda i: i.requirement_id.code == "filed")
        self.assertEqual(item.state, "missing")
        content = report.content
        item.write({"said": "satisfied", "reason": "Accusé de réception"})
        self.assertEqual(item.state, "satisfied")
        self.assertEqual(report.content, content)

    def test_the_checklist_tells_by_when(self):
        report = self.report(meeting_date=False)
        dates = {item.requirement_id.code: item.date_due for item in report.item_ids}
        six_months = self.date_to + relativedelta(months=6, day=31)
        self.assertEqual(dates["statements"], six_months)
        self.assertEqual(dates["filed"], six_months + relativedelta(days=30))
        report.meeting_date = self.today
        item = report.item_ids.filtered(lambda i: i.requirement_id.code == "filed")
        item.invalidate_recordset()
        self.assertEqual(item.date_due, self.today + relativedelta(days=30))

    def test_the_signatories_are_the_law_s(self):
        """A law that asks for one director is obeyed."""
        parameter = self.env["consortium.legal.parameter"].search(
            [("code", "=", "annual_report_signatories_min")]
        )
        self.env["consortium.legal.parameter.value"].create(
            {"parameter_id": parameter.id, "date_from": self.today, "value": "1"}
        )
        report = self.adoptable()
        report.attesting_office_ids = self.offices[:1]
        report.action_adopt()
        self.assertEqual(report.state, "adopted")
