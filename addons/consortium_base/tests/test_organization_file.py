"""Files of organizations: what is read, what is refused, what is given back."""

import base64
import io
import struct
import zipfile

import openpyxl
from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from ..tools import organization_file
from .common_organization import HEADER, OrganizationCase


def workbook(rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@tagged("post_install", "-at_install")
class TestOrganizationFile(OrganizationCase):
    def test_encodings(self):
        text = "Nom;Région\nCoopérative Été;Montréal\n"
        for encoding in ("utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"):
            with self.subTest(encoding):
                import_ = self.check(text.encode(encoding))
                self.assertEqual(import_.line_ids.name, "Coopérative Été")
                self.assertEqual(import_.create_count, 1)
                self.assertEqual(
                    bool(import_.remarks), not encoding.startswith("utf-8")
                )

    def test_bad_files(self):
        good = workbook([["Nom"], ["A"]])
        bomb = io.BytesIO()
        with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/workbook.xml", b"0" * (301 * 1024 * 1024))
        for content, name, words in (
            (b"", "a.csv", "Choose a file"),
            (b"\n\n", "a.csv", "is empty"),
            (b"Ville\nL", "a.csv", "« Nom » is missing"),
            (b"Nom;Name\nA;B\n", "a.csv", "there twice"),
            (b"Nom;Ville\n\n", "a.csv", "no row under it"),
            (b"Nom\nA\x81\x8d\n", "a.csv", "cannot be read"),
            (b"PK\x03\x04 not a zip", "a.xlsx", "not a readable Excel"),
            (good[:-300], "a.xlsx", "not a readable Excel"),
            (bomb.getvalue(), "a.xlsx", "larger than 20 MB"),
            (b"Nom\nA\n", "a.xlsx", "not a readable Excel"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 99, "a.xls", "old Excel"),
            (b"Nom\n" + b"A" * organization_file.MAX_BYTES, "a.csv", "larger than"),
            (b"Nom\n" + struct.pack("40s", b"A"), "a.csv", "neither text|Excel|read"),
            (b"Nom\n" + b"A\n" * 50_001, "a.csv", "more than 50000 rows"),
            ('Nom\n"' + "A\n" * 70_000, "a.csv", "quotation mark"),
            (b"Nom\n" + b";" * 100_001, "a.csv", "more than 100000 characters"),
            (b"Nom" + b";" * 200, "a.csv", "more than 200 columns"),
            (b"Nom\nA" + b";" * 200, "a.csv", "more than 200 columns"),
            (workbook([["Nom"] + [""] * 199 + ["x"]]), "a.xlsx", "than 200 columns"),
            (b"\n" * 1_001 + b"Nom\nA\n", "a.csv", "first 1000 rows"),
            (workbook([[]] * 1_001 + [["Nom"], ["A"]]), "a.xlsx", "first 1000 rows"),
        ):
            with self.subTest(words):
                import_ = self.import_of(content, name)
                with self.assertRaisesRegex(UserError, words):
                    import_.action_check()
                self.assertEqual(import_.state, "draft")
                self.assertFalse(import_.line_ids)

    def test_xlsx(self):
        import_ = self.check(
            workbook(
                [
                    ["Nom", "NEQ", "Depuis", "Inconnue"],
                    ["A", 1142345678, None, None],
                    ["=CONCAT(1,2)", None, None, None],
                    [None, None, None, None],
                    ["C", "1142345679", None, "x"],
                ]
            ),
            name="a.xlsx",
        )
        self.assertEqual(import_.line_ids.mapped("number"), [2, 3, 5])
        self.assertEqual(import_.line_ids[0].neq, "1142345678")
        self.assertIn("formula", import_.line_ids[1].message)
        self.assertIn("Inconnue", import_.remarks)

    def test_templates_can_be_imported(self):
        import_ = self.import_of("Nom\nA\n")
        for lang in ("fr_CA", "en_US"):
            for name in ("template_csv", "template_xlsx"):
                with self.subTest(lang=lang, name=name):
                    content = base64.b64decode(import_.with_context(lang=lang)[name])
                    rows, remarks = organization_file.read(content)
                    self.assertEqual(len(rows), 1)
                    self.assertNotIn("unused", remarks)

    def test_report(self):
        import_ = self.check(HEADER + "A;;;;;;;\n=1+1;;;;;;;\n").with_context(
            lang="fr_CA"
        )
        content = base64.b64decode(import_.report_file)
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        rows = list(sheet.iter_rows(values_only=True))
        self.assertEqual(rows[0][:3], ("Ligne", "Nom", "NEQ"))
        self.assertEqual(rows[2][1], "=")
        self.assertEqual(sheet["B3"].data_type, "s")
        self.assertEqual(rows[2][3:5], ("Refus", "Non importée"))


@tagged("post_install", "-at_install")
class TestOrganizationFileDownload(HttpCase):
    def test_downloads(self):
        import_ = self.env["consortium.organization.import"].create(
            {"name": "a.csv", "file": base64.b64encode(b"Nom\nA\n")}
        )
        self.authenticate("admin", "admin")
        for name in ("template_csv", "template_xlsx", "report_file"):
            action = import_.with_context(consortium_file=name).action_download()
            answer = self.url_open(action["url"])
            self.assertEqual(answer.status_code, 200)
            self.assertIn("attachment", answer.headers["Content-Disposition"])
