from odoo.addons.consortium_timesheet.tests.common_run import RunCommon
from odoo.addons.consortium_timesheet.tests.oracle import CENTRES, cells
from odoo.exceptions import AccessError
from odoo.tests import tagged

YEAR = ("2018-07-01", "2019-06-30")


@tagged("post_install", "-at_install")
class TestHourFigures(RunCommon):
    """Hours of the worked example, whose cells are known by themselves."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.indicators = cls.env["consortium.indicator"]
        cls.minutes = cells("minutes")
        cls.hours()
        region = cls.env.ref("consortium_base.region_06")
        first = next(iter(cls.agreements))
        cls.agreements[first][0].partner_id.region_id = region
        cls.in_region = sum(n for (a, _c), n in cls.minutes.items() if a == first)

    def values(self, *codes, year=YEAR):
        return self.indicators._values(list(codes), *year)

    def test_hours_by_center_region_mode_and_month(self):
        found = self.values("hours")["hours"]
        total = sum(self.minutes.values())
        self.assertEqual(found["value"], total)
        self.assertEqual(
            found["by"]["center"],
            {
                f"Centre {code}": sum(
                    n for (_a, c), n in self.minutes.items() if c == code
                )
                for code in CENTRES
                if any(c == code for _a, c in self.minutes)
            },
        )
        months = found["by"]["month"]
        self.assertEqual(list(months), sorted(months))
        self.assertEqual(sum(months.values()), total)
        lines = self.env["account.analytic.line"].search(
            [
                ("company_id", "=", self.company.id),
                ("date", ">=", "2018-08-01"),
                ("date", "<=", "2018-08-31"),
            ]
        )
        self.assertEqual(months["2018-08"], sum(lines.mapped("minutes")))
        self.assertEqual(found["by"]["mode"], {"Remote": total})
        region = self.env.ref("consortium_base.region_06").name
        self.assertEqual(found["by"]["region"][region], self.in_region)
        self.assertEqual(sum(found["by"]["region"].values()), total)

    def test_what_is_not_rendered(self):
        before = self.values("hours")["hours"]["value"]
        self.time(60, date="2018-12-03")
        self.approve(self.time(30, date="2019-07-02"))
        self.assertEqual(self.values("hours")["hours"]["value"], before)
        after = self.values("hours", year=("2019-07-01", "2020-06-30"))["hours"]
        self.assertEqual((after["value"], after["previous"]), (30, before))
        self.approve(self.time(45, date="2019-06-28", intervention_mode="on_site"))
        found = self.values("hours")["hours"]
        self.assertEqual(found["value"], before + 45)
        self.assertEqual(found["by"]["mode"]["On Site"], 45)

    def test_the_rate_of_an_hour(self):
        lines = self.env["account.analytic.line"].search(
            [("company_id", "=", self.company.id), ("approval_state", "=", "approved")]
        )
        cents = -sum(round(line.amount * 100) for line in lines)
        minutes = sum(lines.mapped("minutes"))
        found = self.values("hour_rate")["hour_rate"]
        self.assertEqual(found["value"], (cents * 120 + minutes) // (2 * minutes))
        self.assertEqual(
            set(found["by"]["center"]),
            set(self.values("hours")["hours"]["by"]["center"]),
        )

    def test_the_cost_of_an_hour(self):
        self.assertIsNone(self.values("hour_cost")["hour_cost"]["value"])
        run = self.new_run()
        run.action_compute()
        found = self.values("hour_cost")["hour_cost"]
        rows = run.center_ids.filtered("minutes")
        self.assertEqual(
            found["by"]["center"],
            {row.cost_center_id.name: row.rate_cents for row in rows},
        )
        self.assertTrue(found["value"])

    def test_drill_down(self):
        for dimension in (None, "center", "region", "mode"):
            parts = self.values("hours")["hours"]["by"].get(dimension, {None: None})
            for key in parts:
                action = self.indicators.open_records("hours", *YEAR, dimension, key)
                lines = self.env["account.analytic.line"].search(action["domain"])
                wanted = parts[key] or self.values("hours")["hours"]["value"]
                self.assertEqual(sum(lines.mapped("minutes")), wanted, key)

    def test_a_year_without_hours(self):
        """None after the first hours are zero; before them, nothing is known."""
        for year, value in ((2030, 0), (2010, None)):
            found = self.values(
                "hours", "hour_rate", year=(f"{year}-07-01", f"{year + 1}-06-30")
            )
            self.assertEqual(found["hours"]["value"], value)
            self.assertIsNone(found["hour_rate"]["value"])
        first = self.values("hours", year=("2018-07-01", "2018-07-01"))
        self.assertIsNone(first["hours"]["previous"])

    def test_experts_read_no_totals(self):
        indicators = self.indicators.with_user(self.role("expert"))
        with self.assertRaises(AccessError):
            indicators._compute_hours(["hours"], *YEAR)
        self.assertTrue(indicators._values(["hours"], *YEAR)["hours"]["error"])

    def test_one_query_whatever_the_hours(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.values("hours", "hour_rate")
            return self.env.cr.sql_log_count - before

        count()
        few = count()
        for day in range(3, 8):
            self.approve(self.time(60, date=f"2018-12-{day:02}"))
        self.assertEqual(count(), few)
