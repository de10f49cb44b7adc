"""``./consortium test``: pytest, on a copy of a template database.

``tests/`` also holds what pytest does not do by itself: each addon alone, the
commands, the files of ``config/``.
"""

import os
import subprocess

from . import addons, database, odoo, setup, system, templates
from .places import ADDONS, LOGS, PYTHON, ROOT

DATABASE = "consortium_test"


def test(options):
    """Run the tests; return pytest's exit code. pytest's summary is the last line."""
    names = addons.check(options.addons)
    with setup.ground(system.TEST) as server:
        template = templates.tested(server, names or addons.manifests())
        database.create(server, DATABASE, template)
        server.sql(f'ALTER DATABASE "{DATABASE}" SET synchronous_commit = off')
        environment = {
            **os.environ,
            **odoo.environment(server),
            "PGDATABASE": DATABASE,
            "HYPOTHESIS_PROFILE": "thorough" if options.thorough else "usual",
        }
    LOGS.mkdir(parents=True, exist_ok=True)
    folders = [ADDONS / name for name in names] or [ADDONS, ROOT / "tests"]
    command = [PYTHON, "-m", "pytest", "--odoo-http", *map(str, folders)]
    if options.k:
        command += ["-k", options.k]
    return subprocess.run(command, env=environment, cwd=ROOT, check=False).returncode
