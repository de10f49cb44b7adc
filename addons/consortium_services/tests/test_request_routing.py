from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_requests import RequestCommon

REMINDER = "consortium_services.mail_activity_type_answer"


@tagged("post_install", "-at_install")
class TestRequestRouting(RequestCommon):
    def test_each_need_to_the_coordinator_of_its_field(self):
        lead = self.request(self.legal, self.finance, self.management)
        self.assertEqual(
            [line.manager_id for line in lead.request_line_ids],
            [self.coordinator, self.coordinator_2, self.env["res.users"]],
        )

    def test_a_subfield_goes_to_the_coordinator_above(self):
        self.management.parent_id = self.legal
        line = self.request(self.management).request_line_ids
        self.assertEqual(line.manager_id, self.coordinator)

    def test_a_coordinator_sees_the_requests_of_its_fields(self):
        """Core hides the leads that somebody else owns."""
        own = self.request(self.legal, self.finance, user_id=self.expert_user.id)
        other = self.request(self.finance, user_id=self.expert_user.id)
        nobody = self.request(self.management, user_id=self.expert_user.id)
        leads = (own + other + nobody).with_user(self.coordinator)
        self.assertEqual(leads._filtered_access("read"), own + nobody)
        self.assertEqual(leads._filtered_access("write"), own + nobody)
        leads[0].request_line_ids.with_user(self.coordinator).mapped("need")

    def test_who_takes_a_field_over_sees_its_requests(self):
        lead = self.request(self.finance, user_id=self.expert_user.id)
        line = lead.request_line_ids
        self.assertFalse(lead.with_user(self.coordinator).has_access("read"))
        line.manager_id = self.coordinator
        self.assertTrue(lead.with_user(self.coordinator).has_access("read"))

    def test_an_expert_sees_what_is_entrusted_to_it(self):
        lead = self.request(self.legal)
        mine = lead.with_user(self.expert_user)
        self.assertFalse(mine.has_access("read"))
        lead.request_line_ids._assign(self.expert)
        self.assertTrue(mine.has_access("read"))
        self.assertEqual(mine.request_line_ids.need, "Besoin TLEG")
        with self.assertRaises(AccessError):
            mine.request_line_ids.write({"need": "Autre"})
        with self.assertRaises(AccessError):
            mine.write({"name": "Autre"})

    def test_taken_once(self):
        line = self.request(self.legal).request_line_ids
        line.with_user(self.coordinator_2).action_take()
        self.assertEqual(line.manager_id, self.coordinator_2)
        self.assertTrue(line.taken_at)
        with self.assertRaisesRegex(UserError, "Usager coordinator2 has already taken"):
            line.with_user(self.coordinator).action_take()
        line.with_user(self.coordinator_2).action_take()

    def test_entrusted_to_an_expert(self):
        lead = self.request(self.legal)
        line = lead.request_line_ids
        line.with_user(self.coordinator)._assign(self.expert)
        self.assertEqual(line.state, "assigned")
        activity = lead.activity_ids
        self.assertEqual(activity.user_id, self.expert_user)
        self.assertIn("Besoin TLEG", activity.note)

    def test_reminders_after_the_delay(self):
        late = self.request(
            self.legal,
            received_at=fields.Datetime.subtract(fields.Datetime.now(), days=3),
        )
        fresh = self.request(self.legal)
        taken = self.request(
            self.legal,
            received_at=fields.Datetime.subtract(fields.Datetime.now(), days=3),
        )
        taken.request_line_ids.with_user(self.coordinator).action_take()
        self.run_cron("ir_cron_remind_requests")
        self.run_cron("ir_cron_remind_requests")
        self.assertEqual(late.activity_ids.user_id, self.coordinator)
        self.assertEqual(len(late.activity_ids), 1, "reminded once")
        self.assertFalse((fresh + taken).activity_ids)

    def test_urgent_ones_are_reminded_of_sooner(self):
        day = fields.Datetime.subtract(fields.Datetime.now(), hours=25)
        urgent = self.request(
            self.legal, received_at=day, is_urgent=True, urgency_reason="Demain"
        )
        calm = self.request(self.legal, received_at=day)
        self.run_cron("ir_cron_remind_requests")
        self.assertTrue(urgent.activity_ids)
        self.assertFalse(calm.activity_ids)

    def test_what_has_no_coordinator_reminds_somebody(self):
        lead = self.request(
            self.management,
            received_at=fields.Datetime.subtract(fields.Datetime.now(), days=9),
        )
        self.run_cron("ir_cron_remind_requests")
        self.assertTrue(lead.activity_ids.user_id)

    def test_reminders_end_when_taken(self):
        lead = self.request(
            self.legal,
            received_at=fields.Datetime.subtract(fields.Datetime.now(), days=3),
        )
        self.run_cron("ir_cron_remind_requests")
        self.assertTrue(lead.activity_search([REMINDER]))
        lead.request_line_ids.with_user(self.coordinator).action_take()
        self.assertFalse(lead.activity_search([REMINDER]))
