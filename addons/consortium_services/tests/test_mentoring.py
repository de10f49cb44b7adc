from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .common_requests import RequestCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-04 15:00:00")
class TestMentoring(RequestCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        project = cls.env["project.project"].create(
            {"name": "Entente", "allow_timesheets": True}
        )
        cls.task = cls.env["project.task"].create(
            {"name": "Mentorat", "project_id": project.id}
        )
        cls.pair = cls.env["consortium.mentoring"].create(
            {
                "mentor_id": cls.expert.id,
                "mentee_id": cls.person.id,
                "partner_id": cls.organization_a.id,
                "expertise_id": cls.mentoring.id,
                "date_start": "2026-01-01",
                "date_end": "2026-12-31",
            }
        )

    def meeting(self, **values):
        return self.env["consortium.mentoring.meeting"].create(
            {
                "mentoring_id": self.pair.id,
                "date": "2026-02-10",
                "minutes": 90,
                **values,
            }
        )

    def test_hours_of_a_meeting_are_entered_once(self):
        self.pair.task_id = self.task
        meeting = self.meeting()
        self.assertEqual(self.pair.hours, 0)
        meeting.with_user(self.expert_user).action_hold()
        meeting.with_user(self.expert_user).action_hold()
        lines = self.task.timesheet_ids
        self.assertEqual(len(lines), 1)
        self.assertEqual(lines.unit_amount, 1.5)
        self.assertEqual(lines.employee_id, self.expert)
        self.assertEqual(str(lines.date), "2026-02-10")
        self.assertEqual((self.pair.minutes, self.pair.meeting_count), (90, 1))

    def test_without_a_task_there_is_nowhere_to_enter_them(self):
        with self.assertRaisesRegex(UserError, "Choose the task"):
            self.meeting().action_hold()

    def test_a_meeting_to_come_was_not_held(self):
        self.pair.task_id = self.task
        with self.assertRaisesRegex(UserError, "still to come"):
            self.meeting(date="2026-03-05").action_hold()

    def test_a_meeting_that_was_held_stays(self):
        self.pair.task_id = self.task
        meeting = self.meeting()
        meeting.action_hold()
        with self.assertRaisesRegex(UserError, "have been entered"):
            meeting.minutes = 30
        with self.assertRaisesRegex(UserError, "stays"):
            meeting.unlink()
        meeting.summary = "Budget"

    def test_meetings_are_within_the_mentoring(self):
        with self.assertRaisesRegex(ValidationError, "2027-01-01"):
            self.meeting(date="2027-01-01")

    def test_only_fields_of_mentoring(self):
        with self.assertRaisesRegex(ValidationError, "not a field of mentoring"):
            self.pair.expertise_id = self.legal

    def test_who_is_not_served_has_no_mentor(self):
        partners = self.env.registry["res.partner"]
        with patch.object(
            partners, "_why_not_served", lambda self, date: f"{self.name} {date}"
        ):
            with self.assertRaisesRegex(ValidationError, "Boréale 2026-02-01"):
                self.pair.copy(
                    {"partner_id": self.organization_b.id, "date_start": "2026-02-01"}
                )
            self.pair.objectives = "Autre"

    def test_states(self):
        self.assertEqual(self.pair.state, "running")
        running = self.env["consortium.mentoring"].search([("state", "=", "running")])
        self.assertIn(self.pair, running)
        self.pair.date_end = "2026-03-03"
        self.assertEqual(self.pair.state, "ended")

    def test_another_expert_does_not_see_the_pair(self):
        other = self.internal("expert", "expert2")
        self.assertFalse(self.pair.with_user(other)._filtered_access("read"))
        self.assertTrue(self.pair.with_user(self.expert_user)._filtered_access("read"))
