"""What people typed, kept to what a report prints: no script, no style, no picture."""

import re
from html import escape

import lxml.html
from lxml import etree

KEPT = {
    "a", "b", "blockquote", "br", "em", "h3", "h4", "h5", "i", "li", "ol", "p",
    "s", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "u",
    "ul",
}  # fmt: skip
# A heading typed by somebody stands below those of the report.
RENAMED = {"h1": "h3", "h2": "h3", "h6": "h5", "div": "p", "strike": "s", "del": "s"}
# Neither the element nor what it holds.
DROPPED = {
    "script", "style", "iframe", "object", "embed", "applet", "form", "input",
    "button", "select", "textarea", "template", "noscript", "svg", "math", "head",
    "title", "link", "meta", "base", "audio", "video", "canvas", "frame", "frameset",
    "xmp", "plaintext", "noembed", "noframes",
}  # fmt: skip
EMPTY = {"br"}
SCHEMES = ("https://", "http://", "mailto:", "tel:")
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f]")
PASSES = 5
PARSER = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True)


def clean(html):
    """The typed text with known elements only, and addresses of links alone.

    Cleaning a second time changes nothing: what the parser moves, once something is
    gone around it, is cleaned again, and what it never leaves in peace is only words.
    """
    text = html
    for _pass in range(PASSES):
        cleaned = _cleaned(text)
        if cleaned == text:
            return cleaned
        text = cleaned
    return escape(plain(text), quote=False)


def plain(html):
    """The words of a typed text, on one line."""
    root = _root(_cleaned(html))
    if root is None:
        return ""
    return " ".join(" ".join(root.itertext()).split())


def _cleaned(html):
    root = _root(html)
    return "" if root is None else _inside(root).strip()


def _root(html):
    text = CONTROLS.sub("", html or "")
    if not text.strip():
        return None
    try:
        return lxml.html.fragment_fromstring(text, create_parent="div", parser=PARSER)
    except (etree.ParserError, etree.XMLSyntaxError, AssertionError):
        return None


def _inside(node):
    """What a node holds: its text and its children, kept or not."""
    parts = [escape(node.text or "", quote=False)]
    for child in node:
        parts.append(_element(child))
        parts.append(escape(child.tail or "", quote=False))
    return "".join(parts)


def _element(node):
    if not isinstance(node.tag, str) or node.tag in DROPPED:
        return ""
    tag = RENAMED.get(node.tag, node.tag)
    inside = _inside(node)
    if tag not in KEPT:
        return inside
    if tag in EMPTY:
        return f"<{tag}>"
    if tag == "p" and "<p>" in inside:
        return inside
    return f"<{tag}{_address(node)}>{inside}</{tag}>"


def _address(node):
    href = (node.get("href") or "").strip()
    if node.tag != "a" or not href.lower().startswith(SCHEMES):
        return ""
    return f' href="{escape(href)}"'
