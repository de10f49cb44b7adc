"""The NEQ, *numéro d'entreprise du Québec*: ten digits, the first two of which say
what the enterprise is (11 a legal person, 22 a natural one, 33 a partnership, 88 a
public body)."""

import re

PATTERN = "(11|22|33|88)[0-9]{8}"
_NEQ = re.compile(PATTERN)
_SEPARATORS = re.compile(r"[\s\-\u00ad\u2010-\u2015]+")


def compact(value):
    """``value`` without the spaces and dashes that people type."""
    return _SEPARATORS.sub("", value or "")


def is_neq(value):
    """Whether ``value``, once compact, reads as a NEQ."""
    return bool(_NEQ.fullmatch(compact(value)))


def normalize(value):
    """The compact NEQ if ``value`` reads as one; else ``value`` itself, trimmed.

    A registry number of another place is written in its own way: it is left as it is.
    """
    if not value:
        return value
    return compact(value) if is_neq(value) else value.strip()
