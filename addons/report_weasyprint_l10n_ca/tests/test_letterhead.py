import io
import logging

import pdfplumber
from odoo.tests import tagged
from odoo.tests.common import TransactionCase

LAYOUTS = ("standard", "striped", "boxed", "bold", "folder", "wave", "bubble")
NUMBERS = ("NEQ : 1179482265", "TPS : 123456789 RT0001", "TVQ : 1234567890 TQ0001")
REPORT = "web.preview_externalreport"


@tagged("post_install", "-at_install")
class TestLetterhead(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_CA")
        quebec = cls.env.ref("base.state_ca_qc")
        cls.company = cls.env["res.company"].create(
            {
                "name": "Coopérative des lacs",
                "street": "155, boulevard Charest Est",
                "city": "Québec",
                "zip": "G1K 3G6",
                "state_id": quebec.id,
                "country_id": quebec.country_id.id,
                "company_registry": "1179482265",
                "vat": "123456789 RT0001",
                "l10n_ca_pst": "1234567890 TQ0001",
            }
        )
        cls.company.account_fiscal_country_id = quebec.country_id
        cls.env.user.company_ids += cls.company
        # pdfminer tells of each object that it reads.
        logging.getLogger("pdfminer").setLevel(logging.ERROR)

    def _text(self, **context):
        reports = self.env["ir.actions.report"].with_company(self.company)
        reports = reports.with_context(force_report_rendering=True, **context)
        content, _kind = reports._render_qweb_pdf(REPORT, self.company.ids)
        with pdfplumber.open(io.BytesIO(content)) as pdf:
            return pdf.pages[0].extract_text()

    def test_every_layout_has_name_address_and_numbers_in_french(self):
        for layout in LAYOUTS:
            with self.subTest(layout=layout):
                self.company.external_report_layout_id = self.env.ref(
                    f"web.external_layout_{layout}"
                )
                text = self._text(lang="fr_CA")
                for words in ("Coopérative des lacs", "155, boulevard", *NUMBERS):
                    self.assertEqual(text.count(words), 1, f"{words!r} in {text}")

    def test_outside_quebec_the_tax_is_the_provinces(self):
        self.company.state_id = self.env.ref("base.state_ca_bc")
        text = self._text(lang="en_US")
        self.assertIn("GST: 123456789 RT0001", text)
        self.assertIn("PST: 1234567890 TQ0001", text)
        self.assertNotIn("NEQ", text)

    def test_numbers_that_are_missing_leave_no_label(self):
        self.company.write({"vat": False, "l10n_ca_pst": False})
        self.company.company_registry = False
        text = self._text(lang="fr_CA")
        for label in ("NEQ", "TPS", "TVQ"):
            self.assertNotIn(label, text)

    def test_the_previews_letterhead_has_them_too(self):
        layout = self.env["base.document.layout"].with_company(self.company)
        layout = layout.with_context(lang="fr_CA").create(
            {
                "company_id": self.company.id,
                "report_layout_id": self.env.ref("web.report_layout_standard").id,
            }
        )
        self.assertIn("1179482265", layout.preview)
