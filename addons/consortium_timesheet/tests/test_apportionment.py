from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from ..tools.apportionment import (
    closed_loop,
    cumulative_billing,
    full_costs,
    half_up,
    largest_remainder,
    reciprocal_allocation,
)
from .oracle import KEYS, ORACLE, SUPPORT

CENTS = st.integers(-(10**12), 10**12)
WEIGHTS = st.dictionaries(
    st.text(max_size=4),
    st.one_of(
        st.integers(0, 10**9),
        st.fractions(min_value=0, max_value=10**6, max_denominator=10**6),
    ),
    min_size=1,
    max_size=12,
).filter(lambda weights: any(weights.values()))
SIGNED = st.dictionaries(
    st.text(max_size=4), st.integers(-(10**9), 10**9), min_size=1, max_size=12
).filter(lambda weights: sum(weights.values()) > 0)


@st.composite
def support_keys(draw):
    """Costs and keys of up to five support centres, each with a way out."""
    names = [f"S{i}" for i in range(draw(st.integers(1, 5)))]
    receivers = [*names, "E0", "E1", "E2"]
    costs = {name: draw(st.integers(0, 10**10)) for name in names}
    keys = {}
    for name in names:
        parts = {each: draw(st.integers(0, 20)) for each in receivers}
        parts[draw(st.sampled_from(["E0", "E1", "E2"]))] += 1
        total = sum(parts.values())
        keys[name] = {each: Fraction(part, total) for each, part in parts.items()}
    return costs, keys


@tagged("post_install", "-at_install")
class TestHalfUp(BaseCase):
    def test_away_from_zero(self):
        for value, expected in (
            (Fraction(1, 2), 1),
            (Fraction(-1, 2), -1),
            (Fraction(5, 2), 3),
            (Fraction(-5, 2), -3),
            (Fraction(49, 100), 0),
            (7, 7),
        ):
            self.assertEqual(half_up(value), expected)

    @given(st.fractions())
    def test_nearest(self, value):
        self.assertLessEqual(abs(half_up(value) - value), Fraction(1, 2))
        self.assertEqual(half_up(-value), -half_up(value))


@tagged("post_install", "-at_install")
class TestLargestRemainder(BaseCase):
    def test_ties(self):
        ties = ORACLE["ties"]
        equal = dict.fromkeys("abc", 1)
        self.assertEqual(largest_remainder(10_000, equal), ties["10000_over_3_equal"])
        self.assertEqual(largest_remainder(-100, equal), ties["-100_over_3_equal"])
        self.assertEqual(largest_remainder(1, {"x": 2, "y": 1}), ties["1_over_2_1"])

    def test_equal_remainders_go_to_the_heavier(self):
        self.assertEqual(largest_remainder(2, {"a": 1, "b": 3}), {"a": 0, "b": 2})

    def test_the_order_given_does_not_count(self):
        self.assertEqual(
            largest_remainder(100, {"c": 1, "b": 1, "a": 1}),
            {"a": 34, "b": 33, "c": 33},
        )

    def test_nothing_to_share_by(self):
        for weights in ({}, {"a": 0}, {"a": 0, "b": Fraction(0)}):
            with self.assertRaises(ValueError):
                largest_remainder(100, weights)

    def test_negative_weight(self):
        """What is given back is shared by the others; nothing outweighs them."""
        self.assertEqual(
            largest_remainder(100, {"A": -1, "B": 2, "C": 2}),
            {"A": -34, "B": 67, "C": 67},
        )
        for weights in ({"A": -1, "B": 1}, {"A": -2, "B": 1}):
            with self.assertRaises(ValueError):
                largest_remainder(100, weights)

    @given(CENTS, SIGNED)
    def test_signed_weights(self, total, weights):
        parts = largest_remainder(total, weights)
        self.assertEqual(sum(parts.values()), total)
        whole = sum(weights.values())
        for key, part in parts.items():
            self.assertLess(abs(part - Fraction(total * weights[key], whole)), 1)
            if not weights[key]:
                self.assertEqual(part, 0)

    @given(CENTS, WEIGHTS)
    def test_sums_to_the_total(self, total, weights):
        parts = largest_remainder(total, weights)
        self.assertEqual(sum(parts.values()), total)
        self.assertEqual(set(parts), set(weights))

    @given(CENTS, WEIGHTS)
    def test_within_a_unit_of_the_exact_share(self, total, weights):
        whole = sum(map(Fraction, weights.values()))
        for key, part in largest_remainder(total, weights).items():
            exact = total * Fraction(weights[key]) / whole
            self.assertLess(abs(part - exact), 1)

    @given(CENTS, WEIGHTS, st.randoms())
    def test_same_answer_in_any_order(self, total, weights, random):
        shuffled = list(weights.items())
        random.shuffle(shuffled)
        self.assertEqual(
            largest_remainder(total, dict(shuffled)), largest_remainder(total, weights)
        )

    @given(CENTS, WEIGHTS, st.integers(1, 1000))
    def test_scale_does_not_count(self, total, weights, factor):
        scaled = {key: weight * factor for key, weight in weights.items()}
        self.assertEqual(
            largest_remainder(total, scaled), largest_remainder(total, weights)
        )

    @given(CENTS, WEIGHTS)
    def test_sign_does_not_count(self, total, weights):
        opposite = largest_remainder(-total, weights)
        self.assertEqual(
            {key: -part for key, part in opposite.items()},
            largest_remainder(total, weights),
        )

    @given(CENTS, WEIGHTS)
    def test_no_weight_no_part(self, total, weights):
        # A name longer than those that are drawn, which it would otherwise replace.
        parts = largest_remainder(total, {**weights, "nobody": 0})
        self.assertEqual(parts["nobody"], 0)


@tagged("post_install", "-at_install")
class TestReciprocalAllocation(BaseCase):
    def test_oracle(self):
        self.assertEqual(
            full_costs(SUPPORT, KEYS),
            {name: Fraction(v) for name, v in ORACLE["support_reciprocal"].items()},
        )
        received = reciprocal_allocation(SUPPORT, KEYS)
        self.assertEqual(
            received["LEG"], Fraction(990_000_000 * 30 + 540_000_000 * 25, 4900)
        )
        self.assertEqual(sum(received.values()), 27_000_000)
        self.assertEqual(largest_remainder(27_000_000, received), ORACLE["alloc"])

    def refused(self, text, costs, keys):
        with self.assertRaisesRegex(ValueError, text):
            reciprocal_allocation(costs, keys)

    def test_no_support(self):
        self.assertEqual(reciprocal_allocation({}, {}), {})

    def test_without_a_key(self):
        self.refused("ITF", SUPPORT, {"ADM": KEYS["ADM"]})

    def test_key_of_no_support_centre(self):
        self.refused("ITF", {"ADM": 1}, KEYS)

    def test_sums_to_one(self):
        self.refused("ADM", {"ADM": 1}, {"ADM": {"LEG": Fraction(99, 100)}})
        self.refused("ADM", {"ADM": 1}, {"ADM": {}})

    def test_negative_share(self):
        self.refused(
            "ADM", {"ADM": 1}, {"ADM": {"LEG": Fraction(2), "FIN": Fraction(-1)}}
        )

    def test_closed_loop(self):
        one = Fraction(1)
        self.refused("ADM, ITF", SUPPORT, {"ADM": {"ITF": one}, "ITF": {"ADM": one}})
        self.refused("ADM", {"ADM": 0}, {"ADM": {"ADM": one}})
        # A share of zero is no way out.
        self.refused("ADM", {"ADM": 5}, {"ADM": {"ADM": one, "LEG": Fraction(0)}})

    def test_a_loop_beside_a_way_out_is_named_alone(self):
        keys = {
            "ADM": {"ITF": Fraction(1)},
            "ITF": {"ADM": Fraction(1)},
            "GOV": {"LEG": Fraction(1)},
        }
        self.assertEqual(closed_loop(keys), ["ADM", "ITF"])

    def test_a_centre_that_serves_itself(self):
        half = Fraction(1, 2)
        self.assertEqual(
            reciprocal_allocation({"ADM": 100}, {"ADM": {"ADM": half, "LEG": half}}),
            {"LEG": 100},
        )

    @given(support_keys())
    def test_nothing_lost_nothing_made(self, case):
        costs, keys = case
        received = reciprocal_allocation(costs, keys)
        self.assertEqual(sum(received.values()), sum(costs.values()))
        self.assertTrue(all(amount >= 0 for amount in received.values()))
        self.assertFalse(set(received) & set(costs))

    @given(support_keys())
    def test_full_costs_satisfy_the_equations(self, case):
        costs, keys = case
        full = full_costs(costs, keys)
        for name, cost in costs.items():
            passed = sum(full[giver] * keys[giver][name] for giver in costs)
            self.assertEqual(full[name], cost + passed)


@tagged("post_install", "-at_install")
class TestCumulativeBilling(BaseCase):
    def test_oracle(self):
        case = ORACLE["cumulative_billing"]
        amounts = cumulative_billing(case["rate_cents_per_hour"], case["minutes"])
        self.assertEqual(amounts, case["invoices"])
        self.assertEqual(sum(amounts), case["total"])

    def test_nothing(self):
        self.assertEqual(cumulative_billing(10_000, []), [])
        self.assertEqual(cumulative_billing(0, [60]), [0])

    @given(st.integers(0, 100_000), st.lists(st.integers(-10_000, 10_000), max_size=30))
    def test_right_at_every_step(self, rate, minutes):
        amounts = cumulative_billing(rate, minutes)
        for step in range(len(minutes)):
            self.assertEqual(
                sum(amounts[: step + 1]),
                half_up(Fraction(rate * sum(minutes[: step + 1]), 60)),
            )

    @given(st.integers(0, 100_000), st.lists(st.integers(0, 10_000), max_size=30))
    def test_never_a_cent_from_its_own_rounding(self, rate, minutes):
        for each, amount in zip(
            minutes, cumulative_billing(rate, minutes), strict=True
        ):
            self.assertLessEqual(abs(amount - Fraction(rate * each, 60)), 1)
