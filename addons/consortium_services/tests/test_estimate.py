from hypothesis import given
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from ..tools.estimate import typical_range


@tagged("post_install", "-at_install")
class TestEstimate(BaseCase):
    def test_too_few_mandates_say_nothing(self):
        self.assertIsNone(typical_range([]))
        self.assertIsNone(typical_range([600, 900]))
        self.assertIsNone(typical_range([0, 0, 600, 900]))

    def test_the_middle_half(self):
        self.assertEqual(typical_range([600, 900, 1200]), (600, 1200))
        self.assertEqual(typical_range([60, 600, 660, 720, 6000]), (600, 720))

    def test_whole_hours_outwards(self):
        self.assertEqual(typical_range([605, 610, 615]), (600, 660))
        self.assertEqual(typical_range([5, 6, 7]), (60, 60))

    @given(st.lists(st.integers(1, 10**6), min_size=3))
    def test_it_is_a_range_of_hours_within_what_was_spent(self, minutes):
        low, high = typical_range(minutes)
        self.assertLessEqual(low, high)
        self.assertEqual((low % 60, high % 60), (0, 0))
        self.assertGreaterEqual(low, 60)
        self.assertGreater(low + 60, min(minutes))
        self.assertLess(high - 60, max(minutes))

    @given(st.lists(st.integers(1, 10**6), min_size=3), st.randoms())
    def test_the_order_does_not_matter(self, minutes, random):
        shuffled = list(minutes)
        random.shuffle(shuffled)
        self.assertEqual(typical_range(minutes), typical_range(shuffled))
