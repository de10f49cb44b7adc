from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common_requests import RequestCommon


@tagged("post_install", "-at_install")
class TestRequestRecommend(RequestCommon):
    def suggested(self, lead):
        return dict(lead._suggested_expertises())

    def test_suggested_by_the_catalogue(self):
        lead = self.request(self.legal)
        self.assertEqual(
            self.suggested(lead),
            {self.finance: "Une fusion demande aussi de la comptabilité."},
        )

    def test_suggested_by_what_similar_requests_used(self):
        for _number in range(2):
            self.request(self.legal, self.management)
        lead = self.request(self.legal)
        suggested = self.suggested(lead)
        self.assertEqual(list(suggested), [self.finance, self.management])
        self.assertIn("2 requests", suggested[self.management])

    def test_what_is_asked_for_is_not_suggested(self):
        lead = self.request(self.legal, self.finance)
        self.assertNotIn(self.finance, self.suggested(lead))

    def test_what_is_no_longer_offered_is_not_suggested(self):
        self.finance.active = False
        self.assertFalse(self.suggested(self.request(self.legal)))

    def test_taken_and_left_are_remembered(self):
        answers = ("taken", "taken", "left")
        for answer in answers:
            lead = self.request(self.legal)
            line = lead._recommend(self.management, "Utile")
            getattr(line, f"_option_{answer}")()
            self.assertEqual(line.option_answer, answer)
            self.assertTrue(line.option_answer_date)
        self.assertEqual(line.state, "left")
        reason = self.suggested(self.request(self.legal))[self.management]
        self.assertIn("taken 2 times out of 3", reason)

    def test_the_expert_recommends(self):
        lead = self.request(self.legal)
        lead.request_line_ids._assign(self.expert)
        line = lead.with_user(self.expert_user)._recommend(
            self.finance, "Les comptes aussi", lead.request_line_ids
        )
        self.assertEqual(line.state, "recommended")
        self.assertEqual(line.recommended_by_id, self.expert_user)
        self.assertEqual(line.manager_id, self.coordinator_2)
        self.assertEqual(line.source_line_id.expertise_id, self.legal)

    def test_a_stranger_does_not_recommend(self):
        lead = self.request(self.legal)
        with self.assertRaises(AccessError):
            lead.with_user(self.expert_user)._recommend(self.finance, "x")

    def test_recommended_once_and_with_a_reason(self):
        lead = self.request(self.legal).with_user(self.coordinator)
        with self.assertRaisesRegex(UserError, "why"):
            lead._recommend(self.finance, " ")
        lead._recommend(self.finance, "Les comptes")
        with self.assertRaisesRegex(UserError, "in this request already"):
            lead._recommend(self.finance, "Les comptes")

    def test_the_screen_of_recommendations(self):
        lead = self.request(self.legal)
        form = Form(
            self.env["consortium.service.request.recommend"]
            .with_user(self.coordinator)
            .with_context(default_lead_id=lead.id)
        )
        self.assertEqual(len(form.suggestion_ids), 1)
        form.expertise_id = self.finance
        self.assertIn("fusion", form.reason)
        form.save().action_recommend()
        self.assertEqual(lead.request_line_ids[-1].expertise_id, self.finance)

    def test_an_agreement_with_its_options(self):
        lead = self.request(self.legal)
        line = lead.request_line_ids
        with self.assertRaisesRegex(UserError, "take one first"):
            lead.with_user(self.coordinator).action_propose_agreement()
        line.with_user(self.coordinator).action_take()
        lead.with_user(self.coordinator)._recommend(self.finance, "Les comptes")
        values = lead._prepare_agreement_values()
        self.assertEqual(values["partner_id"], self.organization_a.id)
        self.assertTrue(values["is_service_agreement"])
        asked, option = [row[2] for row in values["order_line"]]
        self.assertEqual(asked["expertise_id"], self.legal.id)
        self.assertEqual(asked["planned_minutes"], 1800)
        self.assertFalse(asked["is_agreement_option"])
        self.assertTrue(option["is_agreement_option"])
        self.assertEqual(
            option["request_line_id"], lead.request_line_ids.sorted("id")[-1].id
        )

    def test_the_agreement_that_is_made(self):
        lead = self.request(self.legal).with_user(self.coordinator)
        lead.request_line_ids.action_take()
        lead.request_line_ids._assign(self.expert)
        lead._recommend(self.finance, "Les comptes")
        action = lead.action_propose_agreement()
        order = self.env["sale.order"].browse(action["res_id"])
        self.assertTrue(order.is_service_agreement)
        self.assertEqual(order.opportunity_id, lead)
        asked, option = order.order_line
        self.assertEqual(asked.expert_id, self.expert)
        self.assertEqual(asked.product_uom_qty, 30)
        self.assertEqual((option.option_state, option.product_uom_qty), ("offered", 0))
        self.assertEqual(set(lead.request_line_ids.mapped("state")), {"proposed"})
        self.assertEqual(lead.request_state, "proposed")
        with self.assertRaisesRegex(UserError, "take one first"):
            lead.action_propose_agreement()

    def test_a_network_sponsors_its_member(self):
        lead = self.request(self.legal, requester_id=self.organization_b.id)
        lead.request_line_ids.action_take()
        values = lead._prepare_agreement_values()
        self.assertEqual(values["sponsor_network_id"], self.organization_b.id)

    def test_signed_taken_and_left(self):
        lead = self.request(self.legal)
        line = lead.request_line_ids
        line.action_take()
        taken = lead._recommend(self.finance, "Les comptes")
        left = lead._recommend(self.management, "La gestion")
        (line + taken + left).state = "proposed"
        taken._option_taken()
        left._option_left()
        (line + taken)._agreement_signed()
        self.assertEqual(
            (line + taken + left).mapped("state"), ["agreed", "agreed", "left"]
        )
        self.assertEqual(lead.request_state, "agreed")

    def test_an_option_that_nobody_answered_was_left(self):
        lead = self.request(self.legal)
        lead.request_line_ids.action_take()
        option = lead._recommend(self.finance, "Les comptes")
        lead.request_line_ids.state = "proposed"
        lead.request_line_ids._agreement_signed()
        self.assertEqual((option.state, option.option_answer), ("left", "left"))
