"""Which final runs are approved: a fiscal year that has ended, once."""

from datetime import date

from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_run import RunCommon


@tagged("post_install", "-at_install")
class TestClosing(RunCommon):
    """Few hours: FIN and COM cost nothing here."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.worked = cls.approve(cls.time(60, date="2019-06-28"))

    def computed(self, **values):
        """A run whose figures don't matter, ready to be approved but for its year."""
        run = self.new_run(**values)
        run._write_run({"state": "computed", "inputs": "{}", "result": "{}"})
        return run

    def closed(self, date_from, date_to):
        run = self.computed(date_from=date_from, date_to=date_to)
        run._write_run({"state": "approved", "hash": "x"})
        return run

    def refused(self, run, pattern):
        with self.assertRaisesRegex(UserError, pattern):
            run.action_approve()
        self.assertEqual(run.state, "computed")

    def test_bounds(self):
        for start, end in (
            ("2018-07-01", "2019-05-31"),
            ("2018-08-01", "2019-06-30"),
            ("2018-07-02", "2019-06-30"),
            ("2017-07-01", "2019-06-30"),
        ):
            self.refused(
                self.computed(date_from=start, date_to=end),
                "that of a fiscal year: from 2018-07-01 to 2019-06-30",
            )

    def test_not_before_its_last_day(self):
        run = self.computed()
        with (
            freeze_time("2019-06-29 16:00:00"),
            self.assertRaisesRegex(UserError, "ends on 2019-06-30: its actual cost"),
        ):
            run._check_year()
        with freeze_time("2019-06-30 16:00:00"):
            run._check_year()
        with freeze_time("2026-01-15 16:00:00"):
            run._check_year()

    def test_on_its_last_day_what_is_corrected_counts_in_the_next_year(self):
        self.company.at_cost_closed_until = "2019-06-30"
        with freeze_time("2019-06-30 16:00:00"):
            back = self.worked._correct("Erreur")
        self.assertEqual(back.date, date(2019, 6, 28))
        self.assertEqual(back.cost_date, date(2019, 7, 1))

    def test_a_later_run_of_the_same_year(self):
        self.closed("2018-07-01", "2019-06-30")
        self.computed()._check_year()

    def test_another_fiscal_year(self):
        """What is left of it is a year of its own; no day is settled twice."""
        self.closed("2018-07-01", "2019-06-30")
        self.company.write({"fiscalyear_last_day": 31, "fiscalyear_last_month": "12"})
        self.refused(
            self.computed(date_from="2019-01-01", date_to="2019-12-31"),
            "from 2019-07-01 to 2019-12-31",
        )
        self.computed(date_from="2019-07-01", date_to="2019-12-31")._check_year()
        self.refused(
            self.computed(date_from="2018-01-01", date_to="2018-12-31"),
            "is approved from 2018-07-01 to 2019-06-30",
        )
