from odoo.addons.consortium_membership.tests.common_shares import ShareCommon
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestCapital(ShareCommon):
    """The state of capital against what each operation says by itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.issue(cls.alize, 30, "2018-03-01")
        cls.issue(cls.alize, 20, "2018-10-01")
        cls.issue(cls.boreale, 5, "2019-07-01")
        cls.report = cls.env["consortium.annual.report"].create(
            {
                "company_id": cls.company.id,
                "date_from": "2018-07-01",
                "date_to": "2019-06-30",
            }
        )

    @classmethod
    def issue(cls, partner, quantity, date):
        return cls.operations._import_entries(
            [
                {
                    "kind": "issue",
                    "partner_id": partner.id,
                    "share_class_id": cls.common.id,
                    "quantity": quantity,
                    "unit_price": cls.common.par_value,
                    "date": date,
                    "reference": f"I-{date}",
                }
            ]
        )

    def table(self, code):
        blocks = self.report._section_capital()
        return next(block for block in blocks if block.get("code") == code)

    def test_the_state_of_capital(self):
        price = round(self.common.par_value * 100)
        (row,) = self.table("shares_number")["rows"]
        self.assertEqual(row["cells"][1:], [30, 20, 0, 0, 50])
        (row,) = self.table("shares_amount")["rows"]
        self.assertEqual(row["cells"][1:], [30 * price, 20 * price, 0, 0, 50 * price])

    def test_requests_and_their_forecast(self):
        requests = self.env["consortium.share.redemption"]
        for date, quantity, planned in (
            ("2019-05-01", 10, "2020-12-01"),
            ("2019-06-30", 4, False),
            ("2019-07-01", 6, "2020-12-01"),
        ):
            requests.create(
                {
                    "partner_id": self.alize.id,
                    "share_class_id": self.common.id,
                    "quantity": quantity,
                    "request_date": date,
                    "planned_date": planned,
                }
            )
        price = round(self.common.par_value * 100)
        rows = [row["cells"] for row in self.table("redemptions")["rows"]]
        self.assertEqual(rows[0], ["2020", 1, 10 * price])
        self.assertEqual(rows[1][1:], [1, 4 * price])
        self.assertEqual(rows[2][1:], [2, 14 * price])

    def test_repayments_are_of_fiscal_years(self):
        self.company.write({"fiscalyear_last_day": 30, "fiscalyear_last_month": "6"})
        self.env["consortium.share.redemption"].create(
            [
                {
                    "partner_id": self.alize.id,
                    "share_class_id": self.common.id,
                    "quantity": quantity,
                    "request_date": "2019-05-01",
                    "planned_date": planned,
                }
                for quantity, planned in (
                    (10, "2019-08-15"),
                    (4, "2020-03-01"),
                    (1, "2020-07-01"),
                )
            ]
        )
        price = round(self.common.par_value * 100)
        rows = [row["cells"] for row in self.table("redemptions")["rows"]]
        self.assertEqual(
            rows[:2], [["2019-2020", 2, 14 * price], ["2020-2021", 1, price]]
        )

    def test_what_was_refused_later_waited_at_the_year_end(self):
        early, late = self.env["consortium.share.redemption"].create(
            [
                {
                    "partner_id": self.alize.id,
                    "share_class_id": self.common.id,
                    "quantity": quantity,
                    "request_date": "2019-05-01",
                    "ground": "unstable",
                    "resolution_id": self.resolution(day).id,
                }
                for quantity, day in ((10, "2019-06-30"), (4, "2019-09-15"))
            ]
        )
        (early | late).action_refuse()
        self.assertEqual(late.decision_date, self.day("2019-09-15"))
        waiting = [request for request, _cents in self.report._waiting_redemptions()]
        self.assertEqual(waiting, [late])

    def test_it_satisfies_the_checklist(self):
        items = {item.requirement_id.code: item for item in self.report.item_ids}
        self.assertEqual(items["capital"].state, "satisfied")

    def test_subscriptions_are_not_sales(self):
        before = self.env["consortium.indicator"]._values(
            ["invoiced"], "2019-07-01", "2020-06-30"
        )["invoiced"]["value"]
        operation = self.operations._subscribe(
            self.boreale, self.common, 10, "2019-07-02", self.board
        )
        self.assertTrue(operation.move_ids.filtered("invoice_date"))
        values = self.env["consortium.indicator"]._values(
            ["invoiced"], "2019-07-01", "2020-06-30"
        )
        self.assertEqual(values["invoiced"]["value"], before)
        books = self.env["consortium.member.operations"]._figures(
            "2019-07-01", "2020-06-30", self.company
        )
        self.assertEqual(books["excluded"], 0)

    def test_the_account_of_a_class_is_of_its_section_of_equity(self):
        common, preferred = self.common.equity_account_id, self.preferred
        self.assertEqual(common.equity_section, "common")
        self.assertEqual(preferred.equity_account_id.equity_section, "preferred")
        # By its code alone the preset would say otherwise.
        self.assertNotIn("equity_section", common._preset_values("ca_2023"))
        common.equity_section = False
        self.assertEqual(common._preset_values("ca_2023")["equity_section"], "common")
