"""When hours were worked and by whom: spread over the working days of an agreement."""

from datetime import timedelta

PIECE = 450
MOST = 600


def working_days(first, last):
    """Mondays to Fridays, both days included; the first day if there are none."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [day for day in days if day.weekday() < 5] or [first]


def spread(minutes, days, people, load):
    """Pieces of at most seven hours and a half, evenly over the days; each goes to who
    has the least that day, or to a later day when nobody has room.

    :param load: ``{(person, day): minutes}`` of what is already given; it is added to
    :return: ``[(person, day, minutes)]``, that add up to ``minutes``
    """
    count = -(-minutes // PIECE)
    rows = []
    for index in range(count):
        part = min(PIECE, minutes - index * PIECE)
        start = index * len(days) // count
        person, day = _place(part, days[start:] + days[:start], people, load)
        load[person, day] = load.get((person, day), 0) + part
        rows.append((person, day, part))
    return rows


def _place(part, days, people, load):
    """The first day on which somebody has room, else the lightest one."""

    def lightest(day):
        return min(people, key=lambda person: load.get((person, day), 0))

    for day in days:
        person = lightest(day)
        if load.get((person, day), 0) + part <= MOST:
            return person, day
    day = min(days, key=lambda day: load.get((lightest(day), day), 0))
    return lightest(day), day
