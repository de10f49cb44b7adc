"""The worked example through the models, from journal entries to true-up invoices."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common_true_up import TrueUpCommon
from .oracle import ORACLE, cells

BY_AGREEMENT = {name: each["trueup"] for name, each in ORACLE["by_agreement"].items()}


@tagged("post_install", "-at_install")
class TestTrueUp(TrueUpCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bill_all()

    def approved(self, **values):
        run = self.final(**values)
        run.action_true_up()
        run.action_approve_true_up()
        return run

    def test_oracle(self):
        billed = self.env["consortium.billing.entry"]._billed(self.company)
        names = self.names()
        centers = {center.id: code for code, center in self.center.items()}
        orders = {order.id: names[order] for order in self.orders}
        for index, name in ((0, "minutes"), (1, "billed_cost"), (2, "billed_reserve")):
            found = {
                (orders[order], centers[center]): sums[index]
                for (order, center), sums in billed.items()
            }
            self.assertEqual(found, cells(name), name)
        run = self.final()
        run.action_true_up()
        self.assertFalse(run.true_up_gaps)
        for field, name in (
            ("cost_cents", "final_cost"),
            ("billed_cents", "billed_cost"),
            ("difference_cents", "trueup_cost"),
            ("reserve_cents", "reserve_final"),
            ("reserve_billed_cents", "billed_reserve"),
            ("reserve_difference_cents", "trueup_reserve"),
        ):
            self.assertEqual(self.by_cell(run, field), cells(name), name)
        self.assertEqual(round(run.true_up_total * 100), 850_000 + 16_998)
        run.action_approve_true_up()
        action = run.action_settle()
        moves = self.env["account.move"].search(action["domain"])
        self.assertEqual(self.by_name(moves), BY_AGREEMENT)
        self.assertEqual(
            set(moves.filtered(lambda m: m.move_type == "out_refund").mapped("ref")),
            {run.name},
        )
        moves.action_post()
        # Billed, true-up included: the cost of the year and its reserve.
        everything = self.orders.invoice_ids
        self.assertLessEqual(moves, everything)
        self.assertEqual(
            round(sum(everything.mapped("amount_untaxed_signed")) * 100),
            126_000_000 + 2_520_000,
        )
        for row in run.true_up_ids:
            self.assertEqual(row.move_id.invoice_origin, row.order_id.name)

    def test_statement(self):
        """What the member reads, to the cent."""
        run = self.approved()
        rows = run.true_up_ids.filtered(
            lambda row: row.order_id == self.agreements["A1"][0]
        )
        (statement,) = rows._statements()
        by_name = {row["name"]: row for row in statement["rows"]}
        leg, fin = by_name["Centre LEG"], by_name["Centre FIN"]
        money = run.currency_id.format
        self.assertEqual(
            [leg[name] for name in ("hour", "direct", "support", "difference")],
            [money(124.43), money(96.88), money(27.55), money(2467.19)],
        )
        self.assertEqual(
            (fin["hour"], fin["difference"]), (money(108.60), money(1005.39))
        )
        self.assertEqual(statement["total"], money(3542.02))
        self.assertEqual(statement["settlement"], "settle")
        html = self.env["ir.actions.report"]._render_qweb_html(
            "consortium_timesheet.report_true_up", run.true_up_ids.ids
        )[0]
        self.assertEqual(html.count(b"o_true_up"), 5)
        self.assertIn(self.settlement.number.encode(), html)

    def test_what_is_not_billed_is_named(self):
        invoice = self.orders.invoice_ids[0]
        order = invoice.invoice_line_ids.sale_line_ids.order_id
        invoice.button_draft()
        run = self.final()
        run.action_true_up()
        self.assertIn(order.name, run.true_up_gaps)
        with self.assertRaisesRegex(UserError, "on no posted invoice: bill them first"):
            run.action_approve_true_up()
        invoice.action_post()
        run.action_true_up()
        run.action_approve_true_up()

    def test_what_changed_since_is_refused(self):
        run = self.final()
        run.action_true_up()
        self.orders.invoice_ids[0].button_draft()
        with self.assertRaisesRegex(UserError, "establish it again"):
            run.action_approve_true_up()

    def test_a_row_altered_by_sql_is_refused(self):
        run = self.final()
        run.action_true_up()
        self.env.flush_all()
        self.cr.execute(
            "UPDATE consortium_true_up SET cost_cents = cost_cents + 1, "
            "difference_cents = difference_cents + 1 WHERE id = %s",
            (run.true_up_ids[0].id,),
        )
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "establish it again"):
            run.action_approve_true_up()

    def test_a_later_run_gives_the_difference(self):
        first = self.approved()
        self.env["account.move"].search(first.action_settle()["domain"]).action_post()
        self.entry(self.expense, "LEG", 12_345)
        second = self.approved()
        self.assertEqual(sum(second.true_up_ids.mapped("difference_cents")), 12_345)
        self.assertEqual(
            sum(second.true_up_ids.mapped("reserve_difference_cents")), 247
        )
        changed = second.true_up_ids.filtered("difference_cents")
        self.assertEqual(changed.cost_center_id, self.center["LEG"])
        moves = self.env["account.move"].search(second.action_settle()["domain"])
        self.assertEqual(sum(self.by_name(moves).values()), 12_345 + 247)
        third = self.approved()
        self.assertFalse(any(row._cents() for row in third.true_up_ids))
        self.assertEqual(set(third.true_up_ids.mapped("settlement")), {"even"})
        with self.assertRaisesRegex(UserError, "settled already"):
            third.action_settle()

    def test_settled_once(self):
        run = self.approved()
        moves = self.env["account.move"].search(run.action_settle()["domain"])
        self.assertEqual(run.to_settle_count, 0)
        with self.assertRaisesRegex(UserError, "settled already"):
            run.action_settle()
        # A draft deleted, or an invoice cancelled, is made again; the others are not.
        moves[0].unlink()
        moves[1].button_cancel()
        self.assertEqual(run.to_settle_count, 2)
        again = self.env["account.move"].search(run.action_settle()["domain"])
        self.assertEqual(len(again), 2)

    def test_carried_forward(self):
        run = self.approved(settlement_policy="carry")
        self.assertEqual(set(run.true_up_ids.mapped("settlement")), {"carry"})
        with self.assertRaisesRegex(UserError, "settled already"):
            run.action_settle()
        target = self.carried_run()
        target.action_compute()
        carried = {
            row.cost_center_id.code: round(row.carried * 100)
            for row in target.center_ids
        }
        expected = dict.fromkeys(("LEG", "FIN", "COM"), 0)
        for name in ("trueup_cost", "trueup_reserve"):
            for (_agreement, code), cents in cells(name).items():
                expected[code] += cents
        self.assertEqual(carried, expected)
        self.assertEqual(round(target.total * 100), 3 * 10_000_000 + 850_000 + 16_998)
        target.center_ids[0].carried = 1
        target.resolution_id = self.resolution
        target._write_run({"state": "computed"})
        with self.assertRaisesRegex(UserError, "carried forward from an earlier year"):
            target.action_approve()

    def test_below_a_threshold(self):
        self.agreements["A4"][0].partner_id.active = False
        run = self.approved(settlement_policy="threshold", settlement_threshold=1_000)
        names = self.names()
        found = {names[row.order_id]: row.settlement for row in run.true_up_ids}
        # A2: 795.19 is carried; A4: 499.38 would be, but its member left.
        self.assertEqual(
            found,
            dict.fromkeys(("A1", "A3", "A4", "G1"), "settle") | {"A2": "carry"},
        )
        moves = self.env["account.move"].search(run.action_settle()["domain"])
        self.assertEqual(set(self.by_name(moves)), {"A1", "A3", "A4", "G1"})

    def test_accrual(self):
        self.agreements["G1"][0].owes_true_up = False
        run = self.approved(settlement_date="2019-10-01", fixed_price_source="Fonds")
        run.action_accrue()
        move = run.accrual_move_ids
        self.assertEqual((str(move.date), move.state), ("2019-06-30", "posted"))
        balance = self.balances(move)
        owed = sum(v for name, v in BY_AGREEMENT.items() if v > 0 and name != "G1")
        self.assertEqual(balance[self.company.true_up_receivable_account_id], owed)
        self.assertEqual(
            balance[self.company.true_up_payable_account_id], BY_AGREEMENT["A2"]
        )
        with self.assertRaisesRegex(UserError, "accrued already"):
            run.action_accrue()
        run.action_settle()
        back = move.reversal_move_ids
        self.assertEqual((str(back.date), back.state), ("2019-10-01", "posted"))
        self.assertFalse(any(self.balances(move + back).values()))

    def test_without_the_clause(self):
        """What is under-billed is asked of nobody: a source is named that bears it."""
        order = self.agreements["G1"][0]
        order.owes_true_up = self.agreements["A2"][0].owes_true_up = False
        run = self.final()
        run.action_true_up()
        self.assertTrue(run.has_fixed_price)
        self.assertIn(f"{order.name}: ", run.true_up_gaps)
        with self.assertRaisesRegex(UserError, "no clause by which it is owed"):
            run.action_approve_true_up()
        run.fixed_price_source = "Fonds de développement"
        run.action_approve_true_up()
        rows = run.true_up_ids.filtered(lambda row: row.order_id == order)
        self.assertEqual(set(rows.mapped("settlement")), {"borne"})
        moves = self.env["account.move"].search(run.action_settle()["domain"])
        # A2 is over-billed: it is given back, clause or not.
        expected = {k: v for k, v in BY_AGREEMENT.items() if k != "G1"}
        self.assertEqual(self.by_name(moves), expected)
        self.assertEqual(run.to_settle_count, 0)

    def test_carried_without_the_clause(self):
        """The rates of a following year take it, by resolution: nobody is asked now."""
        self.agreements["G1"][0].owes_true_up = False
        run = self.approved(settlement_policy="carry")
        self.assertEqual(set(run.true_up_ids.mapped("settlement")), {"carry"})

    def test_accrual_of_what_is_carried(self):
        run = self.approved(settlement_policy="carry")
        run.action_accrue()
        move = run.accrual_move_ids
        back = move.reversal_move_ids
        self.assertEqual((str(move.date), str(back.date)), ("2019-06-30", "2019-07-01"))
        self.assertFalse(any(self.balances(move + back).values()))

    def balances(self, moves):
        found = {}
        for line in moves.line_ids:
            found[line.account_id] = found.get(line.account_id, 0) + round(
                line.balance * 100
            )
        return found

    def test_accounts_are_asked_for(self):
        self.company.true_up_payable_account_id = False
        run = self.approved()
        with self.assertRaisesRegex(UserError, "True-Up Owed to Members"):
            run.action_accrue()
        self.assertFalse(run.accrual_move_ids)

    def test_steps_in_order(self):
        run = self.final(approve=False)
        with self.assertRaisesRegex(UserError, "Approve the final run first"):
            run.action_true_up()
        run.action_approve()
        for step in (run.action_settle, run.action_accrue):
            with self.assertRaisesRegex(UserError, "Approve the true-up first"):
                step()
        with self.assertRaisesRegex(UserError, "Establish the true-up first"):
            run.action_approve_true_up()
        run.action_true_up()
        run.settlement_resolution_id = False
        with self.assertRaises(UserError):
            run.action_approve_true_up()
        with self.assertRaisesRegex(UserError, "by its buttons"):
            run.with_user(self.role("accountant")).write({"true_up_state": "approved"})

    def test_approved_is_frozen(self):
        run = self.approved()
        row = run.true_up_ids[0]
        for change in (
            lambda: row.write({"difference_cents": 1}),
            lambda: row.unlink(),
            lambda: run.action_true_up(),
            lambda: run.action_approve_true_up(),
            lambda: run.write({"settlement_policy": "carry"}),
            lambda: run.write({"carry_into": "2020-07-01"}),
        ):
            with self.assertRaises(UserError):
                change()

    @mute_logger("odoo.sql_db")
    def test_frozen_for_whoever_writes_sql(self):
        run = self.approved()
        self.env.flush_all()
        row = run.true_up_ids[0].id
        for query in (
            "UPDATE consortium_true_up SET settlement = 'carry' WHERE id = %s",
            "UPDATE consortium_true_up SET billed_cents = 0 WHERE id = %s",
            "DELETE FROM consortium_true_up WHERE id = %s",
            "TRUNCATE consortium_true_up",
        ):
            with self.assertRaises(IntegrityError), self.cr.savepoint():
                self.cr.execute(query, [row] if "%s" in query else None)

    def test_roles(self):
        accountant = self.role("accountant")
        run = self.final()
        for role in ("auditor", "coordinator", "expert"):
            with self.assertRaises(AccessError):
                run.with_user(self.role(role)).action_true_up()
        mine = run.with_user(accountant)
        mine.action_true_up()
        mine.action_approve_true_up()
        mine.action_accrue()
        moves = self.env["account.move"].search(mine.action_settle()["domain"])
        self.assertEqual(self.by_name(moves), BY_AGREEMENT)
        self.assertTrue(run.true_up_ids.with_user(self.role("auditor")).mapped("cost"))

    def test_queries_do_not_grow(self):
        """As many queries for ten agreements as for five, with hours and invoices."""
        counts = [self.queries()]
        for index in range(5):
            order, _line, project, task = self.agreement(f"B{index}")
            self.approve(
                self.time(
                    60,
                    date=f"2019-06-{index + 1:02}",
                    project_id=project.id,
                    task_id=task.id,
                )
            )
            order._create_invoices().action_post()
        counts.append(self.queries())
        self.assertLessEqual(counts[1], counts[0])

    def queries(self):
        run = self.final(approve=False)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        together, _enough = run._counted_together()
        rows = run._true_ups(together)
        run._gap_sentences(rows, together, True)
        return self.cr.sql_log_count - before

    def test_people_are_counted_once(self):
        """However many figures need to know who shares a cost with whom."""
        run = self.final()
        kind = type(run)
        with patch.object(
            kind, "_counted_together", autospec=True, side_effect=kind._counted_together
        ) as counted:
            run.action_true_up()
            self.assertEqual(counted.call_count, 1)
            self.assertFalse(run.true_up_gaps)
            self.assertEqual(counted.call_count, 2)
            run.action_approve_true_up()
        self.assertEqual(counted.call_count, 3)
