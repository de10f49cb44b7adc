from datetime import date
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from ..tools import rules

# Odoo's own runner has no profile of ours: a slow machine is no fault.
QUIET = settings(deadline=None, suppress_health_check=list(HealthCheck))
DAYS = st.dates(date(2006, 1, 1), date(2030, 12, 31))


@tagged("post_install", "-at_install")
class TestRules(BaseCase):
    @QUIET
    @given(st.integers(0, 50), st.integers(0, 50))
    def test_two_thirds(self, votes_for, against):
        expected = votes_for + against > 0 and 3 * votes_for >= 2 * (
            votes_for + against
        )
        self.assertEqual(rules.carried(votes_for, against, Fraction(2, 3)), expected)

    @QUIET
    @given(DAYS, st.integers(0, 120), st.one_of(st.none(), DAYS))
    def test_resignation(self, notice, delay, accepted):
        day = rules.resignation_day(notice, delay, accepted)
        self.assertGreaterEqual(day, notice)
        self.assertLessEqual(day, rules.after(notice, delay))

    @QUIET
    @given(DAYS, st.integers(0, 120), st.one_of(st.none(), DAYS), DAYS)
    def test_a_day_asked_for_after_the_delay(self, notice, delay, accepted, asked):
        day = rules.resignation_day(notice, delay, accepted, asked)
        if asked > rules.after(notice, delay):
            self.assertEqual(day, asked)
        else:
            self.assertEqual(day, rules.resignation_day(notice, delay, accepted))

    @QUIET
    @given(DAYS, st.integers(1, 12))
    def test_suspension_is_within_its_months(self, start, months):
        last = rules.last_day_of_suspension(start, months)
        self.assertGreater(last, start)
        self.assertLessEqual((last - start).days, 31 * months)
