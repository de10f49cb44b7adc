"""Exact apportionment of money and time. No Odoo here, and no float.

Money is whole cents, time whole minutes; what lies between is a ``Fraction``. Whatever
is shared out sums to what there was to share, to the cent.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import TypeVar

K = TypeVar("K")


class CostProblem(ValueError):
    """Why a cost can't be shared out: a code, and the centres it is about."""

    def __init__(self, code, *centres):
        super().__init__(f"{code}: {', '.join(centres)}")
        self.code = code
        self.centres = centres


def half_up(value: int | Fraction) -> int:
    """The nearest whole number; a half goes away from zero."""
    value = Fraction(value)
    rounded = (2 * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    return rounded if value >= 0 else -rounded


def largest_remainder(total: int, weights: Mapping[K, int | Fraction]) -> dict[K, int]:
    """Share ``total`` in proportion to ``weights``, in whole parts that sum to it.

    Each part is first rounded down; the units left go one by one to the largest
    remainders. Ties: the heavier weight, then the lower key. A negative total is shared
    as its opposite is. A negative weight gives its part back: the others share it.

    :raise ValueError: the weights don't sum to more than zero
    """
    scale = lcm(*(Fraction(weight).denominator for weight in weights.values()))
    whole = {key: int(weight * scale) for key, weight in weights.items()}
    weight_sum = sum(whole.values())
    if weight_sum <= 0:
        raise ValueError("the weights sum to nothing to share by")
    sign = -1 if total < 0 else 1
    parts, remainders = {}, {}
    for key, weight in whole.items():
        parts[key], remainders[key] = divmod(abs(total) * weight, weight_sum)
    left = abs(total) - sum(parts.values())
    order = sorted(whole)
    order.sort(key=lambda key: (-remainders[key], -whole[key]))
    for key in order[:left]:
        parts[key] += 1
    return {key: sign * part for key, part in parts.items()}


def reciprocal_allocation(
    costs: Mapping[str, int], keys: Mapping[str, Mapping[str, Fraction]]
) -> dict[str, Fraction]:
    """What each centre that is no support centre receives of the support, exactly.

    :param costs: the own cents of each support centre
    :param keys: how each support centre is shared, as parts of one; a part may go to
        another support centre, which then shares it in its turn
    :return: sums to the sum of ``costs``
    :raise CostProblem: naming the centre: it has no key, its key does not sum to one
        or has a negative share, nothing of it ever leaves a loop of support centres; or
        the key is that of no support centre
    """
    _check_keys(costs, keys)
    full = full_costs(costs, keys)
    received: dict[str, Fraction] = {}
    for support, shares in keys.items():
        for centre, share in shares.items():
            if centre not in costs:
                received.setdefault(centre, Fraction(0))
                received[centre] += full[support] * share
    return received


def full_costs(
    costs: Mapping[str, int], keys: Mapping[str, Mapping[str, Fraction]]
) -> dict[str, Fraction]:
    """The full cost of each support centre: its own, and what others pass to it.

    Solves X = I + AᵀX by elimination, in exact fractions; ``_check_keys`` has made sure
    that there is one solution.
    """
    names = sorted(costs)
    size = len(names)
    rows = []
    for receiver in names:
        row = [
            Fraction(int(receiver == giver)) - Fraction(keys[giver].get(receiver, 0))
            for giver in names
        ]
        rows.append([*row, Fraction(costs[receiver])])
    for column in range(size):
        pivot = next(i for i in range(column, size) if rows[i][column])
        rows[column], rows[pivot] = rows[pivot], rows[column]
        lead = rows[column][column]
        rows[column] = [value / lead for value in rows[column]]
        for i in range(size):
            factor = rows[i][column]
            if i != column and factor:
                rows[i] = [
                    a - factor * b for a, b in zip(rows[i], rows[column], strict=True)
                ]
    return {name: rows[i][size] for i, name in enumerate(names)}


def _check_keys(costs, keys):
    for support in sorted(costs):
        if support not in keys:
            raise CostProblem("no_key", support)
    for support, shares in sorted(keys.items()):
        if support not in costs:
            raise CostProblem("not_support", support)
        for centre, share in sorted(shares.items()):
            if share < 0:
                raise CostProblem("negative_share", support, centre)
        if sum(map(Fraction, shares.values())) != 1:
            raise CostProblem("not_one", support)
    if closed := closed_loop(keys):
        raise CostProblem("closed_loop", *closed)


def closed_loop(keys: Mapping[str, Mapping[str, Fraction]]) -> list[str]:
    """The support centres, sorted, of which nothing ever reaches another centre."""
    ways_out, found = set(), True
    while found:
        found = {
            support
            for support, shares in keys.items()
            if support not in ways_out
            and any(
                share and (centre not in keys or centre in ways_out)
                for centre, share in shares.items()
            )
        }
        ways_out |= found
    return sorted(set(keys) - ways_out)


def cumulative_billing(rate_cents_per_hour: int, minutes: Sequence[int]) -> list[int]:
    """The cents of each successive invoice at one rate.

    At every step they sum to the half-up rounding of the whole, so that no cent is lost
    or made by rounding, however the time is cut into invoices.
    """
    amounts, billed, worked = [], 0, 0
    for each in minutes:
        worked += each
        amounts.append(half_up(Fraction(rate_cents_per_hour * worked, 60)) - billed)
        billed += amounts[-1]
    return amounts
