import base64
import io

from odoo.tests import tagged
from odoo.tools.pdf import OdooPdfFileReader, OdooPdfFileWriter

from .common import PaperCase, png

LONG = "<p t-foreach='range(o.name[0] == \"A\" and 70 or 20)' t-as='i'>Ligne</p>"


@tagged("post_install", "-at_install")
class TestStreams(PaperCase):
    def _streams(self, report, records, **context):
        reports = self.env["ir.actions.report"].with_context(**context)
        return reports._render_qweb_pdf_prepare_streams(
            report.report_name, {}, res_ids=records.ids
        )

    def test_each_record_is_a_document_with_its_own_page_count(self):
        report = self._make_report(f"<p t-out='o.name'/>{LONG}")
        streams = self._streams(report, self.partners)
        self.assertEqual(list(streams), self.partners.ids)
        texts = [
            self._texts(self._open(streams[partner.id]["stream"].getvalue()))
            for partner in self.partners
        ]
        self.assertGreater(len(texts[0]), 1)
        self.assertIn(f"1 / {len(texts[0])}", texts[0][0])
        self.assertEqual(len(texts[1]), 1)
        self.assertIn("1 / 1", texts[1][0])
        self.assertIn("Brasserie", texts[1][0])

    def test_one_file_of_several_records_keeps_their_counts(self):
        report = self._make_report(f"<p t-out='o.name'/>{LONG}")
        texts = self._texts(self._print(report, self.partners))
        self.assertIn(f"1 / {len(texts) - 1}", texts[0])
        self.assertIn("1 / 1", texts[-1])

    def test_one_file_of_several_records_has_a_bookmark_for_each(self):
        report = self._make_report(
            f"<p t-out='o.name'/>{LONG}", print_report_name="object.name"
        )
        pdf = self._print(report, self.partners, lang="en_US")
        titles = [outline[1] for outline in pdf.doc.get_outlines()]
        self.assertEqual(titles, self.partners.mapped("name"))
        self.assertEqual(pdf.doc.catalog["Lang"], b"en-US")
        self.assertGreater(len(pdf.pages), 2)

    def test_several_documents_of_one_record_stay_together(self):
        article = (
            "<div class='article' data-oe-model='res.partner' t-att-data-oe-id='o.id'>"
            "{} <t t-out='o.name'/></div>"
        )
        report = self._make_report(
            article.format("Lettre") + article.format("Copie"), layout=None
        )
        streams = self._streams(report, self.partners)
        for partner in self.partners:
            pdf = self._open(streams[partner.id]["stream"].getvalue())
            texts = self._texts(pdf)
            self.assertEqual(len(texts), 2)
            self.assertTrue(all(partner.name in text for text in texts))

    def test_a_report_of_no_record(self):
        name = "report_weasyprint.test_none"
        arch = f"""<t t-name="{name}"><t t-call="web.html_container">
            <t t-call="web.internal_layout"><p>Sans fiche</p></t></t></t>"""
        report = self._make_bare_report(name, arch)
        streams = self._streams(report, self.env["res.partner"])
        self.assertEqual(list(streams), [False])
        (text,) = self._texts(self._print(report, self.env["res.partner"]))
        self.assertIn("Sans fiche", text)
        self.assertIn("Coopérative", text)

    def test_a_record_asked_for_twice_is_printed_twice(self):
        report = self._make_report("<p t-out='o.name'/>")
        content, _kind = self.env["ir.actions.report"].with_context(
            force_report_rendering=True
        )._render_qweb_pdf(report.report_name, self.partner.ids * 2)  # fmt: skip
        self.assertEqual(len(self._open(content).pages), 2)

    def test_a_document_of_all_records_is_one_file(self):
        name = "report_weasyprint.test_all"
        arch = f"""<t t-name="{name}"><t t-call="web.html_container">
            <t t-call="web.basic_layout"><p t-foreach="docs" t-as="partner"
            t-out="partner.name"/></t></t></t>"""
        (text,) = self._texts(
            self._print(self._make_bare_report(name, arch), self.partners)
        )
        for partner in self.partners:
            self.assertIn(partner.name, text)

    def test_each_record_s_pdf_is_saved_with_it(self):
        report = self._make_report("<p/>", attachment="object.name + '.pdf'")
        self._bytes(report, self.partners)
        for partner in self.partners:
            saved = report.retrieve_attachment(partner)
            self.assertEqual(saved.mimetype, "application/pdf")
            self.assertEqual(len(self._open(saved.raw).pages), 1)

    def test_a_saved_pdf_is_reloaded(self):
        report = self._make_report(
            "<p t-out='o.name'/>", attachment="'f.pdf'", attachment_use=True
        )
        first = self._bytes(report)
        self.partner.name = "Autre nom"
        self.assertEqual(self._bytes(report), first)
        report.attachment_use = False
        self.assertIn("Autre nom", self._texts(self._print(report))[0])

    def test_only_what_is_not_saved_is_rendered(self):
        report = self._make_report(
            "<p t-out='o.name'/>", attachment="'f.pdf'", attachment_use=True
        )
        self._bytes(report)
        self.partner.name = "Autre nom"
        texts = self._texts(self._print(report, self.partners))
        self.assertIn("Boréal", texts[0])
        self.assertIn("Brasserie", texts[1])

    def test_a_saved_picture_becomes_a_page(self):
        report = self._make_report("<p/>", attachment="'f.png'", attachment_use=True)
        self.env["ir.attachment"].create(
            {
                "name": "f.png",
                "datas": base64.b64encode(png()),
                "res_model": "res.partner",
                "res_id": self.partner.id,
            }
        )
        self.assertEqual(len(self._print(report).pages), 1)

    def test_nothing_is_saved_when_asked_not_to(self):
        report = self._make_report("<p/>", attachment="'f.pdf'")
        self._bytes(report, report_pdf_no_attachment=True)
        self.assertFalse(report.retrieve_attachment(self.partner))

    def test_complete_pages_given_directly_are_printed(self):
        bodies = ["<html><body><p>Un</p></body></html>", "<p>Deux</p>"]
        header = "<html><body><p>Entête <span class='page'/></p></body></html>"
        content = self.env["ir.actions.report"]._run_wkhtmltopdf(
            bodies, header=header, landscape=True
        )
        pdf = self._open(content)
        self.assertEqual(len(pdf.pages), 2)
        for page, word in zip(pdf.pages, ("Un", "Deux"), strict=True):
            self.assertGreater(page.width, page.height)
            self.assertIn("Entête 1", page.extract_text())
            self.assertIn(word, page.extract_text())

    def test_a_file_can_be_embedded_afterwards(self):
        """As core does with the XML of an electronic invoice."""
        report = self._make_report("<p>Facture</p>")
        stream = self._streams(report, self.partner)[self.partner.id]["stream"]
        writer = OdooPdfFileWriter()
        writer.cloneReaderDocumentRoot(OdooPdfFileReader(stream, strict=False))
        writer.addAttachment("factur-x.xml", b"<x/>", subtype="text/xml")
        result = io.BytesIO()
        writer.write(result)
        reader = OdooPdfFileReader(io.BytesIO(result.getvalue()), strict=False)
        self.assertEqual(list(reader.getAttachments()), [("factur-x.xml", b"<x/>")])
        self.assertIn("Facture", self._texts(self._open(result.getvalue()))[0])
