from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common_shares import ANSWERS, ShareCommon


@tagged("post_install", "-at_install")
class TestShareRedemption(ShareCommon):
    def sign(self, request, stage="resolution", **values):
        wizard = self.env["consortium.share.redemption.sign"].create(
            {
                "redemption_id": request.id,
                "stage": stage,
                "date": "2018-07-01",
                "resolution_id": self.board.id,
                "journal_id": self.bank.id,
                **ANSWERS,
                **values,
            }
        )
        return wizard.action_sign()

    def test_from_the_request_to_the_repayment(self):
        self.paid_issue()
        request = self.request(4)
        self.sign(request)
        self.assertEqual((request.state, self.held()), ("approved", 6))
        self.sign(request, "payment", amount=15)
        self.assertEqual((request.state, request.amount_due), ("approved", 25))
        self.sign(request, "payment", amount=25)
        self.assertEqual((request.state, request.amount_repaid), ("repaid", 40))
        self.assertEqual(len(request.test_ids), 3)
        self.assertBooks()

    def test_the_tests_are_signed(self):
        self.paid_issue()
        request = self.request(4)
        self.sign(request, comment="États du 30 juin")
        test = request.test_ids
        self.assertEqual((test.user_id, test.stage), (self.env.user, "resolution"))
        self.assertTrue(test.signed_at)
        with self.assertRaises(UserError):
            test.sudo().write({"insolvent": "yes"})
        with self.assertRaises(UserError):
            test.sudo().unlink()

    def test_one_yes_defers(self):
        self.paid_issue()
        for name in ("insolvent", "unstable", "unmet"):
            request = self.request(1)
            self.sign(request, **{name: "yes"})
            self.assertEqual((request.state, request.ground), ("deferred", name))
            self.assertIn("38", request.ground_note)
        self.assertEqual(self.held(), 10)

    def test_one_yes_keeps_the_money(self):
        self.paid_issue()
        request = self.redeem(4)
        self.sign(request, "payment", amount=40, unmet="yes")
        self.assertEqual((request.state, request.amount_due), ("approved", 40))
        self.assertEqual(request.ground, "unmet")

    def test_a_deferred_request_is_redeemed_later(self):
        self.paid_issue()
        request = self.request(4)
        self.sign(request, insolvent="yes")
        self.sign(request)
        self.assertEqual((request.state, request.ground), ("approved", False))

    def test_no_redemption_without_the_tests(self):
        self.paid_issue()
        request = self.request(4)
        with self.assertRaisesRegex(UserError, "art. 38"):
            request._redeem(self.board, "2018-07-01")
        with self.assertRaisesRegex(UserError, "art. 38"):
            self.prepare("redemption", 4, "2018-07-01").action_confirm()
        self.assertEqual(self.held(), 10)

    def test_no_repayment_without_the_tests(self):
        self.paid_issue()
        request = self.redeem(4)
        with self.assertRaisesRegex(UserError, "art. 38"):
            request._pay(40, "2018-08-01", self.bank)

    def repaid_otherwise(self, amount):
        """The accountant pays from the bank, without the button of the request."""
        account = self.common.redeemable_account_id
        payment = self.env["account.payment"].create(
            {
                "payment_type": "outbound",
                "partner_type": "supplier",
                "partner_id": self.alize.id,
                "amount": amount,
                "date": "2018-08-01",
                "journal_id": self.bank.id,
                "destination_account_id": account.id,
            }
        )
        payment.action_post()
        request = self.env["consortium.share.redemption"].search([])
        moves = payment.move_id | request.operation_id.entry_ids.move_id
        lines = moves.line_ids.filtered(lambda line: line.account_id == account)
        lines.reconcile()

    def test_no_repayment_without_the_tests_in_any_way(self):
        """What is reconciled with « to be repaid » asks for the tests of the law."""
        self.paid_issue()
        request = self.redeem(4)
        with (
            self.assertRaisesRegex(UserError, "art. 38"),
            self.env.cr.savepoint(),
        ):
            self.repaid_otherwise(40)
        self.env.invalidate_all()
        request._sign_tests("payment", ANSWERS, "2018-08-01", amount=30)
        with (
            self.assertRaisesRegex(UserError, "were signed for 30.00"),
            self.env.cr.savepoint(),
        ):
            self.repaid_otherwise(40)
        self.env.invalidate_all()
        self.assertEqual((request.state, request.amount_due), ("approved", 40))
        request._sign_tests("payment", ANSWERS, "2018-08-01", amount=10)
        self.repaid_otherwise(40)
        self.assertEqual((request.state, request.amount_due), ("repaid", 0))
        self.assertBooks()

    def test_an_operation_redeems_its_own_request(self):
        """The tests of one request don't allow to redeem other shares."""
        self.paid_issue()
        self.paid_issue(self.boreale)
        request = self.request(4)
        request._sign_tests("resolution", ANSWERS, "2018-07-01")
        for quantity, partner in ((4, self.boreale), (5, self.alize)):
            operation = self.prepare(
                "redemption", quantity, "2018-07-01", partner, redemption_id=request.id
            )
            with self.assertRaisesRegex(UserError, "is of other shares"):
                operation.action_confirm()
        own = self.prepare("redemption", 4, "2018-07-01", redemption_id=request.id)
        own.action_confirm()
        self.assertEqual((request.state, request.operation_id), ("approved", own))
        again = self.prepare("redemption", 4, "2018-07-01", redemption_id=request.id)
        with self.assertRaisesRegex(UserError, "already been decided"):
            again.action_confirm()
        self.assertEqual(self.held(), 6)

    def bounce(self, payment):
        payment.action_draft()
        payment.action_cancel()

    def test_tests_serve_one_repayment(self):
        """What was signed for a repayment that was undone allows no other one."""
        self.paid_issue()
        request = self.redeem(4)
        self.bounce(self.repay(request))
        self.assertEqual((request.state, request.amount_due), ("approved", 40))
        with (
            self.assertRaisesRegex(UserError, "were signed for 0.00"),
            self.env.cr.savepoint(),
        ):
            request._pay(40, "2018-09-01", self.bank)
        self.env.invalidate_all()
        self.repay(request, day="2018-09-01")
        self.assertEqual((request.state, request.amount_due), ("repaid", 0))
        self.assertBooks()

    def test_tests_of_a_redemption_that_was_reversed(self):
        """Redeemed anew, it is repaid by tests signed anew."""
        self.paid_issue()
        request = self.redeem(4)
        self.bounce(self.repay(request))
        self.reverse(request.operation_id)
        request._redeem(self.board, self.company._today())
        with (
            self.assertRaisesRegex(UserError, "were signed for 0.00"),
            self.env.cr.savepoint(),
        ):
            request._pay(40, self.company._today(), self.bank)

    def test_no_redemption_without_a_resolution(self):
        self.paid_issue()
        request = self.request(4)
        with self.assertRaisesRegex(UserError, "must cite one resolution"):
            self.sign(request, resolution_id=False)
        self.assertEqual((request.state, self.held()), ("requested", 10))

    def test_no_more_than_held_in_the_queue(self):
        self.paid_issue()
        self.request(6)
        with self.assertRaisesRegex(UserError, "11 would be in the queue"):
            self.request(5)

    def test_refused_with_its_ground(self):
        self.paid_issue()
        request = self.request(4)
        with self.assertRaisesRegex(UserError, "Give the ground"):
            request.action_refuse()
        request.ground = "unstable"
        request.action_refuse()
        self.assertEqual(request.state, "refused")
        with self.assertRaisesRegex(UserError, "already been decided"):
            request.action_approve()
        self.assertFalse(request.forecast_amount)

    def test_decided_once(self):
        self.paid_issue()
        request = self.request(4)
        self.sign(request)
        with self.assertRaisesRegex(UserError, "already been decided"):
            self.sign(request)
        with self.assertRaisesRegex(UserError, "make another one"):
            request.quantity = 2
        with self.assertRaisesRegex(UserError, "by its buttons"):
            request.write({"state": "requested"})
        with self.assertRaisesRegex(UserError, "not deleted"):
            request.unlink()
        request.planned_date = "2019-06-30"

    def test_what_was_decided_stays(self):
        """Refused, redeemed or repaid: why, by which resolution and when."""
        self.paid_issue()
        refused = self.request(1, ground="unstable", ground_note="États de juin")
        refused.action_refuse()
        redeemed = self.redeem(2)
        for request in (refused, redeemed):
            decided = (request.decision_date, request.resolution_id, request.ground)
            for values in (
                {"ground": "other"},
                {"ground_note": "Autre chose"},
                {"resolution_id": self.resolution("2018-02-01").id},
            ):
                with self.assertRaisesRegex(UserError, "make another one"):
                    request.write(values)
            with self.assertRaisesRegex(UserError, "by its buttons"):
                request.decision_date = "2018-01-01"
            self.assertEqual(
                (request.decision_date, request.resolution_id, request.ground), decided
            )
        waiting = self.request(1, ground="other")
        with self.assertRaisesRegex(UserError, "by its buttons"):
            waiting.decision_date = "2018-01-01"
        waiting.action_defer()
        waiting.ground = "unmet"
        self.assertEqual(waiting.state, "deferred")

    def test_the_forecast_by_year(self):
        self.paid_issue(quantity=20)
        self.request(3, planned_date="2019-06-30")
        self.request(2, planned_date="2020-06-30")
        redeemed = self.redeem(4, planned_date="2019-12-31")
        self.repay(redeemed, 15)
        rows = self.env["consortium.share.redemption"]._read_group(
            [("partner_id", "=", self.alize.id)],
            ["planned_date:year"],
            ["forecast_amount:sum"],
        )
        self.assertEqual(
            [(day.year, total) for day, total in rows], [(2019, 55), (2020, 20)]
        )

    def test_a_reversed_redemption_waits_again(self):
        self.paid_issue()
        request = self.redeem(4)
        self.reverse(request.operation_id)
        self.assertEqual((request.state, request.forecast_amount), ("requested", 40))
        self.sign(request)
        self.assertEqual((request.state, self.held()), ("approved", 6))
        self.assertBooks()

    def test_an_accountant_repays(self):
        self.paid_issue()
        request = self.redeem(4)
        officer = self.member_user("membership_officer")
        accountant = self.member_user("accountant")
        with self.assertRaisesRegex(UserError, "An accountant repays"):
            self.repay(request.with_user(officer))
        self.repay(request.with_user(accountant))
        self.assertEqual(request.state, "repaid")

    def test_a_form(self):
        self.paid_issue()
        with Form(self.env["consortium.share.redemption"]) as form:
            form.partner_id = self.alize
            form.share_class_id = self.common
            form.quantity = 2
            form.reason = "reduction"
        self.assertEqual(form.record.amount, 20)

    # Requests from the portal

    def member_request(self, kind, **values):
        return self.env["consortium.member.request"].create(
            {"partner_id": self.alize.id, "kind": kind, "quantity": 3, **values}
        )

    def test_an_accepted_request_joins_the_queue(self):
        self.paid_issue()
        request = self.member_request("redemption")
        request.action_accept()
        redemption = request.share_redemption_id
        self.assertEqual((redemption.quantity, redemption.state), (3, "requested"))
        self.assertEqual(redemption.share_class_id, self.common)

    def test_an_accepted_transfer_waits_for_the_board(self):
        self.paid_issue()
        request = self.member_request("transfer", counterparty_id=self.boreale.id)
        request.action_accept()
        operation = request.share_operation_id
        self.assertEqual((operation.kind, operation.state), ("transfer", "draft"))
        self.assertEqual(self.held(), 10)

    def test_a_request_of_more_than_held_is_not_accepted(self):
        self.paid_issue(quantity=2)
        for kind in ("redemption", "transfer"):
            request = self.member_request(kind, counterparty_id=self.boreale.id)
            with self.assertRaisesRegex(UserError, "does not have 3 shares"):
                request.action_accept()
            self.assertEqual(request.state, "submitted")
