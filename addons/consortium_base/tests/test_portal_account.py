import re

from odoo.tests import tagged

from .common_portal import PortalCase


@tagged("post_install", "-at_install")
class TestPortalAccount(PortalCase):
    """One's account and addresses, and the organization that one acts for."""

    # Addresses and account

    def test_addresses_of_the_organization(self):
        self.organization_a.street = "5 rue Alizé"
        self.login(self.aline)
        self.assertIn("5 rue Alizé", self.url_open("/my/addresses").text)
        self.mandate_a.scope_billing = False
        self.assertNotIn("5 rue Alizé", self.url_open("/my/addresses").text)

    def submit(self, **values):
        page = self.url_open("/my/account").text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)
        data = {
            "name": "Nouveau",
            "email": "n@example.com",
            "phone": "5145550100",
            "street": "1 rue Neuve",
            "city": "Québec",
            "zip": "G1R 1A1",
            "country_id": self.env.ref("base.ca").id,
            "state_id": self.env.ref("base.state_ca_qc").id,
            "csrf_token": token,
            **values,
        }
        return self.url_open("/my/address/submit", data=data)

    def test_addresses_of_another_are_not_edited(self):
        self.login(self.aline)
        for partner in (self.address_b, self.organization_b, self.contact):
            self.assertEqual(self.submit(partner_id=partner.id).status_code, 403)
        answer = self.call("/my/address/archive", partner_id=self.address_b.id)
        self.assertIn("code", answer)
        self.assertTrue(self.address_b.active)
        self.assertEqual(self.address_b.street, "78 rue Boréale")

    def test_the_organization_is_not_edited_nor_renamed(self):
        self.login(self.aline)
        self.assertEqual(
            self.submit(partner_id=self.organization_a.id).status_code, 403
        )
        self.submit(address_type="billing", company_name="Autre nom")
        self.assertEqual(self.organization_a.name, "Coopérative Alizé")

    def test_an_address_writes_nothing_to_the_organization(self):
        self.organization_a.write({"street": "5 rue Alizé", "vat": "ALIZE"})
        self.login(self.aline)
        self.submit(address_type="contact", name="Libre", verify_address_values="")
        self.submit(address_type="billing", name="Facturation", vat="FORGED")
        made = self.organization_a.child_ids
        self.assertEqual(
            {address.name: address.type for address in made},
            {"Libre": "other", "Facturation": "invoice"},
        )
        self.submit(
            partner_id=made[0].id, name="Mien", vat="FORGED", verify_address_values=""
        )
        self.assertEqual(made[0].name, "Mien")
        self.assertEqual(self.organization_a.street, "5 rue Alizé")
        self.assertEqual(self.organization_a.vat, "ALIZE")

    def test_a_new_address_stands_under_the_organization(self):
        self.login(self.aline)
        self.submit(address_type="billing")
        self.assertEqual(self.organization_a.child_ids.mapped("name"), ["Nouveau"])
        self.mandate_a.scope_billing = False
        self.submit(address_type="billing", name="Sien")
        self.assertEqual(self.person.child_ids.mapped("name"), ["Sien"])

    # Acting for one of several

    def switch(self, organization, token=True):
        page = self.url_open("/my").text
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        data = {"organization_id": organization}
        if token and found:
            data["csrf_token"] = found.group(1)
        return self.url_open("/my/acting", data=data)

    def test_switch(self):
        self.mandate(organization=self.organization_b, scope_billing=True)
        self.login(self.aline)
        self.url_open("/my/invoices")
        answer = self.switch(self.organization_b.id)
        self.assertEqual(self.acting_name(answer.text), "Mutuelle Boréale")
        page = self.url_open("/my/invoices").text
        self.assertIn(self.invoice_b.name, page)
        self.assertNotIn(self.invoice_a.name, page)
        self.assertEqual(
            self.url_open(f"/my/invoices/{self.invoice_a.id}").status_code, 404
        )
        self.assertEqual(
            self.acting_name(self.switch(self.organization_a.id).text),
            "Coopérative Alizé",
        )

    def test_switch_to_what_is_not_represented(self):
        self.mandate(organization=self.organization_c(), scope_billing=True)
        self.login(self.aline)
        for forged in (self.organization_b.id, 987654, "x", "-1", ""):
            self.assertEqual(self.switch(forged).status_code, 404, forged)
        self.assertEqual(
            self.acting_name(self.url_open("/my").text), "Coopérative Alizé"
        )

    def organization_c(self):
        return self.env["res.partner"].create({"name": "Coop C", "is_company": True})

    def test_switch_needs_its_token(self):
        self.mandate(organization=self.organization_b)
        self.login(self.aline)
        answer = self.switch(self.organization_b.id, token=False)
        self.assertEqual(answer.status_code, 400)
        self.assertEqual(self.url_open("/my/acting").status_code, 405)

    def test_choice_falls_back_when_its_mandate_ends(self):
        mandate = self.mandate(organization=self.organization_b)
        self.login(self.aline)
        self.switch(self.organization_b.id)
        mandate.revoke("Départ")
        self.assertEqual(
            self.acting_name(self.url_open("/my").text), "Coopérative Alizé"
        )

    def test_banner_is_on_every_page(self):
        self.mandate(organization=self.organization_b)
        self.login(self.aline)
        for path in (
            "/my",
            "/my/account",
            "/my/addresses",
            "/my/security",
            "/my/invoices",
            f"/my/invoices/{self.invoice_a.id}",
            "/my/representatives",
        ):
            page = self.url_open(path).text
            self.assertEqual(self.acting_name(page), "Coopérative Alizé", path)
            self.assertIn("o_acting_switch", page)

    def test_page_of_mandates(self):
        self.login(self.aline)
        page = self.url_open("/my/representatives").text
        self.assertIn("Aline Tremblay", page)
        self.assertIn("border-primary", page)
        self.assertNotIn("Carole", page)

    def test_queries_do_not_grow_with_the_mandates(self):
        persons = self.env["res.partner"].create([{"name": f"P{n}"} for n in range(40)])
        self.mandate(person=persons[0])
        self.login(self.aline)
        pages = ("/my", "/my/invoices", "/my/representatives")
        self.env.flush_all()
        for path in pages:
            self.url_open(path)
        counts = [self.queries(path) for path in pages]
        for person in persons[1:]:
            self.mandate(person=person)
            self.mandate(person=person, organization=self.organization_b)
        self.env.flush_all()
        for path, count in zip(pages, counts, strict=True):
            self.url_open(path)
            self.assertLessEqual(self.queries(path), count, path)
            self.assertLessEqual(count, 40, path)

    def queries(self, path):
        before = self.cr.sql_log_count
        self.url_open(path)
        return self.cr.sql_log_count - before
