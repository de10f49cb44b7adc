from odoo.tests import tagged
from odoo.tests.common import TransactionCase


@tagged("post_install", "-at_install")
class TestTaxLabel(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_CA")
        country = cls.env.ref("base.ca")
        cls.env.company.account_fiscal_country_id = country
        group = cls.env["account.tax.group"].create(
            {"name": "TPS et TVQ", "country_id": country.id}
        )
        cls.tax = cls.env["account.tax"].create(
            {
                "name": "TPS et TVQ d'essai",
                "amount": 14.975,
                "invoice_label": "14.975%",
                "country_id": country.id,
                "tax_group_id": group.id,
            }
        )

    def label(self, lang):
        return self.tax.with_context(lang=lang).tax_label

    def test_a_percentage_is_the_readers(self):
        self.assertEqual(self.label("fr_CA"), "14,975\N{NO-BREAK SPACE}%")
        self.assertEqual(self.label("en_US"), "14.975%")
        self.tax.invoice_label = "5%"
        self.assertEqual(self.label("fr_CA"), "5\N{NO-BREAK SPACE}%")

    def test_other_labels_stay(self):
        self.tax.invoice_label = "TVH 13.0%"
        self.assertEqual(self.label("fr_CA"), "TVH 13.0%")
        self.tax.invoice_label = False
        self.assertEqual(self.label("fr_CA"), "TPS et TVQ d'essai")
