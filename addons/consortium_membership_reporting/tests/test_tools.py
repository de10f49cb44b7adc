from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from ..tools.movements import movements
from ..tools.served import Chain, holds

FIRST, LAST = date(2018, 7, 1), date(2019, 6, 30)
DAYS = st.dates(date(2017, 1, 1), date(2020, 12, 31))


@st.composite
def histories(draw):
    """Periods of some partners, in order and apart, the last one perhaps running."""
    rows = []
    for partner in range(draw(st.integers(0, 4))):
        days = sorted(set(draw(st.lists(DAYS, max_size=6))))
        pairs = list(zip(days[::2], days[1::2], strict=False))
        if len(days) % 2:
            pairs.append((days[-1], None))
        rows += [(partner, start, end) for start, end in pairs]
    return rows


@tagged("post_install", "-at_install")
class TestTools(BaseCase):
    @given(histories(), st.integers(0, 500))
    def test_who_came_and_left_explains_the_number(self, periods, days):
        last = FIRST + timedelta(days=days)
        came, left = movements(periods, FIRST, last)

        def count(day):
            return sum(holds(start, end, day) for _partner, start, end in periods)

        before = count(FIRST - timedelta(days=1))
        self.assertEqual(before + len(came) - len(left), count(last))

    def test_a_change_of_category_is_no_movement(self):
        change = date(2019, 1, 1)
        periods = [(1, date(2016, 1, 1), change - timedelta(days=1)), (1, change, None)]
        self.assertEqual(movements(periods, FIRST, LAST), ([], []))

    def test_one_day_of_membership_comes_and_leaves(self):
        day = date(2019, 1, 1)
        came, left = movements([(1, day, day)], FIRST, LAST)
        self.assertEqual((len(came), len(left)), (1, 1))

    def chain(self, periods, affiliations):
        old = date(2010, 1, 1)
        return Chain(
            [
                (partner, f"m{partner}", number, old, None)
                for partner, number in periods
            ],
            [
                (who, network, primary, old, None)
                for who, network, primary in affiliations
            ],
        )

    def test_its_own_membership_comes_first(self):
        chain = self.chain([(1, 5), (2, 1)], [(1, 2, True)])
        self.assertEqual(chain.served(1, FIRST), "m1")

    def test_the_primary_network_then_the_number(self):
        chain = self.chain([(2, 1), (3, 2)], [(1, 2, False), (1, 3, True)])
        self.assertEqual(chain.served(1, FIRST), "m3")
        chain = self.chain([(2, 2), (3, 1)], [(1, 2, False), (1, 3, False)])
        self.assertEqual(chain.served(1, FIRST), "m3")

    def test_the_network_named_as_its_sponsor(self):
        chain = self.chain([(2, 1), (3, 2), (4, 3)], [(1, 2, True)])
        self.assertEqual(chain.served(1, FIRST, 3), "m3")
        self.assertEqual(chain.served(1, FIRST, 5), "m2", "it is no member")
        self.assertEqual(chain.served(4, FIRST, 3), "m4")

    def test_through_others(self):
        chain = self.chain([(3, 1)], [(1, 2, True), (2, 3, True)])
        self.assertEqual(chain.served(1, FIRST), "m3")
        self.assertIsNone(chain.served(4, FIRST))

    def test_an_affiliation_that_ended_serves_nobody(self):
        chain = Chain(
            [(2, "m2", 1, date(2010, 1, 1), None)],
            [(1, 2, True, date(2010, 1, 1), date(2018, 6, 30))],
        )
        self.assertEqual(chain.served(1, date(2018, 6, 30)), "m2")
        self.assertIsNone(chain.served(1, FIRST))

    @given(histories(), histories(), DAYS, st.integers(0, 40))
    def test_nothing_changes_between_two_changes(self, periods, links, day, days):
        chain = Chain(
            [(who, f"m{who}{start}", who, start, end) for who, start, end in periods],
            [(who, who + 1, True, start, end) for who, start, end in links],
        )
        later = day + timedelta(days=days)
        for partner in range(4):
            if not any(day < each <= later for each in chain.changes(partner)):
                answers = {
                    chain.served(partner, day + timedelta(days=n))
                    for n in range(days + 1)
                }
                self.assertEqual(len(answers), 1)
