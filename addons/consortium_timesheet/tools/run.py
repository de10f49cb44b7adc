"""A rate run: from what is known to what an hour costs, and the proof of it.

No Odoo here. Inputs and results are plain structures of whole numbers and text, so that
their canonical form, and its hash, are the same wherever they are computed.
"""

import hashlib
import json
from collections import defaultdict
from fractions import Fraction

from .apportionment import full_costs, half_up, largest_remainder
from .cost import final_cost, provisional_rate, variance

# Raised when the method changes: it is part of what is hashed.
METHOD = "1"


def canonical(content) -> str:
    """The one way to write a structure: sorted keys, no spaces, no float."""
    return json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )


def digest(inputs, result, previous: str) -> str:
    """The SHA-256 of a run, chained to the run before it."""
    content = {
        "inputs": inputs,
        "method": METHOD,
        "previous": previous,
        "result": result,
    }
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def keys_of(inputs):
    return {
        support: {centre: Fraction(share) for centre, share in shares.items()}
        for support, shares in inputs["keys"].items()
    }


def compute(inputs):
    """The result of a run; see ``target`` and ``final``."""
    return target(inputs) if inputs["kind"] == "target" else final(inputs)


def target(inputs):
    """The provisional rates that a budget gives.

    :param inputs: ``direct`` and ``support`` cents by centre, ``minutes`` by centre,
        ``keys`` (shares as fractions in text), ``carried`` cents by centre
    :return: ``centres``: ``{code: {support, total, minutes, rate}}``
    """
    minutes = {("", code): count for code, count in inputs["minutes"].items()}
    cost = final_cost(
        inputs["direct"], inputs["support"], keys_of(inputs), minutes, inputs["carried"]
    )
    centres = {}
    for code, total in cost.total.items():
        worked = cost.minutes[code]
        centres[code] = {
            "support": cost.support.get(code, 0),
            "total": total,
            "minutes": worked,
            "rate": provisional_rate(total, worked) if worked else 0,
        }
    return {"centres": centres}


def final(inputs):
    """What a year cost: centres, then agreements, to the cent.

    :param inputs: as ``target``, but ``cells``: lists ``[agreement, centre, rate in
        cents, minutes]``; ``reserve``: ``{share, basis, cap}``; ``targets``: ``{centre:
        [cents, minutes, rate]}`` of the target run, if any
    :return: ``centres``, ``cells`` (lists ``[agreement, centre, minutes, cost,
        provisional, reserve, provisional reserve]``) and ``reserve``
    """
    minutes: dict = defaultdict(int)
    provisional: dict = defaultdict(int)
    at_rates: dict = defaultdict(Fraction)
    for agreement, centre, rate, worked in inputs["cells"]:
        exact = Fraction(rate * worked, 60)
        minutes[agreement, centre] += worked
        provisional[agreement, centre] += half_up(exact)
        at_rates[centre] += exact
    cost = final_cost(
        inputs["direct"], inputs["support"], keys_of(inputs), minutes, inputs["carried"]
    )
    share = reserve_share(inputs["reserve"])
    reserve = reserve_total(sum(cost.total.values()), inputs["reserve"])
    reserves = (
        largest_remainder(reserve, cost.cells)
        if reserve
        else dict.fromkeys(cost.cells, 0)
    )
    cells = [
        [
            agreement,
            centre,
            minutes[agreement, centre],
            cost.cells[agreement, centre],
            provisional[agreement, centre],
            reserves[agreement, centre],
            half_up(share * provisional[agreement, centre]),
        ]
        for agreement, centre in sorted(cost.cells)
    ]
    centres = {
        code: _final_centre(code, cost, provisional, at_rates[code], inputs["targets"])
        for code in cost.total
    }
    return {"centres": centres, "cells": cells, "reserve": reserve}


def _final_centre(code, cost, provisional, at_rates, targets):
    billed = sum(v for (_agreement, centre), v in provisional.items() if centre == code)
    worked = cost.minutes[code]
    total = cost.total[code]
    row = {
        "support": cost.support.get(code, 0),
        "total": total,
        "minutes": worked,
        "provisional": billed,
        "rate": half_up(Fraction(total * 60, worked)) if worked else 0,
    }
    if code in targets:
        planned, planned_minutes, rate = targets[code]
        row["variance"] = variance(
            total, planned, worked, planned_minutes, rate, at_rates, billed
        )
    return row


def support_flows(inputs, result):
    """How the support that a run shares out came to each centre.

    :return: ``{support: {"own", "full", "to": {centre: (share, cents)}}}``: its own
        cents, its full ones with what others pass to it, and the share of its key that
        goes to each centre. What a centre receives sums to what the result says, to
        the cent; full costs, and what passes between support centres, are rounded.
    """
    keys = keys_of(inputs)
    full = full_costs(inputs["support"], keys)
    flows = {
        support: {
            "own": inputs["support"][support],
            "full": half_up(full[support]),
            "to": {
                centre: (share, half_up(full[support] * share))
                for centre, share in shares.items()
                if share
            },
        }
        for support, shares in keys.items()
    }
    for centre, row in result["centres"].items():
        given = {
            support: full[support] * shares[centre]
            for support, shares in keys.items()
            if shares.get(centre)
        }
        if any(given.values()):
            for support, cents in largest_remainder(row["support"], given).items():
                flows[support]["to"][centre] = (keys[support][centre], cents)
    return flows


def reserve_share(reserve) -> Fraction:
    """The part of a cost that the reserve adds to it.

    :param reserve: ``share`` as a fraction in text; ``basis``: ``cost``, or ``price``
        when it is a share of the price, reserve included
    """
    share = Fraction(reserve["share"])
    return share / (1 - share) if reserve["basis"] == "price" else share


def reserve_total(cost: int, reserve) -> int:
    """The reserve of a year, in cents, never above its cap."""
    total = half_up(reserve_share(reserve) * cost)
    return min(total, reserve["cap"]) if reserve["cap"] else total
