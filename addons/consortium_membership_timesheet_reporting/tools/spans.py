"""Days between which nothing changes, in whole months as far as can be."""

from itertools import pairwise

from dateutil.relativedelta import relativedelta


def unchanged(days, start, end):
    """``[(first day, day after the last)]`` from one day to before another, cut where
    something changes, and around the months that a cut divides. Nothing changes: none.

    :param days: those from which something is otherwise
    """
    changes = {day for day in days if start < day < end}
    if not changes:
        return []
    cuts = {start, *changes, end}
    for day in [day for day in cuts if day.day != 1]:
        month = day.replace(day=1)
        cuts |= {month, month + relativedelta(months=1)}
    return list(pairwise(sorted(day for day in cuts if start <= day <= end)))


def whole_months(since, until):
    """Whether it is of whole months, from one day to before another."""
    return since.day == until.day == 1


def columns(rows, width):
    """A list a column, as ``unnest`` of PostgreSQL takes them."""
    return [list(column) for column in zip(*rows, strict=True)] or [[]] * width
