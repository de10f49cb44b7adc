from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools import shares


class ConsortiumShareOperation(models.Model):
    """How each kind of operation writes the ledger and the books.

    Run as the superuser by ``action_confirm``, which has checked the user's rights.
    """

    _inherit = "consortium.share.operation"  # pylint: disable=consider-merging-classes-inherited

    def _do_issue(self):
        """Issue shares: an invoice, and the entry of the ledger."""
        self.ensure_one()
        # One is a member by the resolution that admits; another decision issues more.
        kind = self.resolution_id.kind
        self.resolution_id._require(
            kind if kind == "admission" else "redemption", self.date
        )
        if not self.membership_id:
            self._check_holder(self.partner_id, self.share_class_id)
        self._check_date(self.partner_id, self.share_class_id)
        invoice = self._make_invoice(self.amount)
        self._write_done({"is_invoiced": True})
        self._write_entries(
            [self._entry(self.partner_id, self.share_class_id, self.quantity)], invoice
        )

    def _do_transfer(self):
        """Give shares from one holder to another; both are fully paid up."""
        self.ensure_one()
        if not self.counterparty_id or self.counterparty_id == self.partner_id:
            raise UserError(self.env._("Say to which other holder the shares go."))
        if not self.share_class_id.is_transferable:
            raise UserError(
                self.env._(
                    "Shares of the class « %(name)s » are not transferable.",
                    name=self.share_class_id.name,
                )
            )
        self.resolution_id._require("redemption", self.date)
        self._check_holder(self.counterparty_id, self.share_class_id)
        self._check_date(self.counterparty_id, self.share_class_id)
        chosen = self._choose(paid_up=True)
        amount = sum(lot.price * quantity for lot, quantity in chosen)
        equity = self.share_class_id.equity_account_id
        move = self._post_entry(
            self.date, equity, equity, amount, self.partner_id, self.counterparty_id
        )
        values = []
        for lot, quantity in chosen:
            for holder, other, sign in (
                (self.partner_id, self.counterparty_id, -1),
                (self.counterparty_id, self.partner_id, 1),
            ):
                values.append(
                    self._entry(
                        holder,
                        self.share_class_id,
                        sign * quantity,
                        lot=lot,
                        paid_change=sign * quantity * lot.price,
                        counterparty_id=other.id,
                    )
                )
        self._write_entries(values, move)

    def _do_redemption(self):
        """Redeem shares: what was paid is to be repaid, the rest is owed no more."""
        self.ensure_one()
        self.redemption_id._check_redeemed_by(self)
        self.redemption_id._require_signed_tests("resolution")
        self.resolution_id._require("redemption", self.date)
        values, repaid = [], 0
        for lot, quantity in self._choose():
            back, cancelled = shares.release(lot, quantity)
            self._credit_owing(lot.origin, cancelled)
            repaid += back
            values.append(
                self._entry(
                    self.partner_id,
                    self.share_class_id,
                    -quantity,
                    lot=lot,
                    paid_change=-back,
                    cancelled=cancelled,
                    redeemable=back,
                )
            )
        move = self._post_entry(
            self.date,
            self.share_class_id.equity_account_id,
            self.share_class_id.redeemable_account_id,
            repaid,
            self.partner_id,
        )
        self._write_entries(values, move)
        self.redemption_id._redeemed_by(self)

    def _do_conversion(self):
        """Exchange paid shares for those of another class, of the same total price."""
        self.ensure_one()
        target = self.target_class_id
        if not target or target == self.share_class_id:
            raise UserError(self.env._("Say into which other class the shares go."))
        self.resolution_id._require("redemption", self.date)
        self._check_holder(self.partner_id, target)
        self._check_date(self.partner_id, target)
        chosen = self._choose(paid_up=True)
        amount = sum(lot.price * quantity for lot, quantity in chosen)
        price = shares.to_cents(target.par_value)
        if amount % price:
            raise UserError(
                self.env._(
                    "%(amount).2f is not a whole number of shares of the class "
                    "« %(name)s », at %(price).2f each.",
                    amount=amount / 100,
                    name=target.name,
                    price=price / 100,
                )
            )
        move = self._post_entry(
            self.date,
            self.share_class_id.equity_account_id,
            target.equity_account_id,
            amount,
            self.partner_id,
        )
        values = [
            self._entry(
                self.partner_id,
                self.share_class_id,
                -quantity,
                lot=lot,
                paid_change=-quantity * lot.price,
            )
            for lot, quantity in chosen
        ]
        values.append(
            self._entry(
                self.partner_id,
                target,
                amount // price,
                unit_price=target.par_value,
                paid_change=amount,
            )
        )
        self._write_entries(values, move)

    def _do_reversal(self):
        """Undo an operation, as of another day: the opposite entries and books."""
        self.ensure_one()
        reversed_operation = self.reverses_id
        if reversed_operation.state != "done" or reversed_operation.kind == "reversal":
            raise UserError(self.env._("A reversal undoes a confirmed operation."))
        self._check_reversible(reversed_operation)
        entries = reversed_operation.entry_ids.sorted("id", reverse=True)
        self._check_payments(self.partner_id, [("entry_id", "in", entries.ids)])
        for entry in entries:
            self._check_date(entry.partner_id, entry.share_class_id)
            if entry.quantity > 0:
                self._check_still_held(entry)
        move = self.env["account.move"]
        issued = reversed_operation.kind == "issue"
        if not issued:
            move = self._reverse_books(reversed_operation)
        elif reversed_operation.is_invoiced:
            for entry in entries:
                owing = shares.to_cents(entry.quantity * entry.unit_price)
                move = self._credit_owing(entry.id, owing)
        self._write_entries(
            [
                {
                    **self._entry(
                        entry.partner_id,
                        entry.share_class_id,
                        -entry.quantity,
                        unit_price=entry.unit_price,
                    ),
                    "paid_change": -entry.paid_change,
                    "redeemable": -entry.redeemable,
                    "cancelled": entry.quantity * entry.unit_price if issued else 0,
                    "origin_entry_id": (entry.origin_entry_id or entry).id,
                    "counterparty_id": entry.counterparty_id.id,
                    "reversed_entry_id": entry.id,
                }
                for entry in entries
            ],
            move,
        )

        # The request that it had redeemed waits again.
        reversed_operation.redemption_id._write_decision(
            {"state": "requested", "operation_id": False, "decision_date": False}
        )

    def _check_reversible(self, operation):
        """Money that moved since is put right first, by who keeps the books.

        :raise UserError: what to do before
        """
        issue = operation.kind == "issue"
        # Of an issue, only the history says so; payments of today come besides.
        if issue and any(operation.entry_ids.mapped("paid_change")):
            raise UserError(
                self.env._(
                    "The old register says that these shares were paid: redeem them "
                    "instead."
                )
            )
        if issue and shares.to_cents(operation.amount_paid):
            raise UserError(
                self.env._(
                    "Payments were received for %(name)s: take them off its invoice "
                    "first, or redeem the shares instead.",
                    name=operation.name,
                )
            )
        if operation.kind == "redemption":
            if any(operation.entry_ids.mapped("cancelled")):
                raise UserError(
                    self.env._(
                        "What was owing on shares redeemed by %(name)s was credited: "
                        "issue shares anew instead.",
                        name=operation.name,
                    )
                )
            if operation._amount_repaid():
                raise UserError(
                    self.env._(
                        "%(name)s has been repaid, in part at least: issue shares anew "
                        "instead.",
                        name=operation.name,
                    )
                )

    def _check_still_held(self, entry):
        lot = (entry.origin_entry_id or entry).id
        lots = self._lots(entry.partner_id, entry.share_class_id)
        held = sum(one.quantity for one in lots if one.origin == lot)
        if held < entry.quantity:
            raise UserError(
                self.env._(
                    "%(name)s no longer has all the shares of %(operation)s: reverse "
                    "what came after it first.",
                    name=entry.partner_id.name,
                    operation=entry.operation_id.name,
                )
            )

    def _amount_repaid(self):
        payments = self.entry_ids.payment_ids
        return sum(payments.filtered(lambda p: p.kind == "repaid").mapped("amount"))

    def _check_holder(self, partner, share_class):
        """Who may hold the class: members on the date of the operation, or anyone."""
        if share_class.holder == "anyone":
            return
        memberships = self.env["consortium.membership"]
        domain = memberships._on_domain(self.date, self.company_id) & Domain(
            "partner_id", "=", partner.id
        )
        if not memberships.search_count(domain, limit=1):
            raise UserError(
                self.env._(
                    "%(name)s is not a member on %(date)s: only members hold shares of "
                    "the class « %(share_class)s ».",
                    name=partner.name,
                    date=self.date,
                    share_class=share_class.name,
                )
            )

    def _choose(self, paid_up=False):
        """The lots that the operation takes shares from, and how many of each.

        :param paid_up: refuse shares on which something is owing
        :return: ``[(lot, quantity), …]``
        """
        self._check_date(self.partner_id, self.share_class_id)
        lots = self._lots(self.partner_id, self.share_class_id)
        if self.origin_entry_id:
            lots = [lot for lot in lots if lot.origin == self.origin_entry_id.id]
        held = sum(lot.quantity for lot in lots)
        if held < self.quantity:
            raise UserError(
                self.env._(
                    "%(name)s has %(held)s such shares on %(date)s, not %(quantity)s.",
                    name=self.partner_id.name,
                    held=held,
                    date=self.date,
                    quantity=self.quantity,
                )
            )
        chosen = shares.take(lots, self.quantity)
        if paid_up and any(lot.owing > 0 for lot, _quantity in chosen):
            raise UserError(
                self.env._(
                    "%(name)s still owes something on these shares: they are paid "
                    "first.",
                    name=self.partner_id.name,
                )
            )
        self._check_lots(self.partner_id, chosen)
        return chosen

    def _entry(self, partner, share_class, quantity, lot=None, **vals):
        """The values of an entry; money in cents, but ``unit_price``."""
        for name in ("paid_change", "cancelled", "redeemable"):
            vals[name] = shares.from_cents(vals.get(name, 0))
        return {
            "operation_id": self.id,
            "company_id": self.company_id.id,
            "partner_id": partner.id,
            "share_class_id": share_class.id,
            "quantity": quantity,
            "unit_price": shares.from_cents(lot.price) if lot else self.unit_price,
            "date": self.date,
            "kind": self.kind,
            "origin_entry_id": lot.origin if lot else False,
            "resolution_id": self.resolution_id.id,
            "counterparty_id": False,
            "reversed_entry_id": False,
            **vals,
        }

    def _write_entries(self, values, move):
        for vals in values:
            vals["move_id"] = move.id
        entries = self.env["consortium.share.entry"].create(values)
        entries.flush_recordset()
        self.invalidate_recordset(["entry_ids"])
        return entries

    @api.model
    def _lots(self, partner, share_class):
        """The lots of a holder in a class, the oldest first: see ``tools.shares``."""
        # Of that holder and class alone; arithmetic needs all of it.
        model = self.env["consortium.share.register"].sudo()
        return [
            shares.Lot(
                row["lot_id"],
                row["quantity"],
                shares.to_cents(row["unit_price"]),
                shares.to_cents(row["paid"]),
            )
            for row in model._lot_rows(partner, share_class)
        ]
