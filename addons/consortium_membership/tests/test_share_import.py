import base64

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_shares import ShareCommon


@tagged("post_install", "-at_install")
class TestShareImport(ShareCommon):
    """The history of an old register, without invoices nor mail."""

    def line(self, kind, quantity, day, partner=None, **values):
        return {
            "partner_id": (partner or self.alize).id,
            "share_class_id": self.common.id,
            "quantity": quantity,
            "unit_price": 10.0,
            "date": day,
            "kind": kind,
            **values,
        }

    def run_import(self, *rows):
        return self.operations._import_entries(list(rows))

    def test_history(self):
        operations = self.run_import(
            self.line("redemption", -2, "2012-06-30", reference="R-1"),
            self.line("issue", 10, "2010-01-15", certificate="17"),
            self.line("transfer", -3, "2011-05-01", reference="T-1"),
            self.line("transfer", 3, "2011-05-01", self.boreale, reference="T-1"),
        )
        self.assertEqual((self.held(), self.held(self.boreale)), (5, 3))
        self.assertEqual(self.held(day="2010-12-31"), 10)
        self.assertTrue(all(operations.mapped("is_imported")))
        self.assertFalse(operations.move_ids)
        self.assertEqual(set(operations.mapped("state")), {"done"})
        row = self.row(day="2012-12-31")
        self.assertEqual(
            (row.certificate, row.dates_redeemed, row.dates_repaid),
            ("17", "2012-06-30", "2012-06-30"),
        )
        self.assertEqual((row.paid, row.owing), (50, 0))

    def test_no_mail(self):
        mails = self.env["mail.mail"].search_count([])
        self.run_import(self.line("issue", 10, "2010-01-15"))
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)

    def test_the_ledger_is_what_the_opening_balance_should_be(self):
        self.run_import(self.line("issue", 10, "2010-01-15", paid=60))
        books = {a: expected for a, _c, expected, _actual in self.common._books()}
        self.assertEqual(books[self.common.equity_account_id], 6000)
        self.assertEqual(books[self.common.unpaid_account_id], 0)

    def test_something_owing_is_invoiced_later(self):
        operation = self.run_import(self.line("issue", 10, "2010-01-15", paid=60))
        self.assertEqual(operation.amount_owing, 40)
        operation.action_invoice_owing()
        invoice = self.invoice(operation)
        self.assertEqual(invoice.amount_total, 40)
        with self.assertRaisesRegex(UserError, "Nothing remains"):
            operation.action_invoice_owing()
        self.pay(operation, day=self.company._today())
        self.assertEqual(operation.amount_owing, 0)
        self.assertEqual(self.valid().quantity, 10)

    def test_no_reversal_of_the_history_once_it_is_paid(self):
        """Capital would stay without shares: paid by the old register, or since."""
        operation = self.run_import(self.line("issue", 10, "2010-01-15", paid=0))
        operation.action_invoice_owing()
        self.pay(operation, day=self.company._today())
        with (
            self.assertRaisesRegex(UserError, "Payments were received"),
            self.env.cr.savepoint(),
        ):
            self.reverse(operation)
        self.env.invalidate_all()
        self.assertEqual((self.held(), self.row(day="2030-01-01").paid), (10, 100))
        self.invoice(operation).line_ids.remove_move_reconcile()
        self.reverse(operation)
        self.assertFalse(self.held())
        self.assertEqual(self.balance(self.common.equity_account_id), 0)
        paid = self.run_import(self.line("issue", 5, "2010-02-15", self.boreale))
        with self.assertRaisesRegex(UserError, "The old register says"):
            self.reverse(paid)

    def test_owing_shares_of_the_old_register_are_invoiced_before_they_go(self):
        operation = self.run_import(self.line("issue", 10, "2010-01-15", paid=60))
        with (
            self.assertRaisesRegex(UserError, "invoice it first"),
            self.env.cr.savepoint(),
        ):
            self.redeem(10)
        self.env.invalidate_all()
        operation.action_invoice_owing()
        self.redeem(10)
        self.assertEqual(self.invoice(operation).amount_residual, 0)

    def test_all_or_nothing(self):
        with self.assertRaisesRegex(UserError, "Row 2: .* does not have 11 shares"):
            with self.env.cr.savepoint():
                self.run_import(
                    self.line("issue", 10, "2010-01-15"),
                    self.line("redemption", -11, "2011-01-15"),
                )
        self.env.invalidate_all()
        self.assertFalse(self.held())

    def test_bad_rows_are_named(self):
        good = self.line("issue", 10, "2010-01-15")
        for bad in (
            {**good, "partner_id": 0},
            {**good, "share_class_id": 0},
            {**good, "quantity": 0},
            {**good, "quantity": -1},
            {**good, "kind": "gift"},
            {**good, "date": False},
            {**good, "date": "2999-01-01"},
            {**good, "kind": "redemption"},
        ):
            with self.assertRaisesRegex(UserError, "Row 2: a holder"):
                self.run_import(good, bad)
        with self.assertRaisesRegex(UserError, "Row 1: what was paid"):
            self.run_import({**good, "paid": 100.01})

    def test_a_transfer_has_its_two_rows(self):
        self.run_import(self.line("issue", 10, "2010-01-15"))
        given = self.line("transfer", -3, "2011-05-01", reference="T")
        with self.assertRaisesRegex(UserError, "more or less than"):
            self.run_import(given)
        with self.assertRaisesRegex(UserError, "more or less than"):
            self.run_import(
                given,
                self.line("transfer", 2, "2011-05-01", self.boreale, reference="T"),
            )
        with self.assertRaisesRegex(UserError, "the same reference"):
            self.run_import(self.line("transfer", -3, "2011-05-01"))

    def test_not_before_what_the_ledger_has(self):
        self.issue(day="2018-01-15")
        with self.assertRaisesRegex(UserError, "an entry of 2018-01-15"):
            self.run_import(self.line("issue", 1, "2017-12-31"))

    def test_certificates_follow(self):
        self.run_import(self.line("issue", 10, "2010-01-15"))
        self.assertEqual(self.valid().quantity, 10)

    def test_batches(self):
        def queries(count):
            rows = [
                self.line("issue", 1, "2010-01-15", partner)
                for partner in self.env["res.partner"].create(
                    [{"name": f"Org {i}", "is_company": True} for i in range(count)]
                )
            ]
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.run_import(*rows)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        first, second = queries(5), queries(5)
        self.assertLessEqual(second, first + 5)

    # By the wizard, from a file

    HEADER = "Nom;Parts;Quantité;Date;Opération;Référence;Payé\n"
    ROWS = (
        "Coopérative Alizé;PS;10;2010-01-15;Émission;A-1;\n"
        "Coopérative Alizé;PS;10;2010-01-15;Émission;A-1;\n"
        "Coopérative Alizé;PS;-3;2011-05-01;Transfert;T-1;\n"
        "Mutuelle Boréale;PS;3;2011-05-01;Transfert;T-1;\n"
        "Coopérative Alizé;PS;-12;2012-06-30;Rachat;R-1;60\n"
    )

    def wizard(self, rows):
        wizard = self.env["consortium.membership.import"].create(
            {
                "content": "shares",
                "file": base64.b64encode((self.HEADER + rows).encode()),
                "name": "parts.csv",
            }
        )
        wizard.action_check()
        return wizard

    def outcomes(self, wizard):
        return [(line.outcome, line.message or "") for line in wizard.line_ids]

    def test_a_file_twice_is_imported_once(self):
        first = self.wizard(self.ROWS)
        self.assertEqual(self.outcomes(first), [("new", "")] * 5)
        self.assertFalse(self.held())
        first.action_import()
        self.assertEqual((self.held(), self.held(self.boreale)), (5, 3))
        again = self.wizard(self.ROWS)
        self.assertEqual(self.outcomes(again), [("same", "")] * 5)
        with self.assertRaisesRegex(UserError, "in the register already"):
            again.action_import()
        longer = self.ROWS + "Coopérative Alizé;PS;1;2013-01-15;Émission;A-2;\n"
        more = self.wizard(longer)
        self.assertEqual((more.same_count, more.new_count), (5, 1))
        more.action_import()
        self.assertEqual((self.held(), self.held(self.boreale)), (6, 3))

    def test_a_row_that_differs_from_the_ledger(self):
        rows = self.ROWS.replace("R-1;60", "R-1;0")
        self.wizard(rows).action_import()
        changed = self.wizard(rows.replace("-12", "-11"))
        outcome, message = self.outcomes(changed)[-1]
        self.assertEqual(outcome, "differs")
        self.assertIn("-12 shares at 10.00", message)
        with self.assertRaisesRegex(UserError, "differ from the register"):
            changed.action_import()
        # What was reversed is not in the old register any more.
        self.reverse(self.operations.search([("reference", "=", "R-1")]))
        outcomes = self.outcomes(self.wizard(rows.replace("-12", "-11")))
        self.assertEqual([outcome for outcome, _m in outcomes[:4]], ["same"] * 4)
        self.assertNotEqual(outcomes[4][0], "differs")

    def test_the_check_says_what_the_ledger_refuses(self):
        other = self.env["res.partner"].create({"name": "Union", "is_company": True})
        self.issue(other, day="2018-01-15")
        union, coop = "Union;PS;", "Coopérative Alizé;PS;"
        for row, sentence in (
            (union + "1;2017-01-15;Émission;B-1;", "an entry of 2018-01-15"),
            (coop + "1;2999-01-15;Émission;B-2;", "a past date"),
            (coop + "-1;2009-01-15;Émission;B-3;", "Only 0 shares"),
            (coop + "1;2015-01-15;Rachat;B-4;", "the right sign"),
            (coop + "1;2015-01-15;Conversion;B-5;", "a kind"),
            (coop + "1;2015-01-15;Transfert;B-6;", "more or less than"),
            (coop + "1;2015-01-15;Émission;B-7;99", "what was paid"),
        ):
            wizard = self.wizard(self.ROWS + row + "\n")
            outcome, message = self.outcomes(wizard)[-1]
            self.assertEqual(outcome, "refuse", row)
            self.assertIn(sentence, message)
            with self.assertRaises(UserError):
                wizard.action_import()
        self.assertFalse(self.held())
        self.assertFalse(self.operations.search([("is_imported", "=", True)]))
