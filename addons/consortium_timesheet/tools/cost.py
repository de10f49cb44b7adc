"""The final cost of a year, its true-up and its variance. No Odoo here, and no float.

Cells are ``(agreement key, centre code)``. See ``apportionment`` for the units.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from .apportionment import (
    CostProblem,
    half_up,
    largest_remainder,
    reciprocal_allocation,
)

Cell = tuple[str, str]


@dataclass(frozen=True)
class FinalCost:
    """What a year cost: by centre, then by cell; every sum is exact."""

    support: dict[str, int]  # what each centre receives of the support centres
    total: dict[str, int]  # the full cost of each centre
    cells: dict[Cell, int]  # the cost of each agreement in each centre
    minutes: dict[str, int]  # the chargeable minutes of each centre


def final_cost(
    direct: Mapping[str, int],
    support: Mapping[str, int],
    keys: Mapping[str, Mapping[str, Fraction]],
    minutes: Mapping[Cell, int],
    carried: Mapping[str, int] | None = None,
) -> FinalCost:
    """Share out the cost of a year.

    :param direct: net cents of each expertise centre (credits taken off)
    :param support: net cents of each support centre
    :param keys: the key of each support centre
    :param minutes: the chargeable minutes of each cell; below zero, more of an earlier
        year was taken back than was worked
    :param carried: cents of an earlier year to recover (or to give back) by centre
    :raise CostProblem: a negative cost, a cost without minutes, a centre where no more
        was worked than taken back, minutes of a centre that does not exist; or see
        ``reciprocal_allocation``
    """
    carried = carried or {}
    by_centre = _by_centre(minutes)
    if negative := [name for name, cost in sorted(support.items()) if cost < 0]:
        raise CostProblem("negative", *negative)
    received = reciprocal_allocation(support, keys)
    whole = _to_cents(sum(support.values()), received)
    centres = sorted({*direct, *received, *carried})
    total = {
        centre: direct.get(centre, 0) + whole.get(centre, 0) + carried.get(centre, 0)
        for centre in centres
    }
    if negative := [name for name in centres if total[name] < 0]:
        raise CostProblem("negative", *negative)
    if unknown := [name for name in by_centre if name not in total]:
        raise CostProblem("unknown", unknown[0])
    cells: dict[Cell, int] = {}
    for centre in centres:
        if any(by_centre[centre].values()):
            cells.update(largest_remainder(total[centre], by_centre[centre]))
        elif total[centre]:
            raise CostProblem("no_minutes", centre)
    worked = {centre: sum(by_centre[centre].values()) for centre in centres}
    return FinalCost(whole, total, cells, worked)


def _by_centre(minutes):
    """The cells of each centre that carry its cost: their minutes sum above zero."""
    by_centre: dict[str, dict[Cell, int]] = defaultdict(dict)
    for cell, worked in minutes.items():
        by_centre[cell[1]][cell] = worked
    taken_back = [
        centre
        for centre, cells in sorted(by_centre.items())
        if any(cells.values()) and sum(cells.values()) <= 0
    ]
    if taken_back:
        raise CostProblem("taken_back", *taken_back)
    return by_centre


def _to_cents(total, amounts):
    """Whole cents of exact amounts, that sum to the total."""
    if not total:
        return dict.fromkeys(amounts, 0)
    return largest_remainder(total, amounts)


def variance(
    final: int,
    target: int,
    minutes: int,
    target_minutes: int,
    rate: int,
    at_rates: Fraction,
    billed: int,
) -> dict[str, int]:
    """Why a centre's cost is not what was billed: cents that sum to the difference.

    :param rate: the provisional rate that the target gave, in cents an hour
    :param at_rates: the minutes at the rates they were billed at, unrounded
    :return: ``spending`` (it cost more than planned), ``volume`` (fewer hours than
        planned carry it), ``rate_rounding``, ``revision`` (rates revised during the
        year), ``line_rounding``, and their ``total``
    """
    volume = half_up(Fraction(rate * (target_minutes - minutes), 60))
    rate_rounding = target - half_up(Fraction(rate * target_minutes, 60))
    revision = half_up(Fraction(rate * minutes, 60) - at_rates)
    parts = {
        "spending": final - target,
        "volume": volume,
        "rate_rounding": rate_rounding,
        "revision": revision,
    }
    total = final - billed
    return {
        **parts,
        "line_rounding": total - sum(parts.values()),
        "total": total,
    }


def projected(difference: int, days: int, year_days: int) -> int:
    """The difference at the end of the year, if it goes on at the same pace."""
    return half_up(Fraction(difference * year_days, days))


def provisional_rate(target: int, target_minutes: int) -> int:
    """The cents an hour that a planned cost and planned minutes give, half up.

    :raise CostProblem: no minutes
    """
    if target_minutes <= 0:
        raise CostProblem("no_minutes")
    return half_up(Fraction(target * 60, target_minutes))


def funded(
    cost: Mapping[str, int],
    minutes: Mapping[str, int],
    caps: Mapping[str, int],
    envelope: int,
) -> dict[str, int | dict[str, int]]:
    """What a funder pays of an agreement: cost under a cap an hour, and an envelope.

    :param caps: cents an hour, by centre; a centre without one is not capped. Time that
        was taken back gives back no more than the cap paid of it.
    :return: ``eligible`` by centre, ``funder``, ``gap`` (what another source must pay)
    """
    eligible = {
        centre: _capped(amount, half_up(Fraction(caps[centre] * minutes[centre], 60)))
        if centre in caps
        else amount
        for centre, amount in cost.items()
    }
    funder = min(envelope, sum(eligible.values()))
    return {
        "eligible": eligible,
        "funder": funder,
        "gap": sum(cost.values()) - funder,
    }


def _capped(cost, limit):
    """The part of a cost under a limit, both below zero for time taken back."""
    return min(cost, limit) if limit >= 0 else max(min(cost, 0), limit)
