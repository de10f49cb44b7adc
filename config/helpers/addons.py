"""The repository's addons: what they depend on, and the fingerprint of their files."""

import ast

from .console import Trouble
from .database import digest
from .places import ADDONS

# What the accountant works with, beyond what our addons depend on.
ACCOUNTANT = (
    "account_financial_report",
    "account_usability",
    "auditlog",
    "l10n_ca",
    "mis_builder_budget",
    "partner_statement",
)
UNTRACKED = {"__pycache__", "tests"}  # tests are read live, no database holds them


def manifests():
    """``{addon: manifest}`` of the repository, in alphabetical order."""
    return {
        path.parent.name: ast.literal_eval(path.read_text())
        for path in sorted(ADDONS.glob("*/__manifest__.py"))
    }


def check(names):
    """:raise Trouble: a name that is no addon of the repository"""
    known = manifests()
    for name in names:
        if name not in known:
            raise Trouble(
                f"« {name} » is no addon of this repository ({', '.join(known)})."
            )
    return list(names)


def closure(names):
    """``names`` and the repository's addons they depend on, depended-on first."""
    known, ordered = manifests(), {}

    def visit(name):
        if name in known and name not in ordered:
            for needed in known[name]["depends"]:
                visit(needed)
            ordered[name] = True

    for name in names:
        visit(name)
    return list(ordered)


def outside(names):
    """The core and OCA addons that ``names`` depend on directly."""
    known = manifests()
    needed = {need for name in closure(names) for need in known[name]["depends"]}
    return sorted(needed - set(known))


def fingerprint(names):
    """Of all files of these addons that end up in a database."""
    parts = []
    for name in sorted(names):
        for path in sorted((ADDONS / name).rglob("*")):
            relative = path.relative_to(ADDONS)
            if path.is_file() and not UNTRACKED & set(relative.parts):
                parts += [relative, path.read_bytes()]
    return digest(*parts)
