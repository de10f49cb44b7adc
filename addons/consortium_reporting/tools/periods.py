"""Days that a law counts from another."""

import calendar
from datetime import date, timedelta

UNITS = ("days", "months", "years")


def after(day, amount, unit):
    """The day so many ``days``, ``months`` or ``years`` after (before, when negative).

    Months end at their end: six months after the 30th of June is the 31st of December.

    >>> after(date(2019, 6, 30), 6, "months")
    datetime.date(2019, 12, 31)
    """
    if unit == "days":
        return day + timedelta(days=amount)
    months = amount * 12 if unit == "years" else amount
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    month += 1
    last = calendar.monthrange(year, month)[1]
    at_end = day.day == calendar.monthrange(day.year, day.month)[1]
    return date(year, month, last if at_end else min(day.day, last))


def label(first, last):
    """How a fiscal year is called: « 2018-2019 », or the calendar year alone."""
    if first.year == last.year:
        return str(last.year)
    return f"{first.year}-{last.year}"
