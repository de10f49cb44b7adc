"""``./consortium test``: pytest, on a copy of a template database.

``tests/`` also holds what pytest does not do by itself: each addon alone, the
commands, the files of ``config/``.
"""

import os
import subprocess

from . import addons, database, odoo, setup, system, templates
from .console import say
from .places import ADDONS, LOGS, PYTHON, ROOT

DATABASE = "consortium_test"
ALONE = ROOT / "tests/test_alone.py"
NONE_CHOSEN = 5  # pytest's exit code


def test(options):
    """Run the tests; return pytest's exit code."""
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
    chosen = ["-k", options.k] if options.k else []
    if names:
        codes = {_pytest(environment, *(ADDONS / name for name in names), *chosen)}
    else:
        codes = _everything(environment, chosen)
    # That half of the tests has none of that name is no fault.
    code = max(codes - {NONE_CHOSEN} or codes)
    say("test: something failed, see above." if code else "test: all is well.")
    return code


def _everything(environment, chosen):
    """Run the addons together and, at the same time, each one alone in databases of
    its own; return pytest's two exit codes."""
    log = LOGS / "alone.log"
    with log.open("w") as output:
        alone = _start(environment, ALONE, *chosen, stdout=output)
    try:
        together = _pytest(
            environment, ADDONS, ROOT / "tests", f"--ignore={ALONE}", *chosen
        )
        alone.wait()
    finally:
        alone.terminate()
    say(log.read_text())
    return {together, alone.returncode}


def _pytest(environment, *arguments):
    return _start(environment, "--odoo-http", *arguments).wait()


def _start(environment, *arguments, stdout=None):
    return subprocess.Popen(
        [PYTHON, "-m", "pytest", *map(str, arguments)],
        env=environment,
        cwd=ROOT,
        stdout=stdout,
        stderr=stdout,
    )
