import base64
import io
import logging

import pdfplumber
from odoo.tests import new_test_user, tagged
from odoo.tests.common import TransactionCase
from PIL import Image

POINTS_PER_MM = 72 / 25.4
LOGGER = "odoo.addons.report_weasyprint.models.ir_actions_report"
COMPANY = "Coopérative des lacs"


def png(color="#1f6f5c", size=(40, 20), kind="PNG"):
    """A small picture of one colour."""
    content = io.BytesIO()
    Image.new("RGB", size, color).save(content, kind)
    return content.getvalue()


@tagged("post_install", "-at_install")
class PaperCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name in ("report_weasyprint.engine", "report_weasyprint.strict"):
            cls.env["ir.config_parameter"].search([("key", "=", name)]).unlink()
        cls.company = cls.env.company
        cls.company.write(
            {
                "name": COMPANY,
                "logo": base64.b64encode(png(size=(120, 40))),
                "report_footer": "<p>Au juste coût</p>",
                "company_details": f"<p>{COMPANY}<br/>Québec</p>",
                "external_report_layout_id": cls.env.ref(
                    "web.external_layout_standard"
                ).id,
                "paperformat_id": cls.env.ref("base.paperformat_euro").id,
            }
        )
        # Made once, instead of once a test.
        for bundle in ("web.report_assets_common", "web.report_assets_pdf"):
            cls.env["ir.qweb"]._get_asset_bundle(
                bundle, css=True, js=False, autoprefix=True
            ).css()
        cls.partners = cls.env["res.partner"].create(
            [{"name": name} for name in ("Atelier Boréal", "Brasserie du Fjord")]
        )
        cls.partner = cls.partners[0]
        cls.user = new_test_user(
            cls.env, "paper_reader", "base.group_user", name="Lectrice"
        )

    @classmethod
    def _make_report(cls, content, layout="web.external_layout", **values):
        """A report on partners whose body is ``content``."""
        name = f"report_weasyprint.test_{len(cls.env['ir.ui.view'].search([]))}"
        wrapped = f'<t t-call="{layout}"><div class="page">{content}</div></t>'
        if not layout:
            wrapped = content
        arch = f"""
            <t t-name="{name}"><t t-call="web.html_container">
                <t t-foreach="docs" t-as="o">{wrapped}</t>
            </t></t>"""
        return cls._make_bare_report(name, arch, **values)

    @classmethod
    def _make_bare_report(cls, name, arch, **values):
        """A report on partners whose template is ``arch``."""
        cls.env["ir.ui.view"].create(
            {"name": name, "key": name, "type": "qweb", "arch": arch}
        )
        return cls.env["ir.actions.report"].create(
            {
                "name": "Fiche",
                "model": "res.partner",
                "report_type": "qweb-pdf",
                "report_name": name,
                **values,
            }
        )

    def _bytes(self, report, records=None, user=None, **context):
        """The PDF as the user gets it."""
        reports = self.env["ir.actions.report"].with_context(
            force_report_rendering=True, **context
        )
        ids = self.partner.ids if records is None else records.ids
        content, kind = reports.with_user(user or self.env.user)._render_qweb_pdf(
            report.report_name, ids
        )
        self.assertEqual(kind, "pdf")
        return content

    def _print(self, report, records=None, **context):
        """The PDF, opened with a library that is not the one that made it."""
        return self._open(self._bytes(report, records, **context))

    def _open(self, content):
        # pdfminer tells of each object that it reads.
        logging.getLogger("pdfminer").setLevel(logging.ERROR)
        pdf = pdfplumber.open(io.BytesIO(content))
        self.addCleanup(pdf.close)
        return pdf

    def _texts(self, pdf):
        return [page.extract_text() for page in pdf.pages]

    def _find(self, page, word):
        """The first word of that text on the page, with its position."""
        found = [each for each in page.extract_words() if word in each["text"]]
        self.assertTrue(found, f"{word!r} is not on the page: {page.extract_text()}")
        return found[0]

    def _paper(self, **values):
        """A paper format; portrait letter with usual margins unless told."""
        return self.env["report.paperformat"].create(
            {
                "name": "Test",
                "format": "Letter",
                "orientation": "Portrait",
                "margin_top": 40,
                "margin_bottom": 25,
                "margin_left": 7,
                "margin_right": 7,
                "header_spacing": 35,
                "dpi": 90,
                **values,
            }
        )
