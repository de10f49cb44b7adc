"""Figures as people read them; units are those of ``canonical``.

Whole numbers only: a figure is rounded once, half up, where it is shown.
"""

from .canonical import MILLION

NBSP = "\u00a0"
NOTHING = "–"
UNITS = {"count", "money", "rate", "hours", "share", "dollars"}


def half_up(part, whole):
    """``part / whole`` to the nearest whole number; halves go away from zero.

    >>> half_up(5, 2), half_up(-5, 2), half_up(7, 3)
    (3, -3, 2)
    """
    sign = -1 if part < 0 else 1
    return sign * ((2 * abs(part) + whole) // (2 * whole))


def grouped(number, lang, decimals=0):
    """A whole number of ``10 ** -decimals``, with its thousands apart.

    >>> grouped(-1234567, "en_US", 2)
    '-12,345.67'
    """
    french = lang.startswith("fr")
    whole, rest = divmod(abs(number), 10**decimals)
    text = f"{whole:,}".replace(",", NBSP) if french else f"{whole:,}"
    if decimals:
        text += f"{',' if french else '.'}{rest:0{decimals}d}"
    return f"-{text}" if number < 0 else text


STAR = " *"


def cell(row, rank, column, lang="fr_CA"):
    """A cell of a table as a text: ``{"cells", "unit", "starred": [rank]}``, the unit
    being that of the row, but in the first column, else that of its column.

    >>> cell({"cells": ["Hours", 120], "unit": "hours", "starred": [1]}, 1, "count")
    '2\\xa0h *'
    """
    text = shown(row["cells"][rank], (rank and row.get("unit")) or column, lang)
    return text + STAR if rank in row.get("starred", ()) else text


def shown(value, unit, lang="fr_CA"):
    """A cell as a text: ``value`` is a whole number in its unit, a text, or None.

    Hours are to the nearest hour, a share to a tenth of one percent, ``dollars`` are
    cents to the nearest dollar.
    """
    if value is None:
        return NOTHING
    if unit not in UNITS:
        return str(value)
    french = lang.startswith("fr")
    if unit == "share":
        text = grouped(half_up(value * 1000, MILLION), lang, 1)
        return f"{text}{NBSP}%" if french else f"{text}%"
    if unit == "hours":
        return f"{grouped(half_up(value, 60), lang)}{NBSP}h"
    if unit == "count":
        return grouped(value, lang)
    text = (
        grouped(half_up(value, 100), lang)
        if unit == "dollars"
        else grouped(value, lang, 2)
    )
    if french:
        return f"{text}{NBSP}$"
    return text.replace("-", "-$") if value < 0 and "-" in text else f"${text}"
