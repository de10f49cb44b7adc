from freezegun import freeze_time
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common_time import TimeCommon


@tagged("post_install", "-at_install")
@freeze_time("2018-09-13 15:00:00")
class TestHoursWeek(TimeCommon):
    """What the screen of the week asks for and does, as the expert."""

    def setUp(self):
        super().setUp()
        self.grid = self.env["consortium.time.week"].with_user(self.expert_user)

    def put(self, text, date="2018-09-11"):
        return self.grid.set_cell(date, self.project.id, self.task.id, text)

    def cell(self, week, index=1):
        return week["rows"][0]["cells"][index]

    def own(self, date="2018-09-11"):
        return self.env["account.analytic.line"].search(
            [("employee_id", "=", self.expert.id), ("date", "=", date)]
        )

    def test_type_a_time(self):
        for text, minutes in (("1:30", 90), ("1h05", 65), ("2 h", 120), ("1,5", 90)):
            self.assertEqual(self.cell(self.put(text))["minutes"], minutes)
        line = self.own()
        self.assertEqual((line.minutes, line.so_line), (90, self.order_line))
        self.assertEqual((line.amount, line.intervention_mode), (-183.0, "remote"))

    def test_totals_and_what_is_missing(self):
        week = self.put("1:30")
        self.assertEqual(week["days"][1]["total"], "1:30")
        self.assertEqual(week["days"][1]["missing"], "6:30")
        self.assertEqual(week["missing"], "30:30")
        self.assertEqual((week["total"], week["draft_count"]), ("1:30", 1))

    def test_days_to_come_are_closed(self):
        days = self.grid.get_week()["days"]
        self.assertEqual([day["closed"] for day in days], [False] * 4 + [True] * 3)
        with self.assertRaisesRegex(ValidationError, "still to come"):
            self.put("1:00", "2018-09-14")

    def test_locked_days_are_closed(self):
        self.env["consortium.timesheet.lock"].create(
            {"company_id": self.company.id, "date": "2018-09-11"}
        )
        days = self.grid.get_week()["days"]
        self.assertEqual([day["closed"] for day in days[:3]], [True, True, False])

    def test_empty_deletes(self):
        self.put("1:30")
        self.assertFalse(self.put("")["rows"])
        self.assertFalse(self.own())

    def test_no_time(self):
        for text in ("deux", "1:75", "-1", "1:2:3"):
            with self.assertRaisesRegex(UserError, "is no time"):
                self.put(text)

    def test_more_than_a_day(self):
        with self.assertRaisesRegex(ValidationError, "more than 24 hours"):
            self.put("24:01")

    def test_several_entries_in_a_cell(self):
        self.time(30, date="2018-09-11")
        self.time(45, date="2018-09-11")
        cell = self.cell(self.grid.get_week())
        self.assertEqual((cell["text"], cell["editable"]), ("1:15", False))
        with self.assertRaisesRegex(UserError, "Several entries"):
            self.put("2:00")
        action = self.grid.open_cell("2018-09-11", self.project.id, self.task.id)
        found = self.env["account.analytic.line"].search(action["domain"])
        self.assertEqual(found, self.own())

    def test_details(self):
        line = self.cell(self.put("1:00"))["line_id"]
        week = self.grid.set_details(
            line, {"name": "Bail", "intervention_mode": "on_site", "minutes": 5}
        )
        self.assertEqual(self.cell(week)["name"], "Bail")
        self.assertEqual(self.cell(week)["mode"], "on_site")
        self.assertEqual(self.own().minutes, 60)
        # The next entry of the task is on site too.
        self.put("1:00", "2018-09-12")
        self.assertEqual(self.own("2018-09-12").intervention_mode, "on_site")

    def test_confirm_and_take_back(self):
        self.put("1:00")
        week = self.grid.confirm_week("2018-09-11")
        self.assertEqual((week["draft_count"], week["submitted_count"]), (0, 1))
        self.assertFalse(self.cell(week)["editable"])
        with self.assertRaisesRegex(UserError, "take it back first"):
            self.put("2:00")
        with self.assertRaisesRegex(UserError, "take it back first"):
            self.own().with_user(self.expert_user).name = "Autre"
        week = self.grid.recall_week("2018-09-11")
        self.assertTrue(self.cell(week)["editable"])

    def test_approved_stays_when_taken_back(self):
        self.put("1:00")
        self.grid.confirm_week("2018-09-11")
        self.own().action_approve()
        week = self.grid.recall_week("2018-09-11")
        self.assertEqual(self.cell(week)["state"], "approved")

    def test_copy_last_week(self):
        self.put("1:00", "2018-09-04")
        week = self.grid.copy_last_week("2018-09-11")
        self.assertEqual(self.cell(week)["text"], "1:00")
        with self.assertRaisesRegex(UserError, "nothing in the week before"):
            self.grid.copy_last_week("2018-09-11")

    def test_not_copied_into_the_future(self):
        self.put("1:00", "2018-09-07")
        with self.assertRaisesRegex(UserError, "nothing in the week before"):
            self.grid.copy_last_week("2018-09-11")

    def test_timer(self):
        week = self.grid.toggle_timer(self.project.id, self.task.id)
        self.assertEqual(week["timer"]["label"], self.task.name)
        with freeze_time("2018-09-13 15:25:31"):
            # The page was closed and opened again: the server knows.
            self.assertEqual(self.grid.get_week()["timer"]["seconds"], 1531)
            week = self.grid.stop_timer()
        self.assertFalse(week["timer"])
        self.assertEqual(self.own("2018-09-13").minutes, 26)

    def test_timer_forgotten(self):
        self.grid.toggle_timer(self.project.id, self.task.id)
        with freeze_time("2018-09-16 15:00:00"):
            self.grid.stop_timer()
        self.assertEqual(self.own("2018-09-13").minutes, 24 * 60)

    def test_timer_forgotten_until_its_day_is_locked(self):
        """It adds nothing to that day, and keeps nobody from starting another."""
        self.grid.toggle_timer(self.project.id, self.task.id)
        forgotten = self.own("2018-09-13")
        with freeze_time("2018-09-20 15:00:00"):
            self.env["consortium.timesheet.lock"].create(
                {"company_id": self.company.id, "date": "2018-09-13"}
            )
            week = self.grid.toggle_timer(self.project.id, self.task.id)
            self.assertEqual(week["timer"]["seconds"], 0)
        self.assertFalse(forgotten.timer_start)
        self.assertEqual(forgotten.minutes, 0)

    def test_timer_from_the_task(self):
        task = self.task.with_user(self.expert_user)
        task.action_time_timer()
        with freeze_time("2018-09-13 15:10:00"):
            task.action_time_timer()
        self.assertEqual(self.own("2018-09-13").minutes, 10)

    def test_find_tasks(self):
        found = self.grid.find_tasks("alizé accomp")
        self.assertEqual([task["task_id"] for task in found], [self.task.id])
        self.task.project_id.partner_id.name = "Mutuelle du Fjord"
        by_member = self.grid.find_tasks("fjord")
        self.assertEqual([task["task_id"] for task in by_member], [self.task.id])
        self.assertEqual(by_member[0]["member"], "Mutuelle du Fjord")
        self.task.state = "1_done"
        self.assertFalse(self.grid.find_tasks("alizé accomp"))

    def test_without_an_employee(self):
        grid = self.env["consortium.time.week"].with_user(self.role("manager"))
        with self.assertRaisesRegex(UserError, "not linked"):
            grid.get_week()

    def test_nobody_else_s(self):
        other = self.employee("Collègue", ("LEG", 100, "2018-07-01", False))
        self.time(60, employee_id=other.id, date="2018-09-11")
        self.assertFalse(self.grid.get_week()["rows"])

    def test_queries_do_not_grow_with_the_archive(self):
        counts = []
        for weeks in (1, 30):
            for week in range(weeks):
                day = f"2018-0{7 + week % 2}-{10 + week % 20}"
                self.time(10, date=day)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.grid.get_week()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])
