from odoo.tests import HttpCase, tagged

from .common_time import TimeCommon


class HoursTourCommon(TimeCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.expert_user + cls.coordinator).password = "consortium tour"
        cls.expert_user.password = cls.expert_user.login
        cls.coordinator.password = cls.coordinator.login

    def today_lines(self):
        return self.env["account.analytic.line"].search(
            [
                ("employee_id", "=", self.expert.id),
                ("date", "=", self.company._today()),
            ]
        )

    def week(self):
        self.start_tour(
            "/odoo/my-week", "consortium_timesheet_week", login=self.expert_user.login
        )
        line = self.today_lines()
        self.assertEqual((line.minutes, line.name), (90, "Bail commercial"))
        self.assertEqual(line.approval_state, "submitted")
        return line


@tagged("post_install", "-at_install")
class TestHoursTour(HoursTourCommon):
    browser_size = "1366x768"

    def test_week_then_approval(self):
        self.team("LEG", 2)
        self.rate("LEG", 12_300, self.company._today().replace(day=1))
        line = self.week()
        self.start_tour(
            f"/odoo/action-{self.approval_action()}",
            "consortium_timesheet_approval",
            login=self.coordinator.login,
        )
        self.assertEqual(line.approval_state, "approved")
        self.assertEqual(line.approved_by_id, self.coordinator)

    def approval_action(self):
        return self.env.ref(
            "consortium_timesheet.account_analytic_line_action_approval"
        ).id


@tagged("post_install", "-at_install")
class TestHoursTourPhone(HoursTourCommon):
    browser_size = "375x667"
    touch_enabled = True

    def test_week_on_a_phone(self):
        self.week()
