import psycopg2
from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..tools import neq
from .common_organization import OrganizationCase


@tagged("post_install", "-at_install")
class TestNeq(OrganizationCase):
    def test_is_stored_compact(self):
        partner = self.organization("A", company_registry=" 1142 345-678 ")
        self.assertEqual(partner.company_registry, "1142345678")
        partner.company_registry = "33-4234-5678"
        self.assertEqual(partner.company_registry, "3342345678")

    def test_refused_in_quebec(self):
        for number in ("9942345678", "114234567", "11423456789", "ABC"):
            with self.subTest(number), self.assertRaisesRegex(ValidationError, "NEQ"):
                self.organization("A", company_registry=number)

    def test_refused_in_canada_without_province(self):
        with self.assertRaisesRegex(ValidationError, "NEQ"):
            self.organization("A", state_id=False, company_registry="123")

    def test_refused_without_address(self):
        with self.assertRaisesRegex(ValidationError, "NEQ"):
            self.organization(
                "A", state_id=False, country_id=False, company_registry="123"
            )

    def test_number_of_elsewhere(self):
        ontario = self.organization(
            "A", state_id=self.ontario.id, company_registry="1234-567"
        )
        self.assertEqual(ontario.company_registry, "1234-567")
        france = self.organization(
            "B",
            state_id=False,
            country_id=self.env.ref("base.fr").id,
            company_registry="732 829 320",
        )
        self.assertEqual(france.company_registry, "732 829 320")

    def test_enterprise_of_elsewhere_with_a_neq(self):
        partner = self.organization(
            "A", state_id=self.ontario.id, company_registry="1142 345 678"
        )
        self.assertEqual(partner.company_registry, "1142345678")

    def test_contact_that_is_no_organization(self):
        partner = self.env["res.partner"].create(
            {"name": "A", "is_company": True, "company_registry": "BE 0477.472.701"}
        )
        self.assertEqual(partner.company_registry, "BE 0477.472.701")

    def test_moving_to_quebec_checks_the_number(self):
        partner = self.organization(
            "A", state_id=self.ontario.id, company_registry="1234567"
        )
        with self.assertRaisesRegex(ValidationError, "NEQ"):
            partner.state_id = self.quebec

    @mute_logger("odoo.sql_db")
    def test_unique(self):
        self.organization("A", company_registry="1142345678")
        with self.assertRaises(psycopg2.errors.UniqueViolation) as caught:
            self.organization("B", company_registry="1142 345 678")
        message = (
            self.env["res.partner"]
            .with_context(lang="fr_CA")
            ._sql_error_to_message(caught.exception)
        )
        self.assertEqual(
            message,
            "Une autre organisation, peut-être archivée, a déjà ce NEQ.",
        )

    @mute_logger("odoo.sql_db")
    def test_unique_among_archived(self):
        self.organization("A", company_registry="1142345678").active = False
        with self.assertRaises(psycopg2.errors.UniqueViolation):
            self.organization("B", company_registry="1142345678")

    def test_contacts_inherit_it(self):
        partner = self.organization("A", company_registry="1142345678")
        contact, office = self.env["res.partner"].create(
            [
                {"name": "Someone", "parent_id": partner.id},
                {"name": "Bureau", "parent_id": partner.id, "type": "office"},
            ]
        )
        self.assertEqual(contact.company_registry, "1142345678")
        self.assertEqual(office.company_registry, "1142345678")
        partner.company_registry = "1142345679"
        self.assertEqual(contact.company_registry, "1142345679")

    def test_label(self):
        self.assertEqual(self.organization("A").company_registry_label, "NEQ")

    def test_normalize(self):
        self.assertEqual(neq.normalize("2212 345 678"), "2212345678")
        self.assertEqual(neq.normalize(" A 12 "), "A 12")
        self.assertFalse(neq.normalize(False))
        self.assertFalse(neq.is_neq("１１42345678"))


@tagged("post_install", "-at_install")
class TestOrganization(OrganizationCase):
    def test_search_ignores_accents_and_case(self):
        partner = self.organization("Coopérative de l’Épinette à Sœur")
        for text in ("cooperative de l’epinette", "ÉPINETTE", "COOPERATIVE DE"):
            with self.subTest(text):
                found = self.env["res.partner"].name_search(text)
                self.assertIn(partner.id, [id_ for id_, _name in found])
        self.assertIn(
            partner, self.env["res.partner"].search([("name", "ilike", "EPINETTE")])
        )

    def test_search_by_neq_as_typed(self):
        partner = self.organization("A", company_registry="1142345678")
        for text in ("1142345678", "1142 345 678", "1142-345", "42 345"):
            with self.subTest(text):
                found = self.env["res.partner"].search(
                    [("display_name", "ilike", text)]
                )
                self.assertIn(partner, found)
        others = self.env["res.partner"].search(
            [("display_name", "not ilike", "1142 345 678")]
        )
        self.assertNotIn(partner, others)

    def test_quick_create_finds_the_one_there(self):
        """What is typed in a field of organizations proposes the known one first."""
        partner = self.organization("Fédération d’économie sociale")
        found = self.env["res.partner"].web_name_search(
            "federation d’economie",
            {"display_name": {}},
            domain=[["is_company", "=", 1]],
        )
        self.assertEqual(found[0]["id"], partner.id)

    def test_region_of_a_province(self):
        partner = self.organization("A", state_id=self.ontario.id)
        self.assertEqual(partner.region_id.code, "ON")

    def test_region_of_quebec_is_chosen(self):
        mauricie = self.env.ref("consortium_base.region_04")
        partner = self.organization("A")
        self.assertFalse(partner.region_id)
        partner.region_id = mauricie
        partner.street = "1, rue Principale"
        self.assertEqual(partner.region_id, mauricie)
        partner.state_id = self.ontario
        self.assertEqual(partner.region_id.code, "ON")
        partner.state_id = self.quebec
        self.assertFalse(partner.region_id)

    def test_seventeen_regions(self):
        regions = self.env["consortium.region"].search(
            [("state_id", "=", self.quebec.id)]
        )
        self.assertEqual(
            sorted(regions.mapped("code")), [f"{code:02d}" for code in range(1, 18)]
        )
        self.assertEqual(
            self.env.ref("consortium_base.region_03").display_name,
            "Capitale-Nationale (03)",
        )

    def test_names_in_french(self):
        self.assertEqual(
            self.env.ref("consortium_base.region_nb").with_context(lang="fr_CA").name,
            "Nouveau-Brunswick",
        )
        self.assertEqual(
            self.kind_network.with_context(lang="fr_CA").name,
            "Fédération ou regroupement",
        )

    def test_kind_asked_for_in_the_menu(self):
        form = Form(
            self.env["res.partner"].with_context(
                default_is_company=True, consortium_organization=True
            )
        )
        form.name = "A"
        with self.assertRaisesRegex(AssertionError, "organization_kind_id"):
            form.save()
        form.organization_kind_id = self.kind_cooperative
        self.assertTrue(form.save().id)

    def test_kind_not_asked_for_elsewhere(self):
        with Form(
            self.env["res.partner"].with_context(default_is_company=True)
        ) as form:
            form.name = "A"
        self.assertFalse(form.record.organization_kind_id)

    def test_office(self):
        partner = self.organization("Coop")
        office = self.env["res.partner"].create(
            {"parent_id": partner.id, "type": "office", "city": "Montréal"}
        )
        self.assertEqual(partner.office_ids, office)
        self.assertEqual(office.complete_name, "Coop, Office")
        self.assertEqual(office.with_context(lang="fr_CA").display_name, "Coop, Bureau")
