"""Odoo makes one class of all the controllers that extend the same one: two addons that
give the same name to a method of theirs take it from each other, without a word."""

import ast
from collections import defaultdict

from helpers import addons


def test_two_controllers_share_a_method_only_to_extend_it():
    found = defaultdict(dict)
    for path in addons.ADDONS.glob("*/controllers/*.py"):
        tree = ast.parse(path.read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and "Controller" not in bases(node):
                for method in node.body:
                    if isinstance(method, ast.FunctionDef):
                        where = f"{path.relative_to(addons.ADDONS)}: {node.name}"
                        found[method.name][where] = "super()" in ast.unparse(method)
    taken = {
        name: sorted(places)
        for name, places in found.items()
        if len(places) > 1 and not all(places.values())
    }
    assert not taken


def bases(node):
    return [ast.unparse(base).rpartition(".")[2] for base in node.bases]
