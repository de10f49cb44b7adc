"""From the parts of a report to PDF: assembling, measuring, laying out."""

import gc
import hashlib
import logging
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from html import escape
from urllib.parse import urljoin

from cssselect2 import SelectorError
from weasyprint import HTML
from weasyprint.logger import LOGGER
from weasyprint.urls import FatalURLFetchingError

from . import document, paper
from .addresses import Refused
from .styles import StyleCache

# Pango's font maps serve one thread at a time; in a server of several threads the
# interpreter's own lock lets them take turns anyway.
LOCK = threading.RLock()
STYLES = StyleCache()
HEIGHTS = {}
HEIGHTS_KEPT = 512
SVG = "{http://www.w3.org/2000/svg}"
HEADER_END = "o_weasyprint_header_end"
FOOTER_START = "o_weasyprint_footer_start"
FOOTER_END = "o_weasyprint_footer_end"


@dataclass
class Job:
    """What the documents of one call have in common."""

    sheet: paper.Paper
    fetcher: object
    base_url: str
    scope: str
    common: list = field(default_factory=list)
    images: dict = field(default_factory=dict)

    def styles(self, sheets, width):
        """The parsed style sheets at these addresses, and those of every document."""
        texts = [*map(self._text, sheets), *self.common]
        base_url = f"{self.base_url}/"
        with self.fetcher.quietly():
            return STYLES.get(self.scope, texts, width, base_url, self.fetcher)

    def _text(self, url):
        try:
            return self.fetcher.text(urljoin(f"{self.base_url}/", url))
        except Refused:
            return ""


@dataclass
class Page:
    """A part with all that stands around it."""

    part: document.Part
    frame: document.Frame
    title: str = ""
    author: str = ""
    lang: str = ""


def lay_out(job, page):
    """The laid out WeasyPrint document of one part."""
    sheets = [*page.frame.sheets]
    for node in [*page.part.headers, *page.part.body, *page.part.footers]:
        sheets += document.take_sheets(node)
    with _listening(job):
        styles = job.styles(sheets, job.sheet.viewport)
        header, footer = _margins(page)
        high = _heights(job, page, styles, header, footer)
        css = paper.page_css(job.sheet, *high)
        body = "".join(map(document.serialize, page.part.body))
        return _render(job, styles, _html(page, css, f"{header}{footer}{body}"))


def write(job, documents):
    """The laid out documents as one PDF file."""
    with _listening(job):
        first, *others = documents
        if others:
            first = first.copy([page for each in documents for page in each.pages])
        return first.write_pdf(
            zoom=job.sheet.zoom, dpi=int(job.sheet.dpi * job.sheet.zoom)
        )


def _render(job, styles, html):
    page = HTML(string=html, base_url=f"{job.base_url}/", url_fetcher=job.fetcher)
    if "<svg" in html:
        _paint(page, styles.drawings)
    return page.render(
        font_config=styles.fonts,
        stylesheets=styles.sheets,
        cache=job.images,
        dpi=int(job.sheet.dpi * job.sheet.zoom),
    )


def _paint(page, drawings):
    """Write the sheets' colours into the drawings: WeasyPrint looks for none outside
    a drawing, and core's layouts have theirs in the company's style sheet."""
    for selectors, declarations in drawings:
        try:
            painted = list(page.wrapper_element.query_all(selectors.strip()))
        except SelectorError:
            continue
        for wrapper in painted:
            element = wrapper.etree_element
            if SVG in element.tag:
                style = f"{declarations};{element.get('style', '')}"
                element.set("style", style)


def _margins(page):
    """The header and the footer as HTML, or nothing.

    Core prints each in a page of its own, whose body has the document's classes.
    """
    made = []
    for name in ("header", "footer"):
        nodes = getattr(page.part, f"{name}s")
        for node in nodes:
            document.number_pages(node)
        inside = "".join(map(document.serialize, nodes))
        classes = escape(page.frame.body.get("class", ""))
        inside = inside and f'<div class="{classes}">{inside}</div>'
        made.append(inside and f'<div class="o_weasyprint_{name}">{inside}</div>')
    return made


def _heights(job, page, styles, header, footer):
    """How high the header and the footer are, in CSS pixels; measured once."""
    if not header and not footer:
        return 0.0, 0.0
    css = paper.measuring_css(job.sheet)
    ends = [f'<div id="{name}"></div>' for name in (HEADER_END, FOOTER_START)]
    body = f'{header}{ends[0]}{ends[1]}{footer}<div id="{FOOTER_END}"></div>'
    bare = replace(page, title="", author="")
    html = _html(bare, css, f'<div class="o_weasyprint_measure">{body}</div>')
    key = hashlib.sha256(f"{styles.token}{html}".encode()).digest()
    if key not in HEIGHTS:
        anchors = _render(job, styles, html).pages[0].anchors
        top, start, end = (
            anchors[name][1] for name in (HEADER_END, FOOTER_START, FOOTER_END)
        )
        if len(HEIGHTS) >= HEIGHTS_KEPT:
            HEIGHTS.clear()
        HEIGHTS[key] = (top, end - start)
    return HEIGHTS[key]


def _html(page, css, body):
    attributes = "".join(
        f' {name}="{escape(value)}"' for name, value in page.frame.body.items()
    )
    direction = page.frame.body.get("dir") or "ltr"
    return (
        f'<!DOCTYPE html><html lang="{escape(page.lang)}" dir="{escape(direction)}">'
        f'<head><meta charset="utf-8"><title>{escape(page.title)}</title>'
        f'<meta name="author" content="{escape(page.author)}">'
        f"<style>{css}</style>{page.frame.head}</head>"
        f"<body{attributes}>{body}</body></html>"
    )


@contextmanager
def _listening(job):
    """Hold the engine, and keep what it could not load instead of having it logged.

    Its warnings on style sheets, thousands of them, are of no use to anybody here.
    """

    def listen(record):
        if record.levelno >= logging.ERROR:
            job.fetcher.complain(str((record.args or (record.msg,))[0]), "content")
        return False

    with LOCK:
        LOGGER.addFilter(listen)
        # A layout makes a million objects and frees them together: looking for those
        # that may be freed meanwhile takes a seventh of the time.
        collecting = gc.isenabled()
        gc.disable()
        try:
            yield
        except FatalURLFetchingError as error:
            raise error.__cause__ from None
        finally:
            if collecting:
                gc.enable()
            LOGGER.removeFilter(listen)
