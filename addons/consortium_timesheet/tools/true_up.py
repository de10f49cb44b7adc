"""What is left between the cost of a year and what was billed. No Odoo here, no float.

Cells are ``(agreement, centre)``, keys that sort; money is whole cents, time minutes.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from .apportionment import largest_remainder

Cell = tuple[int | str | tuple, str]


@dataclass(frozen=True)
class Share:
    """An agreement in a centre: its time, its cost and its reserve."""

    minutes: int = 0
    cost: int = 0
    reserve: int = 0


@dataclass(frozen=True)
class TrueUp:
    """What a cell cost, what was billed of it, what earlier true-ups did of it."""

    final: Share
    billed: Share
    earlier: Share

    @property
    def cost(self) -> int:
        return self.final.cost - self.billed.cost - self.earlier.cost

    @property
    def reserve(self) -> int:
        return self.final.reserve - self.billed.reserve - self.earlier.reserve

    @property
    def amount(self) -> int:
        return self.cost + self.reserve


@dataclass(frozen=True)
class Gap:
    """Where what was billed and the true-up don't make the cost: a code, and where."""

    code: str
    agreement: int | str | tuple
    centre: str
    amount: int


def true_ups(
    final: Mapping[Cell, Share],
    billed: Mapping[Cell, Share],
    earlier: Mapping[Cell, Share],
) -> dict[Cell, TrueUp]:
    """The true-up of each cell that cost, or was billed, or was settled before."""
    nothing = Share()
    return {
        cell: TrueUp(
            final.get(cell, nothing),
            billed.get(cell, nothing),
            earlier.get(cell, nothing),
        )
        for cell in sorted({*final, *billed, *earlier})
    }


def counted_together(
    final: Mapping[Cell, Share], centres: Collection[str], weights: Mapping[Cell, int]
) -> dict[Cell, Share]:
    """The same shares, but that some centres share their cost as one.

    What an agreement is told of them then gives the cost of none. Their cost, and their
    reserve, sum to what they were.

    :param centres: those that too few people make the cost of
    :param weights: what the time of each cell is worth at its provisional rates, so
        that each centre of them keeps its own price
    """
    few = [cell for cell in final if cell[1] in centres]
    found = dict(final)
    costs = share_out(sum(final[cell].cost for cell in few), few, weights, final)
    reserves = share_out(sum(final[cell].reserve for cell in few), few, costs, final)
    for cell in few:
        found[cell] = Share(final[cell].minutes, costs[cell], reserves[cell])
    return found


def fixed_part(share: Share, minutes: int) -> tuple[Share, Share]:
    """A share cut in two: the part of its time at cost, and that at a fixed price.

    :param minutes: those at a fixed price
    """
    parts = {False: share.minutes - minutes, True: minutes}
    if not share.minutes:
        return replace(share, minutes=-minutes), Share(minutes)
    # Time that was taken back is cut as time worked is.
    sign = 1 if share.minutes > 0 else -1
    weights = {part: sign * count for part, count in parts.items()}
    costs = largest_remainder(share.cost, weights)
    reserves = largest_remainder(share.reserve, weights)
    cost, fixed = (Share(parts[k], costs[k], reserves[k]) for k in (False, True))
    return cost, fixed


def at_price(final: Mapping[Cell, Share], cents: int) -> dict[Cell, Share]:
    """What a price brings, shared out among the cells of its agreement by their cost.

    A price bills all the time that it was agreed for.
    """
    weights = {cell: share.cost for cell, share in final.items()}
    parts = share_out(cents, list(final), weights, final)
    return {
        cell: replace(share, cost=parts[cell], reserve=0)
        for cell, share in final.items()
    }


def share_out(
    total: int,
    cells: Collection[Cell],
    weights: Mapping[Cell, int],
    shares: Mapping[Cell, Share],
) -> dict[Cell, int]:
    """By weight; by time where no weight counts; equally where there is no time.

    What was taken back gives its part back, where the others outweigh it.
    """
    if not cells:
        return {}
    for found in (
        {cell: weights.get(cell, 0) for cell in cells},
        {cell: shares[cell].minutes for cell in cells},
    ):
        if sum(found.values()) > 0:
            return largest_remainder(total, found)
    return largest_remainder(total, dict.fromkeys(cells, 1))


def gaps(
    rows: Mapping[Cell, TrueUp],
    totals: Mapping[str, int],
    reserve: int,
    together: Collection[str] = (),
) -> list[Gap]:
    """All that keeps a true-up from closing; empty: it closes to the cent.

    :param totals: the full cost of each centre
    :param reserve: the reserve of the year
    :param together: the centres counted as one, see ``counted_together``
    """
    name = ", ".join(sorted(together))
    found = []
    for (agreement, centre), row in rows.items():
        left = row.final.minutes - row.billed.minutes
        if left:
            code = "unbilled" if left > 0 else "overbilled"
            found.append(Gap(code, agreement, centre, left))
    shared: dict[str, int] = defaultdict(int)
    kept = 0
    for (_agreement, centre), row in rows.items():
        place = name if centre in together else centre
        shared[place] -= row.billed.cost + row.earlier.cost + row.cost
        kept += row.billed.reserve + row.earlier.reserve + row.reserve
    for centre, total in totals.items():
        shared[name if centre in together else centre] += total
    found += [Gap("centre", "", c, left) for c, left in sorted(shared.items()) if left]
    if left := reserve - kept:
        found.append(Gap("reserve", "", "", left))
    return found


def decide(
    rows: Mapping[Cell, TrueUp],
    policy: str,
    threshold: int = 0,
    alone: Collection[int | str | tuple] = (),
    fixed: Collection[int | str | tuple] = (),
) -> dict[int | str | tuple, str]:
    """What becomes of the true-up of each agreement: ``settle``, ``carry``, ``fixed``,
    ``even``.

    :param policy: ``settle``, ``carry``, or ``threshold``: carried below it, in cents
    :param alone: agreements of members who left or are new, which are always settled:
        tomorrow's members don't pay yesterday's cost
    :param fixed: those at a fixed price, which nobody settles: a source bears what it
        leaves
    """
    amounts = by_agreement(rows.items())
    found = {}
    for agreement, amount in amounts.items():
        if not amount:
            found[agreement] = "even"
        elif agreement in fixed:
            found[agreement] = "fixed"
        elif agreement in alone or policy == "settle":
            found[agreement] = "settle"
        elif policy == "carry":
            found[agreement] = "carry"
        else:
            found[agreement] = "carry" if abs(amount) < threshold else "settle"
    return found


def by_agreement(rows: Iterable[tuple[Cell, TrueUp]]) -> dict:
    """The cents of each agreement, cost and reserve."""
    amounts: dict = defaultdict(int)
    for (agreement, _centre), row in rows:
        amounts[agreement] += row.amount
    return dict(amounts)
