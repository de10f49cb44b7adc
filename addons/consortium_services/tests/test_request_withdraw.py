from odoo.tests import HttpCase, tagged

from .common_requests import PortalRequestCommon


@tagged("post_install", "-at_install")
class TestRequestWithdraw(PortalRequestCommon, HttpCase):
    """Aline withdraws a need of Alizé by herself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.aline = cls.representative()
        cls.lead = cls.request(cls.legal, cls.finance)
        cls.first, cls.second = cls.lead.request_line_ids

    def setUp(self):
        super().setUp()
        self.login(self.aline)

    def withdraw(self, line, lead=None, **post):
        page = self.url_open("/my/requests/new").text
        return self.url_open(
            f"/my/requests/{(lead or line.lead_id).id}/needs/{line.id}/withdraw",
            data={"csrf_token": self.token(page), **post},
        )

    def test_a_need_is_withdrawn_and_the_others_go_on(self):
        page = self.url_open(f"/my/requests/{self.lead.id}").text
        self.assertEqual(page.count("o_withdraw"), 2)
        self.first.with_user(self.coordinator).action_take()
        self.first._assign(self.expert)
        before = self.lead.activity_ids
        answer = self.withdraw(self.first, reason="Fusion reportée")
        self.assertIn("Fusion reportée", answer.text)
        self.assertEqual(self.first.state, "withdrawn")
        self.assertEqual(self.first.reason, "Fusion reportée")
        self.assertEqual(self.second.state, "new")
        told = self.lead.activity_ids - before
        self.assertEqual(told.user_id, self.coordinator | self.expert_user)
        message = self.lead.message_ids.filtered(
            lambda m: "Fusion reportée" in (m.body or "")
        )
        self.assertEqual(message.author_id, self.person)
        self.assertFalse(self.lead.first_answer_at)

    def test_sent_twice_it_is_withdrawn_once(self):
        for _time in range(2):
            self.assertEqual(self.withdraw(self.first).status_code, 200)
        told = self.lead.message_ids.filtered(lambda m: m.author_id == self.person)
        self.assertEqual(len(told.filtered("body")), 1)

    def test_the_last_one_closes_the_request(self):
        for line in (self.first, self.second):
            self.withdraw(line)
        self.assertEqual(self.lead.request_state, "closed")

    def test_an_agreement_that_is_proposed_is_answered_there(self):
        self.first.state = "proposed"
        page = self.url_open(f"/my/requests/{self.lead.id}").text
        self.assertEqual(page.count("o_withdraw"), 1)
        answer = self.withdraw(self.first)
        self.assertEqual(answer.status_code, 422)
        self.assertIn("o_request_error", answer.text)
        self.assertEqual(self.first.state, "proposed")

    def test_what_is_settled_stays(self):
        self.settle(self.first)
        self.assertEqual(self.withdraw(self.first).status_code, 422)
        self.assertEqual(self.first.state, "refused")

    def test_scripts_are_text(self):
        answer = self.withdraw(self.first, reason="<script>alert(1)</script>")
        self.assertNotIn("<script>alert(1)", answer.text)

    def test_a_need_of_another_is_not_found(self):
        other = self.request(self.legal, organization=self.organization_b)
        line = other.request_line_ids
        self.assertEqual(self.withdraw(line).status_code, 404)
        self.assertEqual(self.withdraw(line, lead=self.lead).status_code, 404)
        self.assertEqual(line.state, "new")

    def test_what_is_recommended_is_not_withdrawn(self):
        self.lead._recommend(self.management, "Aide", source=self.first)
        line = self.lead.request_line_ids.filtered("is_recommended")
        self.assertEqual(self.withdraw(line).status_code, 404)
        self.assertEqual(line.state, "recommended")
