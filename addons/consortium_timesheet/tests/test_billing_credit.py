from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common_billing import BillingCommon


@tagged("post_install", "-at_install")
class TestBillingCredit(BillingCommon):
    """Credit notes free the time that one chooses, and no other."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls.role("accountant")
        cls.lines = cls.worked(15, 50, 90)
        cls.invoice = cls.post(cls.bill())

    def credit(self, choices):
        """A credit note: ``{entry of time: minutes still billed}``."""
        move = self.invoice.with_user(self.accountant)
        action = move.action_credit_hours()
        wizard = (
            self.env["consortium.billing.credit"]
            .with_user(self.accountant)
            .with_context(**action["context"])
            .create({"reason": "Mauvaise entente", "date": "2018-10-15"})
        )
        for line in wizard.line_ids:
            time = line.sudo().entry_id.timesheet_line_id
            if time in choices:
                line.write({"credited": True, "kept": choices[time] / 60})
        return self.env["account.move"].browse(wizard.action_credit()["res_id"])

    def test_whole_entries(self):
        chosen = self.lines[1]
        credit = self.credit({chosen: 0})
        self.assertEqual(
            (credit.state, credit.reversed_entry_id), ("draft", self.invoice)
        )
        self.assertEqual(self.hours(credit).quantity, 50)
        self.assertEqual(chosen.timesheet_invoice_id, self.invoice)
        credit.action_post()
        self.assertFalse(chosen.timesheet_invoice_id)
        self.assertEqual((self.lines - chosen).timesheet_invoice_id, self.invoice)
        self.assertEqual(self.ledger()[0], 105)
        self.check_truth()
        again = self.post(self.bill(), "2018-10-31")
        self.assertEqual(self.hours(again).quantity, 50)
        self.assertEqual(self.ledger(), (155, 31517))
        self.check_truth()

    def test_what_cancels_out(self):
        """An entry and what takes it back, on one invoice: both freed, for nothing."""
        wrong = self.worked(60, date="2018-09-04")
        back, right = wrong._correct("Moins long", {"unit_amount": 0.75})
        self.invoice = self.post(self.bill())
        credit = self.credit({wrong: 0, back: 0})
        self.assertEqual(credit.amount_untaxed, 0)
        self.post(credit, "2018-10-15")
        self.assertFalse((wrong + back).timesheet_invoice_id)
        self.assertEqual(right.timesheet_invoice_id, self.invoice)
        self.check_truth()

    def test_a_part_corrects_the_time(self):
        credit = self.credit({self.lines[2]: 60})
        self.assertEqual(credit.amount_untaxed, 61)
        credit.action_post()
        self.assertEqual(self.ledger()[0], 125)
        self.assertEqual(self.lines[2].correction_ids.mapped("minutes"), [-90, 60])
        self.assertEqual(
            self.lines[2].correction_ids.mapped("correction_reason"),
            ["Mauvaise entente"] * 2,
        )
        self.check_truth()

    def test_what_is_left_may_be_reversed(self):
        self.credit({self.lines[1]: 0}).action_post()
        rest = self.reverse(self.invoice)
        self.assertEqual(self.hours(rest).quantity, 105)
        rest.action_post()
        self.assertEqual(self.ledger(), (0, 0))
        self.assertEqual(
            sum((self.invoice.reversal_move_ids).mapped("amount_untaxed")),
            self.invoice.amount_untaxed,
        )
        self.check_truth()
        with self.refused("no hours any more"):
            self.invoice.action_credit_hours()

    def test_a_credit_note_deleted_or_cancelled_frees_nothing(self):
        self.credit({self.lines[1]: 0}).unlink()
        credit = self.credit({self.lines[1]: 0})
        credit.button_cancel()
        self.assertEqual(self.lines.timesheet_invoice_id, self.invoice)
        credit = self.credit({self.lines[1]: 0})
        credit.action_post()
        self.check_truth()

    def test_not_twice(self):
        self.credit({self.lines[1]: 0})
        with self.refused("already credited"):
            self.credit({self.lines[1]: 0})

    def test_nothing_or_too_much(self):
        with self.refused("Choose the hours"):
            self.credit({})
        with self.refused("less is still billed"):
            self.credit({self.lines[1]: 50})

    def test_the_form(self):
        wizard = Form(
            self.env["consortium.billing.credit"]
            .with_user(self.accountant)
            .with_context(default_move_id=self.invoice.id)
        )
        wizard.reason = "Erreur"
        with wizard.line_ids.edit(1) as line:
            line.credited = True
        self.assertEqual(wizard.amount, 101.67)
        credit = wizard.save().action_credit()
        self.assertTrue(credit["res_id"])

    def test_an_expert_credits_nothing(self):
        wizard = self.env["consortium.billing.credit"].with_user(self.expert_user)
        with self.assertRaises(AccessError):
            wizard.create({"move_id": self.invoice.id, "reason": "x"})

    def test_forged_rows_do_nothing(self):
        """A call from outside can't write the ledger."""
        entry = self.Entry.search([("timesheet_line_id", "=", self.lines[0].id)])
        values = {"kind": "free", "reverses_id": entry.id}
        move = self.invoice.with_user(self.accountant)
        before = self.Entry.search_count([])
        line = self.hours(move)
        line.write({"billing_entry_ids": [Command.create(values)]})
        self.assertEqual(self.Entry.search_count([]), before)
        with self.assertRaises(AccessError):
            self.Entry.with_user(self.accountant).create(values)
