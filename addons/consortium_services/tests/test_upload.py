import io
import zipfile

from odoo.tests import BaseCase, tagged
from odoo.tools.mimetypes import guess_mimetype

from ..tools import upload

PDF = b"%PDF-1.7\n1 0 obj\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01"
LIMIT = 20 * upload.MEGABYTE


def archive(*names):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as file:
        for name in names:
            file.writestr(name, "x")
    return stream.getvalue()


DOCX = archive("[Content_Types].xml", "word/document.xml")
XLSX = archive("[Content_Types].xml", "xl/workbook.xml")


@tagged("post_install", "-at_install")
class TestUpload(BaseCase):
    def problem(self, name, content, limit=LIMIT):
        return upload.problem(name, content, guess_mimetype(content), limit)

    def test_what_is_received(self):
        for name, content in (
            ("contrat.pdf", PDF),
            ("Contrat.PDF", PDF),
            ("logo.png", PNG),
            ("lettre.docx", DOCX),
            ("budget.xlsx", XLSX),
            ("notes.txt", "Été à Québec".encode()),
            ("notes.csv", "Été;à;Québec".encode("latin-1")),
        ):
            self.assertIsNone(self.problem(name, content), name)

    def test_forty_megabytes(self):
        content = PDF + b"0" * (40 * upload.MEGABYTE)
        self.assertEqual(self.problem("gros.pdf", content), "size")

    def test_the_limit_itself_is_received(self):
        content = PDF + b"0" * (LIMIT - len(PDF))
        self.assertIsNone(self.problem("limite.pdf", content))
        self.assertEqual(self.problem("limite.pdf", content + b"0"), "size")

    def test_disguised(self):
        for name, content in (
            ("facture.pdf", b"MZ\x90\x00\x03\x00\x00\x00"),
            ("facture.pdf", b"<html><script>alert(1)</script></html>"),
            ("photo.jpg", PDF),
            ("lettre.docx", archive("virus.exe")),
            ("lettre.docx", XLSX),
            ("notes.txt", b"<script>alert(1)</script>"),
            ("notes.txt", b"#!/bin/sh\nrm"),
            ("notes.csv", b"a;b\x00c"),
        ):
            self.assertEqual(self.problem(name, content), "disguised", name)

    def test_kinds_that_are_not_received(self):
        for name in ("a.exe", "a.html", "a.svg", "a.zip", "a", ".pdf", "a.pdf.js"):
            self.assertEqual(self.problem(name, PDF), "kind", name)

    def test_empty(self):
        self.assertEqual(self.problem("vide.pdf", b""), "empty")
