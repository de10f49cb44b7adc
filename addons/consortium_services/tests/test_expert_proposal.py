from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .common_requests import RequestCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-04 15:00:00")
class TestExpertProposal(RequestCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.employee_of("Omer Autre", cls.legal + cls.finance)
        cls.env["consortium.expert.load"]._refresh(cls.expert + cls.other)
        cls.line = cls.request(cls.legal).request_line_ids

    def proposed(self):
        return self.line.with_user(self.coordinator)._proposed_experts()

    def of(self, employee):
        return next(row for row in self.proposed() if row["employee_id"] == employee.id)

    def test_the_experts_of_the_field_only(self):
        self.employee_of("Zoé Ailleurs", self.finance)
        self.employee_of("Parti", self.legal, active=False)
        self.assertEqual(
            {row["name"] for row in self.proposed()}, {"Élise Experte", "Omer Autre"}
        )

    def test_time_is_told(self):
        self.assertIn("280 h free", " ".join(self.of(self.expert)["reasons"]))

    def test_the_one_without_time_comes_last(self):
        self.expert.service_share = 0
        self.env["consortium.expert.load"]._refresh(self.expert)
        self.assertEqual(self.proposed()[-1]["employee_id"], self.expert.id)

    def test_language_of_the_organization(self):
        lang = self.env["res.lang"].search([], limit=1)
        self.organization_a.lang = lang.code
        self.other.service_lang_ids = lang
        first = self.proposed()[0]
        self.assertEqual(first["employee_id"], self.other.id)
        self.assertIn("language", " ".join(first["reasons"]))

    def test_region_served_in_person(self):
        region = self.env.ref("consortium_base.region_03")
        self.organization_a.region_id = region
        self.other.service_region_ids = region
        self.assertEqual(self.proposed()[0]["employee_id"], self.other.id)

    def test_history_with_the_member(self):
        self.request(self.legal).request_line_ids._assign(self.other)
        first = self.proposed()[0]
        self.assertEqual(first["employee_id"], self.other.id)
        self.assertIn("knows the organization: 1 needs", " ".join(first["reasons"]))

    def test_conflict_of_interest(self):
        self.expert.with_user(self.coordinator).conflict_ids = [
            (
                0,
                0,
                {
                    "partner_id": self.organization_a.id,
                    "reason": "Siège au conseil",
                    "date_start": "2026-01-01",
                },
            )
        ]
        last = self.proposed()[-1]
        self.assertTrue(last["conflict"])
        self.assertIn("Siège au conseil", last["reasons"][0])
        self.expert.conflict_ids.date_end = "2026-02-01"
        self.assertFalse(self.of(self.expert)["conflict"])

    def on_leave(self, date_from, date_to):
        self.env["resource.calendar.leaves"].create(
            {
                "resource_id": self.expert.resource_id.id,
                "calendar_id": self.expert.resource_calendar_id.id,
                "date_from": date_from,
                "date_to": date_to,
            }
        )

    def test_on_leave_is_said_and_comes_last(self):
        self.expert.resource_id.tz = "America/Toronto"
        self.on_leave("2026-03-02 13:00:00", "2026-03-21 00:00:00")
        last = self.proposed()[-1]
        self.assertEqual(last["employee_id"], self.expert.id)
        self.assertTrue(last["away"])
        self.assertIn("on leave from 2026-03-02 to 2026-03-20", last["reasons"])

    def test_leave_later_in_the_wished_period_is_said(self):
        self.expert.resource_id.tz = "America/Toronto"
        self.line.lead_id.write(
            {"wished_start": "2026-03-09", "wished_end": "2026-03-20"}
        )
        self.on_leave("2026-03-11 13:00:00", "2026-03-12 22:00:00")
        self.on_leave("2026-03-23 13:00:00", "2026-03-27 22:00:00")
        row = self.of(self.expert)
        self.assertTrue(row["away"])
        said = [reason for reason in row["reasons"] if "on leave" in reason]
        self.assertEqual(said, ["on leave from 2026-03-11 to 2026-03-12"])
        self.assertGreater(row["score"], 0, "there is time left besides")

    def test_some_hours_away_are_no_leave(self):
        self.on_leave("2026-03-04 15:00:00", "2026-03-04 16:00:00")
        row = self.of(self.expert)
        self.assertFalse(row["away"])
        self.assertNotIn("on leave", " ".join(row["reasons"]))

    def test_time_that_is_not_known_is_not_none(self):
        lead = self.line.lead_id
        lead.write({"wished_start": "2026-09-07", "wished_end": "2026-09-30"})
        row = self.of(self.expert)
        self.assertIsNone(row["free_minutes"])
        self.assertIn("not known yet", " ".join(row["reasons"]))
        action = self.line.with_user(self.coordinator).action_propose_expert()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertFalse(wizard.expert_ids[0].free_known)
        # The twelve weeks end on 24 May.
        lead.write({"wished_start": "2026-05-18", "wished_end": "2026-06-30"})
        self.assertIn(
            "40 h free until 2026-05-24, not known after",
            self.of(self.expert)["reasons"],
        )

    def test_a_new_expert_of_the_field_has_time(self):
        new = self.employee_of("Nadia Nouvelle", self.finance)
        new.with_user(self.coordinator).expertise_ids = self.finance + self.legal
        self.assertEqual(self.of(new)["free_minutes"], 280 * 60)
        other = self.env["hr.employee"].create(
            {"name": "Nadir", "resource_calendar_id": new.resource_calendar_id.id}
        )
        self.legal.with_user(self.coordinator).employee_ids |= other
        self.assertEqual(self.of(other)["free_minutes"], 280 * 60)

    def test_the_choice_is_human(self):
        action = self.line.with_user(self.coordinator).action_propose_expert()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(len(wizard.expert_ids), 2)
        self.assertFalse(self.line.employee_id, "nobody is chosen by the machine")
        row = wizard.expert_ids.filtered(lambda row: row.employee_id == self.other)
        row.with_user(self.coordinator).action_choose()
        self.assertEqual(self.line.employee_id, self.other)
        self.assertEqual(self.line.state, "assigned")

    def test_who_is_in_conflict_is_not_chosen(self):
        self.env["consortium.conflict.interest"].create(
            {
                "employee_id": self.expert.id,
                "partner_id": self.organization_a.id,
                "reason": "Parenté",
            }
        )
        action = self.line.action_propose_expert()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        row = wizard.expert_ids.filtered("conflict")
        with self.assertRaisesRegex(UserError, "conflict of interest"):
            row.action_choose()

    def test_without_a_field_there_is_nobody_to_propose(self):
        self.line.expertise_id = False
        with self.assertRaisesRegex(UserError, "Choose the field"):
            self.line.action_propose_expert()

    def test_at_most_three_queries_more_than_the_plain_list(self):
        employees = self.env["hr.employee"].create(
            [
                {"name": f"Expert {n}", "expertise_ids": [(6, 0, self.legal.ids)]}
                for n in range(100)
            ]
        )
        self.env["consortium.expert.load"]._refresh(employees)
        line = self.line.with_user(self.coordinator)
        self.env.flush_all()

        def queries(function):
            line.env.invalidate_all()
            function()
            line.env.invalidate_all()
            before = self.cr.sql_log_count
            function()
            return self.cr.sql_log_count - before

        def plain():
            line.check_access("read")
            line.env["hr.employee"].search_read(
                [("expertise_ids", "in", line.expertise_id.ids)], ["name"]
            )

        self.assertLessEqual(queries(line._proposed_experts), queries(plain) + 3)
        self.assertEqual(len(line._proposed_experts()), 102)
