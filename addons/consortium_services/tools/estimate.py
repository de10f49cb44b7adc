"""Ranges of hours, from minutes actually spent. Pure integers: no Odoo import."""

ENOUGH = 3  # below, two mandates would say who the members were, and little else


def typical_range(minutes):
    """The middle half of the mandates, in whole hours.

    :param minutes: the minutes of each mandate, in any order
    :return: ``(from, to)`` in minutes: the first quartile rounded down and the third
        rounded up to the hour; ``None`` with fewer than three mandates
    """
    spent = sorted(value for value in minutes if value > 0)
    if len(spent) < ENOUGH:
        return None
    low = spent[(len(spent) - 1) // 4]
    high = spent[-1 - (len(spent) - 1) // 4]
    return max(low // 60, 1) * 60, -(-high // 60) * 60
