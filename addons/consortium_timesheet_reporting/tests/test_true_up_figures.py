from odoo.addons.consortium_timesheet.tests.common_true_up import TrueUpCommon
from odoo.exceptions import AccessError
from odoo.tests import tagged

YEAR = ("2018-07-01", "2019-06-30")


@tagged("post_install", "-at_install")
class TestTrueUpFigures(TrueUpCommon):
    """The worked example: 1 260 000 $ of cost, 1 251 500 $ billed, a reserve of 2 %."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.indicators = cls.env["consortium.indicator"]
        cls.bill_all()

    def values(self, *codes, year=YEAR):
        return self.indicators._values(list(codes), *year)

    def approve_true_up(self):
        run = self.final()
        run.action_true_up()
        self.assertIsNone(self.values("true_up")["true_up"]["value"])
        run.action_approve_true_up()
        return run

    def test_true_up_of_the_worked_example(self):
        self.assertIsNone(self.values("true_up")["true_up"]["value"])
        run = self.approve_true_up()
        found = self.values("true_up")["true_up"]
        self.assertEqual(found["value"], 866_998)
        self.assertEqual(found["by"]["part"], {"Cost": 850_000, "Reserve": 16_998})
        self.assertEqual(sum(found["by"]["center"].values()), 866_998)
        for code, cost in (("LEG", 776_327), ("FIN", 307_755), ("COM", -234_082)):
            rows = run.true_up_ids.filtered(
                lambda row, code=code: row.cost_center_id.code == code
            )
            self.assertEqual(sum(rows.mapped("difference_cents")), cost)
            self.assertEqual(found["by"]["center"][f"Centre {code}"], rows._cents())
        self.assertEqual(found["by"]["settlement"], {"To Settle": 866_998})
        self.assertIsNone(
            self.values("true_up", year=("2019-07-01", "2020-06-30"))["true_up"][
                "value"
            ]
        )

    def test_reserve_on_posted_invoices(self):
        found = self.values("reserve_billed")["reserve_billed"]
        self.assertEqual(found["value"], 2_503_002)
        self.assertEqual(sum(found["by"]["center"].values()), 2_503_002)
        months = found["by"]["month"]
        self.assertEqual(list(months), sorted(months))
        self.assertEqual(sum(months.values()), 2_503_002)
        none = self.values("reserve_billed", year=("2010-07-01", "2011-06-30"))
        self.assertIsNone(none["reserve_billed"]["value"])

    def test_drill_down(self):
        self.approve_true_up()
        for code, name in (
            ("true_up", "difference_cents"),
            ("reserve_billed", "reserve_cents"),
        ):
            figure = self.values(code)[code]
            for dimension in (None, "center", "settlement", "month"):
                parts = figure["by"].get(dimension, {})
                for key in parts or [None]:
                    action = self.indicators.open_records(code, *YEAR, dimension, key)
                    rows = self.env[action["res_model"]].search(action["domain"])
                    total = sum(rows.mapped(name))
                    if code == "true_up":
                        total += sum(rows.mapped("reserve_difference_cents"))
                    self.assertEqual(total, parts.get(key, figure["value"]), key)

    def test_who_reads_totals(self):
        indicators = self.indicators.with_user(self.role("expert"))
        for method in ("_compute_true_up", "_compute_reserve_billed"):
            with self.assertRaises(AccessError):
                getattr(indicators, method)([], *YEAR)
        manager = self.indicators.with_user(self.role("manager"))
        found = manager._values(["reserve_billed"], *YEAR)["reserve_billed"]
        self.assertEqual(found["value"], 2_503_002)

    def test_queries_do_not_grow_with_the_ledger(self):
        def count(year):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.indicators._compute_reserve_billed([], *year)
            return self.env.cr.sql_log_count - before

        count(YEAR)
        self.assertEqual(count(YEAR), count(("2018-07-01", "2018-08-31")))
