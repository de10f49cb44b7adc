from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_shares import ShareCommon


@tagged("post_install", "-at_install")
class TestShareMoney(ShareCommon):
    """What is paid, owed and repaid: ledger, register and books say the same."""

    def equity(self):
        return self.balance(self.common.equity_account_id)

    def unpaid(self):
        return self.balance(self.common.unpaid_account_id)

    def bounce(self, payment):
        payment.action_draft()
        payment.action_cancel()

    def test_a_subscription_is_not_equity(self):
        self.issue()
        self.assertEqual((self.equity(), self.unpaid()), (0, 10000))
        self.assertEqual((self.row().paid, self.row().owing), (0, 100))
        self.assertBooks()

    def test_a_payment_moves_its_part_to_equity(self):
        operation = self.issue()
        self.pay(operation, 30)
        self.assertEqual((self.equity(), self.unpaid()), (3000, 7000))
        self.assertEqual((self.row().paid, self.row().owing), (30, 70))
        self.assertEqual((operation.amount_paid, operation.amount_owing), (30, 70))
        self.pay(operation, 70, "2018-03-01")
        self.assertEqual((self.equity(), self.unpaid()), (10000, 0))
        self.assertBooks()

    def test_owing_on_dates(self):
        operation = self.issue(day="2018-01-15")
        self.pay(operation, 30, "2018-02-01")
        self.pay(operation, 70, "2018-03-01")
        days = ("2018-01-15", "2018-01-31", "2018-02-01", "2018-02-28", "2018-03-01")
        self.assertEqual(
            [self.row(day=day).owing for day in days], [100, 100, 70, 70, 0]
        )

    def test_a_payment_is_dated_as_received(self):
        operation = self.issue()
        self.pay(operation, 30, "2018-02-03")
        payment = self.payments.search([("entry_id", "=", operation.entry_ids.id)])
        self.assertEqual(payment.date, self.day("2018-02-03"))
        self.assertEqual(payment.move_id.date, self.day("2018-02-03"))

    def test_a_payment_before_the_shares_is_dated_as_them(self):
        operation = self.issue()
        self.pay(operation, 30, "2018-01-02")
        payment = self.payments.search([("entry_id", "=", operation.entry_ids.id)])
        self.assertEqual(payment.date, self.day("2018-01-15"))

    def test_replaying_the_hook_pays_once(self):
        operation = self.issue()
        self.pay(operation)
        partials = self.invoice(operation).line_ids.matched_credit_ids
        before = self.payments.search_count([])
        partials._pay_shares()
        self.env["account.partial.reconcile"].browse(partials.ids)._pay_shares()
        self.assertEqual(self.payments.search_count([]), before)
        self.assertEqual(self.equity(), 10000)
        self.assertEqual(len(self.valid()), 1)

    def test_paying_twice_issues_nothing_twice(self):
        operation = self.issue()
        self.pay(operation)
        second = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.alize.id,
                "amount": 100,
                "date": "2018-02-02",
                "journal_id": self.bank.id,
            }
        )
        second.action_post()
        lines = (second.move_id | self.invoice(operation)).line_ids
        lines.filtered(
            lambda line: (
                line.account_id.account_type == "asset_receivable"
                and not line.reconciled
            )
        ).reconcile()
        self.assertEqual((self.equity(), self.held()), (10000, 10))
        self.assertEqual(
            self.certificates.search_count([("partner_id", "=", self.alize.id)]), 1
        )
        self.assertBooks()

    def test_a_payment_taken_off(self):
        operation = self.paid_issue()
        self.invoice(operation).line_ids.remove_move_reconcile()
        self.assertEqual((self.equity(), self.unpaid()), (0, 10000))
        self.assertEqual(operation.amount_owing, 100)
        self.assertFalse(self.valid())
        self.assertBooks()

    def test_a_payment_taken_off_leaves_the_past(self):
        operation = self.paid_issue()
        self.invoice(operation).line_ids.remove_move_reconcile()
        self.assertEqual(self.row(day="2018-12-31").owing, 0)
        today = self.company._today()
        self.assertEqual(self.row(day=today).owing, 100)

    def test_a_payment_put_back(self):
        operation = self.issue()
        payment = self.pay(operation)
        invoice = self.invoice(operation)
        invoice.line_ids.remove_move_reconcile()
        (payment.move_id | invoice).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        ).reconcile()
        self.assertEqual((self.equity(), self.unpaid()), (10000, 0))
        rows = self.payments.search([("entry_id", "=", operation.entry_ids.id)])
        self.assertEqual(sorted(rows.mapped("amount")), [-100, 100, 100])
        self.assertEqual(self.row(day="2018-12-31").owing, 0)
        self.assertBooks()

    def test_a_bounced_payment(self):
        operation = self.issue()
        payment = self.pay(operation)
        self.bounce(payment)
        self.assertEqual((self.equity(), self.unpaid()), (0, 10000))
        self.assertEqual(self.invoice(operation).amount_residual, 100)
        self.assertBooks()

    def test_a_payment_that_bounces_after_a_transfer(self):
        operation = self.issue()
        payment = self.pay(operation)
        self.transfer(10)
        self.bounce(payment)
        today = self.company._today()
        self.assertEqual(self.row(day=today).owing, 100)
        self.assertEqual(self.row(self.boreale, today).owing, 0)
        self.assertBooks()

    def test_a_payment_that_bounces_after_a_redemption(self):
        operation = self.issue()
        payment = self.pay(operation)
        self.redeem(10)
        self.bounce(payment)
        row = self.row(day=self.company._today())
        self.assertEqual((row.quantity, row.owing), (0, 100))
        self.assertEqual(self.invoice(operation).amount_residual, 100)
        self.assertBooks()

    def test_the_invoice_is_not_reset_nor_cancelled(self):
        operation = self.issue()
        invoice = self.invoice(operation)
        with self.assertRaisesRegex(UserError, "reverse that operation"):
            invoice.button_draft()
        with self.assertRaisesRegex(UserError, "reverse that operation"):
            invoice.button_cancel()
        with self.assertRaisesRegex(UserError, "reverse that operation"):
            invoice._reverse_moves()
        self.assertEqual(invoice.state, "posted")
        self.assertBooks()

    def test_what_payments_posted_is_not_touched_either(self):
        operation = self.paid_issue()
        freed = operation.move_ids - self.invoice(operation)
        with self.assertRaisesRegex(UserError, "reverse that operation"):
            freed.button_draft()

    def test_the_credit_note_of_an_invoice_is_the_reversal(self):
        operation = self.issue()
        action = self.invoice(operation).action_reverse()
        reversal = self.operations.browse(action["res_id"])
        self.assertEqual((reversal.kind, reversal.reverses_id), ("reversal", operation))
        reversal.action_confirm()
        note = reversal.move_ids
        self.assertEqual((note.move_type, note.amount_total), ("out_refund", 100))
        self.assertEqual(self.invoice(operation).amount_residual, 0)
        self.assertEqual((self.equity(), self.held()), (0, 0))
        self.assertBooks()

    def test_no_other_invoice_uses_the_account(self):
        self.issue()
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.alize.id,
                "invoice_date": "2018-02-01",
                "invoice_line_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "?",
                            "price_unit": 5,
                            "account_id": self.common.unpaid_account_id.id,
                            "tax_ids": [],
                        },
                    )
                ],
            }
        )
        with self.assertRaisesRegex(UserError, "Only operations on shares"):
            invoice.action_post()

    def test_a_credit_note_of_services_pays(self):
        operation = self.issue()
        note = self.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": self.alize.id,
                "invoice_date": "2018-02-01",
                "invoice_line_ids": [
                    (0, 0, {"name": "Avoir", "price_unit": 40, "tax_ids": []})
                ],
            }
        )
        note.action_post()
        (note | self.invoice(operation)).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        ).reconcile()
        self.assertEqual((self.equity(), self.unpaid()), (4000, 6000))
        self.assertBooks()

    def test_nothing_of_it_is_a_sale(self):
        operation = self.paid_issue()
        self.reverse(self.issue(self.boreale))
        self.env.flush_all()
        report = self.env["account.invoice.report"]
        self.assertFalse(report.search([("move_id", "in", operation.move_ids.ids)]))
        self.assertFalse(
            report.search(
                [("commercial_partner_id", "in", (self.alize | self.boreale).ids)]
            )
        )
        income = self.env["account.move.line"].search(
            [
                ("partner_id", "in", (self.alize | self.boreale).ids),
                ("account_id.internal_group", "in", ("income", "expense")),
            ]
        )
        self.assertFalse(income)

    def test_instalments_paid_one_by_one(self):
        operation = self.issue(instalments=3)
        for amount, left in ((33.33, 66.67), (33.33, 33.34), (33.34, 0)):
            self.pay(operation, amount)
            self.assertEqual(round(100 * operation.amount_owing), round(100 * left))
            self.assertBooks()
        self.assertEqual(self.valid().quantity, 10)

    # Redemption

    def test_redemption_of_paid_shares(self):
        self.paid_issue()
        request = self.redeem(4)
        self.assertEqual((request.state, request.amount_due), ("approved", 40))
        self.assertEqual(self.equity(), 6000)
        self.assertEqual(self.balance(self.common.redeemable_account_id), 4000)
        self.assertBooks()

    def test_redemption_of_shares_partly_paid(self):
        operation = self.issue()
        self.pay(operation, 25)
        request = self.redeem(10)
        self.assertEqual(request.amount_due, 25)
        self.assertEqual(self.invoice(operation).amount_residual, 0)
        self.assertEqual((self.equity(), self.unpaid()), (0, 0))
        self.assertBooks()

    def test_shares_that_owe_go_first(self):
        operation = self.issue()
        self.pay(operation, 30)
        request = self.redeem(7)
        self.assertEqual(request.amount_due, 0)
        self.assertEqual(request.state, "repaid")
        self.assertEqual((self.held(), self.equity()), (3, 3000))
        self.assertEqual(self.invoice(operation).amount_residual, 0)
        self.assertBooks()

    def test_repayment_in_two_parts(self):
        self.paid_issue()
        request = self.redeem(10)
        self.repay(request, 40, "2018-08-01")
        self.assertEqual((request.state, request.amount_due), ("approved", 60))
        self.repay(request, 60, "2019-08-01")
        self.assertEqual((request.state, request.amount_due), ("repaid", 0))
        row = self.row(day="2019-12-31")
        self.assertEqual(row.dates_repaid, "2018-08-01, 2019-08-01")
        self.assertEqual(row.repaid, 100)
        self.assertBooks()

    def test_a_repayment_undone(self):
        self.paid_issue()
        request = self.redeem(10)
        payment = self.repay(request)
        self.assertEqual(request.state, "repaid")
        self.bounce(payment)
        self.assertEqual((request.state, request.amount_due), ("approved", 100))
        self.assertBooks()

    def test_no_more_is_repaid_than_due(self):
        self.paid_issue()
        request = self.redeem(4)
        with self.assertRaisesRegex(UserError, "40.00 is to be repaid"):
            self.repay(request, 40.01)

    def test_repayment_over_lots_first_in_first_out(self):
        first = self.paid_issue(quantity=3)
        self.paid_issue(quantity=3, day="2018-02-15")
        request = self.redeem(5)
        self.repay(request, 35)
        rows = self.payments.search([("kind", "=", "repaid")], order="id")
        self.assertEqual(rows.mapped("amount"), [30, 5])
        self.assertEqual(rows[0].lot_id, first.entry_ids)
        self.assertBooks()

    # The nightly check

    def activities(self):
        return self.common.activity_ids

    def test_the_check_finds_nothing(self):
        self.paid_issue()
        self.env["consortium.share.class"]._cron_check_books()
        self.assertFalse(self.activities())

    def test_the_check_tells_the_accountant_of_a_cent(self):
        self.paid_issue()
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": "2018-05-01",
                "journal_id": self.company.share_entry_journal_id.id,
                "line_ids": [
                    (
                        0,
                        0,
                        {"account_id": account.id, "debit": debit, "credit": credit},
                    )
                    for account, debit, credit in (
                        (self.common.equity_account_id, 0.01, 0),
                        (self.company_data["default_account_revenue"], 0, 0.01),
                    )
                ],
            }
        )
        move.action_post()
        classes = self.env["consortium.share.class"]
        classes._cron_check_books()
        activity = self.activities()
        self.assertEqual(len(activity), 1)
        self.assertIn("100.00", activity.note)
        self.assertIn("99.99", activity.note)
        self.assertTrue(activity.user_id.has_group("consortium_base.group_accountant"))
        classes._cron_check_books()
        self.assertEqual(len(self.activities()), 1)

    def test_two_classes_may_share_an_account(self):
        other = self.share_class("PQ", "Parts de qualification")
        self.paid_issue(share_class=other)
        self.paid_issue()
        self.assertEqual(other.equity_account_id, self.common.equity_account_id)
        for _account, _class, expected, actual in (other | self.common)._books():
            self.assertEqual(expected, actual)
