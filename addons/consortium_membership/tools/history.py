"""The plan of an import of the history: what each row would do. No Odoo here.

Rows come parsed; nothing is written. A row is « new », « same » as what is known,
« differs » from it, or « refuse » with a code that says why.
"""

from dataclasses import dataclass, field
from datetime import date

FOREVER = date.max


@dataclass
class Period:
    """A membership, known or to import; both days included."""

    partner: int
    number: int
    category: int
    start: date
    end: date | None = None
    founding: bool = False

    def overlaps(self, other):
        return self.start <= (other.end or FOREVER) and other.start <= (
            self.end or FOREVER
        )


@dataclass
class Verdict:
    """What becomes of a row, and what to name in its sentence."""

    what: str
    code: str = ""
    details: dict = field(default_factory=dict)


def plan_periods(rows, known):
    """The verdict of each row, decided in date order.

    :param rows: ``[(key, Period), …]``, in any order
    :param known: the periods of the register
    :return: ``{key: Verdict}``
    """
    by_partner, owners, numbers = {}, {}, {}
    for period in known:
        by_partner.setdefault(period.partner, []).append(period)
        owners[period.number] = period.partner
        numbers[period.partner] = period.number
    verdicts = {}
    for key, row in sorted(rows, key=lambda item: (item[1].start, item[1].number)):
        verdict = _verdict(row, by_partner.get(row.partner, ()), owners, numbers)
        verdicts[key] = verdict
        if verdict.what == "new":
            by_partner.setdefault(row.partner, []).append(row)
            owners[row.number] = row.partner
            numbers[row.partner] = row.number
    return verdicts


def _verdict(row, periods, owners, numbers):
    if row.end and row.end < row.start:
        return Verdict("refuse", "end_before_start")
    if owners.get(row.number, row.partner) != row.partner:
        return Verdict("refuse", "number_taken", {"number": row.number})
    if numbers.get(row.partner, row.number) != row.number:
        return Verdict("refuse", "other_number", {"number": numbers[row.partner]})
    for period in periods:
        if period.start == row.start:
            if period == row:
                return Verdict("same")
            return Verdict("differs", "differs", {"period": period})
    for period in periods:
        if period.overlaps(row):
            return Verdict("refuse", "overlap", {"period": period})
    return Verdict("new")


def members_on(periods, day):
    """How many organisations are members on a day."""
    return len(
        {p.partner for p in periods if p.start <= day and (p.end or FOREVER) >= day}
    )


@dataclass
class Entry:
    """A row of the share ledger to import: a signed quantity; the price in cents."""

    holder: int
    share_class: int
    quantity: int
    day: date
    kind: str = "issue"
    reference: str = ""
    price: int = 0

    @property
    def place(self):
        """What two rows that tell of the same operation have in common."""
        return self.holder, self.share_class, self.day, self.kind, self.reference

    def agrees(self, other):
        """Whether a row says nothing else: a price left out is that of the class."""
        same_price = not (self.price and other.price) or self.price == other.price
        return self.quantity == other.quantity and same_price


def plan_entries(rows, held, known=()):
    """The verdict of each row, decided in date order: no holding is negative.

    What was imported before is not imported again: each row known answers for one row
    at most. A row that is at the place of one known, and says something else, differs.

    :param rows: ``[(key, Entry), …]``, in any order
    :param held: ``{(holder, share class): quantity}`` in the ledger: what is new comes
        after it
    :param known: the rows imported before
    :return: ``{key: Verdict}``
    """
    held = dict(held)
    places = {}
    for entry in known:
        places.setdefault(entry.place, []).append(entry)
    verdicts = {}
    for key, row in rows:
        there = places.get(row.place, [])
        same = next((entry for entry in there if row.agrees(entry)), None)
        if same:
            there.remove(same)
            verdicts[key] = Verdict("same")
    # The day's issues come before its redemptions.
    order = sorted(rows, key=lambda item: (item[1].day, item[1].quantity < 0))
    for key, row in order:
        if key not in verdicts:
            verdicts[key] = _verdict_of_entry(row, held, places.get(row.place))
    return verdicts


def _verdict_of_entry(row, held, there):
    place = (row.holder, row.share_class)
    total = held.get(place, 0) + row.quantity
    if not row.quantity:
        return Verdict("refuse", "no_quantity")
    if there:
        entry = there.pop(0)
        return Verdict("differs", "entry_differs", {"entry": entry})
    if total < 0:
        return Verdict("refuse", "negative", {"held": held.get(place, 0)})
    held[place] = total
    return Verdict("new")
