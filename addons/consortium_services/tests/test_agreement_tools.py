from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from ..tools import agreement_content, agreement_file, small_counts, weeks

texts = st.text(max_size=8)
rows = st.lists(
    st.fixed_dictionaries({"key": texts, "minutes": st.integers(0, 9999)}),
    max_size=5,
    unique_by=lambda row: row["key"],
)
contents = st.fixed_dictionaries({"title": texts, "lines": rows, "end": texts})
days = st.dates(date(2015, 1, 1), date(2030, 12, 31))


@tagged("post_install", "-at_install")
class TestAgreementTools(BaseCase):
    @given(contents)
    def test_digest_does_not_depend_on_the_order_of_writing(self, content):
        turned = dict(reversed(list(content.items())))
        self.assertEqual(
            agreement_content.digest(content), agreement_content.digest(turned)
        )

    @given(contents, contents)
    def test_no_difference_if_and_only_if_equal(self, old, new):
        found = agreement_content.differences(old, new)
        same = {**old, "lines": sorted(old["lines"], key=str)} == {
            **new,
            "lines": sorted(new["lines"], key=str),
        }
        self.assertEqual(not found, same)

    @given(contents, contents)
    def test_differences_turned_round(self, old, new):
        there = agreement_content.differences(old, new)
        back = agreement_content.differences(new, old)
        self.assertEqual(
            sorted((n, k, str(a), str(b)) for n, k, a, b in there)
            if all(k for _n, k, _a, _b in there)
            else len(there),
            sorted((n, k, str(b), str(a)) for n, k, a, b in back)
            if all(k for _n, k, _a, _b in back)
            else len(back),
        )

    @given(st.integers(0, 10**6), days, st.integers(0, 500))
    def test_spread_adds_up(self, minutes, start, length):
        end = start + timedelta(days=length)
        found = weeks.spread(minutes, start, end)
        self.assertEqual(sum(found.values()), minutes)
        for week, part in found.items():
            self.assertEqual(week.weekday(), 0)
            self.assertGreater(part, 0)
            self.assertLessEqual(weeks.monday(start), week)
            self.assertLessEqual(week, end)
        if minutes and len(found) > 1:
            self.assertLessEqual(max(found.values()) - min(found.values()), 1)

    def test_spread_refuses(self):
        for minutes, end in ((1, date(2019, 1, 1)), (-1, date(2019, 2, 1))):
            with self.assertRaises(ValueError):
                weeks.spread(minutes, date(2019, 1, 2), end)

    @given(st.integers(0, 10**6), st.integers(0, 10**6))
    def test_passed(self, spent, ceiling):
        mark = weeks.passed(spent, ceiling, (50, 75, 90))
        self.assertIn(mark, (0, 50, 75, 90))
        if mark:
            self.assertGreaterEqual(spent * 100, ceiling * mark)

    def test_passed_exactly(self):
        self.assertEqual(weeks.passed(299, 600, (50, 75, 90)), 0)
        self.assertEqual(weeks.passed(300, 600, (50, 75, 90)), 50)
        self.assertEqual(weeks.passed(540, 600, (50, 75, 90)), 90)
        self.assertEqual(weeks.passed(5, 0, (50, 75, 90)), 0)

    def test_hours_of_a_file(self):
        for text, minutes in (
            ("12", 720),
            ("12,5", 750),
            ("0.25 h", 15),
            ("1,33", 80),
            ("10 H", 600),
        ):
            self.assertEqual(agreement_file.minutes(text), minutes)
        for text in ("", "x", "-1", "1:30", "1,234"):
            with self.assertRaises(ValueError):
                agreement_file.minutes(text)

    @given(st.dictionaries(texts, st.integers(1, 12)))
    def test_nothing_small_comes_out_by_subtraction(self, counts):
        shown = small_counts.shown(counts, 5)
        hidden = sum(counts[key] for key in counts.keys() - shown)
        self.assertTrue(all(counts[key] >= 5 for key in shown))
        self.assertTrue(not shown or hidden == 0 or hidden >= 5)
        if all(count >= 5 for count in counts.values()):
            self.assertEqual(shown, counts.keys())

    def test_fields_of_a_file(self):
        self.assertEqual(
            agreement_file.field_minutes("A: 1; B: 0,5;"), {"A": 60, "B": 30}
        )
        for text in ("A 1", ": 1", "A: 1; A: 2", "A:"):
            with self.assertRaises(ValueError):
                agreement_file.field_minutes(text)
