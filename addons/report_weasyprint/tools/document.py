"""A report's HTML taken apart: which header and footer go with which record."""

from copy import deepcopy
from dataclasses import dataclass, field
from itertools import zip_longest

import lxml.etree
import lxml.html

PARSER = lxml.html.HTMLParser(encoding="utf-8")
MARKS = ("header", "article", "footer")
HELD = "minimal_layout_report_{}s"  # what core's minimal layout keeps them in


class Malformed(ValueError):
    """The HTML holds no document: it is ``unreadable``, or ``empty``."""


@dataclass
class Part:
    """One document to be: what is printed on each page, and the text."""

    body: list
    headers: list = field(default_factory=list)
    footers: list = field(default_factory=list)
    model: str | None = None
    res_id: int | None = None
    lang: str | None = None


@dataclass
class Source:
    """The parts of a rendered report, and what its root says about the paper."""

    parts: list
    arguments: dict = field(default_factory=dict)
    title: str | None = None
    lang: str | None = None


@dataclass
class Frame:
    """What stands around a document: style sheets, other head elements, the body."""

    sheets: list
    head: str
    body: dict


def parse(html):
    """The root element of a page.

    :raise Malformed: there is nothing in it
    """
    if isinstance(html, str):
        html = html.encode()
    try:
        root = lxml.html.document_fromstring(html, parser=PARSER)
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError) as error:
        raise Malformed("unreadable") from error
    return root


def split(html):
    """Take apart what a report's template gave.

    :raise Malformed: no element, or nothing to print in any
    """
    root = parse(html)
    marked = [(name, node) for node in root.iter("div") if (name := _mark(node))]
    found = {name: [n for mark, n in marked if mark == name] for name in MARKS}
    fallback = _fallback(root, found)
    parts = [_part(node) for node in found["article"]]
    if len(found["header"]) == len(parts) == len(found["footer"]):
        pairs = list(zip(parts, found["header"], found["footer"], strict=True))
        for part, header, footer in pairs:
            part.headers.append(header)
            part.footers.append(footer)
    elif parts:
        _pair(parts, marked)
    for name in ("header", "footer"):
        for node in found[name]:
            node.drop_tree()
    if not parts:
        _check_some(fallback)
        parts = [Part([fallback], found["header"], found["footer"])]
    return Source(
        parts,
        {name: value for name, value in root.items() if name.startswith("data-report")},
        (root.findtext(".//title") or "").strip() or None,
        root.get("lang"),
    )


def _mark(node):
    """Whether the element is a header, an article or a footer."""
    classes = (node.get("class") or "").split()
    return next((name for name in MARKS if name in classes), None)


def _part(article):
    res_id = article.get("data-oe-id") or ""
    return Part(
        [article],
        model=article.get("data-oe-model") or None,
        res_id=int(res_id) if res_id.isdigit() else None,
        lang=article.get("data-oe-lang") or None,
    )


def _pair(parts, marked):
    """Give each header to the article after it, each footer to the one before it;
    one that stands within an article is that article's."""
    by_node = {part.body[0]: part for part in parts}
    waiting, last = [], None
    for name, node in marked:
        within = next((by_node[up] for up in node.iterancestors() if up in by_node), 0)
        if name == "article":
            last = by_node[node]
            last.headers += waiting
            waiting = []
        elif name == "footer":
            (within or last or parts[0]).footers.append(node)
        elif within:
            within.headers.append(node)
        else:
            waiting.append(node)
    parts[-1].headers += waiting


def _fallback(root, found):
    """The element to print when there is no article."""
    others = found["header"] + found["footer"]
    if others:
        return others[-1].getparent()
    places = (root.find(".//main"), root.find("body"), root)
    return next(place for place in places if place is not None)


def _check_some(node):
    """:raise Malformed: the element would print as an empty page"""
    shown = {"img", "svg", "table", "hr", "object", "embed"}
    if not node.text_content().strip() and not any(
        child.tag in shown for child in node.iter()
    ):
        raise Malformed("empty")


def frame(html):
    """The frame that core's minimal layout makes, and what the body holds."""
    root = parse(html)
    head, body = root.find("head"), root.find("body")
    sheets = take_sheets(root)
    for node in list(head) if head is not None else []:
        if node.tag in ("base", "meta", "script", "title"):
            node.drop_tree()
    attributes = dict(body.attrib) if body is not None else {}
    classes = attributes.get("class", "").split()
    attributes["class"] = " ".join(c for c in classes if c != "overflow-hidden")
    attributes.pop("onload", None)
    kept = "".join(serialize(node) for node in head) if head is not None else ""
    return Frame(sheets, kept, attributes), body


def take_sheets(node):
    """Remove the links to style sheets from ``node``; return their addresses."""
    links = [
        link
        for link in node.iter("link")
        if "stylesheet" in (link.get("rel") or "").lower().split() and link.get("href")
    ]
    for link in links:
        link.drop_tree()
    return [link.get("href") for link in links]


def pages(bodies, header=None, footer=None):
    """The frames and parts of complete pages, as ``_run_wkhtmltopdf`` is given them:
    all headers in one page, all footers in another."""
    headers, footers = _held(header, "header"), _held(footer, "footer")
    bodies = list(bodies)
    every_header = headers if len(headers) == len(bodies) else []
    every_footer = footers if len(footers) == len(bodies) else []
    framed = []
    for html, own_header, own_footer in zip_longest(bodies, every_header, every_footer):
        around, body = frame(html)
        _check_some(body)
        part = Part(
            list(body),
            [own_header] if own_header is not None else deepcopy(headers),
            [own_footer] if own_footer is not None else deepcopy(footers),
        )
        if (body.text or "").strip():
            part.body.insert(0, _text(body.text))
        framed.append((around, part))
    return framed


def _held(html, name):
    """The headers or footers in a page of them; its whole body if it keeps none."""
    if not html:
        return []
    root = parse(html)
    holders = root.xpath(f'//*[@id="{HELD.format(name)}"]')
    body = holders[0] if holders else root.find("body")
    return list(body) if body is not None else []


def _text(text):
    node = lxml.html.Element("span")
    node.text = text
    return node


def serialize(node):
    """The element as HTML."""
    return lxml.html.tostring(node, encoding="unicode")


def number_pages(node):
    """Make ``page`` and ``topage`` elements ready for CSS counters."""
    for element in node.iter():
        classes = (element.get("class") or "").split()
        for name in ("page", "topage"):
            if name in classes:
                element.text = None
                del element[:]
                element.set("class", f"{' '.join(classes)} o_weasyprint_{name}")
