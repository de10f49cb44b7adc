"""The worked example through the models, from journal entries to each cell."""

from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common_run import RunCommon
from .oracle import CENTRES, ORACLE, cells


@tagged("post_install", "-at_install")
class TestFinalRun(RunCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hours()

    def test_oracle(self):
        run = self.new_run(
            reserve_percent=2, reserve_resolution_id=self.reserve_resolution.id
        )
        self.assertEqual(run.date_to, date(2019, 6, 30))
        run.action_compute()
        names = {order[0]: name for name, order in self.agreements.items()}
        for name, field in (
            ("final_cost", "cost"),
            ("billed_cost", "provisional"),
            ("trueup_cost", "difference"),
            ("reserve_final", "reserve"),
            ("billed_reserve", "provisional_reserve"),
            ("trueup_reserve", "reserve_difference"),
        ):
            found = {
                (names[cell.order_id], cell.cost_center_id.code): round(
                    cell[field] * 100
                )
                for cell in run.cell_ids
            }
            self.assertEqual(found, cells(name), name)
        rows = {row.cost_center_id.code: row for row in run.center_ids}
        for code in CENTRES:
            self.assertEqual(round(rows[code].total * 100), ORACLE["pool_total"][code])
            self.assertEqual(round(rows[code].support * 100), ORACLE["alloc"][code])
            self.assertEqual(rows[code].minutes, ORACLE["pool_minutes"][code])
            self.assertEqual(rows[code].rate_cents, ORACLE["final_rate_display"][code])
        self.assertEqual((run.total, run.reserve_total), (1_260_000, 25_200))
        self.assertEqual(round(run.difference * 100), ORACLE["totals"]["trueup_cost"])
        run.action_approve()
        self.assertEqual(run._replay(), run.hash)

    def test_approved_is_frozen_and_closes_the_year(self):
        run = self.new_run()
        run.action_compute()
        run.action_approve()
        self.assertEqual(self.company.at_cost_closed_until, date(2019, 6, 30))
        self.assertEqual(self.company.timesheet_lock_date, date(2019, 6, 30))
        run.action_verify()
        for change in (
            lambda: run.write({"date_to": "2019-07-31"}),
            lambda: run.write({"reserve_percent": 1}),
            lambda: run.write({"state": "draft"}),
            lambda: run.center_ids[0].write({"cost": 1}),
            lambda: run.cell_ids[0].write({"cost": 1}),
            lambda: run.cell_ids[0].unlink(),
            lambda: run.cell_ids[0].copy(),
            lambda: run.action_compute(),
            lambda: run.action_approve(),
            lambda: run.unlink(),
        ):
            with self.assertRaises(UserError):
                change()
        run.message_post(body="Une note")

    @mute_logger("odoo.sql_db")
    def test_frozen_for_whoever_writes_sql(self):
        run = self.new_run()
        run.action_compute()
        run.action_approve()
        self.env.flush_all()
        for query in (
            "UPDATE consortium_rate_run SET result = '{}' WHERE id = %s",
            "UPDATE consortium_rate_run SET state = 'draft' WHERE id = %s",
            "DELETE FROM consortium_rate_run WHERE id = %s",
            "TRUNCATE consortium_rate_run CASCADE",
        ):
            with self.assertRaises(IntegrityError), self.cr.savepoint():
                self.cr.execute(query, [run.id] if "%s" in query else None)

    def test_a_later_run_follows_it(self):
        first = self.new_run()
        first.action_compute()
        first.action_approve()
        self.entry(self.expense, "LEG", 12_345)
        second = self.new_run()
        second.action_compute()
        second.action_approve()
        self.assertEqual(second.previous_id, first)
        self.assertEqual(round((second.total - first.total) * 100), 12_345)
        self.assertNotEqual(second.hash, first.hash)
        self.assertEqual(first._replay(), first.hash)

    def test_changed_since_it_was_computed(self):
        run = self.new_run()
        run.action_compute()
        self.entry(self.expense, "LEG", 1)
        with self.assertRaisesRegex(UserError, "compute it again"):
            run.action_approve()

    def test_an_entry_not_approved(self):
        run = self.new_run()
        run.action_compute()
        self.time(60, date="2019-06-30")
        self.assertEqual(run.open_count, 1)
        with self.assertRaisesRegex(UserError, "Édith Expert on 2019-06-30"):
            run.action_approve()

    def test_an_empty_entry_keeps_nothing_open(self):
        """Core makes some in its internal project when a company begins."""
        self.time(60, date="2019-06-30").minutes = 0
        run = self.new_run()
        run.action_compute()
        self.assertEqual(run.open_count, 0)
        run.action_approve()

    def test_cost_in_no_center(self):
        self.entry(self.expense, None, 5_000)
        run = self.new_run()
        run.action_compute()
        with self.assertRaisesRegex(UserError, "50.00 of account .* is in no cost"):
            run.action_approve()

    def test_cost_on_an_account_that_is_of_no_center(self):
        """An account of the plan that somebody made by hand."""
        plan = self.company._make_cost_center_plan()
        training = self.env["account.analytic.account"].create(
            {"name": "Formation", "plan_id": plan.id, "company_id": self.company.id}
        )
        move = self.entry(self.expense, None, 500_000)
        move.line_ids.filtered("debit").analytic_distribution = {training.id: 100}
        run = self.new_run()
        run.action_compute()
        self.assertEqual(run.total, 1_260_000)
        with self.assertRaisesRegex(UserError, "5.000.00 of account .* no cost center"):
            run.action_approve()

    def test_excluded_and_disbursed(self):
        other = self.expense.copy({"at_cost_role": "excluded"})
        passed = self.expense.copy({"at_cost_role": "disbursement"})
        self.entry(other, None, 5_000)
        self.entry(passed, "LEG", 7_000)
        run = self.new_run()
        run.action_compute()
        self.assertEqual(run.total, 1_260_000)
        # Disbursed, and passed on to nobody: nobody would bear it.
        with self.assertRaisesRegex(UserError, "70.00 disbursed on account 6"):
            run.action_approve()
        line = self.env["account.analytic.line"].search(
            [("general_account_id", "=", passed.id)]
        )
        order = self.agreements["A1"][0]
        line.so_line = self.env["sale.order.line"].create(
            {
                "order_id": order.id,
                "product_id": self.product.id,
                "is_expense": True,
                "product_uom_qty": 0,
            }
        )
        run.action_approve()

    def test_drafts_and_other_years_do_not_count(self):
        self.entry(self.expense, "LEG", 100, "2018-06-30")
        self.entry(self.expense, "LEG", 100, "2019-07-01")
        self.entry(self.expense, "LEG", 100).button_draft()
        run = self.new_run()
        run.action_compute()
        self.assertEqual(run.total, 1_260_000)

    def test_a_correction_after_closing_counts_in_the_next_year(self):
        run = self.new_run()
        run.action_compute()
        run.action_approve()
        line = self.env["account.analytic.line"].search(
            [("approval_state", "=", "approved")], limit=1
        )
        self.env["consortium.timesheet.exception"].create(
            {
                "company_id": self.company.id,
                "date_from": "2018-07-01",
                "date_to": "2019-06-30",
                "open_until": self.company._today(),
                "reason": "Correction",
            }
        )
        back = line._correct("Erreur")
        self.assertEqual(back.date, line.date)
        self.assertEqual(back.cost_date, self.company._today())
        again = self.new_run()
        self.assertEqual(again._cells(), run._cells())

    def test_counted_together(self):
        self.center["COM"].merge_into_id = self.center["FIN"]
        run = self.new_run()
        run.action_compute()
        rows = {row.cost_center_id.code: row for row in run.center_ids}
        self.assertNotIn("COM", rows)
        self.assertEqual(rows["FIN"].minutes, 306_000 + 174_000)
        self.assertEqual(run.total, 1_260_000)

    def test_opens_to_what_it_is_made_of(self):
        run = self.new_run()
        run.action_compute()
        rows = {row.cost_center_id.code: row for row in run.center_ids}
        Line = self.env["account.analytic.line"]
        entries = Line.search(rows["FIN"].action_open_entries()["domain"])
        self.assertEqual(-sum(entries.mapped("amount")), 440_000)
        hours = Line.search(rows["FIN"].action_open_hours()["domain"])
        self.assertEqual(sum(hours.mapped("minutes")), 306_000)
        for cell in run.cell_ids:
            lines = Line.search(cell.action_open_hours()["domain"])
            self.assertEqual(sum(lines.mapped("minutes")), cell.minutes)

    def test_where_support_comes_from(self):
        """The share of each key, and what it comes to: 30 % of the full cost of one
        support center, 25 % of the other."""
        run = self.new_run().with_context(lang="en_US")
        self.assertFalse(run.support_html, "nothing is computed")
        run.action_compute()
        table = run._support_table()
        said = run.currency_id.format
        received = {row["name"]: row["total"] for row in table["rows"]}
        for code, cents in ORACLE["alloc"].items():
            name = self.center[code].display_name
            self.assertEqual(received[name], said(cents / 100))
        law = next(
            row
            for row in table["rows"]
            if row["name"] == self.center["LEG"].display_name
        )
        percent = run.env["ir.qweb.field.float"].value_to_html
        shares = [f"{percent(value, {'precision': 2})}%" for value in (30, 25)]
        amounts = [said(60_612.25), said(27_551.02)]
        self.assertEqual(law["parts"], list(zip(shares, amounts, strict=True)))
        for amount in (said(202_040.82), said(110_204.08), said(88_163.27)):
            self.assertIn(amount, run.support_html)

    def test_queries_do_not_grow(self):
        run = self.new_run()
        run.action_compute()
        counts = []
        for _each in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            run._final_inputs()
            counts.append(self.cr.sql_log_count - before)
            for _more in range(5):
                self.entry(self.expense, "LEG", 100)
        self.assertLessEqual(counts[1], counts[0])

    def test_roles(self):
        accountant = self.role("accountant")
        run = self.new_run().with_user(accountant)
        run.action_compute()
        run.action_approve()
        self.assertEqual(run.state, "approved")
        self.assertEqual(run.approved_by_id, accountant)
        run.with_user(self.role("auditor")).action_verify()

    def refused(self, pattern):
        with self.assertRaisesRegex(UserError, pattern):
            self.new_run().action_compute()

    def test_negative_cost(self):
        self.entry(self.expense, "ADM", -50_000_000)
        self.refused("cost of ADM is below zero")

    def test_cost_without_hours(self):
        self.env["consortium.cost.center"].create(
            {"code": "WEB", "name": "Web", "company_id": self.company.id}
        )
        self.center["WEB"] = self.env["consortium.cost.center"].search(
            [("code", "=", "WEB")]
        )
        self.entry(self.expense, "WEB", 100)
        self.refused("WEB has a cost, and no chargeable hours")

    def test_support_without_a_key(self):
        self.env["consortium.allocation.key"].search(
            [("cost_center_id", "=", self.center["ITF"].id)]
        ).date_end = "2018-12-31"
        self.refused("ITF has a cost and no allocation key on 2019-06-30")

    def test_loop_of_support(self):
        keys = self.env["consortium.allocation.key"].search([])
        keys.unlink()
        self.key("ADM", {"ITF": 100})
        self.key("ITF", {"ADM": 100})
        self.refused("support centers ADM, ITF share their cost among themselves")
        french = self.new_run().with_context(lang="fr_CA")
        with self.assertRaisesRegex(UserError, "Les centres de soutien ADM, ITF"):
            french.action_compute()

    def test_support_without_a_cost_of_its_own(self):
        """What another support center passes to it goes on by its own key."""
        moves = self.env["account.move"].search(
            [("company_id", "=", self.company.id), ("state", "=", "posted")]
        )
        itf = moves.filtered(
            lambda move: (
                str(self.center["ITF"].analytic_account_id.id)
                in (move.line_ids[:1].analytic_distribution or {})
            )
        )
        itf.button_draft()
        run = self.new_run()
        run.action_compute()
        rows = {row.cost_center_id.code: row for row in run.center_ids}
        self.assertEqual(run.total, 1_260_000 - 90_000)
        self.assertEqual((rows["ITF"].kind, rows["ITF"].cost), ("support", 0))
        self.assertEqual(
            round(sum(rows[code].support for code in CENTRES) * 100), 18_000_000
        )
        run.action_approve()
        self.assertEqual(run._replay(), run.hash)
