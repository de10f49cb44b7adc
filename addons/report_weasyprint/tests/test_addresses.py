from odoo.tests import tagged
from odoo.tests.common import BaseCase

from ..tools import addresses

OWN = "https://coop.example"


@tagged("post_install", "-at_install")
class TestAddresses(BaseCase):
    def _address(self, path):
        return addresses.read(
            path if ":" in path.split("/")[0] or path.startswith("//") else OWN + path,
            {addresses.origin(OWN)},
        )

    def refused(self, *urls):
        for url in urls:
            with self.subTest(url=url), self.assertRaises(addresses.Refused):
                self._address(url)

    def test_images_in_each_of_cores_forms(self):
        for path, expected in {
            "/web/image/7": {"id": 7},
            "/web/image/7-abc/20x30/a.png": {
                "id": 7, "unique": "abc", "width": 20, "height": 30,
                "filename": "a.png",
            },
            "/web/image/base.main_company": {"xmlid": "base.main_company"},
            "/web/image/res.partner/3/image_128": {
                "model": "res.partner", "id": 3, "field": "image_128",
            },
            "/web/image?model=res.partner&id=3&field=avatar_128": {
                "model": "res.partner", "id": "3", "field": "avatar_128",
            },
        }.items():  # fmt: skip
            with self.subTest(path=path):
                address = self._address(path)
                self.assertEqual((address.kind, address.values), ("image", expected))

    def test_other_kinds(self):
        for path, kind in {
            "/web/content/12": "content",
            "/web/assets/1a2b/web.report_assets_common.min.css": "assets",
            "/report/barcode/QR/a/b": "barcode",
            "/report/barcode/?barcode_type=QR&value=x": "barcode",
            "/web/static/img/logo.png": "static",
            "/logo.png": "logo",
            "data:image/png;base64,AA==": "data",
        }.items():
            with self.subTest(path=path):
                self.assertEqual(self._address(path).kind, kind)

    def test_barcode_values_keep_their_slashes_and_escapes(self):
        address = self._address("/report/barcode/QR/a%2Fb%20c?width=200")
        self.assertEqual(
            address.values, {"barcode_type": "QR", "value": "a/b c", "width": "200"}
        )

    def test_other_hosts_and_schemes_are_refused(self):
        self.refused(
            "http://elsewhere.example/web/image/1",
            "https://coop.example.evil/web/image/1",
            "https://coop.example@evil.example/web/image/1",
            "https://evil.example\\@coop.example/web/image/1",
            "http://coop.example/web/image/1",
            "https://coop.example:8443/web/image/1",
            "//evil.example/web/image/1",
            "file:///etc/passwd",
            "ftp://coop.example/x",
            "gopher://coop.example/x",
            "http://[::1/web/image/1",
        )

    def test_static_files_cannot_be_left(self):
        self.refused(
            "/web/static/../../../etc/passwd",
            "/web/static/%2e%2e/%2e%2e/__manifest__.py",
            "/web/static/..%2f..%2fmodels/x.py",
            "/web/static/img\\..\\..\\x",
            "/web/static/img/a%00.png",
        )

    def test_other_routes_are_refused(self):
        self.refused(
            "/", "/web/session/logout", "/web/database/manager", "/json/1/x",
            "//web/image/1", "/report/pdf/base.report_irmodeloverview/1",
        )  # fmt: skip
