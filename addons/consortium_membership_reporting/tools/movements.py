"""Who came and who left over a year, from periods of membership."""

from datetime import timedelta

ONE_DAY = timedelta(days=1)


def movements(periods, first, last):
    """Partners who became and who ceased to be members on a day of a year.

    A period that follows another one the next day (a change of category) is neither.
    So: members on ``last`` = members the day before ``first`` + came − left, counting
    each coming and each leaving.

    :param periods: ``(partner, start, end or None)``, none overlapping for a partner
    :param first: first day
    :param last: last day, included
    :return: ``(came, left)``, lists of the periods
    """
    starts = {(partner, start) for partner, start, _end in periods}
    ends = {(partner, end) for partner, _start, end in periods if end}
    came, left = [], []
    for period in periods:
        partner, start, end = period
        if first <= start <= last and (partner, start - ONE_DAY) not in ends:
            came.append(period)
        if end and first <= end + ONE_DAY <= last:
            if (partner, end + ONE_DAY) not in starts:
                left.append(period)
    return came, left
