from odoo import Command
from odoo.addons.consortium_timesheet.tests.common_run import RunCommon
from odoo.addons.consortium_timesheet.tests.oracle import TARGETS
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

DAYS = {"date_from": "2018-07-01", "date_to": "2019-06-30"}


@tagged("post_install", "-at_install")
class TestRunFromBudget(RunCommon):
    """The targets of the worked example, this time from the budget."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        results = cls.company._financial_template()
        hours = cls.env.ref("consortium_timesheet_reporting.mis_report_hours")
        cls.kpis = {kpi.name: kpi for kpi in results.kpi_ids + hours.kpi_ids}
        lines = [("other_expenses", False, 12_000), ("services", False, 1_300_000)]
        for code, (cents, _minutes) in TARGETS.items():
            # Salaries, and the rest of the cost under another heading.
            lines += [
                ("salaries", code, cents / 100 - 1_000.10),
                ("subcontracts", code, 1_000.10),
            ]
        cls.budget = cls.make_budget("Budget 2018-2019", results, lines)
        cls.hours_budget = cls.make_budget(
            "Heures 2018-2019",
            hours,
            [("hours", code, minutes / 60) for code, (_c, minutes) in TARGETS.items()],
        )
        cls.run_of_year = cls.new_run("target", resolution_id=cls.resolution.id)

    @classmethod
    def make_budget(cls, name, template, lines):
        return cls.env["mis.budget"].create(
            {
                "name": name,
                "report_id": template.id,
                "company_id": cls.company.id,
                **DAYS,
                "item_ids": [
                    Command.create(cls.line(heading, code, amount))
                    for heading, code, amount in lines
                ],
            }
        )

    @classmethod
    def line(cls, heading, code, amount):
        return {
            "kpi_expression_id": cls.kpis[heading].expression_ids.id,
            "cost_center_id": code and cls.center[code].id,
            "amount": amount,
            **DAYS,
        }

    def rows(self, run=None):
        return {
            row.cost_center_id.code: (
                round(row.cost * 100),
                round(row.credit * 100),
                round(row.planned_hours * 60),
            )
            for row in (run or self.run_of_year).center_ids
        }

    def expected(self):
        return {code: (cents, 0, minutes) for code, (cents, minutes) in TARGETS.items()}

    def test_the_budget_gives_the_rates_of_the_worked_example(self):
        self.run_of_year.action_fill_from_budget()
        self.assertEqual(self.rows(), self.expected())
        self.run_of_year.action_compute()
        rates = {
            row.cost_center_id.code: row.rate_cents
            for row in self.run_of_year.center_ids
        }
        self.assertEqual(rates, {"LEG": 12_200, "FIN": 10_800, "COM": 10_700})
        told = self.run_of_year.message_ids[:1].body
        self.assertIn("Budget 2018-2019, Heures 2018-2019", told)
        self.assertIn("of expenses are in no cost center", told)

    def test_repeated_it_gives_the_same(self):
        self.run_of_year.action_fill_from_budget()
        self.run_of_year.action_compute()
        first = self.run_of_year.inputs
        self.run_of_year.action_fill_from_budget()
        self.assertEqual(self.run_of_year.state, "draft")
        self.assertEqual(self.rows(), self.expected())
        self.run_of_year.action_compute()
        self.assertEqual(self.run_of_year.inputs, first)

    def test_what_was_typed_is_replaced_but_what_is_carried(self):
        self.run_of_year.center_ids = [
            Command.create(
                {
                    "cost_center_id": self.center["LEG"].id,
                    "cost": 5,
                    "credit": 3,
                    "carried": 250,
                    "planned_hours": 1,
                }
            ),
            Command.create({"cost_center_id": self.center["ADM"].id, "cost": 7}),
        ]
        self.run_of_year.action_fill_from_budget()
        self.assertEqual(self.rows(), self.expected())
        row = self.run_of_year.center_ids.filtered("carried")
        self.assertEqual((row.cost_center_id.code, row.carried), ("LEG", 250))

    def test_credits_support_and_merged_centers(self):
        self.center["COM"].merge_into_id = self.center["FIN"]
        self.budget.item_ids = [
            Command.create(self.line("grants", "FIN", 15_000)),
            Command.create(self.line("amortization", "ADM", 900.55)),
        ]
        self.run_of_year.action_fill_from_budget()
        both = [TARGETS["FIN"], TARGETS["COM"]]
        self.assertEqual(
            self.rows(),
            {
                "LEG": (*TARGETS["LEG"][:1], 0, TARGETS["LEG"][1]),
                "FIN": (
                    sum(cents for cents, _m in both),
                    1_500_000,
                    sum(minutes for _c, minutes in both),
                ),
                "ADM": (90_055, 0, 0),
            },
        )

    def test_a_run_of_some_months_takes_its_days(self):
        half = self.new_run("target", date_from="2018-07-01", date_to="2018-12-31")
        half.action_fill_from_budget()
        cents, minutes = TARGETS["LEG"]
        self.assertEqual(
            self.rows(half)["LEG"],
            (round(cents * 184 / 365), 0, round(minutes * 184 / 365)),
        )

    def test_confirmed_budgets_come_first_and_cancelled_never(self):
        self.make_budget("Autre", self.budget.report_id, [])
        self.budget.action_confirm()
        self.run_of_year.action_fill_from_budget()
        self.assertEqual(self.rows(), self.expected())
        self.budget.action_cancel()
        self.hours_budget.action_cancel()
        with self.assertRaisesRegex(UserError, "No line of Autre is of a cost center"):
            self.run_of_year.action_fill_from_budget()

    def test_refused_with_nothing_changed(self):
        final = self.new_run()
        with self.assertRaisesRegex(UserError, "Only provisional rates"):
            final.action_fill_from_budget()
        later = self.new_run("target", date_from="2030-07-01")
        with self.assertRaisesRegex(UserError, "No budget covers 2030-07-01"):
            later.action_fill_from_budget()
        (self.budget + self.hours_budget).item_ids.filtered("cost_center_id").unlink()
        self.run_of_year.center_ids = [
            Command.create({"cost_center_id": self.center["LEG"].id, "cost": 5})
        ]
        with self.assertRaisesRegex(UserError, "No line of Budget 2018-2019"):
            self.run_of_year.action_fill_from_budget()
        self.assertEqual(self.rows(), {"LEG": (500, 0, 0)})

    def test_an_approved_run_never_changes(self):
        self.run_of_year.action_fill_from_budget()
        self.run_of_year.action_compute()
        self.run_of_year._write_run({"state": "approved", "hash": "x"})
        with self.assertRaisesRegex(UserError, "never changes"):
            self.run_of_year.action_fill_from_budget()

    def test_who_fills_and_who_reads_lines_by_center(self):
        lines = self.budget.item_ids
        for role in ("accountant", "manager"):
            run = self.run_of_year.with_user(self.role(role))
            run.action_fill_from_budget()
            self.assertEqual(self.rows(), self.expected())
        for role in ("auditor", "expert"):
            with mute_logger("odoo.addons.base.models.ir_rule"):
                with self.assertRaises(AccessError):
                    self.run_of_year.with_user(
                        self.role(role)
                    ).action_fill_from_budget()
        mine = lines.with_user(self.role("auditor")).search([("id", "in", lines.ids)])
        self.assertEqual(len(mine), len(lines))
        for role in ("expert", "coordinator"):
            # The planned cost of a center of few people tells what one earns.
            mine = lines.with_user(self.role(role)).search([("id", "in", lines.ids)])
            self.assertFalse(mine.cost_center_id)
            self.assertEqual(len(mine), 2)

    def test_budget_by_center_opens_lines_to_fill_in(self):
        run = self.new_run("target", date_from="2019-07-01")
        accountant = run.with_user(self.role("accountant"))
        action = accountant.action_open_budget()
        items = self.env["mis.budget.item"].search(action["domain"])
        names = set(items.budget_id.mapped("name"))
        self.assertEqual(len(names), 2)
        self.assertIn("Budget 2019-2020", names)
        hours = items.filtered("cost_center_id")
        expertise = self.env["consortium.cost.center"].search(
            [("company_id", "=", self.company.id), ("kind", "=", "expertise")]
        )
        self.assertEqual(hours.cost_center_id, expertise)
        self.assertEqual(set(hours.mapped("date_to")), {run.date_to})
        self.assertFalse(any(items.mapped("amount")))
        self.assertEqual(accountant.action_open_budget()["domain"], action["domain"])

    def test_a_heading_once_for_a_center_and_some_days(self):
        with self.assertRaisesRegex(ValidationError, "overlaps"):
            self.budget.item_ids = [Command.create(self.line("salaries", "LEG", 1_000))]

    def test_hours_of_support_are_refused(self):
        for code, amount in (("ADM", 10), ("LEG", -5)):
            # Rolled back, so that each is tried alone.
            with self.assertRaises(ValidationError):
                self.hours_budget.item_ids.filtered(
                    lambda item: item.cost_center_id == self.center["LEG"]
                ).write({"cost_center_id": self.center[code].id, "amount": amount})

    def test_the_table_of_results_adds_up_the_centers(self):
        table = self.company._financial_table("2018-07-01", "2019-06-30")
        budget = {row["code"]: row["budget"] for row in table["rows"]}
        total = sum(cents for cents, _minutes in TARGETS.values())
        self.assertEqual(budget["salaries"], total - 300_030)
        self.assertEqual(budget["subcontracts"], 300_030)
        self.assertEqual(budget["expenses"], total + 1_200_000)

    def test_the_dashboard_compares_hours_with_the_budget(self):
        indicators = self.env["consortium.indicator"]
        found = indicators._dashboard_budget(
            self.run_of_year.date_from, self.run_of_year.date_to
        )
        self.assertEqual(found["hours"], sum(m for _c, m in TARGETS.values()))
        self.assertIn("income", found)
        later = self.run_of_year.date_to.replace(year=2031)
        self.assertNotIn("hours", indicators._dashboard_budget(later, later))

    def test_queries_do_not_grow_with_the_lines(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.run_of_year._planned(budgets)
            return self.env.cr.sql_log_count - before

        budgets = self.run_of_year._budgets_at_cost()
        count()
        few = count()
        self.budget.item_ids = [
            Command.create(self.line(heading, code, 100))
            for heading in ("interest", "amortization", "other_expenses")
            for code in TARGETS
        ]
        self.assertEqual(count(), few)
