"""Figures as people read them, in French or in English."""

NARROW = "\N{NO-BREAK SPACE}"


def whole(number, french):
    """A whole number, its thousands apart.

    >>> whole(63800, True).replace(NARROW, "_"), whole(-1234, False)
    ('63_800', '-1,234')
    """
    text = f"{number:,}"
    return text.replace(",", NARROW) if french else text


def money(cents, french):
    """An amount of cents.

    >>> money(294750, True).replace(NARROW, "_"), money(-5, False)
    ('2_947,50_$', '-$0.05')
    """
    sign = "-" if cents < 0 else ""
    dollars, rest = divmod(abs(cents), 100)
    if french:
        return f"{sign}{whole(dollars, True)},{rest:02}{NARROW}$"
    return f"{sign}${whole(dollars, False)}.{rest:02}"


def percent(millionths, french):
    """A share of millionths, to a tenth of a percent, half up; a dash for None.

    >>> percent(123_456, True).replace(NARROW, "_"), percent(1_000_000, False)
    ('12,3_%', '100.0%')
    """
    if millionths is None:
        return "—"
    tenths = (abs(millionths) + 500) // 1000
    sign = "-" if millionths < 0 and tenths else ""
    text = f"{sign}{whole(tenths // 10, french)}{',' if french else '.'}{tenths % 10}"
    return f"{text}{NARROW}%" if french else f"{text}%"


def value(amount, unit, french):
    """A figure in its unit; see ``tools.canonical``."""
    if amount is None:
        return "—"
    if unit in ("money", "rate"):
        return money(amount, french)
    if unit == "share":
        return percent(amount, french)
    if unit == "hours":
        return whole((2 * amount + 60) // 120, french) + f"{NARROW}h"
    return whole(amount, french)
