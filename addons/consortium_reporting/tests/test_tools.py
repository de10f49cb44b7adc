import doctest
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from ..tools import (
    allocation,
    canonical,
    history_file,
    member_operations,
    presets,
    words,
)

SHARES = {
    "reserve": Fraction(1, 10),
    "extra": Fraction(1, 10),
    "equity_debt": Fraction(2, 5),
    "nonprofit": Fraction(1),
}
CENTS = st.integers(-(10**11), 10**11)


@tagged("post_install", "-at_install")
class TestTools(BaseCase):
    def test_examples_of_the_documentation(self):
        for module in (allocation, canonical, member_operations, presets, words):
            self.assertEqual(doctest.testmod(module).failed, 0, module.__name__)

    @given(CENTS, CENTS)
    def test_a_share_is_the_nearest_millionth(self, part, whole):
        found = canonical.share(part, whole)
        if not whole:
            self.assertIsNone(found)
        else:
            exact = Fraction(part, whole) * canonical.MILLION
            self.assertLessEqual(abs(found - exact), Fraction(1, 2))

    @given(CENTS, CENTS, CENTS, st.booleans())
    def test_what_is_proposed_adds_up(self, surplus, equity, debts, nonprofit):
        proposal = allocation.propose(surplus, equity, debts, SHARES, nonprofit)
        self.assertEqual(proposal["to_reserve"] + proposal["to_members"], surplus)
        if surplus > 0:
            self.assertTrue(0 <= proposal["minimum"] <= surplus)
            self.assertLessEqual(proposal["minimum"], proposal["to_reserve"])
            self.assertLessEqual(proposal["minimum"] + proposal["in_shares"], surplus)
        if surplus > 0 and nonprofit:
            self.assertEqual(proposal["to_reserve"], surplus)

    def test_ten_percent_and_ten_more_while_equity_is_low(self):
        proposal = allocation.propose(100_001, 39_99, 100_00, SHARES, False)
        self.assertEqual(proposal["rule"], "required")
        self.assertEqual((proposal["minimum"], proposal["in_shares"]), (10_001, 10_001))

    def test_free_from_forty_percent_on(self):
        proposal = allocation.propose(100_000, 40_00, 100_00, SHARES, False)
        self.assertEqual((proposal["rule"], proposal["minimum"]), ("free", 0))

    def test_a_deficit_is_charged_to_the_reserve(self):
        proposal = allocation.propose(-500, 0, 0, SHARES, True)
        self.assertEqual((proposal["rule"], proposal["to_reserve"]), ("deficit", -500))

    def test_canonical_text_has_no_floats(self):
        self.assertEqual(
            canonical.canonical({"b": [1, None], "a": "é"}), '{"a":"é","b":[1,null]}'
        )
        for wrong in ({"a": 1.0}, {"a": [{"b": 0.1}]}, {1: 2}):
            with self.assertRaises(TypeError):
                canonical.canonical(wrong)

    @given(st.dictionaries(st.text(), st.integers() | st.text() | st.none()))
    def test_order_does_not_change_the_digest(self, content):
        turned = dict(reversed(content.items()))
        self.assertEqual(
            canonical.digest(canonical.canonical(content)),
            canonical.digest(canonical.canonical(turned)),
        )

    def status(self, user, total, unclassified=0):
        limits = (Fraction(1, 2), Fraction(3, 5))
        proportions = [member_operations.proportion(user, total), None]
        return member_operations.status(proportions, unclassified, *limits)

    def test_status_is_compared_exactly(self):
        large = 10**12
        self.assertEqual(self.status(0, 0), "none")
        self.assertEqual(self.status(large // 2 - 1, large), "below")
        self.assertEqual(self.status(large // 2, large), "warning")
        self.assertEqual(self.status(large * 3 // 5 - 1, large), "warning")
        self.assertEqual(self.status(large * 3 // 5, large), "met")
        self.assertEqual(self.status(0, 100, unclassified=50), "incomplete")
        self.assertEqual(self.status(0, 100, unclassified=49), "below")

    def rows(self, *lines):
        header = "Indicateur;Du;Au;Par;Valeur de;Chiffre;Source"
        return history_file.read("\r\n".join([header, *lines]).encode())

    def test_a_file_is_read(self):
        [row] = self.rows("income;2017-07-01;2018-06-30;;;3 222 029,50 $;Rapport")
        self.assertIsNone(row["problem"])
        self.assertEqual(str(row["value"]), "3222029.50")

    def test_the_template_is_read_back(self):
        rows = history_file.read(history_file.template())
        self.assertEqual([row["problem"] for row in rows], [None, None])

    def test_what_is_wrong_with_a_row(self):
        for line, problem in (
            ("income;2017-07-01;2018-06-30;;;abc;R", "number"),
            ("income;2017-07-01;2018-06-30;;;1e400;R", "number"),
            ("income;2017-07-01;2018-06-30;;;NaN;R", "number"),
            ("income;01/07/2017;2018-06-30;;;1;R", "date"),
            ("income;2019-07-01;2018-06-30;;;1;R", "period"),
            ("income;2017-07-01;2018-06-30;region;;1;R", "part"),
            ("income;2017-07-01;2018-06-30;;;1;", "empty"),
            (";2017-07-01;2018-06-30;;;1;R", "empty"),
        ):
            [row] = self.rows(line)
            self.assertEqual(row["problem"][0], problem, line)

    def test_what_is_wrong_with_a_file(self):
        for content, code in (
            (b"", "empty"),
            (b"Indicateur;Du\r\n", "missing"),
            (b"PK\x03\x04\x00\x00", "no_table"),
            (history_file.template().splitlines()[0], "empty"),
            (b"x" * (history_file.MAX_BYTES + 1), "too_big"),
        ):
            with self.assertRaises(history_file.FileProblem) as caught:
                history_file.read(content)
            self.assertEqual(caught.exception.code, code)

    def test_words(self):
        self.assertEqual(words.value(60, "hours", False), "1\N{NO-BREAK SPACE}h")
        self.assertEqual(words.value(None, "money", True), "—")
        self.assertEqual(words.percent(-99_950, True), "-10,0\N{NO-BREAK SPACE}%")
