from odoo.addons.consortium_base.tests.common_access import (
    READ_ALL,
    AccessMatrix,
)
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_requests import RequestCommon

COORDINATED = {"coordinator": "crwu", "manager": "crwu", "auditor": "r"}
SCREEN = {"coordinator": "crwu", "manager": "crwu"}
FOR_EXPERTS = {**SCREEN, "expert": "crwu"}
# What each group may do with each model of this half of the addon.
EXPECTED = {
    "consortium.conflict.interest": COORDINATED,
    "consortium.expert.load": {"coordinator": "r", "manager": "r", "auditor": "r"},
    "consortium.expert.proposal": SCREEN,
    "consortium.expert.proposal.expert": SCREEN,
    "consortium.expertise": {
        **READ_ALL,
        "coordinator": "crw",
        "manager": "crwu",
        "portal": "r",
    },
    "consortium.expertise.complement": {
        **READ_ALL,
        "coordinator": "crwu",
        "manager": "crwu",
    },
    "consortium.mentoring": {**COORDINATED, "expert": "r"},
    "consortium.mentoring.meeting": {**COORDINATED, "expert": "crwu"},
    "consortium.service.request.line": {**COORDINATED, "expert": "r", "portal": "r"},
    "consortium.service.request.recommend": FOR_EXPERTS,
    "consortium.service.request.settle": SCREEN,
    "consortium.service.request.split": SCREEN,
    "consortium.service.request.suggestion": FOR_EXPERTS,
    "crm.lead": {
        "expert": "r",
        "coordinator": "crw",
        "manager": "crw",
        "auditor": "r",
        "portal": "r",
    },
    "hr.employee": {"coordinator": "rw", "manager": "rw", "auditor": "r"},
}


@tagged("post_install", "-at_install")
class TestAccessMatrixRequests(AccessMatrix, RequestCommon):
    expected = EXPECTED

    def test_the_auditor_reads_all_and_writes_nothing(self):
        lead = self.request(self.legal, user_id=self.coordinator_2.id)
        audited = lead.with_user(self.users["auditor"])
        self.assertTrue(audited.request_number)
        self.assertEqual(audited.request_line_ids.need, "Besoin TLEG")
        with self.assertRaises(AccessError):
            audited.write({"name": "x"})
        with self.assertRaises(AccessError):
            audited.request_line_ids.action_take()
        with self.assertRaises(AccessError):
            audited.action_propose_agreement()

    def test_who_has_nothing_to_do_with_requests(self):
        lead = self.request(self.legal)
        for group in ("membership_officer", "public"):
            self.assertFalse(lead.with_user(self.users[group]).has_access("read"))

    def test_a_coordinator_keeps_experts_and_nothing_else_of_employees(self):
        expert = self.expert.with_user(self.coordinator)
        expert.service_share = 50
        expert.expertise_ids = self.finance
        self.assertEqual(self.expert.expertise_ids, self.finance)
        for values in (
            {"name": "x"},
            {"user_id": False},
            {"work_email": "x@x.example"},
        ):
            with self.assertRaises(AccessError):
                expert.write(values)
        with self.assertRaises(AccessError):
            expert.read(["private_email"])

    def test_an_expert_reads_the_names_of_its_colleagues(self):
        experts = self.legal.with_user(self.expert_user).employee_ids
        self.assertEqual(experts.mapped("name"), ["Élise Experte"])
        with self.assertRaises(AccessError):
            self.expert.with_user(self.expert_user).write({"service_share": 10})

    def test_each_company_its_fields_and_requests(self):
        company = self.env["res.company"].create({"name": "Autre coop"})
        self.legal.company_id = company
        self.assertFalse(
            self.legal.with_user(self.coordinator)._filtered_access("read")
        )
        lead = self.request(self.finance, company_id=company.id)
        self.assertFalse(lead.with_user(self.coordinator_2)._filtered_access("read"))
        self.assertFalse(
            lead.request_line_ids.with_user(self.coordinator_2)._filtered_access("read")
        )

    def test_a_representative_reads_what_the_portal_shows(self):
        user = self.representative()
        lead = self.request(self.legal, description="Note interne", expected_revenue=5)
        shown = lead.with_user(user)
        self.assertTrue(shown.request_number)
        for name in ("description", "expected_revenue", "probability", "user_id"):
            with self.assertRaises(AccessError):
                shown.read([name])
        for name in ("manager_id", "employee_id", "estimate_source"):
            with self.assertRaises(AccessError):
                shown.request_line_ids.read([name])
        for name in ("employee_ids", "manager_id", "product_id", "keywords"):
            with self.assertRaises(AccessError):
                self.legal.with_user(user).read([name])
        with self.assertRaises(AccessError):
            shown.write({"name": "x"})
        with self.assertRaises(AccessError):
            self.env["crm.lead"].with_user(user).create({"name": "x"})

    def test_a_representative_reads_its_own_requests_only(self):
        user = self.representative()
        own = self.request(self.legal)
        other = self.request(self.legal, organization=self.organization_b)
        lead = self.env["crm.lead"].create(
            {"name": "Piste", "partner_id": self.organization_a.id}
        )
        leads = own + other + lead
        self.assertEqual(leads.with_user(user)._filtered_access("read"), own)
        lines = leads.request_line_ids
        self.assertEqual(
            lines.with_user(user)._filtered_access("read"), own.request_line_ids
        )

    def test_what_is_recommended_is_hidden_until_it_is_proposed(self):
        user = self.representative()
        lead = self.request(self.legal)
        line = lead._recommend(self.finance, "Les comptes")
        self.assertFalse(line.with_user(user)._filtered_access("read"))
        line.state = "proposed"
        self.assertTrue(line.with_user(user)._filtered_access("read"))

    def test_without_the_mandate_to_request_nothing_is_read(self):
        self.mandate(scope_billing=True, scope_request=False)
        user = self.user_of(self.person)
        lead = self.request(self.legal)
        self.assertFalse(lead.with_user(user)._filtered_access("read"))
        self.assertTrue(self.legal.with_user(user)._filtered_access("read"))

    def test_a_contact_without_a_mandate_reads_no_catalogue(self):
        contact = self.env["res.partner"].create(
            {"name": "Contact", "parent_id": self.organization_a.id}
        )
        user = self.portal_user("contact-services", contact)
        self.assertFalse(self.legal.with_user(user)._filtered_access("read"))
        self.assertFalse(
            self.request(self.legal).with_user(user)._filtered_access("read")
        )

    def test_the_network_follows_what_it_asked_for_its_member(self):
        user = self.representative()
        lead = self.request(
            self.legal,
            organization=self.organization_b,
            requester_id=self.organization_a.id,
        )
        self.assertTrue(lead.with_user(user)._filtered_access("read"))

    def test_followers_lose_what_the_mandate_no_longer_shows(self):
        self.representative()
        lead = self.request(self.legal)
        lead.message_subscribe(self.person.ids)
        self.env["consortium.representation"].search(
            [("person_id", "=", self.person.id)]
        ).write({"scope_request": False, "scope_billing": True})
        self.assertNotIn(self.person, lead.message_partner_ids)
