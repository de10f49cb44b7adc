from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common_requests import RequestCommon


@tagged("post_install", "-at_install")
class TestServiceRequest(RequestCommon):
    def test_a_number_of_its_own(self):
        first, second = self.request(self.legal), self.request(self.finance)
        self.assertRegex(first.request_number, r"^DS-\d{4}-\d{4}$")
        self.assertNotEqual(first.request_number, second.request_number)
        lead = self.env["crm.lead"].create({"name": "Piste"})
        self.assertFalse(lead.request_number)

    def test_nobody_else_is_asked_about_who_asks(self):
        """Core's enrichment of leads waits for the cooperative to want it."""
        job = "crm_iap_enrich.ir_cron_lead_enrichment"
        if cron := self.env.ref(job, raise_if_not_found=False):
            self.assertFalse(cron.active)
            before = self.env["ir.cron.trigger"].search_count(
                [("cron_id", "=", cron.id)]
            )
            self.request(self.legal, email_from="x@boreale.example")
            after = self.env["ir.cron.trigger"].search_count(
                [("cron_id", "=", cron.id)]
            )
            self.assertEqual(after, before)
        self.assertEqual(
            self.env["ir.config_parameter"].get_param("crm.iap.lead.enrich.setting"),
            "manual",
        )

    def test_entered_by_a_coordinator(self):
        leads = self.env["crm.lead"].with_user(self.coordinator)
        form = Form(
            leads.with_context(default_is_service_request=True, default_user_id=False),
            "consortium_services.crm_lead_view_form_request",
        )
        form.name, form.partner_id = "Deux besoins", self.organization_a
        for field, need in ((self.legal, "Bail"), (self.finance, "Budget")):
            with form.request_line_ids.new() as line:
                line.expertise_id, line.need = field, need
        lead = form.save()
        self.assertEqual(lead.request_channel, "coordinator")
        self.assertFalse(lead.user_id)
        self.assertEqual(
            lead.request_line_ids.mapped("manager_id"),
            self.coordinator + self.coordinator_2,
        )

    def test_state_of_the_whole_follows_the_needs(self):
        lead = self.request(self.legal, self.finance)
        one, two = lead.request_line_ids
        self.assertEqual(lead.request_state, "new")
        one.with_user(self.coordinator).action_take()
        self.assertEqual(lead.request_state, "in_progress")
        two.state = "proposed"
        self.assertEqual(lead.request_state, "in_progress")
        one.state = "proposed"
        self.assertEqual(lead.request_state, "proposed")
        one._agreement_signed()
        self.assertEqual(lead.request_state, "proposed")
        self.settle(two)
        self.assertEqual(lead.request_state, "agreed")
        self.assertEqual(lead.won_status, "won")

    def test_all_refused_is_closed(self):
        lead = self.request(self.legal)
        self.settle(lead.request_line_ids)
        self.assertEqual(lead.request_state, "closed")
        self.assertTrue(lead.active, "the member still reads it")

    def test_urgent_needs_its_reason(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.request(self.legal, is_urgent=True, urgency_reason="  ")
            self.env.flush_all()

    def test_urgent_comes_first(self):
        calm = self.request(self.legal)
        urgent = self.request(
            self.legal, is_urgent=True, urgency_reason="Événement dans deux semaines"
        )
        self.assertEqual(urgent.priority, "3")
        lines = self.env["consortium.service.request.line"].search(
            [("lead_id", "in", (calm + urgent).ids)]
        )
        self.assertEqual(lines.lead_id[0], urgent)
        leads = self.env["crm.lead"].search([("id", "in", (calm + urgent).ids)])
        self.assertEqual(leads[0], urgent)

    def test_refused_with_its_reason(self):
        lead = self.request(self.legal)
        line = lead.request_line_ids.with_user(self.coordinator)
        with self.assertRaisesRegex(UserError, "Write the reason"):
            self.settle(line, reason="  ")
        self.settle(line, reason="Nous n'offrons pas ce service.")
        self.assertEqual(line.state, "refused")
        message = lead.message_ids[0]
        self.assertIn("Nous n'offrons pas", message.preview)
        self.assertIn(self.person, message.partner_ids)
        with self.assertRaisesRegex(UserError, "settled already"):
            self.settle(line)

    def test_handed_over_to_another_organization(self):
        lead = self.request(self.legal)
        line = lead.request_line_ids
        with self.assertRaisesRegex(UserError, "which organization"):
            self.settle(line, how="handed_over")
        self.settle(line, how="handed_over", handed_to_id=self.organization_b.id)
        self.assertEqual(line.state, "handed_over")
        self.assertEqual(line.handed_to_id, self.organization_b)
        self.assertIn("Mutuelle Boréale", lead.message_ids[0].preview)

    def test_what_was_dealt_with_is_not_deleted(self):
        lead = self.request(self.legal)
        with self.assertRaises(UserError):
            lead.unlink()
        lead.request_line_ids.with_user(self.coordinator).action_take()
        with self.assertRaisesRegex(UserError, "stays in the request"):
            lead.request_line_ids.unlink()

    def test_a_lead_has_no_needs(self):
        lead = self.env["crm.lead"].create({"name": "Piste"})
        with self.assertRaises(ValidationError):
            self.env["consortium.service.request.line"].create(
                {"lead_id": lead.id, "need": "x"}
            )

    def test_a_request_with_needs_stays_one(self):
        lead = self.request(self.legal)
        with self.assertRaises(UserError):
            lead.is_service_request = False

    def test_who_may_not_be_served(self):
        partners = type(self.env["res.partner"])
        self.patch(partners, "_why_not_served", lambda _self, _date: "Pas membre.")
        with self.assertRaisesRegex(ValidationError, "Pas membre"):
            self.request(self.legal)

    def test_scripts_are_text(self):
        script = "<script>alert(1)</script>"
        lead = self.request(self.legal)
        line = lead.request_line_ids
        line.need = script
        self.settle(line, reason=script)
        self.assertNotIn("<script>", str(lead.message_ids[0].body))
        self.assertIn("&lt;script&gt;", str(lead.message_ids[0].body))

    def test_estimates_come_with_the_field(self):
        line = self.request(self.legal).request_line_ids
        self.assertEqual((line.estimate_min, line.estimate_max), (600, 1800))
        self.assertEqual(line.estimate_min_hours, 10)
        line.estimate_max_hours = 5
        self.assertEqual((line.estimate_min, line.estimate_max), (300, 300))

    def test_a_field_chosen_later_brings_its_estimate(self):
        lead = self.request()
        lead.request_line_ids = [(0, 0, {"need": "À diriger"})]
        line = lead.request_line_ids
        self.assertFalse(line.manager_id)
        line.expertise_id = self.legal
        self.assertEqual(line.estimate_max, 1800)
        self.assertEqual(line.manager_id, self.coordinator)

    def test_hours_actually_spent_say_more_than_the_catalogue(self):
        fields = type(self.env["consortium.expertise"])
        self.patch(
            fields,
            "_mandate_minutes",
            lambda _self: {self.legal.id: [600, 900, 1200, 1500]},
        )
        line = self.request(self.legal).request_line_ids
        self.assertEqual((line.estimate_min, line.estimate_max), (600, 1500))
        self.assertEqual(line.estimate_source, "4 mandates")

    def test_delay_to_the_first_answer(self):
        lead = self.request(self.legal, received_at="2026-01-05 14:00:00")
        lead.with_user(self.coordinator).message_post(
            body="Note", message_type="comment", subtype_xmlid="mail.mt_note"
        )
        self.assertFalse(lead.first_answer_at, "an internal note is no answer")
        lead.message_post(
            body="Merci",
            author_id=self.person.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertFalse(lead.first_answer_at, "nor what the member writes")
        lead.with_user(self.coordinator).message_post(
            body="Bonjour", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self.assertTrue(lead.first_answer_at)
        minutes = (lead.first_answer_at - lead.received_at).total_seconds() // 60
        self.assertEqual(lead.first_answer_minutes, int(minutes))
        first = lead.first_answer_at
        lead.with_user(self.coordinator).message_post(
            body="Encore", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self.assertEqual(lead.first_answer_at, first)

    def test_the_partner_counts_its_requests(self):
        self.request(self.legal)
        partner = self.organization_a.with_user(self.coordinator)
        self.assertEqual(partner.service_request_count, 1)
        action = partner.action_view_service_requests()
        self.assertEqual(self.env["crm.lead"].search_count(action["domain"]), 1)
