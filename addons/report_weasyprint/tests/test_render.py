import base64
import socket
from unittest.mock import patch

from odoo.tests import tagged

from ..tools import engine, styles
from .common import COMPANY, POINTS_PER_MM, PaperCase, png

LINES = """
<table class="table"><thead><tr><th>Colonne</th></tr></thead>
<tbody><tr t-foreach="range(90)" t-as="i"><td>Rangée <t t-out="i"/></td></tr></tbody>
</table>"""


@tagged("post_install", "-at_install")
class TestRender(PaperCase):
    def test_letterhead_and_page_number_are_on_every_page(self):
        pdf = self._print(self._make_report(LINES))
        self.assertGreater(len(pdf.pages), 2)
        for number, page in enumerate(pdf.pages, 1):
            text = page.extract_text()
            self.assertIn(COMPANY, text)
            self.assertIn("Au juste coût", text)
            self.assertIn(f"Page {number} / {len(pdf.pages)}", text)
            self.assertEqual(len(page.images), 1)

    def test_table_heads_are_repeated_and_no_row_is_lost(self):
        texts = self._texts(self._print(self._make_report(LINES)))
        self.assertTrue(all("Colonne" in text for text in texts))
        whole = "\n".join(texts).splitlines()
        self.assertEqual(
            [line for line in whole if line.startswith("Rangée")],
            [f"Rangée {i}" for i in range(90)],
        )

    def _check_apart(self, page, first):
        """Header, text and footer share no height."""
        words = page.extract_words()
        text = [w for w in words if w["text"] in ("Rangée", "Colonne", first)]
        head = [w for w in words if w["text"] in COMPANY.split() + ["Québec"]]
        foot = [w for w in words if w["text"] in ("juste", "Page")]
        self.assertTrue(head and text and foot)
        self.assertLessEqual(
            max(w["bottom"] for w in head), min(w["top"] for w in text)
        )
        self.assertLessEqual(
            max(w["bottom"] for w in text), min(w["top"] for w in foot)
        )
        self.assertLessEqual(max(w["bottom"] for w in foot), page.height)

    def test_header_text_and_footer_never_overlap(self):
        for page in self._print(self._make_report(LINES)).pages:
            self._check_apart(page, "Rangée")

    def test_a_header_too_high_for_its_margin_pushes_the_text(self):
        self.company.company_details = (
            f"<p>{COMPANY}</p>" + "<p>Ligne</p>" * 14 + "<p>Québec</p>"
        )
        self.company.report_footer = "<p>Au juste coût</p>" * 9
        for page in self._print(self._make_report(LINES)).pages:
            self._check_apart(page, "Rangée")

    def test_the_sheet_is_the_paper_formats(self):
        for values, size in (
            ({"format": "A4"}, (210, 297)),
            ({"format": "Letter"}, (215.9, 279.4)),
            ({"format": "Letter", "orientation": "Landscape"}, (279.4, 215.9)),
            ({"format": "custom", "page_width": 100, "page_height": 60,
              "margin_top": 5, "margin_bottom": 5, "header_spacing": 0}, (100, 60)),
        ):  # fmt: skip
            with self.subTest(values=values):
                report = self._make_report(
                    "<div class='article'>Étiquette</div>", layout=None,
                    paperformat_id=self._paper(**values).id,
                )  # fmt: skip
                page = self._print(report).pages[0]
                self.assertAlmostEqual(page.width / POINTS_PER_MM, size[0], 1)
                self.assertAlmostEqual(page.height / POINTS_PER_MM, size[1], 1)

    def test_the_text_begins_at_the_margins(self):
        paperformat = self._paper(
            format="custom", page_width=100, page_height=90, margin_top=30,
            margin_left=20, header_spacing=0, disable_shrinking=True,
        )  # fmt: skip
        report = self._make_report(
            "<div class='article'>Premier</div>", layout=None,
            paperformat_id=paperformat.id,
        )  # fmt: skip
        word = self._find(self._print(report).pages[0], "Premier")
        self.assertAlmostEqual(word["top"] / POINTS_PER_MM, 30, delta=2)
        # Core's body has 16 pixels of its own on each side.
        self.assertAlmostEqual(word["x0"] / POINTS_PER_MM, 24.2, delta=0.5)

    def test_the_header_begins_at_its_spacing(self):
        tops = {}
        for spacing in (20, 38):
            report = self._make_report(
                "<p>Texte</p>", layout="web.internal_layout",
                paperformat_id=self._paper(header_spacing=spacing).id,
            )  # fmt: skip
            page = self._print(report).pages[0]
            tops[spacing] = self._find(page, "lacs")["top"] / POINTS_PER_MM
        self.assertAlmostEqual(tops[20] - tops[38], 18, delta=0.5)

    def test_disabling_shrinking_enlarges_the_text(self):
        sizes = []
        for disabled in (False, True):
            report = self._make_report(
                "<p>Texte</p>",
                paperformat_id=self._paper(disable_shrinking=disabled).id,
            )
            page = self._print(report).pages[0]
            sizes.append(page.crop(page.bbox).chars[0]["size"])
        self.assertAlmostEqual(sizes[1] / sizes[0], 1.28, 2)

    def test_the_header_line_is_drawn(self):
        found = []
        for line in (False, True):
            report = self._make_report(
                "<p>Texte</p>", layout="web.internal_layout",
                paperformat_id=self._paper(header_line=line).id,
            )  # fmt: skip
            page = self._print(report).pages[0]
            found.append(len(page.lines) + len(page.rects))
        self.assertGreater(found[1], found[0])

    def test_landscape_can_be_asked_for(self):
        page = self._print(self._make_report("<p>Texte</p>"), landscape=True).pages[0]
        self.assertGreater(page.width, page.height)

    def test_every_layout_has_its_letterhead(self):
        report = self._make_report(LINES)
        names = ("standard", "striped", "boxed", "bold", "folder", "wave", "bubble")
        for name in names:
            with self.subTest(layout=name):
                self.company.external_report_layout_id = self.env.ref(
                    f"web.external_layout_{name}"
                )
                pdf = self._print(report)
                for number, page in enumerate(pdf.pages, 1):
                    self._check_apart(page, "Rangée")
                    self.assertIn(
                        f"Page {number} / {len(pdf.pages)}", page.extract_text()
                    )

    def test_columns_stand_side_by_side(self):
        report = self._make_report(
            "<div class='row'><div class='col-6'>Gauche</div>"
            "<div class='col-6'>Droite</div></div>"
            "<div class='d-flex justify-content-between'><span>Début</span>"
            "<span>Fin</span></div>"
            "<div class='row'><div class='col-lg-4'>Un</div>"
            "<div class='col-lg-4'>Deux</div></div>"
        )
        page = self._print(report).pages[0]
        for left, right in (("Gauche", "Droite"), ("Début", "Fin"), ("Un", "Deux")):
            first, second = self._find(page, left), self._find(page, right)
            self.assertAlmostEqual(first["top"], second["top"], delta=1)
            self.assertGreater(second["x0"], first["x1"] + 50)

    def test_page_breaks_are_obeyed(self):
        report = self._make_report(
            "<p>Un</p><p style='page-break-before: always'>Deux</p>"
            "<div style='page-break-inside: avoid'>Trois</div>"
        )
        texts = self._texts(self._print(report))
        self.assertEqual(len(texts), 2)
        self.assertIn("Deux", texts[1])

    def test_images_barcodes_and_qr_codes_are_printed(self):
        self.partner.image_1920 = base64.b64encode(png(size=(60, 60)))
        self.partner.ref = "M-0042"
        encoded = base64.b64encode(png("red")).decode()
        report = self._make_report(
            f"""<img src="data:image/png;base64,{encoded}"/>
            <img t-att-src="'/web/image/res.partner/%s/image_1920' % o.id"/>
            <img t-att-src="'/report/barcode/QR/%s?width=80' % o.id"/>
            <img src="/report/barcode/Code128/ABC?width=200&amp;height=40"/>
            <img src="/web/static/img/placeholder.png"/>
            <div t-field="o.ref" t-options="{{'widget': 'barcode', 'width': 90}}"/>""",
            layout="web.basic_layout",
        )
        self.assertEqual(len(self._print(report).pages[0].images), 6)

    def test_fonts_are_the_companys_and_come_from_the_modules(self):
        self.company.font = "Roboto"
        page = self._print(self._make_report("<p>Élégant</p>")).pages[0]
        fonts = {char["fontname"] for char in page.chars}
        self.assertTrue(any("Roboto" in font for font in fonts), fonts)

    def test_no_connection_is_opened(self):
        def forbidden(*_args, **_kwargs):
            raise AssertionError("a connection was opened")

        report = self._make_report(LINES)
        engine.STYLES.clear()
        with (
            patch.object(socket.socket, "connect", forbidden),
            patch.object(socket, "create_connection", forbidden),
        ):
            self.assertTrue(self._print(report).pages)

    def test_style_sheets_are_parsed_for_the_first_document_only(self):
        report = self._make_report("<p>Texte</p>")
        engine.STYLES.clear()
        with patch.object(styles, "CSS", wraps=styles.CSS) as parse:
            self._bytes(report)
            self.assertGreater(parse.call_count, 0)
            parse.reset_mock()
            self._bytes(report, self.partners)
            parse.assert_not_called()

    def test_the_file_tells_its_title_language_and_author(self):
        report = self._make_report(
            "<p>Texte</p>", print_report_name="'Fiche de %s' % object.name"
        )
        pdf = self._print(report, lang="en_US")
        metadata = pdf.metadata
        self.assertEqual(metadata["Title"], "Fiche de Atelier Boréal")
        self.assertEqual(metadata["Author"], COMPANY)
        self.assertEqual(pdf.doc.catalog["Lang"], b"en-US")

    def test_titles_become_bookmarks(self):
        report = self._make_report("<h2>Chapitre</h2><h3>Section</h3>")
        pdf = self._print(report)
        titles = [outline[1] for outline in pdf.doc.get_outlines()]
        self.assertEqual(titles, ["Chapitre", "Section"])

    def test_the_layout_follows_the_records_language(self):
        report = self._make_report("<p>Texte</p>", layout="web.external_layout")
        self.env["res.lang"]._activate_lang("fr_CA")
        self.partner.lang = "fr_CA"
        pdf = self._print(report, lang="fr_CA")
        self.assertEqual(pdf.doc.catalog["Lang"], b"fr-CA")

    def test_a_hundred_records_in_one_call(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Membre {i}"} for i in range(100)]
        )
        texts = self._texts(self._print(self._make_report(
            "<p t-out='o.name'/>"), partners))  # fmt: skip
        self.assertEqual(len(texts), 100)
        for number, text in enumerate(texts):
            self.assertIn(f"Membre {number}", text)
            self.assertIn("Page 1 / 1", text)
