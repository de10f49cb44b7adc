from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from ..tools.pay_file import Assignment, cents, read_pay, split, weights
from ..tools.privacy import derivable, small_centres

DAY = date(2018, 7, 1)
END = date(2018, 7, 14)


@tagged("post_install", "-at_install")
class TestPayFile(BaseCase):
    def test_amounts(self):
        for text, expected in (
            ("1234.56", 123456),
            ("1 234,56 $", 123456),
            ("1\u00a0234,56\u00a0$", 123456),
            ("1,234.56", 123456),
            ("2000", 200000),
            ("", 0),
            ("0.30000000000000004", 30),
        ):
            self.assertEqual(cents(text), expected, text)

    def test_bad_amounts(self):
        for text, code in (
            ("abc", "amount"),
            ("nan", "amount"),
            ("1e12", "amount"),
            ("-5", "negative"),
            ("1.005", "decimals"),
            ("\0formula", "formula"),
        ):
            with self.assertRaisesRegex(ValueError, f"^{code}$"):
                cents(text)

    @given(st.integers(0, 10**10))
    def test_every_amount_reads_back(self, amount):
        text = f"{amount // 100} {amount % 100:02}".replace(" ", ",")
        self.assertEqual(cents(text), amount)

    def test_rows_and_problems(self):
        rows, problems = read_pay(
            "Employé;Salaire;Charges\nAline;100,00;10\n;5;x\n".encode(), "p.csv"
        )
        self.assertEqual(rows[0].cents, {"pay": 10_000, "charges": 1_000})
        self.assertEqual(problems, [(3, "nobody", ""), (3, "amount", "Charges")])

    def test_weights_by_day(self):
        halves = [
            Assignment("LEG", 10_000, DAY, date(2018, 7, 7)),
            Assignment("LEG", 4_000, date(2018, 7, 8), None),
            Assignment("FIN", 6_000, date(2018, 7, 8), None),
        ]
        self.assertEqual(weights(halves, DAY, END), {"LEG": 98_000, "FIN": 42_000})

    def test_hired_in_the_middle(self):
        late = [Assignment("LEG", 10_000, END, None)]
        self.assertEqual(weights(late, DAY, END), {"LEG": 10_000})

    def test_two_centers_counted_together(self):
        both = [
            Assignment("LEG", 5_000, DAY, None),
            Assignment("LEG", 5_000, DAY, None),
        ]
        self.assertEqual(weights(both, DAY, DAY), {"LEG": 10_000})

    def test_shares_that_do_not_make_one(self):
        with self.assertRaisesRegex(ValueError, "2018-07-01"):
            weights([Assignment("LEG", 9_000, DAY, None)], DAY, END)
        with self.assertRaisesRegex(ValueError, "none"):
            weights([], DAY, END)

    @given(
        st.dictionaries(
            st.integers(0, 30),
            st.tuples(
                st.integers(0, 10**8),
                st.dictionaries(
                    st.sampled_from("ABCDE"), st.integers(1, 999), min_size=1
                ),
            ),
        )
    )
    def test_totals_make_what_people_are_paid(self, people):
        totals = split(
            {person: {"pay": amount} for person, (amount, _w) in people.items()},
            {person: parts for person, (_a, parts) in people.items()},
        )
        self.assertEqual(
            sum(each.get("pay", 0) for each in totals.values()),
            sum(amount for amount, _w in people.values()),
        )


@tagged("post_install", "-at_install")
class TestPrivacy(BaseCase):
    def test_small(self):
        shares = {
            "a": {"LEG": 1, "FIN": 1},
            "b": {"LEG": 1},
            "c": {"LEG": 1, "COM": 0},
        }
        self.assertEqual(small_centres(shares), {"FIN": 1})

    def test_whole_teams_tell_nothing(self):
        shares = {p: {"LEG": 1} for p in "abc"} | {p: {"FIN": 1} for p in "def"}
        self.assertEqual(derivable(shares), [])

    def test_a_difference_tells_one(self):
        """Three are shared by halves; a fourth is in one center only."""
        shares = {p: {"LEG": 1, "FIN": 1} for p in "abc"} | {"d": {"FIN": 1}}
        self.assertEqual(derivable(shares), ["d"])

    def test_nobody(self):
        self.assertEqual(derivable({}), [])
        self.assertEqual(small_centres({}), {})

    @given(
        st.lists(
            st.dictionaries(
                st.sampled_from("ABCD"), st.integers(1, 4), min_size=1, max_size=3
            ),
            min_size=1,
            max_size=7,
        )
    )
    def test_whoever_is_not_named_may_earn_otherwise(self, parts):
        """A change of others' pay that leaves every total as it was hides a person."""
        shares = {f"p{i}": each for i, each in enumerate(parts)}
        exposed = set(derivable(shares))
        for person in shares:
            self.assertEqual(person in exposed, not self.hides(shares, person), shares)

    def hides(self, shares, person):
        """Is there another pay for the person, with the same totals? By other means:
        the rank of the system grows when the person's own equation is added."""
        people = sorted(shares)
        rows = []
        for centre in "ABCD":
            rows.append(
                [
                    Fraction(shares[p].get(centre, 0), sum(shares[p].values()))
                    for p in people
                ]
            )
        unit = [Fraction(int(p == person)) for p in people]
        return self.rank([*rows, unit]) > self.rank(rows)

    def rank(self, rows):
        rows = [list(row) for row in rows]
        rank = 0
        for column in range(len(rows[0])):
            pivot = next((r for r in rows[rank:] if r[column]), None)
            if pivot is None:
                continue
            rows.remove(pivot)
            rows.insert(rank, pivot)
            for row in rows[rank + 1 :]:
                factor = row[column] / pivot[column]
                row[:] = [a - factor * b for a, b in zip(row, pivot, strict=True)]
            rank += 1
        return rank
