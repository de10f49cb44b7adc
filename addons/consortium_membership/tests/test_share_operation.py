from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common_shares import ANSWERS, ShareCommon


@tagged("post_install", "-at_install")
class TestShareOperation(ShareCommon):
    """Each kind of operation writes the ledger and the books, or nothing."""

    def test_issue(self):
        operation = self.issue(quantity=5)
        entry = operation.entry_ids
        self.assertEqual(operation.state, "done")
        self.assertEqual(
            (entry.quantity, entry.unit_price, entry.kind, entry.date),
            (5, 10.0, "issue", self.day("2018-01-15")),
        )
        self.assertEqual(entry.resolution_id, self.board)
        self.assertEqual(entry.move_id, self.invoice(operation))
        self.assertBooks()

    def test_the_invoice_of_an_issue(self):
        invoice = self.invoice(self.issue(quantity=5))
        self.assertEqual(invoice.state, "posted")
        self.assertEqual(invoice.journal_id, self.company.share_journal_id)
        self.assertEqual((invoice.amount_total, invoice.amount_tax), (50.0, 0.0))
        self.assertEqual(
            invoice.invoice_line_ids.account_id, self.common.unpaid_account_id
        )
        self.assertEqual(invoice.invoice_date, self.day("2018-01-15"))

    def test_instalments(self):
        invoice = self.invoice(self.issue(quantity=10, instalments=3))
        due = invoice.line_ids.filtered("date_maturity").sorted("date_maturity")
        self.assertEqual(due.mapped("debit"), [33.33, 33.33, 33.34])
        self.assertEqual(due[0].date_maturity, self.day("2018-01-15"))
        again = self.invoice(self.issue(day="2018-02-01", instalments=3))
        self.assertEqual(again.invoice_payment_term_id, invoice.invoice_payment_term_id)

    def test_issue_cites_its_resolution(self):
        for resolution in (
            self.env["consortium.resolution"],
            self.resolution("2017-01-10", decide=False),
            self.resolution("2018-01-16"),
            self.resolution("2017-01-10", kind="rates"),
        ):
            with self.assertRaises(UserError):
                self.operations._subscribe(
                    self.alize, self.common, 1, "2018-01-15", resolution
                )
        self.assertFalse(self.held())

    def test_an_admission_is_a_reason_to_issue(self):
        admission = self.resolution("2018-01-10", kind="admission")
        self.operations._subscribe(self.alize, self.common, 1, "2018-01-15", admission)
        self.assertEqual(self.held(), 1)

    def test_not_before_the_last_entry(self):
        self.issue(day="2018-05-01")
        with self.assertRaisesRegex(UserError, "an entry of 2018-05-01"):
            self.issue(day="2018-04-30")
        self.assertEqual(self.held(), 10)

    def test_not_in_the_future(self):
        with self.assertRaisesRegex(UserError, "not confirmed before its date"):
            self.issue(day="2999-01-01")

    def test_a_contact_of_an_organization_holds_nothing(self):
        contact = self.env["res.partner"].create(
            {"name": "Aline", "parent_id": self.alize.id}
        )
        with self.assertRaisesRegex(UserError, "choose the organization itself"):
            self.issue(partner=contact)

    def test_members_only(self):
        members = self.share_class("PM", "Pour membres", holder="member")
        with self.assertRaisesRegex(UserError, "only members hold"):
            self.issue(share_class=members)

    def test_confirmed_once(self):
        operation = self.issue()
        with self.assertRaisesRegex(UserError, "already been confirmed"):
            operation.action_confirm()
        self.assertEqual(self.held(), 10)

    def test_confirmed_does_not_change(self):
        operation = self.issue()
        with self.assertRaisesRegex(UserError, "does not change"):
            operation.quantity = 3
        with self.assertRaisesRegex(UserError, "stays in the ledger"):
            operation.unlink()
        with self.assertRaisesRegex(UserError, "by its button"):
            self.prepare("issue", 1, "2018-01-01").write({"state": "done"})

    def test_a_draft_may_go(self):
        self.prepare("issue", 1, "2018-01-01").unlink()

    def test_a_form(self):
        with Form(self.operations) as form:
            form.kind = "issue"
            form.partner_id = self.alize
            form.share_class_id = self.common
            form.quantity = 4
            form.date = self.day("2018-01-15")
            form.resolution_id = self.board
            self.assertEqual((form.unit_price, form.amount), (10.0, 40.0))
        form.record.action_confirm()
        self.assertEqual(self.held(), 4)

    def test_the_same_application_is_subscribed_once(self):
        category = self.env["consortium.member.category"].search([], limit=1)
        application = self.env["consortium.membership"].create(
            {"partner_id": self.alize.id, "category_id": category.id}
        )
        first = self.issue(application=application)
        self.assertEqual(self.issue(application=application), first)
        self.assertEqual(self.held(), 10)

    # Transfer

    def test_transfer(self):
        self.paid_issue()
        operation = self.transfer(4)
        self.assertEqual((self.held(), self.held(self.boreale)), (6, 4))
        given, received = operation.entry_ids.sorted("quantity")
        self.assertEqual((given.quantity, received.quantity), (-4, 4))
        self.assertEqual(given.counterparty_id, self.boreale)
        self.assertEqual(received.counterparty_id, self.alize)
        self.assertEqual(given.origin_entry_id, received.origin_entry_id)
        self.assertBooks()

    def test_transfer_moves_the_capital_of_a_partner(self):
        self.paid_issue()
        lines = self.transfer(4).entry_ids.move_id.line_ids
        self.assertEqual(lines.account_id, self.common.equity_account_id)
        self.assertEqual(
            {line.partner_id: line.balance for line in lines},
            {self.alize: 40.0, self.boreale: -40.0},
        )

    def test_transfer_first_in_first_out(self):
        first, second = (
            self.paid_issue(quantity=3),
            self.paid_issue(quantity=3, day="2018-02-15"),
        )
        entries = self.transfer(4).entry_ids.filtered(lambda e: e.quantity < 0)
        self.assertEqual(
            [(e.origin_entry_id, e.quantity) for e in entries.sorted("id")],
            [(first.entry_ids, -3), (second.entry_ids, -1)],
        )

    def test_transfer_of_chosen_shares(self):
        self.paid_issue(quantity=3)
        second = self.paid_issue(quantity=3, day="2018-02-15")
        operation = self.transfer(2, origin_entry_id=second.entry_ids.id)
        self.assertEqual(operation.entry_ids.origin_entry_id, second.entry_ids)

    def test_no_transfer_of_shares_not_paid(self):
        self.issue()
        with self.assertRaisesRegex(UserError, "still owes something"):
            self.transfer(4)

    def test_no_transfer_of_more_than_held(self):
        self.paid_issue()
        with self.assertRaisesRegex(UserError, "has 10 such shares"):
            self.transfer(11)
        self.assertEqual((self.held(), self.held(self.boreale)), (10, 0))

    def test_no_transfer_to_oneself_or_nobody(self):
        self.paid_issue()
        with self.assertRaisesRegex(UserError, "which other holder"):
            self.transfer(1, to=self.alize)

    def test_no_transfer_of_a_class_that_forbids_it(self):
        self.paid_issue()
        self.common.is_transferable = False
        with self.assertRaisesRegex(UserError, "not transferable"):
            self.transfer(1)

    def test_no_transfer_without_the_board(self):
        self.paid_issue()
        with self.assertRaisesRegex(UserError, "must cite one resolution"):
            self.transfer(1, resolution_id=False)

    def test_no_transfer_before_an_entry_of_the_receiver(self):
        self.paid_issue()
        self.issue(self.boreale, day="2018-09-01")
        with self.assertRaisesRegex(UserError, "an entry of 2018-09-01"):
            self.transfer(1, day="2018-06-01")

    # Conversion

    def test_conversion(self):
        self.paid_issue()
        operation = self.prepare(
            "conversion", 4, "2018-06-01", target_class_id=self.preferred.id
        )
        operation.action_confirm()
        self.assertEqual(self.held(), 6)
        self.assertEqual(self.held(share_class=self.preferred), 2)
        self.assertBooks()

    def test_no_conversion_into_part_of_a_share(self):
        self.paid_issue()
        operation = self.prepare(
            "conversion", 3, "2018-06-01", target_class_id=self.preferred.id
        )
        with self.assertRaisesRegex(UserError, "not a whole number of shares"):
            operation.action_confirm()

    def test_converted_shares_are_redeemed_like_others(self):
        self.paid_issue()
        self.prepare(
            "conversion", 4, "2018-06-01", target_class_id=self.preferred.id
        ).action_confirm()
        request = self.redeem(2, share_class_id=self.preferred.id)
        self.assertEqual(request.amount_due, 40.0)
        self.assertBooks()

    # Reversal

    def test_reversal_of_an_unpaid_issue(self):
        operation = self.issue()
        self.reverse(operation)
        self.assertFalse(self.held())
        self.assertTrue(operation.is_reversed)
        self.assertEqual(self.invoice(operation).payment_state, "reversed")
        self.assertEqual(self.balance(self.common.unpaid_account_id), 0)
        self.assertBooks()

    def test_no_reversal_of_a_paid_issue(self):
        operation = self.paid_issue()
        with self.assertRaisesRegex(UserError, "Payments were received"):
            self.reverse(operation)

    def test_reversal_of_an_issue_once_its_payment_is_taken_off(self):
        operation = self.paid_issue()
        self.invoice(operation).line_ids.remove_move_reconcile()
        self.reverse(operation)
        self.assertFalse(self.held())
        self.assertBooks()

    def test_reversal_of_a_transfer(self):
        self.paid_issue()
        self.reverse(self.transfer(4), "2018-06-02")
        self.assertEqual((self.held(), self.held(self.boreale)), (10, 0))
        self.assertBooks()

    def test_no_reversal_of_a_transfer_given_on(self):
        self.paid_issue()
        operation = self.transfer(4)
        self.transfer(1, "2018-06-02", self.boreale, self.alize)
        with self.assertRaisesRegex(UserError, "no longer has all the shares"):
            self.reverse(operation)

    def test_reversal_of_a_conversion(self):
        self.paid_issue()
        operation = self.prepare(
            "conversion", 4, "2018-06-01", target_class_id=self.preferred.id
        )
        operation.action_confirm()
        self.reverse(operation)
        self.assertEqual((self.held(), self.held(share_class=self.preferred)), (10, 0))
        self.assertBooks()

    def test_reversal_of_a_redemption_not_repaid(self):
        self.paid_issue()
        request = self.redeem(4)
        self.reverse(request.operation_id)
        self.assertEqual(self.held(), 10)
        self.assertEqual(request.amount_due, 0)
        self.assertEqual(self.balance(self.common.redeemable_account_id), 0)
        self.assertBooks()

    def test_no_reversal_of_a_redemption_repaid(self):
        self.paid_issue()
        request = self.redeem(4)
        self.repay(request, 10)
        with self.assertRaisesRegex(UserError, "has been repaid"):
            self.reverse(request.operation_id)

    def test_a_reversal_names_what_it_reverses(self):
        operation = self.issue()
        reversal = self.reverse(operation)
        self.assertEqual(reversal.entry_ids.reversed_entry_id, operation.entry_ids)
        self.assertEqual(reversal.entry_ids.kind, "reversal")
        with self.assertRaisesRegex(UserError, "can't be reversed"):
            reversal.action_reverse()

    # Roles

    def test_an_officer_needs_no_right_on_the_books(self):
        officer = self.member_user("membership_officer")
        operation = self.operations.with_user(officer)._subscribe(
            self.alize, self.common, 3, "2018-01-15", self.board
        )
        self.assertEqual(operation.entry_ids.quantity, 3)
        request = (
            self.env["consortium.share.redemption"]
            .with_user(officer)
            .create(
                {
                    "partner_id": self.alize.id,
                    "share_class_id": self.common.id,
                    "quantity": 1,
                }
            )
        )
        today = self.company._today()
        request._sign_tests("resolution", ANSWERS, today)
        request._redeem(self.board, today)
        self.assertEqual(self.held(), 2)

    def test_others_confirm_nothing(self):
        operation = self.prepare("issue", 1, "2018-01-15")
        for group in ("auditor", "accountant", "expert", "coordinator"):
            with self.assertRaises(AccessError):
                operation.with_user(self.member_user(group)).action_confirm()
        self.assertFalse(self.held())

    def test_a_company_reads_its_own_shares(self):
        officer = self.member_user("membership_officer")
        operation = self.issue()
        other = self.env["res.company"].sudo().create({"name": "Autre coop"})
        officer.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        for records in (operation, operation.entry_ids, self.common):
            self.assertFalse(records.with_user(officer)._filtered_access("read"))

    # Qualifying shares

    def test_the_size_of_use_gives_the_number_of_shares(self):
        """From the application to the shares; and a change of category keeps it."""
        self.common.is_qualifying = True
        categories = self.env["consortium.member.category"].create(
            [
                {
                    "name": f"Usager {code}",
                    "code": code,
                    "qualifying_ids": [
                        (0, 0, {"share_class_id": self.common.id, "quantity": few}),
                        (
                            0,
                            0,
                            {
                                "share_class_id": self.common.id,
                                "quantity": many,
                                "usage_from": 100,
                            },
                        ),
                    ],
                }
                for code, few, many in (("t_small", 2, 10), ("t_other", 3, 15))
            ]
        )
        application = self.env["consortium.membership.application"].create(
            {
                "partner_id": self.alize.id,
                "organization_kind_id": self.env.ref(
                    "consortium_base.organization_kind_cooperative"
                ).id,
                "category_id": categories[0].id,
                "usage_hours": 120,
                "has_undertaken": True,
            }
        )
        application.action_submit()
        admission = self.resolution("2018-01-10", "admission")
        membership = application._admit(admission, "2018-02-01", welcome="no")
        self.assertEqual((membership.usage_hours, self.held()), (120, 10))
        new = membership._change_category(categories[1], "2018-06-01", admission)
        self.assertEqual((new.usage_hours, self.held()), (120, 15))
        self.assertTrue(new.qualifying_ok)
        new.usage_hours = 50
        self.assertTrue(new.qualifying_ok)
