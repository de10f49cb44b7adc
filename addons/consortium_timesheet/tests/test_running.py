"""The cost of the year so far, every night, and the early warning."""

from datetime import date
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from ..tools.cost import projected
from ..tools.privacy import always_enough
from .common_run import RunCommon
from .oracle import ORACLE


@tagged("post_install", "-at_install")
class TestRunning(RunCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hours()
        cls.accountant = cls.role("accountant")
        cls.Run = cls.env["consortium.rate.run"]
        cls.env.user.lang = False

    def follow(self, day="2019-05-15"):
        """The run of the night of ``day``."""
        day = date.fromisoformat(day)
        with patch.object(type(self.company), "_today", lambda _company: day):
            self.Run._cron_follow_cost()
        return self.Run.search(
            [("company_id", "=", self.company.id), ("is_running", "=", True)]
        )

    def test_until_the_end_of_last_month(self):
        run = self.follow()
        self.assertEqual(
            (run.date_from, run.date_to, run.state),
            (date(2018, 7, 1), date(2019, 4, 30), "computed"),
        )
        self.assertEqual(round(run.difference * 100), ORACLE["totals"]["trueup_cost"])
        self.assertEqual(run.name, "Cost so far 2018-2019")
        # The month after: the same run, further.
        self.assertEqual(self.follow("2019-06-02"), run)
        self.assertEqual(run.date_to, date(2019, 5, 31))
        self.assertEqual(self.Run._told_to_members(self.company), run)

    def test_names(self):
        """A year is named whole from its first months on, in the language of whom it is
        for: the end of a job's transaction knows none."""
        self.assertEqual(self.follow("2018-12-15").name, "Cost so far 2018-2019")
        self.env["res.lang"]._activate_lang("fr_CA")
        self.env.user.lang = "fr_CA"
        runs = self.Run.with_context(lang=None)
        run = runs.create({"kind": "final", "date_from": "2018-07-01"})
        self.assertEqual(run.name, "Coût réel 2018-2019")
        billing = self.env["consortium.billing.run"].with_context(lang=None)
        self.assertEqual(
            billing.create({"date_to": "2019-04-30"}).name,
            "Heures jusqu'au 2019-04-30",
        )

    def test_a_warning_once(self):
        run = self.follow()
        self.assertFalse(run.activity_ids)
        run.warning_percent = 1
        self.follow()
        mine = run.activity_ids.filtered(lambda a: a.user_id == self.accountant)
        # LEG is 1.95 % over its billing; the others are under one.
        self.assertEqual(len(mine), 1)
        self.assertIn("LEG", mine.summary)
        self.assertIn("2019-04-30", mine.note)
        self.follow()
        self.assertEqual(
            len(run.activity_ids.filtered(lambda a: a.user_id == self.accountant)), 1
        )

    def test_what_prevents_it_is_told(self):
        run = self.follow()
        self.env["consortium.allocation.key"].search([]).unlink()
        self.follow()
        mine = run.activity_ids.filtered(lambda a: a.user_id == self.accountant)
        self.assertIn("no allocation key", mine.note)

    def test_never_approved(self):
        run = self.follow()
        run.resolution_id = self.final_resolution
        run.action_compute()
        with self.assertRaisesRegex(UserError, "follows the year"):
            run.action_approve()

    def test_the_year_before_until_it_is_closed(self):
        self.company.at_cost_closed_until = "2018-06-30"
        run = self.follow("2019-08-15")
        self.assertEqual(
            (run.date_from, run.date_to), (date(2018, 7, 1), date(2019, 6, 30))
        )
        final = self.new_run()
        final.action_compute()
        final.action_approve()
        run = self.follow("2019-08-16")
        self.assertEqual(
            (run.date_from, run.date_to), (date(2019, 7, 1), date(2019, 7, 31))
        )

    @mute_logger("odoo.sql_db")
    def test_one_a_company(self):
        run = self.follow()
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            run.copy({"is_running": True})

    def test_an_hour_is_split_to_the_cent(self):
        run = self.follow()
        rows = {row.cost_center_id.code: row for row in run.center_ids}
        self.assertEqual(rows["LEG"]._hour(), (12_443, 9_688, 2_755))
        for code, row in rows.items():
            whole, direct, support = row._hour()
            self.assertEqual(whole, direct + support, code)


@tagged("post_install", "-at_install")
class TestTold(BaseCase):
    """When the cost of a center may be told."""

    def enough(self, *stays):
        days = [
            (who, date.fromisoformat(a), b and date.fromisoformat(b))
            for who, a, b in stays
        ]
        return always_enough(days, date(2018, 7, 1), date(2019, 6, 30))

    def test_three_all_year(self):
        self.assertTrue(self.enough(*((who, "2018-01-01", None) for who in "abc")))

    def test_two(self):
        self.assertFalse(self.enough(*((who, "2018-01-01", None) for who in "ab")))

    def test_nobody(self):
        self.assertFalse(self.enough())
        self.assertFalse(self.enough(("a", "2017-01-01", "2018-06-30")))

    def test_the_last_day_counts(self):
        two = [(who, "2018-01-01", None) for who in "ab"]
        self.assertTrue(self.enough(*two, ("c", "2018-01-01", "2019-06-30")))
        self.assertFalse(self.enough(*two, ("c", "2018-01-01", "2019-06-29")))

    def test_one_after_the_other(self):
        two = [(who, "2018-01-01", None) for who in "ab"]
        stays = [*two, ("c", "2018-01-01", "2018-12-31"), ("d", "2019-01-01", None)]
        self.assertTrue(self.enough(*stays))

    def test_a_center_that_begins(self):
        self.assertTrue(self.enough(*((who, "2019-02-01", None) for who in "abc")))

    def test_twice_the_same_person(self):
        self.assertFalse(
            self.enough(*((who, "2018-01-01", None) for who in ("a", "a", "b")))
        )

    def test_projection(self):
        self.assertEqual(projected(100, 100, 365), 365)
        self.assertEqual(projected(-1, 2, 365), -183)
