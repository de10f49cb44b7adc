"""What a funder pays of the cost of a year, out of an envelope. No Odoo, no float.

Money is whole cents, time whole minutes, a cap whole cents an hour.
"""

from collections import defaultdict

from .cost import funded


def claim(inputs):
    """What an accountability report says.

    :param inputs: a plain structure: ``cells``, lists ``[agreement, centre, minutes,
        cost, reserve]`` of the whole year; ``caps``, cents an hour by centre;
        ``envelope``; ``others``, what was claimed of it for other years; ``earlier``,
        what was claimed before for this year
    :return: ``centres``: ``{code: {minutes, cost, cap, eligible}}``, a cap of zero
        where there is none; ``cost``, ``eligible`` and ``reserve`` of the year;
        ``year``, what the funder pays of it in all; ``funder``, what it pays by this
        report, below zero when it is given back; ``gap``, the cost that it leaves, and
        ``gap_to_fund``, with the reserve
    """
    cost: dict[str, int] = defaultdict(int)
    minutes: dict[str, int] = defaultdict(int)
    reserve = 0
    for _agreement, centre, worked, cents, kept in inputs["cells"]:
        cost[centre] += cents
        minutes[centre] += worked
        reserve += kept
    caps = inputs["caps"]
    paid = funded(cost, minutes, caps, inputs["envelope"] - inputs["others"])
    return {
        "centres": {
            centre: {
                "minutes": minutes[centre],
                "cost": cost[centre],
                "cap": caps.get(centre, 0),
                "eligible": paid["eligible"][centre],
            }
            for centre in sorted(cost)
        },
        "cost": sum(cost.values()),
        "eligible": sum(paid["eligible"].values()),
        "reserve": reserve,
        "year": paid["funder"],
        "funder": paid["funder"] - inputs["earlier"],
        "gap": paid["gap"],
        "gap_to_fund": paid["gap"] + reserve,
    }
