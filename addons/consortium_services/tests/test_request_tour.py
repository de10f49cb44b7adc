from odoo.tests import HttpCase, tagged

from .common_requests import RequestCommon


@tagged("post_install", "-at_install")
class TestRequestTour(RequestCommon, HttpCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_a_member_asks_and_a_coordinator_routes(self):
        user = self.representative()
        self.env["consortium.expert.load"]._refresh(self.expert)
        self.start_tour("/my", "consortium_services_ask", login=user.login)
        lead = self.env["crm.lead"].search(
            [("requester_id", "=", self.organization_a.id)]
        )
        self.assertEqual(len(lead.request_line_ids), 2)
        self.coordinator.password = self.coordinator.login
        self.browser_size = "1366x768"
        self.touch_enabled = False
        self.start_tour(
            f"/odoo/requests/{lead.id}",
            "consortium_services_route",
            login=self.coordinator.login,
        )
        recommended = lead.request_line_ids.filtered("is_recommended")
        self.assertEqual(recommended.expertise_id, self.management)
        self.assertEqual(lead.request_line_ids[0].employee_id, self.expert)
