import json
from unittest.mock import patch
from urllib.parse import urlencode

from odoo.tests import tagged
from odoo.tests.common import HttpCase

STATE = "odoo.addons.base.models.ir_actions_report._wkhtml"
REPORT = "web.preview_externalreport"


@tagged("post_install", "-at_install")
class TestClient(HttpCase):
    """What the web client asks for, on a server without wkhtmltopdf."""

    def setUp(self):
        super().setUp()
        missing = patch(STATE)
        missing.start().return_value.state = "install"
        self.addCleanup(missing.stop)
        # A fresh test database has no administrator's password but this one.
        self.authenticate("admin", "admin")

    def test_the_client_learns_that_printing_is_possible(self):
        answer = self.make_jsonrpc_request("/report/check_wkhtmltopdf", {})
        self.assertEqual(answer, "ok")

    def test_the_download_is_a_pdf(self):
        url = f"/report/pdf/{REPORT}/{self.env.company.id}"
        with patch(
            "odoo.addons.base.models.ir_actions_report.IrActionsReport"
            "._pre_render_qweb_pdf",
            lambda self, ref, res_ids=None, data=None: (
                self._render_qweb_pdf_prepare_streams(ref, data, res_ids=res_ids),
                "pdf",
            ),
        ):
            data = urlencode({"data": json.dumps([url, "qweb-pdf"])})
            answer = self.url_open(f"/report/download?{data}")
        answer.raise_for_status()
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.assertTrue(answer.content.startswith(b"%PDF"))
