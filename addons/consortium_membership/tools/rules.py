"""Delays and majorities, in whole days and exact fractions. No Odoo here."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta


def after(date, days):
    """The day so many days after ``date``: the last day of a delay that began then."""
    return date + timedelta(days=days)


def resignation_day(notice, delay, accepted=None, asked=None):
    """The last day as a member.

    :param notice: the day the notice was received
    :param delay: in days
    :param accepted: the earlier day that the board accepts, if any
    :param asked: the day that the member asks for, if any: the delay is the least
    """
    last = after(notice, delay)
    if asked is not None and asked > last:
        return asked
    if accepted is None:
        return last
    return min(last, max(accepted, notice))


def in_time(date, limit):
    """Whether what was due on ``limit`` at the latest was done."""
    return date is not None and date <= limit


def carried(votes_for, votes_against, share):
    """Whether the votes for are at least that share of the votes cast.

    Abstentions are not votes cast; nothing is rounded.

    :param share: a ``Fraction``
    """
    cast = votes_for + votes_against
    return cast > 0 and votes_for * share.denominator >= share.numerator * cast


def last_day_of_suspension(start, months):
    """The last day that a suspension of so many months may have."""
    return start + relativedelta(months=months) - timedelta(days=1)
