"""For Odoo's shell: run each file of ``tests/bench/`` and print the table."""

import os
import runpy
import sys

LINE = "{:<46} {:>10} {:<34} {:>10} {:>7} {:>7}"
over = False
print(LINE.format("what", "measured", "against", "reference", "ratio", "goal"))
for path in os.environ["CONSORTIUM_BENCH"].split(":"):
    for what, measured, against, reference, goal in runpy.run_path(path)["measure"](
        env
    ):
        ratio = measured / reference if reference else None
        over |= None not in (ratio, goal) and ratio > goal
        print(
            LINE.format(
                what,
                f"{measured:.4g}",
                against,
                f"{reference:.4g}" if reference else "—",
                f"{ratio:.2f}" if ratio else "—",
                "" if goal is None else f"≤ {goal}",
            ),
            flush=True,
        )
    env.cr.rollback()
    # What Odoo remembers of it goes too: analytic plans, with their fields.
    env.transaction.reset()
    env.registry.reset_changes()
    # Nor is the next one measured among the rows that this one has left.
    with env.registry.cursor() as cr:
        cr.connection.autocommit = True
        cr.execute("VACUUM ANALYZE")
        cr.connection.autocommit = False
sys.exit(1 if over else 0)
