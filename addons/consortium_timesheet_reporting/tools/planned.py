"""What a budget says of some days, in whole cents and minutes.

Lines of a budget are typed amounts over days of their own; of a line that is partly
outside the period, its part of the days counts.
"""

from collections import defaultdict
from fractions import Fraction

# What a unit of a budget is in what is kept: cents of a dollar, minutes of an hour.
SCALES = {"cost": 100, "credit": 100, "hours": 60}


def planned(lines, start, end):
    """Sum the lines of a budget over a period.

    :param lines: ``(key, role, amount, first day, last day)``; role « cost » or
        « credit » (an amount in dollars) or « hours »; both days included
    :param start, end: the period, both days included
    :return: ``{key: {role: cents or minutes}}``, each to the nearest (half away from
        zero) once added up; keys whose lines are all outside are left out

    >>> from datetime import date
    >>> year = date(2019, 1, 1), date(2019, 12, 31)
    >>> planned([("A", "cost", 365.0, *year)], date(2019, 1, 1), date(2019, 1, 31))
    {'A': {'cost': 3100}}
    """
    sums = defaultdict(lambda: defaultdict(Fraction))
    for key, role, amount, first, last in lines:
        days = (min(last, end) - max(first, start)).days + 1
        if days > 0:
            # As typed: 0.1 is a tenth.
            typed = Fraction(repr(amount)) * SCALES[role]
            sums[key][role] += typed * days / ((last - first).days + 1)
    return {
        key: {role: nearest(value) for role, value in roles.items()}
        for key, roles in sums.items()
    }


def nearest(value):
    """A fraction to the nearest whole number, half away from zero."""
    whole = (2 * abs(value) + 1) // 2
    return whole if value >= 0 else -whole
