"""Minutes over weeks: integers, no Odoo import."""

from datetime import timedelta


def monday(day):
    """The first day of the week of ``day``."""
    return day - timedelta(days=day.weekday())


def spread(minutes, start, end):
    """``minutes`` evenly over the weeks from ``start`` to ``end``, both included.

    Whole minutes that add up: each week has what brings the running total nearest to
    its share.

    :return: ``{Monday: minutes}``, empty without minutes
    :raise ValueError: the end comes before the start, or the minutes are negative
    """
    if end < start:
        raise ValueError("the end comes before the start")
    if minutes < 0:
        raise ValueError("minutes are not negative")
    if not minutes:
        return {}
    first = monday(start)
    count = (monday(end) - first).days // 7 + 1
    totals = [minutes * done // count for done in range(count + 1)]
    return {
        first + timedelta(weeks=number): totals[number + 1] - totals[number]
        for number in range(count)
        if totals[number + 1] > totals[number]
    }


def passed(spent, ceiling, marks):
    """The highest mark, in percent of the ceiling, that ``spent`` has reached.

    :return: 0 below all of them, or without a ceiling
    """
    if ceiling <= 0:
        return 0
    return max((mark for mark in marks if spent * 100 >= ceiling * mark), default=0)
