from odoo.addons.consortium_base.tests.common_access import (
    READ_ALL,
    AccessMatrix,
)
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .agreement_common import AgreementCommon

BY_COORDINATOR = {
    "expert": "r",
    "coordinator": "crwu",
    "accountant": "r",
    "manager": "crwu",
    "auditor": "r",
}
EXPECTED = {
    "consortium.achievement": {
        "expert": "crw",
        "coordinator": "crwu",
        "manager": "crwu",
        "auditor": "r",
    },
    "consortium.achievement.tag": {
        "expert": "crw",
        "coordinator": "crwu",
        "manager": "crwu",
        "auditor": "r",
    },
    "consortium.agreement.clause": {**READ_ALL, "manager": "crwu"},
    "consortium.agreement.clause.version": {**READ_ALL, "manager": "crwu"},
    "consortium.agreement.close": {"coordinator": "crwu", "manager": "crwu"},
    "consortium.agreement.close.line": {"coordinator": "crwu", "manager": "crwu"},
    "consortium.agreement.consent": {**BY_COORDINATOR, "portal": "r"},
    "consortium.agreement.import": {
        "coordinator": "crwu",
        "manager": "crwu",
        "auditor": "r",
    },
    "consortium.agreement.import.line": {
        "coordinator": "r",
        "manager": "r",
        "auditor": "r",
    },
    "consortium.agreement.version": {**BY_COORDINATOR, "portal": "r"},
    "consortium.agreement.version.line": BY_COORDINATOR,
    "consortium.satisfaction.invitation": {
        "coordinator": "r",
        "manager": "r",
        "auditor": "r",
        "portal": "r",
    },
    "consortium.satisfaction.report": {
        "coordinator": "r",
        "membership_officer": "r",
        "manager": "r",
        "auditor": "r",
    },
    "sale.order": {
        "expert": "r",
        "coordinator": "crw",
        "accountant": "rw",
        "manager": "crw",
        "auditor": "r",
        "portal": "r",
    },
}


@tagged("post_install", "-at_install")
class TestAgreementAccess(AccessMatrix, AgreementCommon):
    expected = EXPECTED

    def test_every_model_of_agreements_has_its_expectation(self):
        own = self.own_models(
            "consortium_services",
            "consortium.agreement",
            "consortium.achievement",
            "consortium.satisfaction",
        )
        self.assertEqual(own, set(EXPECTED) - {"sale.order"})

    def test_coordinators_see_each_other_s_agreements(self):
        order = self.agreement()
        plain = self.env["sale.order"].create(
            {"partner_id": self.organization_a.id, "user_id": self.manager.id}
        )
        other = self.users["coordinator"]
        self.assertEqual(
            (order | plain).with_user(other)._filtered_access("read"), order
        )
        order.with_user(other).agreement_title = "Repris"

    def test_experts_read_and_do_not_write(self):
        order = self.agreement().with_user(self.users["expert"])
        self.assertTrue(order.read(["agreement_title", "spent_hours"]))
        with self.assertRaises(AccessError):
            order.agreement_title = "x"

    def test_auditor_reads_all_and_does_nothing(self):
        order = self.running()
        self.enter(order, 60)
        auditor = self.users["auditor"]
        mine = order.with_user(auditor)
        self.assertAlmostEqual(mine.spent_hours, 1)
        self.assertTrue(mine.version_ids.document)
        self.assertTrue(
            self.env["account.analytic.line"]
            .with_user(auditor)
            .search([("order_id", "=", order.id)])
        )
        for action in ("action_propose", "action_countersign", "action_amend"):
            with self.assertRaises(AccessError):
                getattr(mine, action)()

    def test_experts_neither_propose_nor_close(self):
        order = self.running().with_user(self.expert_user)
        for action in ("action_amend", "action_close_agreement", "action_draft"):
            with self.assertRaises(AccessError):
                getattr(order, action)()

    def test_each_company_its_agreements(self):
        company = self.env["res.company"].create({"name": "Autre coop"})
        order = self.agreement(company_id=company.id)
        self.assertFalse(order.with_user(self.coordinator)._filtered_access("read"))
