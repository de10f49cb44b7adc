from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from ..tools.apportionment import cumulative_billing, half_up, largest_remainder
from ..tools.cost import CostProblem, final_cost, funded, provisional_rate, variance
from .oracle import CENTRES, KEYS, NET, ORACLE, SUPPORT, TARGETS, cells

RATES = ORACLE["provisional_rate_cents_per_hour"]


@st.composite
def years(draw):
    """A year: direct cost, support, key, minutes of up to 8 agreements, what is due."""
    centres = [f"E{i}" for i in range(draw(st.integers(1, 4)))]
    cents = st.integers(0, 10**9)
    direct = {centre: draw(cents) for centre in centres}
    parts = {centre: draw(st.integers(0, 9)) for centre in centres}
    parts[centres[0]] += 1
    whole = sum(parts.values())
    key = {centre: Fraction(part, whole) for centre, part in parts.items()}
    minutes = {
        (f"A{i}", centre): draw(st.integers(1, 100_000))
        for centre in centres
        for i in range(draw(st.integers(1, 8)))
    }
    rates = {centre: draw(st.integers(1, 30_000)) for centre in centres}
    return direct, {"S": draw(cents)}, {"S": key}, minutes, rates


@tagged("post_install", "-at_install")
class TestFinalCost(BaseCase):
    def oracle(self):
        return final_cost(NET, SUPPORT, KEYS, cells("minutes"))

    def test_oracle(self):
        result = self.oracle()
        self.assertEqual(result.support, ORACLE["alloc"])
        self.assertEqual(result.total, ORACLE["pool_total"])
        self.assertEqual(result.minutes, ORACLE["pool_minutes"])
        self.assertEqual(result.cells, cells("final_cost"))
        for centre in CENTRES:
            rate = Fraction(result.total[centre] * 60, result.minutes[centre])
            exact = ORACLE["final_rate_cents_per_hour"][centre]
            self.assertEqual(rate, Fraction(exact))
            self.assertEqual(half_up(rate), ORACLE["final_rate_display"][centre])

    def test_traps(self):
        """What other ways of computing give, so that nobody simplifies into one."""
        result = self.oracle()
        naive = sum(
            half_up(
                Fraction(
                    half_up(Fraction(result.total[c] * 60, result.minutes[c])) * m, 60
                )
            )
            for (_a, c), m in cells("minutes").items()
        )
        self.assertEqual(naive - 126_000_000, ORACLE["naive_rounded_rate_sum"])

    def test_true_up(self):
        final = self.oracle().cells
        billed = {
            cell: sum(cumulative_billing(RATES[cell[1]], [minutes]))
            for cell, minutes in cells("minutes").items()
        }
        self.assertEqual(billed, cells("billed_cost"))
        true_up = {cell: final[cell] - billed[cell] for cell in final}
        self.assertEqual(true_up, cells("trueup_cost"))
        self.assertEqual(sum(true_up.values()), ORACLE["totals"]["trueup_cost"])

    def test_reserve(self):
        final = self.oracle().cells
        reserve = half_up(Fraction(2 * sum(final.values()), 100))
        self.assertEqual(reserve, ORACLE["reserve_total"])
        shares = largest_remainder(
            reserve, {f"{a}|{c}": amount for (a, c), amount in final.items()}
        )
        self.assertEqual(shares, ORACLE["reserve_final"])

    def test_billed_reserve(self):
        for cell, billed in cells("billed_cost").items():
            self.assertEqual(
                half_up(Fraction(2 * billed, 100)), cells("billed_reserve")[cell]
            )

    def test_variance(self):
        billed = cells("billed_cost")
        total = self.oracle().total
        for centre in CENTRES:
            target, minutes = TARGETS[centre]
            worked = ORACLE["pool_minutes"][centre]
            result = variance(
                final=total[centre],
                target=target,
                minutes=worked,
                target_minutes=minutes,
                rate=RATES[centre],
                at_rates=Fraction(RATES[centre] * worked, 60),
                billed=sum(v for (_a, c), v in billed.items() if c == centre),
            )
            self.assertEqual(result, {**ORACLE["variance"][centre], "revision": 0})

    def test_provisional_rates(self):
        for centre, (target, minutes) in TARGETS.items():
            self.assertEqual(provisional_rate(target, minutes), RATES[centre])

    def test_grant(self):
        grant = ORACLE["grant_G1"]
        result = funded(
            grant["cost"],
            {"LEG": 60_912, "FIN": 65_986},
            {"LEG": 12_000, "FIN": 11_000},
            24_000_000,
        )
        self.assertEqual(
            result,
            {
                "eligible": grant["eligible"],
                "funder": grant["funder"],
                "gap": grant["gap_on_cost"],
            },
        )
        self.assertEqual(result["gap"] + grant["reserve"], grant["gap_to_fund"])

    def test_a_funder_without_caps(self):
        result = funded({"LEG": 500}, {"LEG": 60}, {}, 400)
        self.assertEqual((result["funder"], result["gap"]), (400, 100))

    def problem(self, code, centre, *arguments):
        with self.assertRaises(CostProblem) as caught:
            final_cost(*arguments)
        self.assertEqual(
            (caught.exception.code, caught.exception.centres), (code, (centre,))
        )

    def test_problems(self):
        one = {"ADM": {"LEG": Fraction(1)}}
        worked = {("A", "LEG"): 60}
        self.problem("negative", "ADM", {"LEG": 100}, {"ADM": -1}, one, worked)
        self.problem("negative", "LEG", {"LEG": -1}, {}, {}, worked)
        self.problem("no_minutes", "LEG", {"LEG": 1}, {}, {}, {})
        self.problem("no_minutes", "LEG", {}, {"ADM": 1}, one, {("A", "LEG"): 0})
        back = {("A", "LEG"): 60, ("B", "LEG"): -60, ("A", "FIN"): 9}
        self.problem("taken_back", "LEG", {"LEG": 1, "FIN": 1}, {}, {}, back)
        self.problem("taken_back", "LEG", {}, {}, {}, {("B", "LEG"): -1})
        self.problem("unknown", "FIN", {"LEG": 1}, {}, {}, {**worked, ("A", "FIN"): 5})

    def test_time_taken_back(self):
        """Its cost is given back to the cent, and the others bear it."""
        minutes = {("A", "LEG"): 600, ("B", "LEG"): -60, ("C", "LEG"): 100}
        result = final_cost({"LEG": 640_001}, {}, {}, minutes)
        self.assertEqual(
            result.cells,
            {("A", "LEG"): 600_001, ("B", "LEG"): -60_000, ("C", "LEG"): 100_000},
        )
        self.assertEqual(result.minutes, {"LEG": 640})

    def test_a_support_centre_without_a_cost_of_its_own(self):
        """It passes on what another one passes to it."""
        worked = {("A", "LEG"): 60, ("A", "FIN"): 60}
        result = final_cost(
            {},
            {"ADM": 100_000, "ITF": 0},
            KEYS,
            {
                **worked,
                ("A", "COM"): 60,
            },
        )
        self.assertEqual(sum(result.cells.values()), 100_000)
        self.assertNotIn("ITF", result.total)

    def test_no_cost_no_minutes(self):
        self.assertEqual(final_cost({"LEG": 0}, {}, {}, {}).cells, {})

    def test_carried_forward(self):
        result = final_cost({"LEG": 100}, {}, {}, {("A", "LEG"): 1}, {"LEG": -30})
        self.assertEqual(result.cells, {("A", "LEG"): 70})

    @given(years())
    def test_not_a_cent_of_drift(self, year):
        direct, support, keys, minutes, rates = year
        result = final_cost(direct, support, keys, minutes)
        cost = sum(direct.values()) + sum(support.values())
        self.assertEqual(sum(result.total.values()), cost)
        self.assertEqual(sum(result.cells.values()), cost)
        for centre, total in result.total.items():
            in_centre = {c: v for c, v in result.cells.items() if c[1] == centre}
            self.assertEqual(sum(in_centre.values()), total)
            true_up = 0
            billed = 0
            for cell, amount in in_centre.items():
                cuts = [minutes[cell] // 3, minutes[cell] - minutes[cell] // 3]
                invoices = sum(cumulative_billing(rates[centre], cuts))
                billed += invoices
                true_up += amount - invoices
            self.assertEqual(billed + true_up, total)

    @given(
        st.integers(0, 10**9),
        st.integers(0, 10**9),
        st.integers(0, 10**6),
        st.integers(1, 10**6),
        st.fractions(min_value=0, max_value=10**9),
        st.integers(0, 10**9),
    )
    def test_variance_adds_up(self, final, target, minutes, planned, at_rates, billed):
        rate = provisional_rate(target, planned)
        parts = variance(final, target, minutes, planned, rate, at_rates, billed)
        total = parts.pop("total")
        self.assertEqual(total, final - billed)
        self.assertEqual(sum(parts.values()), total)
