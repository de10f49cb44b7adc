import re
from unittest.mock import patch

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common_requests import RequestCommon


@tagged("post_install", "-at_install")
class TestWholeTour(RequestCommon, HttpCase):
    """From two services asked for to the answers of the survey, by those who do each;
    the member on a phone, the coordinator at a desk."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Paper takes a second each time: it has its own test.
        cls.startClassPatcher(
            patch.object(
                cls.env.registry["consortium.agreement.version"],
                "_render_document",
                lambda self: f"%PDF-1.4 {self.id} {self.state}".encode(),
            )
        )
        cls.member = cls.representative(scope_sign=True)
        cls.manager = cls.internal("manager", "manager")
        cls.coordinator.password = cls.coordinator.login
        cls.env["consortium.expert.load"]._refresh(cls.expert)

    def at_a_desk(self, user, path, tour):
        """A tour of the backend, its bundles made before the browser waits for them."""
        self.authenticate(user.login, user.login)
        page = self.url_open("/odoo", timeout=180).text
        for bundle in set(re.findall(r'"(/web/assets/[^"]+)"', page)):
            self.url_open(bundle, timeout=180)
        self.browser_size, self.touch_enabled = "1366x768", False
        self.start_tour(path, tour, login=user.login, timeout=180)

    def on_a_phone(self, path, tour):
        self.browser_size, self.touch_enabled = "375x667", True
        self.start_tour(path, tour, login=self.member.login, timeout=180)

    def test_from_the_request_to_the_survey(self):
        self.on_a_phone("/my", "consortium_services_ask")
        lead = self.env["crm.lead"].search(
            [("requester_id", "=", self.organization_a.id)]
        )
        self.at_a_desk(
            self.coordinator, f"/odoo/requests/{lead.id}", "consortium_services_route"
        )
        lead.request_line_ids.filtered(
            lambda line: line.expertise_id == self.finance
        ).with_user(self.coordinator_2).action_take()
        order = self.propose(lead)
        self.on_a_phone("/my/agreements", "consortium_services_agreement_sign")
        order.with_user(self.manager).action_countersign()
        self.assertEqual(
            lead.request_line_ids.filtered("is_recommended").option_answer, "taken"
        )
        self.assertEqual(set(lead.request_line_ids.mapped("state")), {"agreed"})
        self.assertEqual(len(order.project_id.task_ids), 3)
        self.work(order)
        order.with_user(self.coordinator)._close("<p>Terminé</p>")
        self.on_a_phone("/my/agreements", "consortium_services_agreement_answer")
        invitations = self.env["consortium.satisfaction.invitation"].search(
            [("order_id", "=", order.id)]
        )
        self.assertEqual(
            sorted(invitations.mapped("state")), ["answered", "sent", "sent"]
        )

    def propose(self, lead):
        """The agreement made of the three needs, completed and proposed."""
        lead.with_user(self.coordinator).action_propose_agreement()
        order = lead.order_ids
        order.with_user(self.coordinator).write(
            {
                "agreement_title": "Accompagnement juridique",
                "agreement_start": self.today,
                "agreement_end": fields.Date.add(self.today, days=120),
                "agreement_lang": "en_US",
            }
        )
        for line in order.order_line.filtered("expertise_id"):
            line.planned_minutes = line.planned_minutes or 600
        order.with_user(self.coordinator).action_propose()
        return order

    def work(self, order):
        """Two hours of the expert on the first task."""
        task = order.order_line.filtered("task_id")[:1].task_id
        self.env["account.analytic.line"].with_user(self.expert_user).create(
            {
                "name": "Travail",
                "project_id": order.project_id.id,
                "task_id": task.id,
                "employee_id": self.expert.id,
                "unit_amount": 2,
                "date": self.today,
            }
        )
