from odoo import Command, models
from odoo.exceptions import UserError

from ..tools import shares


class ConsortiumShareOperation(models.Model):
    """The account entries of operations on shares.

    Always as the superuser: what they record has been decided, and who decides it keeps
    no books.
    """

    _inherit = "consortium.share.operation"  # pylint: disable=consider-merging-classes-inherited

    def _post_entry(self, date, debit, credit, amount, partner, other=None):
        """Post « debit to credit » in the journal of movements of shares.

        :param amount: cents; of zero nothing is posted, negative is the opposite
        :param other: the partner of the credit line, if another one
        :return: the account entry, empty for zero
        """
        self.ensure_one()
        moves = self.env["account.move"].sudo().with_company(self.company_id)
        if not amount:
            return moves
        if amount < 0:
            debit, credit = credit, debit
        value = shares.from_cents(abs(amount))
        label = self._label()
        lines = (
            (debit, partner, value, 0.0),
            (credit, other or partner, 0.0, value),
        )
        move = moves.create(
            {
                "move_type": "entry",
                "journal_id": self.company_id.share_entry_journal_id.id,
                "date": date,
                "ref": self.name,
                "share_operation_id": self.id,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": holder.id,
                            "name": label,
                            "debit": debited,
                            "credit": credited,
                            "tax_ids": [Command.clear()],
                        }
                    )
                    for account, holder, debited, credited in lines
                ],
            }
        )
        move._post(soft=False)
        return move

    def _label(self):
        lang = self.env["res.lang"]._get_data(code="fr_CA").code or self.env.lang
        operation = self.with_context(lang=lang)
        return operation.env._(
            "%(name)s: %(quantity)s × %(share_class)s",
            name=operation.name,
            quantity=operation.quantity,
            share_class=operation.share_class_id.name,
        )

    def _make_invoice(self, amount):
        """The invoice of a subscription: no tax, to « subscribed, not paid »."""
        return self._make_document("out_invoice", amount)

    def _make_document(self, move_type, amount, **values):
        self.ensure_one()
        moves = self.env["account.move"].sudo().with_company(self.company_id)
        share_class = self.share_class_id.sudo()
        move = moves.with_context(lang=self.partner_id.lang or self.env.lang).create(
            {
                "move_type": move_type,
                "journal_id": self.company_id.share_journal_id.id,
                "partner_id": self.partner_id.id,
                "invoice_date": self.date,
                "date": self.date,
                "currency_id": self.currency_id.id,
                "fiscal_position_id": False,
                "share_operation_id": self.id,
                "invoice_origin": self.name,
                "invoice_payment_term_id": self._payment_term().id,
                "invoice_date_due": self.date,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": self._label(),
                            "account_id": share_class.unpaid_account_id.id,
                            "quantity": 1,
                            "price_unit": amount,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
                **values,
            }
        )
        move._post(soft=False)
        return move

    def _payment_term(self):
        """Equal monthly payments, the first one at once; none for a single payment."""
        terms = self.env["account.payment.term"].sudo().with_context(active_test=False)
        if self.instalments <= 1:
            return terms
        known = terms.search(
            [
                ("share_instalments", "=", self.instalments),
                ("company_id", "=", self.company_id.id),
            ],
            limit=1,
        )
        return known or terms.create(
            {
                "name": self.env._("Shares: %s monthly payments", self.instalments),
                "company_id": self.company_id.id,
                "share_instalments": self.instalments,
                "line_ids": [
                    Command.create(
                        {
                            "value": "percent",
                            "value_amount": part,
                            "delay_type": "days_after",
                            "nb_days": 30 * number,
                        }
                    )
                    for number, part in enumerate(shares.percentages(self.instalments))
                ],
            }
        )

    def _credit_owing(self, lot_id, amount):
        """Credit on the invoice of a lot what is no longer owing, and reconcile both.

        :param lot_id: the entry that issued the shares
        :param amount: cents
        :return: the credit note, empty for zero
        """
        issue = self.env["consortium.share.entry"].browse(lot_id).operation_id
        if not amount:
            return self.env["account.move"]
        if not issue.is_invoiced:
            raise UserError(
                self.env._(
                    "Something is owing on shares of the old register: invoice it "
                    "first, on the operation %(name)s.",
                    name=issue.name,
                )
            )
        invoice = issue.move_ids.filtered(lambda m: m.move_type == "out_invoice")
        note = self._make_document(
            "out_refund",
            shares.from_cents(amount),
            partner_id=invoice.partner_id.id,
            reversed_entry_id=invoice.id,
            invoice_payment_term_id=False,
        )
        lines = (invoice | note).line_ids.filtered(
            lambda line: (
                line.account_id.account_type == "asset_receivable"
                and not line.reconciled
            )
        )
        lines.reconcile()
        return note

    def _reverse_books(self, operation):
        """The opposite of the entry that an operation posted, reconciled with it."""
        original = operation.entry_ids.move_id[:1]
        if not original:
            return original
        lines = original.line_ids
        debit = lines.filtered(lambda line: line.debit)
        credit = lines.filtered(lambda line: line.credit)
        move = self._post_entry(
            self.date,
            credit.account_id,
            debit.account_id,
            shares.to_cents(debit.debit),
            credit.partner_id,
            debit.partner_id,
        )
        if operation.kind == "redemption":
            payable = (original | move).line_ids.filtered(
                lambda line: (
                    line.account_id == self.share_class_id.redeemable_account_id
                )
            )
            payable.reconcile()
        return move

    def action_invoice_owing(self):
        """Invoice what the old register says is owing on the shares of an issue.

        :raise UserError: nothing is owing, or there is an invoice already
        """
        self.ensure_one()
        self.check_access("write")
        self.share_class_id._require_ready()
        owing = shares.to_cents(self.amount_owing)
        if self.kind != "issue" or self.is_invoiced or owing <= 0:
            raise UserError(
                self.env._("Nothing remains to be invoiced on these shares.")
            )
        self._write_done({"is_invoiced": True})
        # Decided long ago; the invoice is of this one operation.
        operation = self.sudo()
        today = self.company_id._today()
        operation._make_document(
            "out_invoice",
            shares.from_cents(owing),
            invoice_date=today,
            date=today,
            invoice_date_due=today,
        )
        return self.action_open_moves()
