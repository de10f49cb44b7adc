import io
import re

import openpyxl
from odoo.tests import HttpCase, tagged
from pypdf import PdfReader

from ..report.annual_report_xlsx import spreadsheet
from ..tools import formats
from .common_annual_report import AnnualReportCommon

PDF = "consortium_reporting.action_report_annual_report"
LABELS = {
    "contents": "Contenu",
    "section": "Section",
    "table": "Tableau",
    "sheet": "Feuille",
    "figure": "Chiffre",
    "value": "Valeur",
    "previous": "Année d'avant",
}


def words(text):
    return " ".join(text.replace("\u00a0", " ").split())


def unspaced(text):
    """As it is compared: what is read of a page has spaces where letters are kerned."""
    return "".join(text.split())


@tagged("post_install", "-at_install")
class TestDocument(AnnualReportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.annual_report = cls.adopted(english=True)

    def pdf(self, reference=PDF):
        reports = self.env["ir.actions.report"].with_context(
            force_report_rendering=True
        )
        content, kind = reports._render_qweb_pdf(reference, self.annual_report.ids)
        self.assertEqual(kind, "pdf")
        return PdfReader(io.BytesIO(content))

    def pages(self, reader):
        return [words(page.extract_text()) for page in reader.pages]

    def book(self):
        content = spreadsheet(self.annual_report._shown("fr_CA"), LABELS)
        return openpyxl.load_workbook(io.BytesIO(content))

    def tables(self):
        return [
            (section, block)
            for section in self.annual_report._shown("fr_CA")["sections"]
            for block in section["blocks"]
            if block["kind"] == "table"
        ]

    def test_cover_contents_and_numbers(self):
        reader = self.pdf()
        pages = self.pages(reader)
        self.assertIn(self.annual_report._year_label(), pages[0])
        self.assertNotIn("/ ", pages[0], "the cover has no page number")
        total = len(pages)
        for number, page in enumerate(pages[1:], 2):
            self.assertIn(f"{number} / {total}", page)
            self.assertIn("Coop d'essai", page, "letterhead on each page")

    def test_contents_name_the_right_pages(self):
        pages = self.pages(self.pdf())
        sections = self.annual_report._shown("fr_CA")["sections"]
        for section in sections:
            title = words(section["title"])
            found = re.search(rf"{re.escape(title)} [. ]*(\d+)", pages[1])
            self.assertTrue(found, title)
            self.assertIn(title, pages[int(found.group(1)) - 1])

    def test_bookmarks_and_title(self):
        reader = self.pdf()
        self.assertIn(self.annual_report._year_label(), reader.metadata.title)
        titles = [mark.title for mark in reader.outline if not isinstance(mark, list)]
        for section in self.annual_report._shown("fr_CA")["sections"]:
            self.assertIn(section["title"], titles)

    def test_charts_are_drawings_with_words(self):
        charts = [
            block
            for section in self.annual_report._shown("fr_CA")["sections"]
            for block in section["blocks"]
            if block["kind"] == "chart"
        ]
        self.assertGreaterEqual(len(charts), 3)
        for chart in charts:
            self.assertTrue(chart["picture"].startswith("data:image/svg+xml;base64,"))
            self.assertIn(chart["title"], chart["alt"])
        images = {image.name for page in self.pdf().pages for image in page.images}
        self.assertLessEqual(len(images), 1, "the logo alone is made of pixels")

    def test_a_layout_of_its_own(self):
        """The bundle of Odoo's documents would take more time than the document."""
        reports = self.env.ref(PDF) + self.env.ref(f"{PDF}_english")
        for report in reports:
            layout = self.env.ref("consortium_reporting.annual_report_layout")
            self.assertEqual(report._get_layout(), layout)
            self.assertNotIn("t-call-assets", layout.arch)
        other = self.env["ir.actions.report"].search(
            [("id", "not in", reports.ids)], limit=1
        )
        self.assertEqual(other._get_layout(), self.env.ref("web.minimal_layout"))

    def test_attestation_and_hash(self):
        last = self.pages(self.pdf())[-1]
        for name in ("Aubin", "Bélanger", self.annual_report.resolution_id.number):
            self.assertIn(name, last)
        self.assertIn(self.annual_report.content_hash, last.replace(" ", ""))

    def test_english_document(self):
        pages = self.pages(self.pdf(f"{PDF}_english"))
        self.assertIn("Annual Report", pages[0])
        self.assertIn("The Cooperative", pages[1])
        self.assertIn("63,800 h", " ".join(pages))

    def test_a_draft_says_so(self):
        self.annual_report = self.report(
            date_from=self.date_to.replace(year=2001, month=7, day=1),
            date_to=self.date_to.replace(year=2002),
        )
        self.annual_report.action_compute()
        report = self.annual_report._shown("fr_CA")
        self.assertFalse(report["adoption"])
        html = self.env["ir.actions.report"]._render_qweb_html(
            PDF, self.annual_report.ids
        )[0]
        self.assertIn(b"ar_draft", html)

    def test_every_table_is_on_its_sheet(self):
        book = self.book()
        contents = book.worksheets[0]
        listed = {row[1].value: row[2].value for row in contents.iter_rows(min_row=5)}
        for _section, block in self.tables():
            sheet = book[listed[block["title"]]]
            self.assertEqual(sheet.freeze_panes, "B5")
            heads = [cell.value for cell in sheet[4]]
            self.assertEqual(heads, [column["label"] for column in block["columns"]])

    def test_numbers_are_numbers(self):
        book = self.book()
        sheet = next(
            sheet for sheet in book.worksheets if sheet["A5"].value == "Produits"
        )
        self.assertEqual(sheet["C5"].value, 3569964)
        self.assertEqual(sheet["C5"].number_format, '#,##0\\ "$"')
        self.assertAlmostEqual(sheet["E5"].value, 0.121527)
        self.assertEqual(sheet["E5"].number_format, "0.0%")
        notes = [row[0].value for row in sheet.iter_rows(min_row=8)]
        self.assertTrue(any(notes), "notes below the table")

    def test_spreadsheet_and_document_reconcile(self):
        """Each row of the spreadsheet, written as the document writes it, is in the
        document's text: its label and then its numbers, in their order."""
        text = unspaced(" ".join(self.pages(self.pdf())))
        book = self.book()
        listed = {
            row[1].value: row[2].value
            for row in book.worksheets[0].iter_rows(min_row=5)
        }
        divisors = {"money": 100, "dollars": 100, "hours": 60, "share": 10**6}
        compared = 0
        for _section, block in self.tables():
            sheet = book[listed[block["title"]]]
            for line, row in enumerate(block["rows"], 5):
                for rank, column in enumerate(block["columns"]):
                    unit = (row.get("unit") if rank else None) or column["unit"]
                    cell = sheet.cell(line, rank + 1).value
                    if not isinstance(cell, int | float):
                        continue
                    whole = round(cell * divisors.get(unit, 1))
                    self.assertEqual(whole, row["cells"][rank])
                    compared += 1
                written = [
                    formats.cell(row, rank, column["unit"], "fr_CA")
                    for rank, column in enumerate(block["columns"])
                ]
                self.assertIn(unspaced(" ".join(written)), text)
        self.assertGreater(compared, 25)

    def test_what_looks_like_a_formula_is_text(self):
        report = self.annual_report._shown("fr_CA")
        section = next(s for s in report["sections"] if s["code"] == "statements")
        section["blocks"][0]["rows"][0]["cells"][1] = "=1+1"
        book = openpyxl.load_workbook(io.BytesIO(spreadsheet(report, LABELS)))
        cells = [
            cell
            for sheet in book.worksheets
            for row in sheet.iter_rows()
            for cell in row
            if cell.value == "=1+1"
        ]
        self.assertEqual([cell.data_type for cell in cells], ["s"])


@tagged("post_install", "-at_install")
class TestSpreadsheetPage(AnnualReportCommon, HttpCase):
    def test_who_downloads_it(self):
        report = self.adoptable()
        path = f"/consortium/annual_report/{report.id}.xlsx"
        for group, status in (("auditor", 200), ("accountant", 200), ("expert", 404)):
            user = self.employee_of(group)
            user.password = user.login
            self.authenticate(user.login, user.login)
            answer = self.url_open(path)
            self.assertEqual(answer.status_code, status, group)
        report.action_adopt()
        answer = self.url_open(path)
        self.assertEqual(answer.status_code, 200, "an expert reads adopted reports")
        self.assertTrue(openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets)
        self.assertEqual(
            self.url_open("/consortium/annual_report/987654.xlsx").status_code, 404
        )
