"""What settles a true-up says what was approved; what is carried is never lost."""

from datetime import date

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_true_up import TrueUpCommon
from .oracle import cells


@tagged("post_install", "-at_install")
class TestTrueUpDocuments(TrueUpCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bill_all()
        cls.year = cls.final()
        cls.year.action_true_up()

    def reverse(self, moves, modify=False):
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=moves.ids)
            .create({"date": "2019-10-15", "journal_id": moves.journal_id.id})
        )
        wizard.reverse_moves(is_modify=modify)
        return wizard.new_move_ids

    def settled(self):
        self.year.action_approve_true_up()
        return self.env["account.move"].search(self.year.action_settle()["domain"])

    def billed(self):
        """The cents of all posted documents of the agreements."""
        moves = self.orders.invoice_ids.filtered(lambda move: move.state == "posted")
        return round(sum(moves.mapped("amount_untaxed_signed")) * 100)

    def test_reversed_and_made_again(self):
        """« Reverse and Create Invoice »: what it settled is not asked for again."""
        moves = self.settled()
        moves.action_post()
        billed = self.billed()
        for move in moves[0], moves.filtered(lambda m: m.move_type == "out_refund"):
            rows = self.year.true_up_ids.filtered(lambda row, m=move: row.move_id == m)
            (again,) = self.reverse(move, modify=True)
            self.assertTrue(rows)
            self.assertEqual(rows.move_id, again)
            self.assertEqual(self.year.to_settle_count, 0)
            with self.assertRaisesRegex(UserError, "settled already"):
                self.year.action_settle()
            again.action_post()
            self.assertEqual(self.billed(), billed)

    def test_several_reversed_at_once(self):
        """Each row follows the document that replaces its own."""
        moves = self.settled()
        moves.action_post()
        invoices = moves.filtered(lambda move: move.move_type == "out_invoice")
        again = self.reverse(invoices, modify=True)
        self.assertEqual(len(again), len(invoices))
        for move in again:
            rows = self.year.true_up_ids.filtered(lambda row, m=move: row.move_id == m)
            self.assertEqual(
                rows.order_id, move.invoice_line_ids.sale_line_ids.order_id
            )
        again.action_post()

    def test_reversed_is_settled_again(self):
        """Without another invoice, it is to be settled; the old one settles no more."""
        moves = self.settled()
        move = moves[0]
        move.button_cancel()
        self.env["account.move"].search(
            self.year.action_settle()["domain"]
        ).action_post()
        move.button_draft()
        with self.assertRaisesRegex(UserError, "settles is .*0.00"):
            move.action_post()

    def test_given_back_and_taken_back(self):
        """A credit note that is reversed is to be settled again too."""
        moves = self.settled()
        moves.action_post()
        credit = moves.filtered(lambda move: move.move_type == "out_refund")
        (back,) = self.reverse(credit)
        self.assertEqual(self.year.to_settle_count, 0)
        back.action_post()
        self.assertEqual(self.year.to_settle_count, 1)
        again = self.env["account.move"].search(self.year.action_settle()["domain"])
        self.assertEqual(again.amount_untaxed, credit.amount_untaxed)
        again.action_post()

    def test_altered_before_it_is_posted(self):
        """A line altered, a line deleted, one of its own, part of it given back."""
        move = self.settled().filtered(lambda m: len(m.invoice_line_ids) > 2)[0]
        lines = move.invoice_line_ids
        total = self.env.company.currency_id.format(move.amount_untaxed)

        def refused():
            with self.assertRaisesRegex(UserError, "put its lines back as they were"):
                with self.cr.savepoint():
                    move.action_post()

        price = lines[0].price_unit
        lines[0].price_unit += 0.01
        with self.assertRaises(UserError) as caught, self.cr.savepoint():
            move.action_post()
        self.assertIn(total, str(caught.exception))
        # What one line has less, another has more: not what the statement says.
        lines[1].price_unit -= 0.01
        refused()
        lines[0].price_unit, lines[1].price_unit = price, lines[1].price_unit + 0.01
        with self.cr.savepoint() as point:
            lines[0].unlink()
            refused()
            move.invoice_line_ids.unlink()
            line = Command.create({"name": "Autre", "price_unit": 1})
            move.invoice_line_ids = [line]
            refused()
            point.rollback()
        move.action_post()
        (back,) = self.reverse(move)
        kept = back.invoice_line_ids[0].price_unit
        back.invoice_line_ids[0].price_unit = kept / 2
        with self.assertRaisesRegex(UserError, "true-up that .* settles"):
            back.action_post()

    def test_carried_into_no_year(self):
        self.year.settlement_policy = "carry"
        for into in (False, "2019-06-30", "2018-07-01"):
            self.year.carry_into = into
            self.assertIn("cost is not closed", self.year.true_up_gaps)
            with self.assertRaisesRegex(UserError, "cost is not closed"):
                self.year.action_approve_true_up()
        self.year.carry_into = "2019-07-01"
        self.assertFalse(self.year.true_up_gaps)
        self.year.action_approve_true_up()

    def test_settled_whatever_year_it_would_be_carried_into(self):
        self.year.carry_into = False
        self.assertFalse(self.year.true_up_gaps)
        self.year.action_approve_true_up()

    def test_carried_and_typed(self):
        """A final run takes what true-ups carry, and nothing that is typed."""
        again = self.final(approve=False)
        row = again.center_ids.filtered(lambda each: each.kind == "expertise")[0]
        row.carried = 1_000
        with self.assertRaisesRegex(UserError, "0.00 carried forward"):
            again.action_approve()
        again.action_compute()
        self.assertFalse(row.carried)
        again.action_approve()

    def test_carried_into_the_next_final_run(self):
        """Billed and trued up in two years: the cost of both and their reserves; the
        next true-up has what the first carried, to the cent, and a third year none."""
        self.year.settlement_policy = "carry"
        self.year.action_approve_true_up()
        carried = dict.fromkeys(("LEG", "FIN", "COM"), 0)
        for name in ("trueup_cost", "trueup_reserve"):
            for (_agreement, code), cents in cells(name).items():
                carried[code] += cents
        self.assertEqual(self.billed(), 128_520_000 - 866_998)
        for code in carried:
            self.entry(self.expense, code, 1_000_000, "2019-09-15")
            for name, minutes in (("A1", 600), ("A3", 300)):
                self.work(name, code, minutes)
        self.bill_until("2020-06-30")
        after = self.final(date_from="2019-07-01")
        self.assertEqual(after.date_to, date(2020, 6, 30))
        rows = {row.cost_center_id.code: row for row in after.center_ids}
        self.assertEqual(
            {code: round(rows[code].carried * 100) for code in carried}, carried
        )
        after.action_true_up()
        self.assertFalse(after.true_up_gaps)
        after.action_approve_true_up()
        self.check_shares(after, carried)
        cost = 3_000_000 + 866_998
        reserve = (cost * 2 + 50) // 100
        self.assertEqual(sum(after.true_up_ids.mapped("reserve_cents")), reserve)
        self.env["account.move"].search(after.action_settle()["domain"]).action_post()
        self.assertEqual(
            self.billed(), 126_000_000 + 2_520_000 - 866_998 + cost + reserve
        )
        # Settled: a third year has nothing of it.
        third = self.carried_run(date_from="2020-07-01")
        third.action_compute()
        self.assertFalse(any(third.center_ids.mapped("carried")))

    def check_shares(self, run, carried):
        """Two thirds and one third of the cost and of what is carried."""
        for code, cents in carried.items():
            total = 1_000_000 + cents
            mine = run.true_up_ids.filtered(
                lambda row, code=code: row.cost_center_id.code == code
            )
            self.assertEqual(sum(mine.mapped("cost_cents")), total)
            by_order = {row.order_id: row.cost_cents for row in mine}
            for name, thirds in (("A1", 2), ("A3", 1)):
                cost = by_order[self.agreements[name][0]]
                self.assertLessEqual(abs(3 * cost - thirds * total), 3)

    def work(self, name, code, minutes):
        _order, _line, project, task = self.agreements[name]
        person = self.env["hr.employee"].search([("name", "=", f"Équipe {code}")])
        self.approve(
            self.env["account.analytic.line"].create(
                self.time_values(
                    minutes,
                    employee_id=person.id,
                    project_id=project.id,
                    task_id=task.id,
                    date="2019-09-03",
                )
            )
        )

    def bill_until(self, day):
        before = self.orders.invoice_ids
        self.env["sale.advance.payment.inv"].with_context(
            active_model="sale.order", active_ids=self.orders.ids
        ).create(
            {"advance_payment_method": "delivered", "date_end_invoice_timesheet": day}
        ).create_invoices()
        moves = self.orders.invoice_ids - before
        moves.invoice_date = day
        moves.action_post()
