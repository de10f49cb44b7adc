"""Admission in bulk: seconds each hundred, when the ledger is small and when it is big.

What a hundred admissions cost may not grow with the members that there are already: the
last hundred is compared with the first.
"""

import time

HUNDREDS = 5
SIZE = 100
GOAL = 1.2


def measure(env, hundreds=HUNDREDS, size=SIZE):
    """Yield the rows of the table; see ``config/helpers/bench.py``."""
    env = env(context={**env.context, "tracking_disable": True})
    category, resolution, kind = prepare(env)
    admit(env, category, resolution, kind, "chaud", 5)
    seconds = [
        admit(env, category, resolution, kind, index, size) for index in range(hundreds)
    ]
    what = f"admission in bulk, {size} organisations"
    yield (
        f"{what}, with {size * (hundreds - 1)} members already",
        seconds[-1],
        "the same with none",
        seconds[0],
        GOAL,
    )
    yield f"{what}, each {size}, on average", sum(seconds) / hundreds, "", None, None


def prepare(env):
    """A category that asks for ten qualifying shares, and the board's resolution."""
    share_class = env["consortium.share.class"].create(
        {"name": "Parts du banc d'essai", "code": "BANC", "is_qualifying": True}
    )
    share_class.action_set_up_accounting()
    category = env["consortium.member.category"].create(
        {
            "name": "Banc d'essai",
            "code": "bench",
            "qualifying_ids": [
                (0, 0, {"share_class_id": share_class.id, "quantity": 10})
            ],
        }
    )
    resolution = env["consortium.resolution"].create(
        {
            "subject": "Banc d'essai",
            "kind": "admission",
            "date": "2019-01-01",
            "unanimous": True,
        }
    )
    resolution.action_decide()
    return category, resolution, env.ref("consortium_base.organization_kind_other")


def admit(env, category, resolution, kind, index, size):
    """Seconds to admit that many organisations, shares and invoices included."""
    partners = env["res.partner"].create(
        [
            {
                "name": f"Banc {index}-{number}",
                "is_company": True,
                "organization_kind_id": kind.id,
            }
            for number in range(size)
        ]
    )
    bulk = env["consortium.membership.bulk"].create(
        {
            "network_id": partners[0].id,
            "category_id": category.id,
            "date": "2019-02-01",
            "resolution_id": resolution.id,
            "has_undertaken": True,
        }
    )
    env.flush_all()
    start = time.perf_counter()
    bulk._apply_for(partners)._admit(resolution, "2019-02-01", welcome="no")
    env.flush_all()
    return time.perf_counter() - start
