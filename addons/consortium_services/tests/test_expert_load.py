from datetime import datetime, timedelta

from odoo.tests import freeze_time, tagged

from .common_requests import RequestCommon

MONDAY = datetime(2026, 3, 2).date()


@tagged("post_install", "-at_install")
@freeze_time("2026-03-04 15:00:00")
class TestExpertLoad(RequestCommon):
    def week(self, number=0, employee=None):
        return self.env["consortium.expert.load"].search(
            [
                ("employee_id", "=", (employee or self.expert).id),
                ("week_start", "=", MONDAY + timedelta(days=7 * number)),
            ]
        )

    def refresh(self):
        self.env["consortium.expert.load"]._refresh(self.expert)

    def leave(self, start, stop):
        return self.env["resource.calendar.leaves"].create(
            {
                "name": "Vacances",
                "resource_id": self.expert.resource_id.id,
                "calendar_id": self.expert.resource_calendar_id.id,
                "date_from": start,
                "date_to": stop,
            }
        )

    def test_a_plain_week(self):
        self.refresh()
        week = self.week()
        self.assertEqual(week.capacity_minutes, 2400)
        self.assertEqual(week.free_minutes, 2400)
        self.assertEqual(week.free_hours, 40)
        self.assertEqual(week.level, "free")

    def test_the_share_for_members(self):
        self.expert.service_share = 60
        self.refresh()
        self.assertEqual(self.week().capacity_minutes, 1440)

    def test_on_leave(self):
        """A leave counts as soon as it is entered, and no more once it goes."""
        self.refresh()
        leave = self.leave("2026-03-09 00:00:00", "2026-03-14 00:00:00")
        self.assertEqual(self.week(1).capacity_minutes, 0)
        self.assertEqual(self.week(1).leave_minutes, 2400)
        self.assertEqual(self.week(1).level, "away")
        self.assertEqual(self.week(0).capacity_minutes, 2400)
        leave.date_to = "2026-03-11 00:00:00"
        self.assertEqual(self.week(1).leave_minutes, 960)
        leave.unlink()
        self.assertEqual(self.week(1).leave_minutes, 0)

    def test_promised_by_agreements(self):
        employees = type(self.env["hr.employee"])
        self.patch(
            employees,
            "_promised_minutes",
            lambda _self, _start, _end: {self.expert.id: {MONDAY: 2000}},
        )
        self.refresh()
        self.assertEqual(self.week().promised_minutes, 2000)
        self.assertEqual(self.week().free_minutes, 400)
        self.assertEqual(self.week().level, "full")
        self.assertEqual(self.week(1).level, "free")

    def test_more_promised_than_there_is(self):
        employees = type(self.env["hr.employee"])
        self.patch(
            employees,
            "_promised_minutes",
            lambda _self, _start, _end: {self.expert.id: {MONDAY: 3000}},
        )
        self.refresh()
        self.assertEqual(self.week().free_minutes, -600)

    def test_the_night_brings_a_week_and_drops_those_gone_by(self):
        self.env["consortium.expert.load"]._refresh(
            self.expert, MONDAY - timedelta(days=21), weeks=2
        )
        self.assertTrue(self.week(-3))
        self.run_cron("ir_cron_expert_load")
        self.assertFalse(self.week(-3))
        self.assertTrue(self.week(11))

    def test_the_board_is_refreshed_when_opened(self):
        boards = self.env["consortium.expert.load"].with_user(self.coordinator)
        action = boards.action_open_board()
        self.assertEqual(action["res_model"], "consortium.expert.load")
        self.assertTrue(self.week())
        self.assertIn(self.week(), boards.search([]))

    def test_queries_do_not_grow_with_the_experts(self):
        loads = self.env["consortium.expert.load"]
        few = self.env["hr.employee"].browse(self.expert.ids)
        for number in range(3):
            few |= self.employee_of(f"Peu {number}", self.legal)
        many = few
        for number in range(30):
            many |= self.employee_of(f"Beaucoup {number}", self.legal)

        def queries(employees):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            loads._refresh(employees)
            return self.cr.sql_log_count - before

        queries(few)
        self.assertEqual(queries(many), queries(few))
