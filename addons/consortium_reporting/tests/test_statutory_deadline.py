from dateutil.relativedelta import relativedelta
from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common_annual_report import AnnualReportCommon


@tagged("post_install", "-at_install")
class TestStatutoryDeadline(AnnualReportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deadlines = cls.env["consortium.statutory.deadline"]
        cls.officer = cls.employee_of("membership_officer")
        cls.env["consortium.statutory.deadline.kind"].search([]).user_id = cls.officer

    def generate(self):
        self.deadlines._generate(self.company)
        return {
            deadline.kind_id.code: deadline
            for deadline in self.deadlines.search(
                [("company_id", "=", self.company.id), ("year_end", "=", self.date_to)]
            )
        }

    def test_days_are_those_of_the_law(self):
        found = self.generate()
        six_months = self.date_to + relativedelta(months=6, day=31)
        self.assertEqual(found["annual_report"].date_due, six_months)
        self.assertEqual(found["annual_meeting"].date_due, six_months)
        self.assertEqual(
            found["ministry_filing"].date_due, six_months + relativedelta(days=30)
        )
        self.assertIn("132", found["annual_report"].reference)
        self.assertNotIn("income_tax", found, "typed each year")

    def test_entered_by_hand(self):
        """One of the calendar's kinds, for a year that the night hasn't come to."""
        kind = self.env.ref("consortium_reporting.deadline_kind_annual_report")
        with Form(self.deadlines.with_user(self.officer)) as form:
            form.kind_id = kind
            form.year_end = self.date_to
        six_months = self.date_to + relativedelta(months=6, day=31)
        self.assertEqual(form.record.date_due, six_months)
        self.assertIn("132", form.record.reference)

    def test_what_the_law_does_not_say_has_no_day(self):
        notice = self.generate()["general_meeting_notice"]
        self.assertFalse(notice.date_due)
        self.assertEqual(notice.state, "undated")
        self.assertFalse(notice.activity_ids)
        parameter = self.env["consortium.legal.parameter"].search(
            [("code", "=", "general_meeting_notice_days_min")]
        )
        self.env["consortium.legal.parameter.value"].create(
            {"parameter_id": parameter.id, "date_from": "2006-01-01", "value": "10"}
        )
        self.deadlines._refresh_dates(self.company)
        six_months = self.date_to + relativedelta(months=6, day=31)
        self.assertEqual(notice.date_due, six_months - relativedelta(days=10))

    def test_twice_adds_nothing(self):
        self.generate()
        number = self.deadlines.search_count([])
        self.deadlines._generate(self.company)
        self.assertEqual(self.deadlines.search_count([]), number)

    def test_one_a_year(self):
        first = self.generate()["annual_report"]
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            with self.cr.savepoint():
                first.copy()
                self.env.flush_all()

    def test_an_activity_of_the_owner(self):
        deadline = self.generate()["annual_report"]
        activity = deadline.activity_ids
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.user_id, self.officer)
        self.assertEqual(activity.date_deadline, deadline.date_due)
        other = self.employee_of("manager")
        deadline.user_id = other
        self.assertEqual(deadline.activity_ids.user_id, other)
        self.assertEqual(len(deadline.activity_ids), 1)

    def test_owner_of_a_group(self):
        kinds = self.env["consortium.statutory.deadline.kind"].search([])
        kinds.user_id = False
        deadline = self.generate()["annual_report"]
        self.assertEqual(deadline.user_id, self.officer)

    def test_what_follows_the_meeting(self):
        deadline = self.generate()["ministry_filing"]
        self.assertTrue(deadline.is_provisional)
        report = self.report(meeting_date=False)
        report.meeting_date = self.date_to + relativedelta(days=60)
        self.assertEqual(deadline.date_due, self.date_to + relativedelta(days=90))
        deadline.invalidate_recordset()
        self.assertFalse(deadline.is_provisional)
        self.assertEqual(deadline.activity_ids.date_deadline, deadline.date_due)

    def test_a_report_that_is_begun_or_deleted_with_its_meeting(self):
        deadline = self.generate()["ministry_filing"]
        provisional = deadline.date_due
        report = self.report(meeting_date=self.date_to + relativedelta(days=60))
        self.assertEqual(deadline.date_due, self.date_to + relativedelta(days=90))
        report.unlink()
        self.assertEqual(deadline.date_due, provisional)
        self.assertEqual(deadline.activity_ids.date_deadline, provisional)

    def test_done(self):
        deadline = self.generate()["ministry_filing"]
        deadline.with_user(self.officer).action_done()
        self.assertEqual(deadline.state, "done")
        self.assertFalse(deadline.activity_ids)
        with self.assertRaisesRegex(UserError, "already done"):
            deadline.action_done()
        report = self.report()
        item = report.item_ids.filtered(lambda i: i.requirement_id.code == "filed")
        self.assertEqual(item.state, "satisfied")

    def test_states(self):
        deadline = self.generate()["annual_report"]
        deadline.date_due = self.day(-1)
        self.assertEqual(deadline.state, "late")
        self.assertIn(deadline, self.deadlines.search([("state", "=", "late")]))
        deadline.date_due = self.day(0)
        deadline.invalidate_recordset()
        self.assertEqual(deadline.state, "open")
        self.assertIn(deadline, self.deadlines.search([("state", "=", "open")]))
        self.assertNotIn(deadline, self.deadlines.search([("state", "=", "late")]))

    def test_reminders_twice_each_once(self):
        deadline = self.generate()["annual_report"]
        self.deadlines.search([("id", "!=", deadline.id)]).done_on = self.today

        def told():
            before = self.env["mail.message"].search_count(
                [("partner_ids", "in", self.officer.partner_id.ids)]
            )
            self.deadlines._remind()
            return (
                self.env["mail.message"].search_count(
                    [("partner_ids", "in", self.officer.partner_id.ids)]
                )
                - before
            )

        deadline.date_due = self.day(31)
        self.assertEqual(told(), 0)
        deadline.date_due = self.day(30)
        self.assertEqual((told(), told()), (1, 0))
        deadline.date_due = self.day(7)
        self.assertEqual((told(), told()), (1, 0))
        deadline.date_due = self.day(-3)
        self.assertEqual(told(), 0)

    def test_cron(self):
        self.deadlines.search([]).unlink()
        with self.enter_registry_test_mode():
            self.env.ref(
                "consortium_reporting.ir_cron_statutory_calendar"
            ).method_direct_trigger()
        self.assertTrue(
            self.deadlines.search_count([("company_id", "=", self.company.id)])
        )
