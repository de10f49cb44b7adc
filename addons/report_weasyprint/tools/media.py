"""Media queries: WeasyPrint knows media types only, and Bootstrap's columns depend on
the width. A sheet's conditions are decided here, once the paper is known."""

import re

AT_MEDIA = re.compile(r"@media\s*([^{;]*?)\s*\{")
FEATURE = re.compile(r"\(\s*([a-z-]+)\s*(?::\s*([^)]*?)\s*)?\)")
LENGTH = re.compile(r"([\d.]+)(px|r?em)?$")
PX = {None: 1, "px": 1, "em": 16, "rem": 16}
# Core's sheets are written for a screen as much as for paper: wkhtmltopdf prints
# with the styles of a screen.
TYPES = {"all": True, "print": True, "screen": True, "speech": False}


def conditions(css):
    """The distinct conditions of the sheet's ``@media`` rules, in order."""
    return tuple(dict.fromkeys(AT_MEDIA.findall(css)))


def decide(css, width):
    """The sheet with each ``@media`` condition replaced by whether it holds."""

    def decided(match):
        return "@media all {" if holds(match[1], width) else "@media never {"

    return AT_MEDIA.sub(decided, css)


def holds(condition, width):
    """Whether a condition holds on a page so many CSS pixels wide."""
    return any(_query(query.strip().lower(), width) for query in condition.split(","))


def _query(query, width):
    negated = query.startswith("not ")
    bare = query.removeprefix("not ").removeprefix("only ").strip()
    media = re.match(r"[a-z]+(?![a-z-]*:)", bare)
    known = TYPES.get(media[0], False) if media else True
    result = known and all(
        _feature(name, value, width) for name, value in FEATURE.findall(bare)
    )
    return result != negated


def _feature(name, value, width):
    length = LENGTH.match(value or "")
    if name in ("min-width", "max-width") and length:
        limit = float(length[1]) * PX[length[2]]
        return width >= limit if name == "min-width" else width <= limit
    # Nothing moves, hovers or points on paper.
    return (name, value) in {
        ("prefers-reduced-motion", "reduce"),
        ("prefers-color-scheme", "light"),
        ("hover", "none"),
        ("pointer", "none"),
    }
