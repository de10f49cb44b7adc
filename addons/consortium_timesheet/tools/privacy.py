"""Can a person's pay be worked out from the totals of centres? No Odoo here."""

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction

MIN_PEOPLE = 3


def small_centres(shares: Mapping[str, Mapping[str, int | Fraction]]) -> dict[str, int]:
    """``{centre: people}`` of the centres that fewer than three people share.

    :param shares: by person, the part that each centre bears, in any unit
    """
    people: dict[str, int] = {}
    for parts in shares.values():
        for centre, part in parts.items():
            if part:
                people[centre] = people.get(centre, 0) + 1
    return {c: n for c, n in sorted(people.items()) if n < MIN_PEOPLE}


def always_enough(stays, start: date, end: date) -> bool:
    """Are three people there, on each day of a period when anybody is?

    :param stays: ``(person, first day, last day or None)``; days are included
    :return: false also when nobody is there at all: whose cost it is isn't known
    """
    days = {start}
    for _person, first, last in stays:
        days.add(first)
        if last:
            days.add(last + timedelta(days=1))
    counts = {
        len({who for who, a, b in stays if a <= day and (b is None or b >= day)})
        for day in days
        if start <= day <= end
    }
    return max(counts) > 0 and not any(0 < count < MIN_PEOPLE for count in counts)


def derivable(shares: Mapping[str, Mapping[str, int | Fraction]]) -> list[str]:
    """The people whose own amount follows from the totals of the centres.

    Whoever knows the shares and the totals has one equation a centre. A person is
    exposed when these equations combine into one that names that person alone: when its
    unit vector is in the space that the rows span.
    """
    people = sorted(shares)
    centres = sorted({centre for parts in shares.values() for centre in parts})
    rows = []
    for centre in centres:
        row = []
        for person in people:
            whole = sum(shares[person].values())
            row.append(Fraction(shares[person].get(centre, 0)) / whole)
        rows.append(row)
    return [people[i] for i in _unit_columns(_reduced(rows, len(people)))]


def _reduced(rows, width):
    """The reduced row echelon form, without its empty rows."""
    rows, done = list(rows), 0
    for column in range(width):
        pivot = next((i for i in range(done, len(rows)) if rows[i][column]), None)
        if pivot is None:
            continue
        rows[done], rows[pivot] = rows[pivot], rows[done]
        lead = rows[done][column]
        rows[done] = [value / lead for value in rows[done]]
        for i, row in enumerate(rows):
            if i != done and (factor := row[column]):
                rows[i] = [a - factor * b for a, b in zip(row, rows[done], strict=True)]
        done += 1
    return rows[:done]


def _unit_columns(reduced):
    """In that form, a unit vector of the space is a row with one value that counts."""
    for row in reduced:
        filled = [i for i, value in enumerate(row) if value]
        if len(filled) == 1:
            yield filled[0]
