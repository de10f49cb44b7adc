import io
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tests.common import TransactionCase
from PIL import Image
from reportlab.graphics.utils import RenderPMError

from ..tools import barcodes

DRAWING = "odoo.addons.base.models.ir_actions_report.createBarcodeDrawing"


def runs(row):
    """How long each bar and each space of a row is."""
    lengths, previous = [], None
    for dark in row:
        if dark == previous:
            lengths[-1] += 1
        else:
            lengths.append(1)
        previous = dark
    return lengths


@tagged("post_install", "-at_install")
class TestBarcodes(TransactionCase):
    def _image(self, kind, value, **options):
        content = barcodes.draw(kind, value, options)
        return Image.open(io.BytesIO(content)).convert("L")

    def _row(self, image, height=0.5):
        y = int(image.height * height)
        return [image.getpixel((x, y)) < 128 for x in range(image.width)]

    def test_ean13_has_the_bars_of_its_digits(self):
        """95 modules: what a scanner reads of 5901234123457, by the standard."""
        left = {
            "0": "0001101 0100111",
            "1": "0011001 0110011",
            "2": "0010011 0011011",
            "3": "0111101 0100001",
            "4": "0100011 0011101",
            "9": "0001011 0010111",
        }
        right = {"0": "1110010", "1": "1100110", "2": "1101100", "3": "1000010",
                 "4": "1011100", "5": "1001110", "7": "1000100"}  # fmt: skip
        parity = "LGGLLG"  # of a first digit 5
        modules = "101"
        for digit, side in zip("901234", parity, strict=True):
            modules += left[digit].split()[side == "G"]
        modules += "01010" + "".join(right[digit] for digit in "123457") + "101"
        row = self._row(self._image("EAN13", "5901234123457", width=1130, height=100))
        first, last = row.index(True), len(row) - row[::-1].index(True)
        width = (last - first) / 95
        read = "".join(
            "1" if row[first + int((i + 0.5) * width)] else "0" for i in range(95)
        )
        self.assertEqual(read, modules)

    def test_qr_has_its_three_finders(self):
        image = self._image("QR", "https://coop.example", width=290, height=290)
        row = self._row(image, 7.5 / 33)
        self.assertTrue(any(row))
        finder = [run for run in runs(self._row(image, 0.24)) if run]
        self.assertGreater(len(finder), 5)

    def test_options_are_bases(self):
        self.assertEqual(
            self._image("Code128", "A", width=90, height=30).size, (90, 30)
        )
        tight = self._row(self._image("QR", "x", quiet=0, width=100, height=100), 0.02)
        self.assertTrue(tight[1])
        self.assertFalse(any(self._row(self._image("QR", "x"), 0.02)))

    def test_a_wrong_ean_becomes_code128(self):
        wrong = self._image("EAN13", "5901234123450", width=300).tobytes()
        self.assertEqual(
            wrong, self._image("Code128", "5901234123450", width=300).tobytes()
        )
        self.assertEqual(
            self._image("auto", "5901234123457").tobytes(),
            self._image("EAN13", "5901234123457").tobytes(),
        )

    def test_the_value_is_printed_below_on_demand(self):
        plain = self._image("Code128", "ABC", width=300, height=100)
        told = self._image("Code128", "ABC", width=300, height=100, humanreadable=1)
        self.assertNotEqual(plain.tobytes(), told.tobytes())

    def test_senseless_sizes_are_refused(self):
        with self.assertRaises(ValueError):
            barcodes.draw("QR", "x", {"width": 99_999, "height": 10})

    def test_it_is_used_when_reportlab_cannot_draw(self):
        reports = self.env["ir.actions.report"]
        with patch(DRAWING, side_effect=RenderPMError("no backend")):
            content = reports.barcode("QR", "x", width=50, height=50)
        self.assertTrue(content.startswith(b"\x89PNG"))
