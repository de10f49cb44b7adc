"""The true-up as pure arithmetic: the worked example, and whatever else."""

from hypothesis import given
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from ..tools.apportionment import half_up, largest_remainder
from ..tools.true_up import (
    Share,
    at_price,
    by_agreement,
    counted_together,
    decide,
    fixed_part,
    gaps,
    true_ups,
)
from .oracle import ORACLE, cells

KEYS = st.tuples(st.sampled_from("ABCDEF"), st.sampled_from(("LEG", "FIN", "COM")))


def example():
    """The worked example as shares: final, billed."""
    minutes, reserve = cells("minutes"), cells("reserve_final")
    final = {
        cell: Share(minutes[cell], cost, reserve[cell])
        for cell, cost in cells("final_cost").items()
    }
    kept = cells("billed_reserve")
    billed = {
        cell: Share(minutes[cell], cost, kept[cell])
        for cell, cost in cells("billed_cost").items()
    }
    return final, billed


@tagged("post_install", "-at_install")
class TestTrueUpTools(BaseCase):
    def test_worked_example(self):
        rows = true_ups(*example(), {})
        self.assertEqual(
            {cell: row.cost for cell, row in rows.items()}, cells("trueup_cost")
        )
        self.assertEqual(
            {cell: row.reserve for cell, row in rows.items()}, cells("trueup_reserve")
        )
        self.assertEqual(
            by_agreement(rows.items()),
            {name: each["trueup"] for name, each in ORACLE["by_agreement"].items()},
        )
        self.assertEqual(gaps(rows, ORACLE["pool_total"], ORACLE["reserve_total"]), [])

    def test_gaps_say_where(self):
        final, billed = example()
        billed["A1", "LEG"] = Share(61_000, 12_403_333, 248_067)
        billed["A2", "COM"] = Share(58_000, 10_343_333, 206_867)
        rows = true_ups(final, billed, {})
        found = gaps(rows, {**ORACLE["pool_total"], "FIN": 1}, 2_520_001)
        self.assertEqual(
            [(gap.code, gap.agreement, gap.centre, gap.amount) for gap in found],
            [
                ("unbilled", "A1", "LEG", 18),
                ("overbilled", "A2", "COM", -51),
                ("centre", "", "FIN", 1 - ORACLE["pool_total"]["FIN"]),
                ("reserve", "", "", 1),
            ],
        )

    def test_policies(self):
        rows = true_ups(*example(), {})
        self.assertEqual(set(decide(rows, "settle").values()), {"settle"})
        self.assertEqual(set(decide(rows, "carry").values()), {"carry"})
        choice = decide(rows, "threshold", 100_000, {"A4"})
        self.assertEqual(
            choice,
            {"A1": "settle", "A2": "carry", "A3": "settle", "A4": "settle"}
            | {"G1": "settle"},
        )
        exact = {("A", "LEG"): rows["A1", "LEG"]}
        nothing = true_ups({}, {}, {("A", "LEG"): Share()})
        self.assertEqual(decide(nothing, "settle"), {"A": "even"})
        # On the threshold itself: settled.
        amount = by_agreement(exact.items())["A"]
        self.assertEqual(decide(exact, "threshold", amount), {"A": "settle"})
        self.assertEqual(decide(exact, "threshold", amount + 1), {"A": "carry"})

    def test_counted_together(self):
        """One ratio to what is billed; reserve likewise; not a cent is lost."""
        final, billed = example()
        weights = {cell: share.cost for cell, share in billed.items()}
        found = counted_together(final, {"FIN", "COM"}, weights)
        for name in ("cost", "reserve", "minutes"):
            self.assertEqual(
                sum(getattr(share, name) for share in found.values()),
                sum(getattr(share, name) for share in final.values()),
            )
        ratios = {
            round(share.cost / weights[cell], 6)
            for cell, share in found.items()
            if cell[1] != "LEG"
        }
        self.assertEqual(len(ratios), 1)
        self.assertEqual(found["A1", "LEG"], final["A1", "LEG"])
        totals = ORACLE["pool_total"]
        rows = true_ups(found, billed, {})
        self.assertEqual(gaps(rows, totals, 2_520_000, {"FIN", "COM"}), [])
        self.assertEqual(
            {gap.centre for gap in gaps(rows, totals, 2_520_000)}, {"FIN", "COM"}
        )

    @given(
        st.dictionaries(
            KEYS,
            st.tuples(
                st.integers(-(10**6), 10**6),
                st.integers(-(10**9), 10**9),
                st.integers(-999, 999),
            ),
            min_size=1,
            max_size=8,
        ),
        st.sets(st.sampled_from(("LEG", "FIN", "COM"))),
        st.integers(-(10**6), 10**6),
        st.integers(-(10**7), 10**7),
    )
    def test_parts_make_the_whole(self, figures, together, minutes, price):
        final = {cell: Share(*each) for cell, each in figures.items()}
        weights = {cell: each[2] for cell, each in figures.items()}
        found = counted_together(final, together, weights)
        for name in ("minutes", "cost", "reserve"):
            whole = sum(getattr(share, name) for share in final.values())
            self.assertEqual(sum(getattr(s, name) for s in found.values()), whole)
            for share in found.values():
                parts = fixed_part(share, minutes)
                self.assertEqual(
                    sum(getattr(part, name) for part in parts), getattr(share, name)
                )
        paid = at_price(found, price)
        self.assertEqual(sum(share.cost for share in paid.values()), price)
        self.assertEqual(
            {c: s.minutes for c, s in paid.items()},
            {c: s.minutes for c, s in found.items()},
        )

    @given(
        st.dictionaries(KEYS, st.integers(1, 10**6), min_size=1, max_size=6),
        st.dictionaries(st.sampled_from(("LEG", "FIN", "COM")), st.integers(0, 10**9)),
        st.lists(st.integers(-(10**6), 10**6), min_size=2, max_size=2),
    )
    def test_never_a_cent_of_drift(self, minutes, costs, corrections):
        """Runs one after the other: billed and all true-ups make the last cost."""
        billed = {
            cell: Share(worked, half_up(worked * 12_345 / 60), worked // 7)
            for cell, worked in minutes.items()
        }
        earlier, last = {}, {}
        for correction in corrections:
            final, totals, reserve = {}, {}, abs(correction)
            for centre in {cell[1] for cell in minutes}:
                weights = {c: m for c, m in minutes.items() if c[1] == centre}
                totals[centre] = costs.get(centre, 0) + abs(correction)
                for cell, cents in largest_remainder(totals[centre], weights).items():
                    final[cell] = Share(minutes[cell], cents, 0)
            parts = largest_remainder(reserve, minutes)
            final = {c: Share(s.minutes, s.cost, parts[c]) for c, s in final.items()}
            last = true_ups(final, billed, earlier)
            self.assertEqual(gaps(last, totals, reserve), [])
            earlier = {
                cell: Share(
                    0, row.earlier.cost + row.cost, row.earlier.reserve + row.reserve
                )
                for cell, row in last.items()
            }
        for cell, row in last.items():
            self.assertEqual(billed[cell].cost + earlier[cell].cost, row.final.cost)
        again = true_ups({c: r.final for c, r in last.items()}, billed, earlier)
        self.assertFalse(any(row.amount for row in again.values()))
