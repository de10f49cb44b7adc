from odoo import api, models

from ..tools import shares


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        """What is paid on an invoice of shares is paid on its shares."""
        partials = super().create(vals_list)
        partials._pay_shares()
        return partials

    def unlink(self):
        """What is taken off an invoice of shares is no longer paid on its shares."""
        ids = self.ids
        result = super().unlink()
        # Whoever reconciles keeps the books, not the shares.
        undone = self.env["consortium.share.payment"].sudo()._undo(ids)
        self._follow_shares(undone)
        return result

    def _pay_shares(self):
        """Record what these reconciliations pay, or repay; twice is once."""
        # Whoever reconciles keeps the books, not the shares.
        partials = self.sudo()
        payments = self.env["consortium.share.payment"].sudo()
        known = set(
            payments.search([("partial_ref", "in", self.ids)]).mapped("partial_ref")
        )
        done = payments
        for partial in partials.filtered(lambda p: p.id not in known):
            for line, other in (
                (partial.debit_move_id, partial.credit_move_id),
                (partial.credit_move_id, partial.debit_move_id),
            ):
                operation = line.move_id.share_operation_id
                # What two documents of shares settle between them is not a payment.
                if not operation or other.move_id.share_operation_id:
                    continue
                for kind, entry, amount in partial._parts_of_shares(line, operation):
                    done += payments._record(
                        entry, amount, partial.max_date, kind, partial.id
                    )
        repaid = done.filtered(lambda payment: payment.kind == "repaid")
        # Repaid by the button or by any other way, the law asks for the same.
        repaid.entry_id.operation_id.redemption_id._require_signed_repayment()
        self._follow_shares(done)

    def _parts_of_shares(self, line, operation):
        """What the reconciliation pays or repays of the entries of an operation.

        :return: ``[(kind, entry, cents), …]``
        """
        self.ensure_one()
        amount = shares.to_cents(self.amount)
        move = line.move_id
        if move.move_type == "out_invoice":
            return [("paid", entry, amount) for entry in operation.entry_ids[:1]]
        if line.account_id == operation.share_class_id.redeemable_account_id:
            entries = operation.entry_ids.sorted("id")
            repaid = self.env["consortium.share.payment"].sudo()
            known = dict(
                repaid._read_group(
                    [("entry_id", "in", entries.ids), ("kind", "=", "repaid")],
                    ["entry_id"],
                    ["amount:sum"],
                )
            )
            due = [
                (entry, shares.to_cents(entry.redeemable - known.get(entry, 0)))
                for entry in entries
            ]
            return [
                ("repaid", entry, part) for entry, part in shares.apportion(amount, due)
            ]
        return []

    @api.model
    def _follow_shares(self, payments):
        """Certificates and requests of redemption say what is paid now."""
        certificates = self.env["consortium.share.certificate"]
        for payment in payments.filtered(lambda payment: payment.kind == "paid"):
            certificates._renew(
                {(payment.partner_id, payment.share_class_id)},
                payment.date,
                mail=payment.amount > 0,
            )
        repaid = payments.filtered(lambda payment: payment.kind == "repaid")
        repaid.entry_id.operation_id.redemption_id._follow_repayment()
