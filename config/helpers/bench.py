"""``./consortium bench``: the table of budgets, as ratios measured in one run.

Each file of ``tests/bench/`` has a function ``measure(env)`` that makes what it needs
in the bench database and yields rows: what, measured, against what, reference, goal.
Measured and reference are in the same unit, and only their ratio is judged.
"""

import os
import subprocess

from . import addons, database, odoo, setup, system, templates
from .console import say
from .places import CONFIG, ROOT

DATABASE = "consortium_bench"
FOLDER = ROOT / "tests/bench"
MEASURING = CONFIG / "helpers/in_odoo/bench.py"


def bench(_options):
    """Print the table; return 1 when a ratio is over its goal."""
    scripts = sorted(FOLDER.glob("*.py"))
    if not scripts:
        say("Nothing is measured yet.")
        return 0
    with setup.ground(system.available("wkhtmltopdf")) as server:
        template = templates.tested(server, addons.manifests())
        database.create(server, DATABASE, template)
        environment = {
            **os.environ,
            **odoo.environment(server),
            "CONSORTIUM_BENCH": ":".join(map(str, scripts)),
        }
    command = odoo.command("shell", "-d", DATABASE, "--no-http")
    with MEASURING.open() as script:
        return subprocess.run(
            [*command, "--log-level=error"], env=environment, stdin=script, check=False
        ).returncode
