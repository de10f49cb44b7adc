"""The values of legal parameters: written as text, read as exact numbers.

=============  =====================  ==================================
type           written                read as
=============  =====================  ==================================
``integer``    ``5``                  ``int``
``days``       ``30``                 ``int``
``months``     ``6``                  ``int``
``years``      ``3``                  ``int``
``fraction``   ``1/3``                ``fractions.Fraction(1, 3)``
``percent``    ``50`` or ``9,975``    ``fractions.Fraction(1, 2)``…
``money``      ``10.00``              ``decimal.Decimal("10.00")``
``boolean``    ``yes`` or ``no``      ``bool``
``text``       anything               ``str``
=============  =====================  ==================================
"""

import re
from decimal import Decimal
from fractions import Fraction

COUNTS = ("integer", "days", "months", "years")
_PATTERNS = {
    **dict.fromkeys(COUNTS, re.compile(r"[0-9]{1,9}")),
    "fraction": re.compile(r"[0-9]{1,9}/[1-9][0-9]{0,8}"),
    "percent": re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?"),
    "money": re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?"),
    "boolean": re.compile(r"yes|no"),
    "text": re.compile(r".+", re.DOTALL),
}
_BOOLEANS = {"oui": "yes", "true": "yes", "1": "yes", "non": "no", "false": "no"}


def canonical(value_type, text):
    """``text`` as it is kept, or None if it is no value of this type.

    A comma is a decimal point, spaces between digits are dropped, an amount has two
    decimals; a fraction keeps the terms that the text of law gives it.
    """
    text = (text or "").strip()
    if value_type == "boolean":
        text = _BOOLEANS.get(text.casefold(), text.casefold())
    elif value_type != "text":
        text = re.sub(r"[\s%$]+", "", text).replace(",", ".")
    if not _PATTERNS[value_type].fullmatch(text):
        return None
    if value_type in COUNTS:
        return str(int(text))
    if value_type == "money":
        return f"{Decimal(text):.2f}"
    return text


def read(value_type, text):
    """The exact number (or text) that a canonical ``text`` stands for."""
    if value_type in COUNTS:
        return int(text)
    if value_type == "fraction":
        return Fraction(text)
    if value_type == "percent":
        return Fraction(text) / 100
    if value_type == "money":
        return Decimal(text)
    if value_type == "boolean":
        return text == "yes"
    return text
