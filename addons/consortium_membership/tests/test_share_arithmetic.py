"""Properties of the pure arithmetic of shares."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.consortium_membership.tools import shares
from odoo.tests import BaseCase, tagged

LOT = st.builds(
    lambda origin, quantity, price, part: shares.Lot(
        origin, quantity, price, quantity * price * part // 100
    ),
    st.integers(1, 10**6),
    st.integers(0, 200),
    st.integers(1, 10**5),
    st.integers(0, 100),
)
LOTS = st.lists(LOT, max_size=6)


@tagged("post_install", "-at_install")
class TestShareArithmetic(BaseCase):
    @given(LOTS, st.integers(0, 500))
    def test_take_is_first_in_first_out(self, lots, quantity):
        held = sum(lot.quantity for lot in lots)
        if quantity > held:
            with self.assertRaises(ValueError):
                shares.take(lots, quantity)
            return
        taken = shares.take(lots, quantity)
        self.assertEqual(sum(part for _lot, part in taken), quantity)
        full = [lot for lot in lots if lot.quantity]
        for (lot, part), expected in zip(taken, full, strict=False):
            self.assertEqual(lot, expected)
            self.assertTrue(0 < part <= lot.quantity)
        for lot, part in taken[:-1]:
            self.assertEqual(part, lot.quantity)

    @given(LOT, st.data())
    def test_release_loses_no_cent(self, lot, data):
        quantity = data.draw(st.integers(0, lot.quantity))
        repaid, cancelled = shares.release(lot, quantity)
        self.assertEqual(repaid + cancelled, quantity * lot.price)
        self.assertTrue(0 <= repaid <= lot.paid)
        self.assertGreaterEqual(cancelled, 0)
        rest = lot.quantity - quantity
        self.assertLessEqual(lot.paid - repaid, rest * lot.price)
        # What owes the most goes first: money comes back only for paid-up lots.
        if repaid:
            self.assertEqual(lot.paid - repaid, rest * lot.price)

    @given(LOT, st.data())
    def test_release_in_two_steps_is_release_at_once(self, lot, data):
        first = data.draw(st.integers(0, lot.quantity))
        second = data.draw(st.integers(0, lot.quantity - first))
        one, _owed = shares.release(lot, first)
        rest = shares.Lot(lot.origin, lot.quantity - first, lot.price, lot.paid - one)
        two, _owed = shares.release(rest, second)
        self.assertEqual(one + two, shares.release(lot, first + second)[0])

    @given(LOT)
    def test_fully_paid(self, lot):
        count = lot.fully_paid
        self.assertTrue(0 <= count <= lot.quantity)
        self.assertLessEqual(count * lot.price, lot.paid)
        if count < lot.quantity:
            self.assertGreater((count + 1) * lot.price, lot.paid)

    @given(
        st.lists(st.tuples(st.integers(), st.integers(0, 10**6)), max_size=8),
        st.integers(0, 100),
    )
    def test_apportion_is_exact(self, parts, percent):
        due = sum(amount for _key, amount in parts)
        amount = due * percent // 100
        found = shares.apportion(amount, parts)
        self.assertEqual(sum(part for _key, part in found), amount)
        self.assertLessEqual(len(found), len(parts))
        with self.assertRaises(ValueError):
            shares.apportion(due + 1, parts)

    @given(st.integers(1, 60))
    def test_percentages_sum_to_a_hundred(self, count):
        parts = shares.percentages(count)
        self.assertEqual(len(parts), count)
        self.assertEqual(sum(round(part * 10**6) for part in parts), 10**8)
        self.assertTrue(all(part > 0 for part in parts))

    @given(st.integers(0, 10**9))
    def test_cents_there_and_back(self, cents):
        self.assertEqual(shares.to_cents(shares.from_cents(cents)), cents)

    @given(
        st.lists(
            st.tuples(
                st.integers(0, 400).map(lambda n: date(2018, 1, 1) + timedelta(n)),
                st.integers(1, 4),
                st.integers(1, 2),
                st.integers(-50, 50),
            ),
            max_size=30,
        ),
        st.integers(0, 400),
    )
    def test_holdings_do_not_change_with_later_rows(self, rows, days):
        day = date(2018, 1, 1) + timedelta(days)
        later = [(day + timedelta(1), 1, 1, 7)]
        self.assertEqual(shares.holdings(rows, day), shares.holdings(rows + later, day))
        total = sum(row[3] for row in rows if row[0] <= day)
        self.assertEqual(sum(shares.holdings(rows, day).values()), total)
