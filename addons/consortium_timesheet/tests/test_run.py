import json
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from ..tools import run
from .oracle import CREDITS, DIRECT, KEYS, NET, ORACLE, SUPPORT, TARGETS, cells

RATES = ORACLE["provisional_rate_cents_per_hour"]


def inputs(**values):
    """The worked example, as a final run has it."""
    return {
        "kind": "final",
        "direct": NET,
        "support": SUPPORT,
        "cost": {**DIRECT, **SUPPORT},
        "credit": CREDITS,
        "cells": [
            [agreement, centre, RATES[centre], minutes]
            for (agreement, centre), minutes in sorted(cells("minutes").items())
        ],
        "carried": {},
        "keys": {s: {c: str(v) for c, v in key.items()} for s, key in KEYS.items()},
        "targets": {c: [*TARGETS[c], RATES[c]] for c in TARGETS},
        "reserve": {"share": "200/10000", "basis": "cost", "cap": 0},
        **values,
    }


@tagged("post_install", "-at_install")
class TestRun(BaseCase):
    def test_oracle(self):
        result = run.final(inputs())
        found = {(row[0], row[1]): row[2:] for row in result["cells"]}
        for name, place in (
            ("minutes", 0),
            ("final_cost", 1),
            ("billed_cost", 2),
            ("reserve_final", 3),
            ("billed_reserve", 4),
        ):
            self.assertEqual({c: row[place] for c, row in found.items()}, cells(name))
        self.assertEqual(result["reserve"], ORACLE["reserve_total"])
        for code, row in result["centres"].items():
            self.assertEqual(row["rate"], ORACLE["final_rate_display"][code])
            self.assertEqual(
                row["variance"], {**ORACLE["variance"][code], "revision": 0}
            )

    def test_support_flows(self):
        """What each centre receives of each support centre, with what these pass to
        each other."""
        flows = run.support_flows(inputs(), run.final(inputs()))
        full = {s: Fraction(v) for s, v in ORACLE["support_reciprocal"].items()}
        for support, flow in flows.items():
            self.assertEqual(flow["own"], SUPPORT[support])
            self.assertLessEqual(abs(flow["full"] - full[support]), Fraction(1, 2))
            self.assertEqual({c: s for c, (s, _v) in flow["to"].items()}, KEYS[support])
            for share, cents in flow["to"].values():
                self.assertLess(abs(cents - full[support] * share), 1)
        received = {
            centre: sum(flow["to"][centre][1] for flow in flows.values())
            for centre in ORACLE["alloc"]
        }
        self.assertEqual(received, ORACLE["alloc"])

    def test_same_inputs_same_hash(self):
        first = run.digest(inputs(), run.final(inputs()), "")
        backwards = dict(reversed(inputs().items()))
        again = run.digest(backwards, run.final(backwards), "")
        self.assertEqual(first, again)
        self.assertNotEqual(first, run.digest(inputs(), run.final(inputs()), first))
        one_cent = inputs(support={**SUPPORT, "ADM": SUPPORT["ADM"] + 1})
        self.assertNotEqual(first, run.digest(one_cent, run.final(one_cent), ""))

    def test_kept_text_gives_the_same_result(self):
        text = run.canonical(inputs())
        self.assertEqual(run.compute(json.loads(text)), run.final(inputs()))

    def test_no_float_anywhere(self):
        def walk(value):
            self.assertNotIsInstance(value, float)
            if isinstance(value, dict):
                value = [*value, *value.values()]
            if isinstance(value, list | tuple):
                for each in value:
                    walk(each)

        walk(run.final(inputs()))

    def test_reserve_of_the_price(self):
        reserve = {"share": "1/50", "basis": "price", "cap": 0}
        self.assertEqual(run.reserve_share(reserve), Fraction(1, 49))
        self.assertEqual(run.reserve_total(4900, reserve), 100)

    def test_cap_of_the_reserve(self):
        reserve = {"share": "200/10000", "basis": "cost", "cap": 1_000_000}
        result = run.final(inputs(reserve=reserve))
        self.assertEqual(result["reserve"], 1_000_000)
        self.assertEqual(sum(row[5] for row in result["cells"]), 1_000_000)

    def test_no_reserve(self):
        reserve = {"share": "0/10000", "basis": "cost", "cap": 0}
        result = run.final(inputs(reserve=reserve))
        self.assertEqual({row[5] for row in result["cells"]}, {0})

    def test_rates_revised_during_the_year(self):
        """Two rates in a cell: rounded each, and the difference is the revision's."""
        half = [["A", "LEG", 10_000, 7], ["A", "LEG", 12_000, 11]]
        result = run.final(
            inputs(
                direct={"LEG": 5_000},
                support={},
                keys={},
                cells=half,
                targets={"LEG": [5_000, 30, 10_000]},
            )
        )
        row = result["centres"]["LEG"]
        self.assertEqual(row["provisional"], 1_167 + 2_200)
        parts = dict(row["variance"])
        self.assertEqual(parts["revision"], -367)
        total = parts.pop("total")
        self.assertEqual(sum(parts.values()), total)

    def test_target(self):
        result = run.target(
            {
                "direct": {c: TARGETS[c][0] for c in TARGETS},
                "support": {},
                "minutes": {c: TARGETS[c][1] for c in TARGETS},
                "carried": {},
                "keys": {},
            }
        )
        self.assertEqual(
            {c: row["rate"] for c, row in result["centres"].items()}, RATES
        )

    @given(
        st.lists(st.integers(1, 10_000), min_size=1, max_size=20),
        st.integers(0, 10**9),
    )
    def test_cells_make_the_whole(self, minutes, cost):
        rows = [[f"A{i}", "LEG", 10_000, m] for i, m in enumerate(minutes)]
        result = run.final(
            inputs(direct={"LEG": cost}, support={}, keys={}, cells=rows, targets={})
        )
        self.assertEqual(sum(row[3] for row in result["cells"]), cost)
        self.assertEqual(sum(row[5] for row in result["cells"]), result["reserve"])
