from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import GovernanceCommon
from .common_access import (
    BY_MANAGER,
    BY_OFFICER,
    READ_ALL,
    STAFF,
    AccessMatrix,
)

# What each group may do with each model of the addon: c(reate), r(ead), w(rite),
# u(nlink). A new model fails this test until its line is added.
IMPORTS = {"membership_officer": "crwu", "manager": "crwu", "auditor": "r"}
EXPECTED = {
    "consortium.affiliation": {**BY_OFFICER, "coordinator": "crw"},
    "consortium.legal.parameter": BY_MANAGER,
    "consortium.legal.parameter.value": {**READ_ALL, "manager": "crw"},
    "consortium.office": BY_OFFICER,
    # A screen that shows the register: it keeps nothing.
    "consortium.office.register": dict.fromkeys(STAFF, "crwu"),
    "consortium.organization.import": IMPORTS,
    # The import alone writes its rows.
    "consortium.organization.import.line": dict.fromkeys(IMPORTS, "r"),
    "consortium.organization.kind": BY_MANAGER,
    "consortium.region": BY_MANAGER,
    "consortium.representation": {**BY_OFFICER, "portal": "r"},
    "consortium.representation.revoke": {
        "membership_officer": "crwu",
        "manager": "crwu",
    },
    "consortium.resolution": {**BY_OFFICER, "portal": "r"},
    "consortium.seat.group": BY_OFFICER,
}


@tagged("post_install", "-at_install")
class TestAccessMatrix(AccessMatrix, GovernanceCommon):
    expected = EXPECTED

    def test_every_model_has_its_expectation(self):
        self.assertEqual(self.own_models("consortium_base"), set(EXPECTED))

    def test_auditor_writes_nothing(self):
        """In the whole of Odoo but what every employee has for its own use."""
        auditor = self.users["auditor"]
        employee = new_test_user(self.env, "matrix_user", groups="base.group_user")
        for name, model in self.env.items():
            if model._abstract or model._transient:
                continue
            for operation in ("create", "write", "unlink"):
                if model.with_user(auditor).has_access(operation):
                    self.assertTrue(
                        model.with_user(employee).has_access(operation),
                        (name, operation),
                    )

    def test_auditor_reads_everything(self):
        auditor = self.users["auditor"]
        for name in self.own_models("consortium_base") - {
            "consortium.representation.revoke"
        }:
            model = self.env[name]
            if model._transient:
                continue
            records = model.search([])
            found = model.with_user(auditor).search_count([])
            self.assertEqual(found, len(records), name)

    def test_mandates_of_the_organization_only(self):
        own = self.mandate()
        person = self.env["res.partner"].create({"name": "Carole"})
        colleague = self.mandate(person=person)
        other = self.mandate(person=person, organization=self.organization_b)
        mandates = own + colleague + other
        user = self.user_of(self.person)
        self.assertEqual(
            mandates.with_user(user)._filtered_access("read"), own + colleague
        )
        with self.assertRaises(AccessError):
            other.with_user(user).read(["date_start"])
        with self.assertRaises(AccessError):
            own.with_user(user).read(["revocation_reason"])
        with self.assertRaises(AccessError):
            own.with_user(user).write({"date_end": False})

    def test_partners_of_the_organization_only(self):
        self.mandate()
        user = self.user_of(self.person)
        partners = self.organization_a + self.organization_b + self.person
        self.assertEqual(
            partners.with_user(user)._filtered_access("read"),
            self.organization_a + self.person,
        )

    def test_a_contact_without_a_mandate_reads_itself_only(self):
        contact = self.env["res.partner"].create(
            {"name": "Contact", "parent_id": self.organization_a.id}
        )
        user = self.portal_user("contact", contact)
        partners = self.organization_a + contact
        self.assertEqual(partners.with_user(user)._filtered_access("read"), contact)
        self.assertEqual(user.with_user(user).search([]), user)

    def test_employees_are_not_narrowed(self):
        expert = self.users["expert"]
        partners = self.organization_a + self.organization_b + self.person
        self.assertEqual(partners.with_user(expert)._filtered_access("read"), partners)

    def test_an_officer_revokes_a_mandate(self):
        mandate = self.mandate().with_user(self.users["membership_officer"])
        mandate.revoke("Départ")
        self.assertFalse(self.user_of(self.person).active)

    def test_an_officer_opens_the_portal(self):
        officer = self.users["membership_officer"]
        self.env["consortium.representation"].with_user(officer).create(
            {
                "person_id": self.person.id,
                "organization_id": self.organization_a.id,
                "date_start": self.today,
            }
        )
        self.assertTrue(self.user_of(self.person).active)

    def test_each_company_its_registers(self):
        company = self.env["res.company"].create({"name": "Autre coop"})
        officer = self.users["membership_officer"]
        resolution = self.resolution(company_id=company.id)
        self.assertFalse(resolution.with_user(officer)._filtered_access("read"))
        office = self.env["consortium.office"].create(
            {"person_id": self.person.id, "company_id": company.id}
        )
        self.assertFalse(office.with_user(officer)._filtered_access("read"))
