from unittest.mock import patch

import psycopg2.errors
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..tools import engine
from .common import LOGGER, PaperCase


@tagged("post_install", "-at_install")
class TestErrors(PaperCase):
    def _fails(self, report, records=None, *words):
        """Printing fails in one sentence with these words; return it."""
        with (
            self.assertLogs(LOGGER, "ERROR") as logged,
            self.assertRaises(UserError) as caught,
        ):
            self._bytes(report, records)
        sentence = str(caught.exception)
        self.assertNotIn("\n", sentence)
        self.assertIn(sentence, logged.output[0])
        for word in ("Fiche", *words):
            self.assertIn(word, sentence)
        return sentence

    def test_a_template_error_names_report_record_and_reason(self):
        report = self._make_report("<p t-out='1 / 0'/>")
        self._fails(report, self.partner, "Atelier Boréal", "ZeroDivisionError")

    def test_the_failing_record_of_several_is_found(self):
        report = self._make_report("<p t-out=\"1 / (o.name[0] != 'B')\"/>")
        sentence = self._fails(report, self.partners, "Brasserie du Fjord")
        self.assertNotIn("Atelier", sentence)

    def test_an_engine_failure_names_the_record(self):
        report = self._make_report("<p>Bonjour</p>")
        with patch.object(engine, "_render", side_effect=RuntimeError("no ink")):
            self._fails(report, self.partner, "Atelier Boréal", "no ink")

    def test_nothing_to_print_is_an_error_not_an_empty_page(self):
        report = self._make_report("<t/>", layout=None)
        self._fails(report, self.partner, "Atelier Boréal")

    def test_the_sentence_is_in_the_users_language(self):
        self.env["res.lang"]._activate_lang("fr_CA")
        report = self._make_report("<t/>", layout=None)
        with (
            self.assertLogs(LOGGER, "ERROR"),
            self.assertRaisesRegex(UserError, "ne peut être imprimé.*rien à imprimer"),
        ):
            self._bytes(report, lang="fr_CA")

    def test_nothing_is_saved_when_printing_fails(self):
        report = self._make_report("<p t-out='1 / 0'/>", attachment="'fiche.pdf'")
        self._fails(report)
        self.assertFalse(self.env["ir.attachment"].search([("name", "=", "fiche.pdf")]))

    def test_what_others_tell_the_user_passes_as_it_is(self):
        report = self._make_report("<p>Bonjour</p>")
        with (
            patch.object(
                type(report), "_render_qweb_html", side_effect=UserError("Non.")
            ),
            self.assertRaisesRegex(UserError, "^Non.$"),
        ):
            self._bytes(report)

    def test_a_lost_transaction_is_left_to_be_retried(self):
        report = self._make_report("<img src='/web/image/1'/>")
        lost = psycopg2.errors.SerializationFailure()
        binary = type(self.env["ir.binary"])
        with (
            patch.object(binary, "_find_record", side_effect=lost),
            self.assertRaises(psycopg2.errors.SerializationFailure),
        ):
            self._bytes(report)

    def test_attachments_need_to_know_their_record(self):
        report = self._make_report(
            "<div class='article'>Bonjour</div>", layout=None, attachment="'a.pdf'"
        )
        self._fails(report)

    def _leaves_out(self, source):
        report = self._make_report(f"<p>Avant</p><img src='{source}' alt='?'/>")
        with self.assertLogs(LOGGER, "WARNING") as logged:
            pdf = self._print(report)
        self.assertEqual(len(logged.output), 1)
        self.assertIn("Atelier Boréal", logged.output[0])
        self.assertIn("Avant", pdf.pages[0].extract_text())
        return logged.output[0]

    def test_a_remote_image_is_left_out_and_told(self):
        self.assertIn("evil.example", self._leaves_out("https://evil.example/x.png"))

    def test_a_local_file_is_left_out_and_told(self):
        self.assertIn("file:", self._leaves_out("file:///etc/hostname"))

    def test_a_missing_image_is_left_out_and_told(self):
        self.assertIn("999999999", self._leaves_out("/web/image/999999999"))

    def test_a_damaged_image_is_left_out_and_told(self):
        self.assertIn("data:", self._leaves_out("data:image/png;base64,AAAA"))

    def test_strict_means_no_file_without_its_images(self):
        self.env["ir.config_parameter"].set_param("report_weasyprint.strict", "True")
        report = self._make_report("<img src='https://evil.example/x.png'/>")
        self._fails(report, self.partner, "Atelier Boréal", "evil.example")

    def test_styles_reach_nothing_outside_either(self):
        report = self._make_report(
            "<link rel='stylesheet' href='https://evil.example/a.css'/>"
            "<style>@import url(file:///etc/passwd);"
            "p {background: url(http://evil.example/b.png)}</style>"
            "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>"
            "<image href='file:///etc/hostname' width='9' height='9'/></svg>"
            "<p>Texte</p>"
        )
        with self.assertLogs(LOGGER, "WARNING") as logged:
            pdf = self._print(report)
        self.assertIn("Texte", pdf.pages[0].extract_text())
        for address in ("evil.example/a.css", "evil.example/b.png", "file:"):
            self.assertIn(address, logged.output[0])
