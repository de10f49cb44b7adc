from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from ..tools.spans import columns, unchanged, whole_months

DAYS = st.dates(date(2017, 1, 1), date(2019, 12, 31))


@tagged("post_install", "-at_install")
class TestTools(BaseCase):
    @given(st.sets(DAYS, max_size=5), DAYS, st.integers(1, 500))
    def test_spans_cover_the_period_and_nothing_changes_in_them(self, days, start, n):
        end = start + timedelta(days=n)
        spans = unchanged(days, start, end)
        inside = {day for day in days if start < day < end}
        self.assertEqual(bool(spans), bool(inside))
        if not spans:
            return
        self.assertEqual((spans[0][0], spans[-1][1]), (start, end))
        for (_since, until), (after, _until) in zip(spans, spans[1:], strict=False):
            self.assertEqual(until, after)
        self.assertTrue(inside <= {since for since, _until in spans})
        for since, until in spans:
            self.assertLess(since, until)
            if not whole_months(since, until):
                # In one month, so that none is divided with others beside it.
                last = until - timedelta(days=1)
                self.assertEqual((since.year, since.month), (last.year, last.month))

    def test_a_month_that_is_divided_is_alone(self):
        spans = unchanged({date(2018, 10, 15)}, date(2018, 7, 1), date(2019, 7, 1))
        self.assertEqual(
            spans,
            [
                (date(2018, 7, 1), date(2018, 10, 1)),
                (date(2018, 10, 1), date(2018, 10, 15)),
                (date(2018, 10, 15), date(2018, 11, 1)),
                (date(2018, 11, 1), date(2019, 7, 1)),
            ],
        )
        self.assertEqual(
            [whole_months(*span) for span in spans], [True, False, False, True]
        )

    def test_columns(self):
        self.assertEqual(columns([(1, "a"), (2, "b")], 2), [[1, 2], ["a", "b"]])
        self.assertEqual(columns([], 2), [[], []])
