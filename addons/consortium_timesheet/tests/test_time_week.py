from datetime import date

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_time import TimeCommon

MONDAY = date(2018, 9, 3)


@tagged("post_install", "-at_install")
@freeze_time("2018-09-13 15:00:00")
class TestTimeWeek(TimeCommon):
    def week(self, start="2018-09-03", **values):
        return (
            self.env["consortium.time.week"]
            .with_user(self.expert_user)
            .create({"date_start": start, **values})
        )

    def test_by_agreement_and_task(self):
        self.time(60)
        self.time(30)
        self.time(45, date="2018-09-05")
        self.time(45, date="2018-09-10")
        figures = self.week()._figures()
        (row,) = figures["rows"]
        self.assertEqual(row["agreement"], self.order.name)
        self.assertEqual(sum(line.minutes for line in row["cells"][MONDAY]), 90)
        self.assertEqual(sum(figures["totals"].values()), 135)
        self.assertEqual(len(figures["lines"]), 3)

    def test_what_is_missing(self):
        self.time(60)
        figures = self.week()._figures()
        # Core's standard calendar: eight hours a day.
        self.assertEqual(figures["missing"][MONDAY], 420)
        self.assertEqual(figures["missing"][date(2018, 9, 8)], 0)
        coming = self.week("2018-09-10")._figures()
        self.assertEqual(coming["missing"][date(2018, 9, 13)], 480)
        self.assertEqual(coming["missing"][date(2018, 9, 14)], 0)

    def test_holidays_are_known(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Fête du Travail",
                "calendar_id": self.expert.resource_calendar_id.id,
                "company_id": self.company.id,
                "date_from": "2018-09-03 00:00:00",
                "date_to": "2018-09-03 23:59:59",
                "time_type": "leave",
            }
        )
        figures = self.week()._figures()
        self.assertEqual(figures["leave"][MONDAY], 480)
        self.assertEqual(figures["missing"][MONDAY], 0)

    def test_the_monday_of_any_day(self):
        self.assertEqual(self.week("2018-09-06")._days()[0], MONDAY)

    def test_copy_last_week(self):
        self.time(60)
        self.time(45, date="2018-09-05", name="Suivi")
        closed = self.env["project.task"].create(
            {"name": "Finie", "project_id": self.project.id, "state": "1_done"}
        )
        self.time(30, task_id=closed.id)
        week = self.week("2018-09-10")
        week.action_copy_last()
        week.action_copy_last()
        copied = self.env["account.analytic.line"].search(week._domain())
        self.assertEqual(sorted(copied.mapped("minutes")), [45, 60])
        self.assertEqual(set(copied.mapped("approval_state")), {"draft"})

    def test_what_was_corrected_is_not_copied(self):
        line = self.time(60)
        self.approve(line)
        line._correct("Plus long", {"unit_amount": 1.5})
        copied = self.week("2018-09-10").action_copy_last()
        self.assertEqual(copied.mapped("minutes"), [90])

    def test_confirm_the_week(self):
        line = self.time(60)
        other = self.time(60, date="2018-09-10")
        self.week().action_submit()
        self.assertEqual(
            (line.approval_state, other.approval_state), ("submitted", "draft")
        )
        with self.assertRaisesRegex(UserError, "nothing to confirm"):
            self.week().action_submit()

    def test_nobody_else_s_week(self):
        other = self.employee("Collègue", ("LEG", 100, "2018-07-01", False))
        self.time(60, employee_id=other.id)
        figures = self.week(employee_id=other.id)._figures()
        self.assertFalse(figures["rows"])
        week = self.week()
        with self.assertRaises(AccessError):
            week.with_user(self.coordinator).read(["date_start"])

    def test_enter(self):
        action = self.week().action_open_lines()
        self.assertEqual(action["context"]["default_date"], "2018-09-03")
        found = self.env["account.analytic.line"].search(action["domain"])
        self.assertFalse(found)

    def test_queries_do_not_grow(self):
        counts = []
        for more in (1, 20):
            for _each in range(more):
                self.time(10)
            self.env.flush_all()
            self.env.invalidate_all()
            week = self.week()
            before = self.cr.sql_log_count
            week._figures()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])
