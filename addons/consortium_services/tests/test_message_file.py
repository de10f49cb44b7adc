import io

from odoo import http
from odoo.tests import HttpCase, tagged

from .common_requests import PortalRequestCommon

PDF = b"%PDF-1.7\n1 0 obj\n"
PROGRAM = b"MZ\x90\x00programme"


@tagged("post_install", "-at_install")
class TestMessageFile(PortalRequestCommon, HttpCase):
    """Files joined to a message are received as those of a request are."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.aline = cls.representative()

    def setUp(self):
        super().setUp()
        self.login(self.aline)
        self.submit()
        self.lead = self.requests_of()

    def send(self, name, content):
        answer = self.url_open(
            "/mail/attachment/upload",
            data={
                "csrf_token": http.Request.csrf_token(self),
                "thread_model": "crm.lead",
                "thread_id": self.lead.id,
                "is_pending": "true",
                "token": self.lead._portal_ensure_token(),
            },
            files=[("ufile", (name, io.BytesIO(content)))],
        )
        self.assertEqual(answer.status_code, 200)
        return answer.json()

    def received(self, name):
        return self.env["ir.attachment"].search([("name", "=", name)]).raw

    def test_a_document_is_received_whole(self):
        answer = self.send("contrat.pdf", PDF)
        self.assertIn("data", answer)
        self.assertEqual(self.received("contrat.pdf"), PDF)

    def test_a_disguised_program_is_refused(self):
        answer = self.send("contrat.pdf", PROGRAM)
        self.assertIn("contrat.pdf", answer["error"])
        self.assertIn("n'est pas ce que dit son nom", answer["error"])
        self.assertFalse(self.received("contrat.pdf"))

    def test_a_big_file_is_refused(self):
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("consortium_services.max_file_mb", 1)
        answer = self.send("gros.pdf", PDF + b"0" * (2 * 1024 * 1024))
        self.assertIn("1 Mo", answer["error"])
        self.assertFalse(self.received("gros.pdf"))

    def test_the_cooperative_sends_what_it_wants(self):
        self.login(self.coordinator)
        self.assertIn("data", self.send("outil.exe", PROGRAM))
