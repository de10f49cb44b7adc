"""Minutes as people write and read them. No Odoo here."""

import re
from decimal import Decimal
from fractions import Fraction

from .apportionment import half_up

_CLOCK = re.compile(r"(\d+)\s*[:h]\s*(\d{1,2})?")


def clock(minutes: int) -> str:
    """``7:05`` for 425 minutes; a minus before what is taken back."""
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else ''}{hours}:{rest:02}"


def exact_minutes(hours: float | str | Decimal) -> Fraction:
    """The minutes that decimal hours say, as they are written: 0.1 is six minutes."""
    return Fraction(Decimal(str(hours or 0))) * 60


def to_minutes(hours: float | str | Decimal) -> int:
    """The nearest whole minute of decimal hours, a half away from zero."""
    return half_up(exact_minutes(hours))


def read_minutes(text: str) -> Fraction:
    """The minutes that a cell says: ``1:30``, ``1h30``, ``1 h``, ``1,5`` or ``1.5``.

    :return: not always whole: whoever asks rounds it, and says so
    :raise ValueError: it is no time
    """
    plain = "".join(str(text).split()).lower()
    if match := _CLOCK.fullmatch(plain):
        hours, rest = match.groups()
        if int(rest or 0) > 59:
            raise ValueError(text)
        return Fraction(int(hours) * 60 + int(rest or 0))
    if not re.fullmatch(r"[+-]?\d+([.,]\d+)?", plain):
        raise ValueError(text)
    return exact_minutes(plain.replace(",", "."))
