"""Barcodes without reportlab's compiled renderer: its drawings, painted by Pillow."""

import io

from odoo.tools.barcode import check_barcode_encoding, createBarcodeDrawing
from PIL import Image, ImageDraw, ImageFont
from reportlab.graphics import shapes

EAN = ("EAN8", "EAN13")
FLAGS = ("quiet", "humanreadable")
LARGEST = 1_200_000  # pixels; and 10 000 on a side, as base
SIDE = 10_000


def draw(kind, value, options):
    """The PNG of a barcode, with base's options and base's choice of symbology.

    :raise ValueError: too large, or no barcode can say that
    """
    arguments = _arguments(options)
    width, height = arguments["width"], arguments["height"]
    if width * height > LARGEST or max(width, height) > SIDE:
        raise ValueError("Barcode too large")
    kind, value = _symbology(kind, value)
    if kind == "QR" and not arguments["quiet"]:
        arguments["barBorder"] = 0
    try:
        drawing = createBarcodeDrawing(kind, value=value, **arguments)
    except (AttributeError, ValueError):
        if kind in ("Code128", "QR"):
            raise ValueError("Cannot convert into barcode.") from None
        drawing = createBarcodeDrawing("Code128", value=value, **arguments)
    return _png(drawing, width, height)


def _arguments(options):
    flags = {name: bool(int(options.get(name, name == "quiet"))) for name in FLAGS}
    level = options.get("barLevel")
    return {
        "width": int(options.get("width", 600)),
        "height": int(options.get("height", 100)),
        "quiet": flags["quiet"],
        "humanReadable": flags["humanreadable"],
        "barBorder": int(options.get("barBorder", 4)),
        "barLevel": level if level in ("L", "M", "Q", "H") else "L",
    }


def _symbology(kind, value):
    if kind == "UPCA" and len(value) in (11, 12, 13):
        kind, value = "EAN13", value if len(value) == 13 else f"0{value}"
    elif kind == "auto":
        kind = {8: "EAN8", 13: "EAN13"}.get(len(value), "Code128")
    if kind in EAN and not check_barcode_encoding(value, kind):
        kind = "Code128"
    return kind, value


def _png(drawing, width, height):
    image = Image.new("RGB", (width, height), "white")
    scale = (drawing.renderScale,) * 2
    flip = (scale[0], 0, 0, -scale[1], 0, height)
    _paint(ImageDraw.Draw(image), drawing, flip)
    content = io.BytesIO()
    image.save(content, "PNG", optimize=True)
    return content.getvalue()


def _paint(canvas, node, matrix):
    """Paint a shape of reportlab's and those in it; bars are rectangles."""
    if isinstance(node, shapes.UserNode):
        node = node.provideNode()
    if isinstance(node, shapes.Group | shapes.Drawing):
        inner = shapes.mmult(matrix, getattr(node, "transform", (1, 0, 0, 1, 0, 0)))
        for child in node.contents:
            _paint(canvas, child, inner)
    elif isinstance(node, shapes.String):
        size = node.fontSize * abs(matrix[3])
        x, y = shapes.transformPoint(matrix, (node.x, node.y))
        anchor = {"middle": "ms", "end": "rs"}.get(node.textAnchor, "ls")
        font = ImageFont.load_default(max(size, 6))
        canvas.text((x, y), node.text, _color(node.fillColor), font, anchor)
    elif getattr(node, "fillColor", None) is not None and hasattr(node, "height"):
        _bar(canvas, node, matrix)


def _bar(canvas, node, matrix):
    """A rectangle, its edges on whole pixels."""
    opposite = (node.x + node.width, node.y + node.height)
    corners = [
        shapes.transformPoint(matrix, point) for point in ((node.x, node.y), opposite)
    ]
    (left, right), (top, bottom) = (
        sorted(round(corner[axis]) for corner in corners) for axis in (0, 1)
    )
    if right > left and bottom > top:
        box = (left, top, right - 1, bottom - 1)
        canvas.rectangle(box, fill=_color(node.fillColor))


def _color(color):
    return tuple(round(part * 255) for part in color.rgb())
