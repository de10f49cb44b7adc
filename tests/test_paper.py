"""Core's and the accountant's reports on paper: words, pages, header and footer, and
nothing over anything else."""

import base64
import io
import logging

import pdfplumber
from odoo import Command
from odoo.tests import tagged
from odoo.tests.common import TransactionCase
from odoo.tools import config
from odoo.tools.pdf import OdooPdfFileReader
from PIL import Image

COMPANY = "Coopérative des lacs"
LAYOUTS = ("standard", "striped", "boxed", "bold", "folder", "wave", "bubble")
NUMBERS = ("1179482265", "123456789 RT0001", "1234567890 TQ0001")
LETTERHEAD = (COMPANY, "155, boulevard", *NUMBERS, "Au juste coût")
LINES = 45


@tagged("post_install", "-at_install")
class TestPaper(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        logging.getLogger("pdfminer").setLevel(logging.ERROR)
        cls.env = cls.env(context={"lang": "fr_CA", "force_report_rendering": True})
        cls.company = cls.env.company
        logo = io.BytesIO()
        Image.new("RGB", (120, 40), "#1f6f5c").save(logo, "PNG")
        cls.company.write(
            {
                "name": COMPANY,
                "logo": base64.b64encode(logo.getvalue()),
                "company_details": f"<p>{COMPANY}<br/>155, boulevard Charest</p>",
                "report_header": "<p>Ensemble</p>",
                "report_footer": "<p>Au juste coût</p>",
                "external_report_layout_id": cls.env.ref(
                    "web.external_layout_standard"
                ).id,
                "street": "155, boulevard Charest",
                "city": "Québec",
                "zip": "G1K 3G6",
                "phone": "418 555-0142",
                "email": "info@exemple.coop",
                "company_registry": "1179482265",
                "vat": "123456789 RT0001",
                "l10n_ca_pst": "1234567890 TQ0001",
                "paperformat_id": cls.env.ref("base.paperformat_us").id,
            }
        )
        cls.partner = cls.env["res.partner"].create(
            {
                "name": "Atelier Boréal",
                "street": "12, rue Principale",
                "city": "Saguenay",
                "zip": "G7H 1A1",
                "country_id": cls.env.ref("base.ca").id,
                "state_id": cls.env.ref("base.state_ca_qc").id,
                "lang": "fr_CA",
            }
        )
        cls.long = cls._invoice(LINES)
        cls.short = cls._invoice(2)
        cls.invoices = cls.long + cls.short
        for bundle in ("web.report_assets_common", "web.report_assets_pdf"):
            cls.env["ir.qweb"]._get_asset_bundle(
                bundle, css=True, js=False, autoprefix=True
            ).css()

    @classmethod
    def _invoice(cls, lines):
        tax = cls.env["account.tax"].search(
            [("type_tax_use", "=", "sale"), ("amount_type", "=", "group"),
             ("company_id", "=", cls.company.id), ("name", "like", "TVQ")], limit=1,
        )  # fmt: skip
        invoice = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": cls.partner.id,
                "invoice_date": "2019-05-31",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": f"Service-{number}",
                            "quantity": 1.5,
                            "price_unit": 100,
                            "tax_ids": tax.ids,
                        }
                    )
                    for number in range(lines)
                ],
            }
        )
        invoice.action_post()
        return invoice

    def _print(self, report, records, data=None):
        content, kind = self.env["ir.actions.report"]._render_qweb_pdf(
            report, records.ids if records else [], data=data
        )
        self.assertEqual(kind, "pdf")
        return self._open(content)

    def _open(self, content):
        pdf = pdfplumber.open(io.BytesIO(content))
        self.addCleanup(pdf.close)
        return pdf

    def _tops(self, page, *words):
        """Where these words are on the page: the first's top and the last's bottom."""
        found = [w for w in page.extract_words() if w["text"] in words]
        self.assertTrue(found, f"none of {words} in {page.extract_text()}")
        return min(w["top"] for w in found), max(w["bottom"] for w in found)

    def test_invoice_in_each_layout(self):
        for layout in LAYOUTS:
            with self.subTest(layout=layout):
                self.company.external_report_layout_id = self.env.ref(
                    f"web.external_layout_{layout}"
                )
                self._check_invoice(self._print("account.account_invoices", self.long))

    def _check_invoice(self, pdf):
        first, last = pdf.pages[0].extract_text(), pdf.pages[-1].extract_text()
        self.assertIn("Atelier Boréal", first)
        self.assertIn(self.long.name, first)
        self.assertIn("7 760,81", last.replace("\xa0", " ").replace("\u202f", " "))
        self.assertIn(len(pdf.pages), (2, 3, 4))
        services = []
        for number, page in enumerate(pdf.pages, 1):
            text = page.extract_text()
            for words in (*LETTERHEAD, f"Page {number} / {len(pdf.pages)}"):
                self.assertIn(words, text)
            own = [w for w in page.extract_words() if w["text"].startswith("Service-")]
            services += [w["text"] for w in own]
            _top, head = self._tops(page, "boulevard")
            foot, bottom = self._tops(page, "juste", "Page")
            self.assertLessEqual(bottom, page.height)
            if own:
                self.assertLess(head, min(w["top"] for w in own))
                self.assertLess(max(w["bottom"] for w in own), foot)
        self.assertEqual(services, [f"Service-{i}" for i in range(LINES)])

    def test_two_invoices_each_with_its_own_pages(self):
        pdf = self._print("account.account_invoices", self.invoices)
        texts = [page.extract_text() for page in pdf.pages]
        self.assertIn(f"Page 1 / {len(texts) - 1}", texts[0])
        self.assertIn("Page 1 / 1", texts[-1])
        self.assertIn(self.short.name, texts[-1])

    def test_invoices_are_saved_one_by_one(self):
        report = self.env.ref("account.account_invoices")
        report.attachment = "'%s.pdf' % (object.name or '').replace('/', '-')"
        self._print("account.account_invoices", self.invoices)
        for invoice in self.invoices:
            saved = report.retrieve_attachment(invoice)
            self.assertIn(invoice.name, self._open(saved.raw).pages[0].extract_text())

    def test_sending_gives_each_invoice_its_pdf(self):
        self.invoices.partner_id.email = "boreal@exemple.coop"
        self.env["account.move.send"]._generate_and_send_invoices(
            self.invoices, sending_methods=["manual"]
        )
        for invoice in self.invoices:
            pdf = self._open(base64.b64decode(invoice.invoice_pdf_report_file))
            self.assertIn(invoice.name, pdf.pages[0].extract_text())

    def test_an_electronic_invoice_is_embedded(self):
        """Core's own code reads our file, and adds the XML to it."""
        self.partner.invoice_edi_format = "facturx"
        self.short.partner_bank_id = self.env["res.partner.bank"].create(
            {
                "acc_number": "CA-0042",
                "partner_id": self.company.partner_id.id,
                "allow_out_payment": True,
            }
        )
        # Core embeds nothing while it thinks that it is tested.
        self.addCleanup(config.__setitem__, "test_enable", config["test_enable"])
        config["test_enable"] = False
        self.env["account.move.send"]._generate_and_send_invoices(
            self.short, sending_methods=["manual"]
        )
        content = base64.b64decode(self.short.invoice_pdf_report_file)
        reader = OdooPdfFileReader(io.BytesIO(content), strict=False)
        names = [name for name, _content in reader.getAttachments()]
        self.assertEqual(names, ["factur-x.xml"])
        self.assertIn(self.short.name, self._open(content).pages[0].extract_text())

    def test_partner_statement(self):
        wizard = self.env["outstanding.statement.wizard"].with_context(
            active_ids=self.partner.ids, active_id=self.partner.id
        )
        wizard = wizard.create({"date_end": "2019-12-31"})
        action = wizard._print_report("qweb-pdf")
        data = action["data"]
        pdf = self._print(action["report_name"], self.partner, data=data)
        text = pdf.pages[0].extract_text()
        self.assertIn("Atelier Boréal", text)
        self.assertIn(COMPANY, text)
        self.assertIn("7 760,81", text.replace("\xa0", " ").replace("\u202f", " "))

    def test_general_ledger(self):
        wizard = self.env["general.ledger.report.wizard"].create(
            {"date_from": "2019-01-01", "date_to": "2019-12-31",
             "company_id": self.company.id}
        )  # fmt: skip
        action = wizard._export("qweb-pdf")
        report = action["report_name"]
        pdf = self._print(report, wizard, data=action["data"])
        for number, page in enumerate(pdf.pages, 1):
            text = page.extract_text()
            self.assertIn(f"{number} / {len(pdf.pages)}", text)
            words = page.extract_words()
            self.assertLessEqual(max(w["x1"] for w in words), page.width)
        self.assertIn("Boréal", "".join(page.extract_text() for page in pdf.pages))

    def test_quotation(self):
        product = self.env["product.product"].create(
            {"name": "Heures", "type": "service"}
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": self.partner.id,
                "order_line": [
                    Command.create({"product_id": product.id, "name": f"Service-{n}"})
                    for n in range(LINES)
                ],
            }
        )
        pdf = self._print("sale.report_saleorder", order)
        self.assertIn("Devis", pdf.pages[0].extract_text())
        self._check_long_table(pdf, LETTERHEAD[:5])

    def test_timesheets(self):
        """In core's layout for inside the house: date, company, page."""
        project = self.env["project.project"].create(
            {"name": "Fusion", "allow_timesheets": True}
        )
        employee = self.env["hr.employee"].create({"name": "Élodie Gingras"})
        self.env["account.analytic.line"].create(
            [
                {
                    "project_id": project.id,
                    "employee_id": employee.id,
                    "date": f"2019-05-{1 + n % 28:02}",
                    "name": f"Service-{n}",
                    "unit_amount": 1.5,
                }
                for n in range(LINES)
            ]
        )
        pdf = self._print("hr_timesheet.report_timesheet_project", project)
        self.assertIn("Fusion", pdf.pages[0].extract_text())
        self._check_long_table(pdf, COMPANY.split())

    def _check_long_table(self, pdf, letterhead):
        """Every line once, between a header and a footer that each page has."""
        self.assertIn(len(pdf.pages), (2, 3, 4))
        services = []
        for number, page in enumerate(pdf.pages, 1):
            text = page.extract_text()
            for words in (*letterhead, f"{number} / {len(pdf.pages)}"):
                self.assertIn(words, text)
            words = page.extract_words()
            own = [word for word in words if word["text"].startswith("Service-")]
            services += [word["text"] for word in own]
            _top, head = self._tops(page, letterhead[-1].split()[-1])
            foot = min((w["top"] for w in words if w["text"] == "Page"), default=1e9)
            self.assertLess(head, min((w["top"] for w in own), default=foot))
            self.assertLess(max((w["bottom"] for w in own), default=head), foot)
            # The head of the table again.
            self.assertTrue("Description" in text or not own)
            self.assertLessEqual(max(w["x1"] for w in words), page.width)
        self.assertCountEqual(services, [f"Service-{n}" for n in range(LINES)])
