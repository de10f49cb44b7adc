from collections import Counter
from unittest.mock import patch

from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestData(TransactionCase):
    """The files of the demonstration add up to the published year, before anything is
    loaded; what is loaded is tested with the command that loads it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.demo = cls.env["consortium.demo"]
        cls.members = cls.demo._rows("members")
        cls.agreements = cls.demo._rows("agreements")

    def members_on(self, day):
        return [
            row
            for row in self.members
            if row["admitted"] <= day and (not row["left"] or row["left"] >= day)
        ]

    def minutes(self, year):
        return sum(
            minutes
            for row in self.agreements
            if row["year"] == year
            for _code, minutes in self.demo._minutes(row)
        )

    def test_members_at_the_ends_of_the_years(self):
        days = ("2016-06-30", "2017-06-30", "2018-06-30", "2019-06-30")
        counts = [len(self.members_on(day)) for day in days]
        self.assertEqual(counts, [20, 25, 36, 56])

    def test_numbers_follow_the_admissions(self):
        numbers = [int(row["number"]) for row in self.members]
        self.assertEqual(numbers, list(range(1, len(numbers) + 1)))
        admitted = [row["admitted"] for row in self.members]
        self.assertEqual(admitted, sorted(admitted))

    def test_hours_of_the_two_years(self):
        self.assertEqual(self.minutes("2017"), 60_600 * 60)
        self.assertEqual(self.minutes("2018"), 63_800 * 60)

    def test_agreements_of_the_year(self):
        signed = [
            row
            for row in self.agreements
            if "2018-07-01" <= row["signed"] <= "2019-06-30"
        ]
        self.assertEqual(len(signed), 248)
        self.assertEqual({row["year"] for row in signed}, {"2018"})

    def test_who_signs_is_a_member_that_day(self):
        for row in self.agreements:
            members = {m["organization"] for m in self.members_on(row["signed"])}
            self.assertIn(row["member"], members, row)
            self.assertLess(row["signed"], row["end"], row)

    def test_budgets_by_center_add_up_to_the_published_ones(self):
        published = {
            "2018": (3_183_149, 3_151_713),
            "2019": (4_146_109, 4_100_351),
        }
        centers = {row["code"] for row in self.demo._rows("centers")} | {"ADM"}
        for year, totals in published.items():
            planned = self.demo._planned_hours(year)
            found = [0, 0]
            for row in self.demo._rows("budgets"):
                if row["year"] != year:
                    continue
                parts = self.demo._budget_parts(row, planned)
                income = row["line"] in ("services", "grants", "other_income")
                found[0 if income else 1] += sum(parts.values())
                # What is spent is of a center: it is all in the rates.
                self.assertTrue(income or set(parts) <= centers, row)
            self.assertEqual(tuple(found), totals)
            self.assertTrue(all(planned.values()))

    def test_mail_that_waited_still_waits(self):
        """What the story wrote to invented people goes, and nothing else."""
        mails = self.env["mail.mail"]
        waited = mails.create({"email_to": "someone@example.com", "state": "outgoing"})
        written = []

        def chapter():
            written.append(mails.create({"email_to": "nobody@example.com"}))

        with patch.object(
            type(self.demo), "_chapters", lambda _demo: [("one", chapter)]
        ):
            self.demo._load()
        self.assertTrue(waited.exists())
        self.assertFalse(written[0].exists())

    def test_fifty_experts(self):
        experts = self.demo._rows("experts")
        self.assertEqual(len({row["name"] for row in experts}), 50)
        fields = Counter(row["field"] for row in experts)
        fields.update(row["other"] for row in experts if row["other"])
        worked = {
            code
            for row in self.agreements
            for code, _minutes in self.demo._minutes(row)
        }
        self.assertLessEqual(worked, set(fields))
