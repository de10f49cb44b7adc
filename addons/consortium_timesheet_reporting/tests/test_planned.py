from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from ..tools.planned import nearest, planned

START, END = date(2019, 7, 1), date(2020, 6, 30)
days = st.integers(0, 500).map(lambda n: date(2019, 3, 1) + timedelta(days=n))
lines = st.lists(
    st.tuples(
        st.sampled_from("ABC"),
        st.sampled_from(["cost", "credit", "hours"]),
        st.decimals(-(10**7), 10**7, places=2).map(float),
        st.tuples(days, days).map(sorted),
    ).map(lambda row: (*row[:3], *row[3])),
    max_size=12,
)


@tagged("post_install", "-at_install")
class TestPlanned(BaseCase):
    def test_whole_lines_are_exact(self):
        found = planned(
            [
                ("LEG", "cost", 0.1, START, END),
                ("LEG", "cost", 0.2, START, END),
                ("LEG", "hours", 3300.25, START, END),
                ("ADM", "credit", 15_000.0, START, END),
            ],
            START,
            END,
        )
        self.assertEqual(
            found, {"LEG": {"cost": 30, "hours": 198_015}, "ADM": {"credit": 1_500_000}}
        )

    def test_part_of_the_days(self):
        year = date(2019, 1, 1), date(2019, 12, 31)
        months = date(2019, 7, 1), date(2019, 7, 31)
        self.assertEqual(
            planned([("A", "cost", 365.0, *year)], *months), {"A": {"cost": 3100}}
        )
        self.assertEqual(
            planned([("A", "cost", 365.0, *year)], date(2020, 1, 1), END), {}
        )

    def test_half_away_from_zero(self):
        halves = [Fraction(1, 2), Fraction(-1, 2), Fraction(3, 2), Fraction(-7, 5)]
        self.assertEqual([nearest(half) for half in halves], [1, -1, 2, -1])

    @given(lines, days)
    def test_two_halves_of_a_period_make_the_whole(self, budget, cut):
        """Cut anywhere, nothing is lost but the rounding of each part."""
        first, last = date(2019, 1, 1), date(2020, 12, 31)
        whole = planned(budget, first, last)
        parts = [
            planned(budget, first, cut),
            planned(budget, cut + timedelta(days=1), last),
        ]
        for key, roles in whole.items():
            for role, value in roles.items():
                split = sum(part.get(key, {}).get(role, 0) for part in parts)
                self.assertLessEqual(abs(split - value), 1)

    @given(lines, st.randoms())
    def test_the_order_of_lines_changes_nothing(self, budget, random):
        shuffled = random.sample(budget, len(budget))
        self.assertEqual(planned(shuffled, START, END), planned(budget, START, END))
