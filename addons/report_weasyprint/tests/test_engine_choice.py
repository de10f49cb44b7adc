from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import PaperCase

STATE = "odoo.addons.base.models.ir_actions_report._wkhtml"
RUN = "odoo.addons.base.models.ir_actions_report.IrActionsReport._run_wkhtmltopdf"


@tagged("post_install", "-at_install")
class TestEngineChoice(PaperCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.report = cls._make_report("<p>Bonjour</p>")
        cls.parameters = cls.env["ir.config_parameter"]

    def _engine(self):
        return self.report._get_pdf_engine()

    def test_weasyprint_prints_unless_told_otherwise(self):
        self.assertEqual(self._engine(), "weasyprint")
        producer = self._print(self.report).metadata["Producer"]
        self.assertIn("WeasyPrint", producer)

    def test_the_system_parameter_decides_for_all(self):
        self.parameters.set_param("report_weasyprint.engine", "wkhtmltopdf")
        self.assertEqual(self._engine(), "wkhtmltopdf")
        self.parameters.set_param("report_weasyprint.engine", "nonsense")
        self.assertEqual(self._engine(), "weasyprint")

    def test_the_report_has_the_last_word(self):
        self.parameters.set_param("report_weasyprint.engine", "wkhtmltopdf")
        self.report.pdf_engine = "weasyprint"
        self.assertEqual(self._engine(), "weasyprint")
        self.parameters.set_param("report_weasyprint.engine", "weasyprint")
        self.report.pdf_engine = "wkhtmltopdf"
        self.assertEqual(self._engine(), "wkhtmltopdf")

    def test_a_user_prints_without_reading_parameters(self):
        self.parameters.set_param("report_weasyprint.engine", "wkhtmltopdf")
        self.assertEqual(self.report.with_user(self.user).sudo(False), self.report)
        engine = self.env["ir.actions.report"].with_user(self.user)._get_pdf_engine()
        self.assertEqual(engine, "wkhtmltopdf")

    def test_the_other_engine_is_bases(self):
        self.report.pdf_engine = "wkhtmltopdf"
        with patch(RUN, return_value=b"%PDF-other") as run, patch(STATE) as state:
            state.return_value.state = "ok"
            self.assertEqual(self._bytes(self.report), b"%PDF-other")
        run.assert_called_once()

    def test_the_client_is_told_that_it_may_print(self):
        reports = self.env["ir.actions.report"]
        with patch(STATE) as state:
            state.return_value.state = "install"
            self.assertEqual(reports.get_wkhtmltopdf_state(), "ok")
            self._bytes(self.report)

    def test_a_report_that_needs_the_missing_program_says_so(self):
        self.report.pdf_engine = "wkhtmltopdf"
        with patch(STATE) as state, self.assertRaisesRegex(UserError, "Wkhtmltopdf"):
            state.return_value.state = "install"
            self._bytes(self.report)

    def test_the_engine_is_chosen_on_the_reports_form(self):
        with Form(self.report, "base.act_report_xml_view") as form:
            form.pdf_engine = "wkhtmltopdf"
        self.assertEqual(self.report.pdf_engine, "wkhtmltopdf")
