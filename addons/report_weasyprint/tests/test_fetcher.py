import base64
import io
import socket
from unittest.mock import patch

from odoo.tests import tagged
from PIL import Image

from ..tools.addresses import Refused
from ..tools.fetcher import Fetcher
from .common import PaperCase, png

BASE = "http://coop.example:8069"


@tagged("post_install", "-at_install")
class TestFetcher(PaperCase):
    def setUp(self):
        super().setUp()
        self.fetcher = self._fetcher(self.user)
        self.picture = png()
        self.attachment = self.env["ir.attachment"].create(
            {"name": "a.png", "raw": self.picture, "public": True}
        )

    def _fetcher(self, user):
        return Fetcher(self.env(user=user), {BASE})

    def _get(self, path, fetcher=None):
        return (fetcher or self.fetcher).fetch(f"{BASE}{path}").read()

    def _refused(self, path, reason, fetcher=None):
        with self.assertRaisesRegex(Refused, reason):
            self._get(path, fetcher)

    def test_public_attachments_are_read(self):
        self.assertEqual(self._get(f"/web/image/{self.attachment.id}"), self.picture)
        self.assertEqual(self._get(f"/web/content/{self.attachment.id}"), self.picture)

    def test_images_are_resized_as_the_address_says(self):
        content = self._get(f"/web/image/{self.attachment.id}/10x10")
        self.assertEqual(Image.open(io.BytesIO(content)).size, (10, 5))

    def test_fields_of_records_are_read(self):
        self.partner.image_1920 = base64.b64encode(self.picture)
        content = self._get(f"/web/image/res.partner/{self.partner.id}/image_1920")
        self.assertEqual(Image.open(io.BytesIO(content)).size, (40, 20))
        external = self.env["ir.model.data"].create(
            {
                "module": "test_paper",
                "name": "partner",
                "model": "res.partner",
                "res_id": self.partner.id,
            }
        )
        path = f"/web/image/{external.complete_name}?field=image_1920"
        self.assertEqual(self._get(path), content)

    def test_an_empty_image_gives_its_placeholder(self):
        content = self._get(f"/web/image/res.partner/{self.partner.id}/image_128")
        self.assertTrue(Image.open(io.BytesIO(content)).size)

    def test_anothers_attachment_is_refused(self):
        secret = self.env["ir.attachment"].create(
            {"name": "s.png", "raw": self.picture, "res_model": "ir.config_parameter",
             "res_id": 1}
        )  # fmt: skip
        self._refused(f"/web/image/{secret.id}", "missing")
        self._refused(f"/web/content/{secret.id}", "missing")
        admin = self._fetcher(self.env.ref("base.user_admin"))
        self.assertEqual(self._get(f"/web/image/{secret.id}", admin), self.picture)

    def test_a_record_rule_counts(self):
        self.partner.image_1920 = base64.b64encode(self.picture)
        self.env["ir.rule"].create(
            {
                "name": "none of them",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {self.partner.id})]",
            }
        )
        path = f"/web/image/res.partner/{self.partner.id}/image_1920"
        self._refused(path, "missing")

    def test_superuser_mode_gives_a_reader_no_right(self):
        secret = self.env["ir.attachment"].create({"name": "s", "raw": self.picture})
        elevated = Fetcher(self.env(user=self.user, su=True), {BASE})
        self._refused(f"/web/image/{secret.id}", "missing", elevated)

    def test_fields_that_are_no_files_are_refused(self):
        path = f"/web/content/res.partner/{self.partner.id}/name"
        self._refused(path, "content")
        self._refused("/web/image/res.users/1/password", "missing|content")
        self._refused("/web/image/no.model/1/x", "missing")
        self._refused("/web/image/999999999", "missing")

    def test_a_redirection_is_followed_to_static_files_only(self):
        for url, reason in {
            "https://evil.example/x.png": "outside",
            "file:///etc/passwd": "outside",
            "/web/static/../../etc/passwd": "outside",
            "/web/image/1": "outside",
            "/web/static/no.png": "missing",
        }.items():
            with self.subTest(url=url):
                link = self.env["ir.attachment"].create(
                    {"name": "l", "type": "url", "url": url, "public": True}
                )
                self._refused(f"/web/image/{link.id}", reason)
        link = self.env["ir.attachment"].create(
            {"name": "l", "type": "url", "url": "/web/static/img/logo.png",
             "public": True}
        )  # fmt: skip
        self.assertTrue(self._get(f"/web/image/{link.id}"))

    def test_static_files_are_read_from_the_disk(self):
        self.assertTrue(self._get("/web/static/img/logo.png").startswith(b"\x89PNG"))
        self._refused("/web/static/img/none.png", "missing")
        self._refused("/no_module/static/x.png", "missing")

    def test_barcodes_are_drawn(self):
        for path in (
            "/report/barcode/QR/https%3A%2F%2Fcoop.example?width=80&height=80",
            "/report/barcode/?barcode_type=Code128&value=ABC&width=200&height=40",
            "/report/barcode/EAN13/5901234123457",
        ):
            with self.subTest(path=path):
                image = Image.open(io.BytesIO(self._get(path)))
                self.assertEqual(image.format, "PNG")
        self._refused("/report/barcode/QR/x?width=99999&height=99999", "content")
        self._refused("/report/barcode/", "content")

    def test_the_companys_logo_is_read(self):
        self.assertTrue(Image.open(io.BytesIO(self._get("/logo.png"))).size)

    def test_bundles_are_made_when_they_are_missing(self):
        css = self._get("/web/assets/000000/web.report_assets_common.min.css")
        self.assertIn(b".o_company_logo", css)
        self._refused("/web/assets/0/web.report_assets_common.min.js", "content")

    def test_data_addresses_are_decoded(self):
        encoded = base64.b64encode(self.picture).decode()
        response = self.fetcher.fetch(f"data:image/png;base64,{encoded}")
        self.assertEqual(response.read(), self.picture)
        self.assertEqual(response.content_type, "image/png")
        self.assertEqual(self.fetcher.fetch("data:,a%20b").read(), b"a b")

    def test_no_connection_is_ever_opened(self):
        def forbidden(*_args, **_kwargs):
            raise AssertionError("a connection was opened")

        with (
            patch.object(socket.socket, "connect", forbidden),
            patch.object(socket, "create_connection", forbidden),
            patch.object(socket, "getaddrinfo", forbidden),
        ):
            for url in (
                "https://evil.example/x.png", "http://127.0.0.1:8069/web/image/1",
                "ftp://evil.example/x", "file:///etc/passwd", "//evil.example/x",
            ):  # fmt: skip
                with self.subTest(url=url), self.assertRaises(Refused):
                    self.fetcher.fetch(url)
            self._get(f"/web/image/{self.attachment.id}")
        self.assertEqual(set(self.fetcher.problems.values()), {"outside"})
