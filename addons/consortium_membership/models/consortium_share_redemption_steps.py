from odoo import api, models
from odoo.exceptions import UserError

from ..tools import shares
from .consortium_share_redemption_test import QUESTIONS


class ConsortiumShareRedemption(models.Model):
    """The three tests of the law as signed, the redemption, then the repayment."""

    _inherit = "consortium.share.redemption"  # pylint: disable=consider-merging-classes-inherited

    def _sign_tests(self, stage, answers, date, comment=None, amount=0):
        """Keep the answers to the three tests, signed by the user.

        :param answers: ``{"insolvent": "no", "unstable": "no", "unmet": "no"}``
        :return: the test; the law forbids the repayment unless it is ``passed``
        """
        self.ensure_one()
        self.check_access("write")
        # Written once by this method, whatever the rights on tests.
        return (
            self.env["consortium.share.redemption.test"]
            .sudo()
            .create(
                {
                    "redemption_id": self.id,
                    "stage": stage,
                    "date": date,
                    "user_id": self.env.uid,
                    "comment": comment,
                    "amount": amount,
                    **{name: answers[name] for name in QUESTIONS},
                }
            )
        )

    def _require_signed_tests(self, stage):
        """:raise UserError: the last tests are not signed, or forbid it"""
        tests = self.sudo().test_ids.filtered(lambda test: test.stage == stage)
        if len(self) != 1 or not tests.sorted("id")[-1:].passed:
            raise UserError(
                self.env._(
                    "The three tests of the law (%(reference)s) must be answered and "
                    "signed before shares are redeemed or repaid.",
                    reference=self._tests_reference(),
                )
            )

    def _require_signed_repayment(self):
        """What was repaid, in whatever way, is covered by tests that were passed: those
        signed for a repayment that was undone since don't serve again.

        :raise UserError: it is more than they allow, or the last ones forbid it
        """
        for redemption in self.sudo():
            redemption._require_signed_tests("payment")
            passed = redemption.test_ids.filtered(
                lambda test: test.stage == "payment" and test.passed
            )
            undone = redemption.env["consortium.share.payment"].search(
                [
                    ("entry_id.operation_id.redemption_id", "=", redemption.id),
                    ("kind", "=", "repaid"),
                    ("reverses_id", "!=", False),
                ]
            )
            covered = shares.to_cents(
                sum(passed.mapped("amount")) + sum(undone.mapped("amount"))
            )
            if shares.to_cents(redemption.amount_repaid) > covered:
                raise UserError(
                    self.env._(
                        "%(repaid).2f would be repaid on %(name)s, but the three tests "
                        "of the law (%(reference)s) were signed for %(covered).2f: "
                        "repay shares by the button of the request.",
                        repaid=redemption.amount_repaid,
                        name=redemption.name,
                        reference=redemption._tests_reference(),
                        covered=covered / 100,
                    )
                )

    @api.model
    def _tests_reference(self, date=None):
        """What to print of the article that sets the tests."""
        return self.env["consortium.legal.parameter"]._reference(
            "share_repayment_tests", date or self.env.company._today()
        )

    def _redeem(self, resolution, date):
        """Redeem the shares: the ledger and the books; the repayment comes after.

        :return: the operation
        """
        self.ensure_one()
        self._check_open()
        self.check_access("write")
        operation = self.env["consortium.share.operation"].create(
            {
                "kind": "redemption",
                "partner_id": self.partner_id.id,
                "company_id": self.company_id.id,
                "share_class_id": self.share_class_id.id,
                "quantity": self.quantity,
                "date": date,
                "resolution_id": resolution.id,
                "redemption_id": self.id,
                "reason": self.note,
            }
        )
        operation.action_confirm()
        return operation

    def _check_redeemed_by(self, operation):
        """An operation redeems what was asked, tested and decided, and nothing else.

        :raise UserError: the request was decided, or is of other shares
        """
        self._check_open()
        names = ("partner_id", "share_class_id", "quantity")
        if self and any(self[name] != operation[name] for name in names):
            raise UserError(
                self.env._(
                    "Request %(name)s is of other shares: an operation redeems those "
                    "of its own request.",
                    name=self.name,
                )
            )

    def _redeemed_by(self, operation):
        """The request is granted by the operation that has redeemed its shares."""
        self._write_decision(
            {
                "state": "approved",
                "operation_id": operation.id,
                "decision_date": operation.date,
                "resolution_id": operation.resolution_id.id,
                "ground": False,
                "ground_note": False,
            }
        )
        self._follow_repayment()

    def _pay(self, amount, date, journal):
        """Repay all or part, by a payment of the books.

        :param amount: in the currency of the company
        :return: the payment
        :raise UserError: more than what is due, or tests not signed
        """
        self.ensure_one()
        if not self.env.su and not any(
            self.env.user.has_group(f"consortium_base.group_{group}")
            for group in ("accountant", "manager")
        ):
            raise UserError(self.env._("An accountant repays shares."))
        self._require_signed_tests("payment")
        cents, due = shares.to_cents(amount), shares.to_cents(self.amount_due)
        if not 0 < cents <= due:
            raise UserError(
                self.env._(
                    "%(due).2f is to be repaid on %(name)s: the amount is more than "
                    "zero, and not more than that.",
                    due=due / 100,
                    name=self.name,
                )
            )
        # The payment of this request alone, which its redemption allows.
        operation = self.operation_id.sudo()
        account = self.share_class_id.sudo().redeemable_account_id
        payment = (
            self.env["account.payment"]
            .sudo()
            .with_company(self.company_id)
            .create(
                {
                    "payment_type": "outbound",
                    "partner_type": "supplier",
                    "partner_id": self.partner_id.id,
                    "amount": shares.from_cents(cents),
                    "currency_id": self.currency_id.id,
                    "date": date,
                    "journal_id": journal.id,
                    "destination_account_id": account.id,
                    "memo": self.name,
                }
            )
        )
        payment.action_post()
        lines = (payment.move_id | operation.entry_ids.move_id).line_ids
        lines.filtered(
            lambda line: line.account_id == account and not line.reconciled
        ).reconcile()
        return payment

    def _follow_repayment(self):
        """Repaid when nothing is due any more, and back when a payment is undone."""
        for redemption in self.sudo():
            if redemption.state in ("approved", "repaid"):
                due = shares.to_cents(redemption.amount_due)
                redemption._write_decision({"state": "approved" if due else "repaid"})
                field = redemption._fields["forecast_amount"]
                self.env.add_to_compute(field, redemption)
                redemption._recompute_recordset(["forecast_amount"])
