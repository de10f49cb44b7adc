"""Charts as SVG drawings, from whole numbers: small functions that know no database.

Each takes ``labels``, one a category, and ``series``, ``[(name, values)]`` with a value
(or None) a label; ``show`` turns a value into the text beside it. Colours are told
apart by people who see colours otherwise (Okabe and Ito), each is dark enough for a
white ground, and each value is written next to what shows it, so that no colour alone
carries a meaning. A drawing has a title and a description for those who don't see it.
"""

from html import escape
from math import cos, pi, sin

from .canonical import share

COLOURS = ("#00587a", "#b84a00", "#00735c", "#8f4a78", "#6b5900", "#3f6fb5", "#595959")
INK = "#25313c"
GRID = "#d7dce1"
MUTED = "#5b6670"
FONT = "Lato, 'Open Sans', 'DejaVu Sans', sans-serif"
WIDTH = 640
BAR, GAP = 14, 9
LETTER = 7  # how wide a letter of 12 pixels is at most, in a wide font


def describe(title, labels, series, show=str):
    """The words of a chart: what its alternative text says."""
    parts = []
    for name, values in series:
        told = ", ".join(
            f"{label}: {show(value)}"
            for label, value in zip(labels, values, strict=True)
            if value is not None
        )
        parts.append(f"{name} – {told}" if name and len(series) > 1 else told)
    return f"{title}. {'; '.join(part for part in parts if part)}".strip()


def bar(title, labels, series, show=str, colours=COLOURS):
    """Horizontal bars, the labels at the left, the values at the end."""
    left = min(250, max([40, *(len(shorten(each)) * LETTER + 14 for each in labels)]))
    right = 14 + max([0, *(len(show(v)) * LETTER for v in _known(series))])
    low, high = _bounds(series)
    scale = (WIDTH - left - right) / (high - low)
    zero = left - low * scale
    group = len(series) * BAR + GAP
    top = _legend_height(series)
    height = top + max(1, len(labels)) * group + 6
    drawn = [*_legend(series, colours)]
    for row, label in enumerate(labels):
        middle = top + row * group + (group - GAP) / 2
        drawn.append(_text(left - 8, middle + 4, shorten(label), "end"))
        for rank, (_name, values) in enumerate(series):
            y = top + row * group + rank * BAR
            drawn += _bar(values[row], zero, y, scale, show, colours[rank % 7])
    drawn.append(_line(zero, top - 2, zero, height - 6, INK))
    return _drawing(title, labels, series, show, height, drawn)


def line(title, labels, series, show=str, colours=COLOURS):
    """Lines over a time, from the first label to the last."""
    height, left, right = 260, 44, 60
    top = _legend_height(series) + 22
    bottom = height - 34
    low, high = _bounds(series)
    step = (WIDTH - left - right) / max(1, len(labels) - 1)
    scale = (bottom - top) / (high - low)
    drawn = [*_legend(series, colours)]
    for part in range(5):
        y = top + (bottom - top) * part / 4
        drawn.append(_line(left, y, WIDTH - right, y, GRID))
    for rank, (_name, values) in enumerate(series):
        points = [
            (left + index * step, bottom - (value - low) * scale, value)
            for index, value in enumerate(values)
            if value is not None
        ]
        drawn += _path(points, show, colours[rank % 7], rank)
    for index, label in enumerate(labels):
        if len(labels) <= 13 or index % (len(labels) // 12 + 1) == 0:
            x = left + index * step
            drawn.append(_text(x, height - 12, shorten(label, 14), "middle", MUTED))
    return _drawing(title, labels, series, show, height, drawn)


def donut(title, labels, values, show=str, colours=COLOURS, show_share=str):
    """The parts of a whole, with a list of them at the right; negatives are left out.

    ``show_share`` turns millionths into a text.
    """
    parts = [
        (label, value)
        for label, value in zip(labels, values, strict=True)
        if value and value > 0
    ]
    total = sum(value for _label, value in parts)
    height = max(220, 40 + 24 * len(parts))
    centre, outer, inner = (120, height / 2), 96, 58
    drawn, begun = [], 0
    for rank, (label, value) in enumerate(parts):
        colour = colours[rank % 7]
        drawn.append(_slice(centre, outer, inner, begun / total, value / total, colour))
        begun += value
        y = height / 2 - 12 * len(parts) + 24 * rank + 16
        drawn.append(
            f'<rect x="260" y="{y - 11:.1f}" width="13" height="13" rx="2" '
            f'fill="{colour}"/>'
        )
        part = show_share(share(value, total))
        words = f"{shorten(label, 36)} – {show(value)}"
        drawn.append(_text(282, y, words))
        drawn.append(_text(WIDTH - 8, y, part, "end", MUTED))
    if len(parts) == 0:
        drawn.append(_text(centre[0], centre[1], "–", "middle", MUTED))
    else:
        drawn.append(_text(*centre, show(total), "middle", INK, 17, 5))
    return _drawing(title, labels, [("", values)], show, height, drawn)


def shorten(label, length=32):
    """A label that fits in its place."""
    label = " ".join(str(label).split())
    return label if len(label) <= length else f"{label[: length - 1].rstrip()}…"


def _known(series):
    return [value for _name, values in series for value in values if value is not None]


def _bounds(series):
    """The lowest and the highest value, zero included; never the same."""
    known = _known(series)
    low, high = min([0, *known]), max([0, *known])
    return (low, high) if high > low else (0, 1)


def _bar(value, zero, y, scale, show, colour):
    if value is None:
        return [_text(zero + 6, y + 10, "–", colour=MUTED)]
    long = abs(value) * scale
    x = zero if value >= 0 else zero - long
    return [
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(long, 0.8):.1f}" '
        f'height="{BAR - 3}" rx="1.5" fill="{colour}"/>',
        _text(max(zero, x + long) + 6, y + 10, show(value)),
    ]


def _path(points, show, colour, rank):
    dashes = ("", "7 4", "2 4")[rank % 3]
    steps = " ".join(f"{x:.1f},{y:.1f}" for x, y, _value in points)
    drawn = [
        f'<polyline points="{steps}" fill="none" stroke="{colour}" '
        f'stroke-width="2.5" stroke-dasharray="{dashes or "none"}"/>'
    ]
    for index, (x, y, value) in enumerate(points):
        drawn.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>')
        # Few values are all written; of many, the first and the last.
        if len(points) <= 6 or index in (0, len(points) - 1):
            drawn.append(_text(x, y - 9, show(value), "middle"))
    return drawn


def _slice(centre, outer, inner, begin, part, colour):
    """A part of a ring; a whole ring is made of two circles."""
    cx, cy = centre
    if part > 0.9999:
        middle, thick = (outer + inner) / 2, outer - inner
        return (
            f'<circle cx="{cx}" cy="{cy}" r="{middle}" fill="none" '
            f'stroke="{colour}" stroke-width="{thick}"/>'
        )
    large = 1 if part > 0.5 else 0
    corners = []
    for radius, turn in (
        (outer, begin),
        (outer, begin + part),
        (inner, begin + part),
        (inner, begin),
    ):
        angle = 2 * pi * turn - pi / 2
        corners.append(f"{cx + radius * cos(angle):.2f} {cy + radius * sin(angle):.2f}")
    return (
        f'<path d="M {corners[0]} A {outer} {outer} 0 {large} 1 {corners[1]} '
        f'L {corners[2]} A {inner} {inner} 0 {large} 0 {corners[3]} Z" '
        f'fill="{colour}" stroke="#ffffff" stroke-width="1.5"/>'
    )


def _legend_height(series):
    return 30 if len(series) > 1 else 6


def _legend(series, colours):
    if len(series) < 2:
        return []
    drawn, x = [], 8
    for rank, (name, _values) in enumerate(series):
        drawn.append(
            f'<rect x="{x:.1f}" y="4" width="13" height="13" rx="2" '
            f'fill="{colours[rank % 7]}"/>'
        )
        drawn.append(_text(x + 19, 15, name))
        x += 40 + len(name) * LETTER * 1.1
    return drawn


def _line(x1, y1, x2, y2, colour):
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
        f'stroke="{colour}" stroke-width="1"/>'
    )


def _text(x, y, words, anchor="start", colour=INK, size=12, down=0):
    return (
        f'<text x="{x:.1f}" y="{y + down:.1f}" text-anchor="{anchor}" '
        f'font-size="{size}" fill="{colour}">{escape(str(words))}</text>'
    )


def _drawing(title, labels, series, show, height, drawn):
    words = escape(describe(title, labels, series, show))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" '
        f'width="{WIDTH}" height="{height:.0f}" role="img" font-family="{FONT}">'
        f"<title>{escape(title)}</title><desc>{words}</desc>{''.join(drawn)}</svg>"
    )
