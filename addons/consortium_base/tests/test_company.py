from odoo.exceptions import AccessError
from odoo.tests import Form, HttpCase, new_test_user, tagged

from .common_organization import OrganizationCase


@tagged("post_install", "-at_install")
class TestCompany(OrganizationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.user("manager_of_test", "manager")
        cls.officer = cls.user("officer_of_test", "membership_officer")

    def test_manager_edits_the_profile(self):
        company = self.env.company.with_user(self.manager)
        company.write(
            {
                "legal_name": "Coopérative de solidarité d’essai",
                "legal_form": "solidarity",
                "nonprofit_clause": True,
                "company_registry": "1142 345 678",
                "fiscalyear_last_day": 30,
                "fiscalyear_last_month": "6",
                "privacy_officer_name": "Ève Roy",
                "street": "1, rue Principale",
                "office_ids": [(0, 0, {"name": "Bureau", "type": "office"})],
            }
        )
        self.assertEqual(company.company_registry, "1142345678")
        self.assertEqual(company.office_ids.parent_id, company.partner_id)
        self.assertEqual(company.office_ids.type, "office")

    def test_manager_edits_nothing_else(self):
        company = self.env.company.with_user(self.manager)
        for values in (
            {"currency_id": self.env.ref("base.EUR").id},
            {"account_storno": True},
        ):
            with self.subTest(values), self.assertRaises(AccessError):
                company.write(values)

    def test_form_is_read_only_elsewhere(self):
        fields = self.env["res.company"].with_user(self.manager).fields_get()
        self.assertFalse(fields["legal_name"]["readonly"])
        self.assertTrue(fields["currency_id"]["readonly"])

    def test_manager_creates_and_deletes_no_company(self):
        Company = self.env["res.company"].with_user(self.manager)
        with self.assertRaises(AccessError):
            Company.create({"name": "Other"})
        with self.assertRaises(AccessError):
            self.env.company.with_user(self.manager).unlink()

    def test_officer_edits_no_company(self):
        with self.assertRaises(AccessError):
            self.env.company.with_user(self.officer).legal_name = "A"

    def test_administrator_still_edits_all(self):
        admin = new_test_user(self.env, "erp", groups="base.group_erp_manager")
        self.env.company.with_user(admin).write({"layout_background": "Blank"})

    def test_menu_opens_the_company(self):
        action = self.env.ref("consortium_base.res_company_action_cooperative")
        opened = action.with_user(self.manager).run()
        self.assertEqual(opened["res_id"], self.env.company.id)
        with Form(self.env["res.company"].browse(opened["res_id"])) as form:
            form.legal_name = "A"
        self.assertEqual(self.env.company.legal_name, "A")


@tagged("post_install", "-at_install")
class TestCompanyPortal(HttpCase):
    def test_privacy_officer_at_the_foot(self):
        self.env.company.write(
            {
                "privacy_officer_name": "Ève Roy",
                "privacy_officer_title": "secrétaire",
                "privacy_officer_email": "eve@exemple.test",
            }
        )
        new_test_user(self.env, "portal_of_test", groups="base.group_portal")
        self.authenticate("portal_of_test", "portal_of_test")
        page = self.url_open("/my").text
        self.assertIn("Ève Roy", page)
        self.assertIn("mailto:eve@exemple.test", page)
        self.env.company.privacy_officer_name = False
        self.assertNotIn("o_consortium_privacy_officer", self.url_open("/my").text)
