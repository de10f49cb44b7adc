from odoo.tests import tagged
from odoo.tests.common import BaseCase

from ..tools import paper

LETTER = {"print_page_width": 215.9, "print_page_height": 279.4, "margin_top": 40.0}


@tagged("post_install", "-at_install")
class TestPaper(BaseCase):
    def test_no_paper_format_means_plain_a4(self):
        sheet = paper.read({})
        self.assertEqual((sheet.width, sheet.height), (210, 297))
        self.assertEqual(sheet.margin_left, 10)

    def test_size_and_margins_are_those_of_the_format(self):
        sheet = paper.read({**LETTER, "margin_left": 3.0, "margin_bottom": 0.0})
        self.assertEqual((sheet.width, sheet.height), (215.9, 279.4))
        self.assertEqual((sheet.margin_left, sheet.margin_bottom), (3, 0))

    def test_header_begins_where_its_spacing_says(self):
        self.assertEqual(paper.read({**LETTER, "header_spacing": 35}).header_top, 5)
        self.assertEqual(paper.read({**LETTER, "header_spacing": 52}).header_top, 0)
        self.assertEqual(paper.read({**LETTER, "header_spacing": 0}).header_top, 0)

    def test_document_attributes_take_precedence(self):
        sheet = paper.read(
            {**LETTER, "header_spacing": 35},
            {"data-report-margin-top": "60", "data-report-header-spacing": "50"},
        )
        self.assertEqual((sheet.margin_top, sheet.header_top), (60, 10))

    def test_a_senseless_attribute_is_ignored(self):
        self.assertEqual(
            paper.read(LETTER, {"data-report-margin-top": "wide"}).margin_top, 40
        )

    def test_landscape_turns_the_sheet_once(self):
        turned = paper.read(LETTER, landscape=True)
        self.assertEqual((turned.width, turned.height), (279.4, 215.9))
        already = {**LETTER, "orientation": "Landscape"}
        self.assertEqual(paper.read(already, landscape=True).width, 215.9)
        attribute = {"data-report-landscape": "1"}
        self.assertEqual(paper.read(LETTER, attribute).width, 279.4)

    def test_shrinking_is_wkhtmltopdfs(self):
        self.assertEqual(paper.read(LETTER).zoom, paper.SHRINKING)
        self.assertEqual(paper.read({**LETTER, "disable_shrinking": True}).zoom, 1)

    def test_dpi_is_never_below_a_printers(self):
        self.assertEqual(paper.read({**LETTER, "dpi": 90}).dpi, paper.PRINTER_DPI)
        self.assertEqual(paper.read({**LETTER, "dpi": 600}).dpi, 600)

    def test_margins_grow_with_the_header_and_the_footer(self):
        sheet = paper.Paper(margin_top=10, margin_bottom=10, zoom=1)
        css = paper.page_css(sheet, header=400, footer=300)
        self.assertIn("margin: 400.000px 37.795px", css)
        self.assertIn("300.000px 37.795px;", css)
        self.assertIn("margin: 37.795px 37.795px", paper.page_css(sheet))

    def test_the_header_line_is_drawn_on_demand(self):
        self.assertIn("border-bottom", paper.page_css(paper.Paper(header_line=True)))
        self.assertNotIn("border-bottom", paper.page_css(paper.Paper()))
