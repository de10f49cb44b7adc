"""From a paper format to CSS: pure Python, lengths in millimetres."""

from dataclasses import dataclass

MM_PER_INCH = 25.4
PX_PER_INCH = 96
# Core's reports are drawn for wkhtmltopdf, whose "smart shrinking" prints 128 CSS
# pixels on what CSS calls 100: without it, letters are too big for their layouts.
SHRINKING = 100 / 128
# Pictures are kept up to this resolution at least: the formats' usual 90 is a
# screen's, and would make a blurred logo.
PRINTER_DPI = 300
A4 = (210.0, 297.0)
PLAIN = {"margin_top": 10.0, "margin_bottom": 10.0, "margin_left": 10.0}
PLAIN["margin_right"] = 10.0


@dataclass(frozen=True)
class Paper:
    """A sheet: its size as printed, its margins, and where its header begins."""

    width: float = A4[0]
    height: float = A4[1]
    margin_top: float = 10.0
    margin_bottom: float = 10.0
    margin_left: float = 10.0
    margin_right: float = 10.0
    header_top: float = 0.0
    header_line: bool = False
    zoom: float = SHRINKING
    dpi: int = PRINTER_DPI

    def px(self, millimetres):
        """The CSS pixels that print as so many millimetres."""
        return millimetres / MM_PER_INCH * PX_PER_INCH / self.zoom

    @property
    def viewport(self):
        """The width, in CSS pixels, that media queries are asked about."""
        return self.px(self.width - self.margin_left - self.margin_right)


def read(values, arguments=None, landscape=None):
    """The paper that a ``report.paperformat`` means.

    :param dict values: its fields; empty when there is no paper format
    :param dict arguments: the ``data-report-*`` attributes of the document, which
        take precedence
    :param landscape: force the orientation
    """
    arguments = arguments or {}
    if landscape is None:
        landscape = arguments.get("data-report-landscape")
    width, height = _size(values, landscape)
    top = _number(arguments, "data-report-margin-top", values.get("margin_top"), 10)
    spacing = _number(
        arguments, "data-report-header-spacing", values.get("header_spacing"), 0
    )
    dpi = _number(arguments, "data-report-dpi", values.get("dpi"), 0)
    return Paper(
        width=width,
        height=height,
        margin_top=top,
        margin_bottom=_side(values, "margin_bottom"),
        margin_left=_side(values, "margin_left"),
        margin_right=_side(values, "margin_right"),
        header_top=max(0.0, top - spacing) if spacing else 0.0,
        header_line=bool(values.get("header_line")),
        zoom=1.0 if values.get("disable_shrinking") else SHRINKING,
        dpi=max(int(dpi), PRINTER_DPI),
    )


def _size(values, landscape):
    width, height = values.get("print_page_width"), values.get("print_page_height")
    if not width or not height:
        width, height = A4
        if values.get("orientation") == "Landscape":
            width, height = height, width
    if landscape and values.get("orientation") != "Landscape":
        width, height = height, width
    return float(width), float(height)


def _number(arguments, name, value, default):
    """An attribute of the document as a number, else the format's own."""
    try:
        return float(arguments[name])
    except (KeyError, TypeError, ValueError):
        return float(default if value is None else value)


def _side(values, name):
    return float(values.get(name, PLAIN[name]))


def page_css(paper, header=0.0, footer=0.0, running=True):
    """The ``@page`` rules of a document.

    The margins grow with a header or footer (heights in CSS pixels) too high for
    them, so that neither ever covers the text.
    """
    head = paper.px(paper.header_top)
    top = max(paper.px(paper.margin_top), head + header if header else 0)
    bottom = max(paper.px(paper.margin_bottom), footer)
    line = "border-bottom: 1px solid;" if paper.header_line else ""
    boxes = f"""
    @top-center {{
        content: element(o_weasyprint_header); width: 100%; vertical-align: top;
        margin-top: {head:.3f}px; text-align: start; {line}
    }}
    @bottom-center {{
        content: element(o_weasyprint_footer); width: 100%; vertical-align: top;
        text-align: start;
    }}"""
    return f"""
@page {{
    size: {paper.px(paper.width):.3f}px {paper.px(paper.height):.3f}px;
    margin: {top:.3f}px {paper.px(paper.margin_right):.3f}px
            {bottom:.3f}px {paper.px(paper.margin_left):.3f}px;
    {boxes if running else ""}
}}
"""


def measuring_css(paper):
    """The ``@page`` rules to measure a header and a footer with: a page so long that
    nothing breaks."""
    return f"""
@page {{
    size: {paper.px(paper.width):.3f}px {paper.px(10_000):.3f}px;
    margin: 0 {paper.px(paper.margin_right):.3f}px
            0 {paper.px(paper.margin_left):.3f}px;
}}
"""
