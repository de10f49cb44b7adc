import io

import openpyxl
from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation

from .common_figures import LAST_YEAR, YEAR, FiguresCase


@tagged("post_install", "-at_install")
class TestFinancialTable(FiguresCase):
    def table(self, year=YEAR):
        return {
            row["code"]: row for row in self.company._financial_table(*year)["rows"]
        }

    def amounts(self, row):
        columns = ("last", "actual", "budget", "next_budget")
        return [row[c] if row[c] is None else row[c] / 100 for c in columns]

    def screen(self, date="2019-06-30"):
        return self.env["consortium.financial.screen"].create({"date": date})

    def test_the_published_year(self):
        """Every dollar of the table of 2018-2019."""
        self.year_of_the_oracle()
        rows = self.table()
        self.assertEqual(
            self.amounts(rows["income"]), [3_222_029, 3_569_964, 3_183_149, 4_146_109]
        )
        self.assertEqual(
            self.amounts(rows["expenses"]),
            [3_180_589, 3_494_916, 3_151_713, 4_100_351],
        )
        self.assertEqual(
            self.amounts(rows["surplus"]), [41_440, 75_048, 31_436, 45_758]
        )
        self.assertEqual(round(rows["income"]["variance"] / 10_000), 12)
        self.assertEqual(round(rows["expenses"]["variance"] / 10_000), 11)

    def test_details_add_up(self):
        self.year_of_the_oracle()
        self.earn("2019-01-01", 12.34, "interest")
        self.spend("2019-01-01", 5.67, "other")
        self.entry("2019-01-01", "bank", "common", 1_000)
        rows = self.company._financial_table(*YEAR)["rows"]
        order = [row["code"] for row in rows]
        totals = [order.index(code) for code in ("income", "expenses", "surplus")]
        self.assertEqual(totals, sorted(totals))
        details = rows[: totals[0]]
        for column in ("last", "actual", "budget", "next_budget"):
            self.assertEqual(
                sum(row[column] for row in details), rows[totals[0]][column]
            )
        self.assertEqual(self.table()["other_income"]["actual"], 12_34)
        self.assertEqual(self.table()["other_expenses"]["actual"], 5_67)
        self.assertEqual(self.table()["amortization"]["actual"], 94_916_00)

    def test_the_indicators_say_the_same(self):
        self.year_of_the_oracle()
        rows = self.table()
        values = self.indicators._values(["income", "expenses", "surplus"], *YEAR)
        for code, value in values.items():
            self.assertEqual(rows[code]["actual"], value["value"])
            self.assertEqual(rows[code]["last"], value["previous"])

    def test_a_year_without_anything(self):
        row = self.table()["income"]
        self.assertEqual(self.amounts(row), [None, 0, None, None])
        self.assertIsNone(row["variance"])
        self.earn("2016-08-01", 1)
        self.assertEqual(self.amounts(self.table()["income"]), [0, 0, None, None])

    def test_a_budget_of_zero_has_no_variance(self):
        self.budget(YEAR, services=0)
        row = self.table()["income"]
        self.assertEqual(row["budget"], 0)
        self.assertIsNone(row["variance"])

    def test_a_confirmed_budget_comes_first_and_a_cancelled_one_never(self):
        first = self.budget(YEAR, services=10)
        first.action_confirm()
        last = self.budget(YEAR, services=20)
        self.assertEqual(self.table()["income"]["budget"], 10_00)
        first.action_cancel()
        self.assertEqual(self.table()["income"]["budget"], 20_00)
        last.action_cancel()
        self.assertIsNone(self.table()["income"]["budget"])

    def test_a_year_before_the_system_is_the_imported_one(self):
        for code, value in (("income", 3_222_029), ("expenses", 3_180_589)):
            self.env["consortium.indicator.value"].create(
                {
                    "indicator_id": self.indicators.search([("code", "=", code)]).id,
                    "date_from": LAST_YEAR[0],
                    "date_to": LAST_YEAR[1],
                    "value": value,
                    "source": "Rapport annuel",
                }
            )
        table = self.company._financial_table(*YEAR)
        self.assertTrue(table["last_imported"])
        self.assertEqual(self.table()["surplus"]["last"], 41_440_00)
        self.assertIsNone(self.table()["services"]["last"])

    def test_years_around(self):
        table = self.company._financial_table(*YEAR)
        self.assertEqual(table["years"]["last"], list(LAST_YEAR))
        self.assertEqual(table["years"]["next"], ["2019-07-01", "2020-06-30"])
        self.assertEqual(table["currency"], "CAD")

    def test_a_template_without_its_totals_is_told(self):
        template = self.company._financial_template()
        template.kpi_ids.filtered(lambda kpi: kpi.name == "surplus").unlink()
        with self.assertRaisesRegex(UserError, "three totals"):
            self.company._financial_table(*YEAR)

    def test_a_formula_that_fails_is_told(self):
        template = self.company._financial_template()
        kpi = template.kpi_ids.filtered(lambda kpi: kpi.name == "grants")
        kpi.expression = "1 / 0"
        with self.assertRaisesRegex(UserError, kpi.description):
            self.company._financial_table(*YEAR)

    def test_the_screen(self):
        self.year_of_the_oracle()
        with Form(self.env["consortium.financial.screen"]) as form:
            form.date = "2018-12-25"
            self.assertEqual(str(form.date_to), "2019-06-30")
            self.assertIn("$3,569,964.00", str(form.body))
            form.save()

    def test_the_table_of_mis_builder_says_the_same(self):
        self.year_of_the_oracle()
        accountant = self.employee("accountant")
        screen = (
            self.env["consortium.financial.screen"]
            .with_user(accountant)
            .create({"date": "2019-06-30"})
        )
        action = screen.action_open_table()
        instance = self.env["mis.report.instance"].browse(action["res_id"])
        instance.invalidate_recordset()
        matrix = instance.with_user(accountant)._compute_matrix()
        values = {
            row.kpi.name: [cell and cell.val for cell in row.iter_cells()]
            for row in matrix.iter_rows()
        }
        self.assertEqual(
            [round(v, 3) for v in values["income"]],
            [3_222_029, 3_569_964, 3_183_149, round(386_815 / 3_183_149, 3), 4_146_109],
        )
        self.assertEqual(values["surplus"][:3], [41_440, 75_048, 31_436])
        again = screen.action_open_table()
        self.assertEqual(again["res_id"], action["res_id"])

    def test_drill_down_and_spreadsheet(self):
        self.year_of_the_oracle()
        instance = self.env["mis.report.instance"].browse(
            self.screen().action_open_table()["res_id"]
        )
        actual = instance.period_ids.sorted("sequence")[1]
        kpi = instance.report_id.kpi_ids.filtered(lambda k: k.name == "grants")
        action = instance.drilldown(
            {"period_id": actual.id, "kpi_id": kpi.id, "expr": kpi.expression}
        )
        lines = self.env["account.move.line"].search(action["domain"])
        self.assertEqual(sum(lines.mapped("balance")), -69_964)
        report = self.env.ref("mis_builder.xls_export")
        content, _kind = report._render_xlsx(report.report_name, instance.ids, {})
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        cells = [cell.value for row in sheet.iter_rows() for cell in row]
        self.assertIn(3_569_964, cells)

    def test_budgets_are_made_with_their_lines(self):
        action = self.screen().action_open_budgets()
        items = self.env["mis.budget.item"].search(action["domain"])
        self.assertEqual(len(items.budget_id), 2)
        names = set(items.kpi_expression_id.kpi_id.mapped("name"))
        self.assertIn("services", names)
        self.assertNotIn("income", names)
        self.assertEqual(
            self.screen().action_open_budgets()["domain"], action["domain"]
        )

    def test_a_manager_opens_what_the_accountant_made(self):
        manager = self.employee("manager")
        screen = (
            self.env["consortium.financial.screen"]
            .with_user(manager)
            .create({"date": "2019-06-30"})
        )
        with self.assertRaisesRegex(UserError, "accountant opens it first"):
            screen.action_open_table()
        made = self.screen().action_open_table()
        self.assertEqual(screen.action_open_table()["res_id"], made["res_id"])

    def test_one_table_a_year(self):
        instance = self.env["mis.report.instance"].browse(
            self.screen().action_open_table()["res_id"]
        )
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            instance.create(
                {
                    "name": "Autre",
                    "report_id": instance.report_id.id,
                    "company_id": self.company.id,
                    "fiscal_year_end": instance.fiscal_year_end,
                }
            )

    def test_the_template_of_equity(self):
        self.entry("2018-01-01", "bank", "common", 10)
        self.entry("2018-01-01", "bank", "reserve", 20)
        self.entry("2018-01-01", "bank", "debt", 5)
        self.earn("2018-12-01", 3)
        template = self.env.ref("consortium_reporting.mis_report_equity")
        values = template.evaluate(template._prepare_aep(self.company), *YEAR)
        self.assertEqual(values["equity"], 33)
        self.assertEqual(values["surplus_to_allocate"], 3)
        self.assertEqual(values["debts"], 5)
        self.assertEqual(self.company._balance_sheet(YEAR[1])["equity"], 33_00)
