from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    """Whatever makes, posts, resets or cancels an invoice, the ledger follows it."""

    _inherit = "account.move"

    bills_hours = fields.Boolean(
        compute="_compute_bills_hours", export_string_translation=False
    )

    @api.depends("invoice_line_ids.billing_rate_id")
    def _compute_bills_hours(self):
        for move in self:
            move.bills_hours = any(
                line.billing_rate_id for line in move.invoice_line_ids
            )

    def _of_ledger(self):
        """The documents on which time is billed or freed."""
        return self.filtered(
            lambda move: (
                move.is_sale_document()
                and any(line._is_of_ledger() for line in move.invoice_line_ids)
            )
        )

    def _link_timesheets_to_invoice(self, start_date=None, end_date=None):
        """The ledger has linked the very time that is billed: see the lines."""

    def _post(self, soft=True):
        """:raise UserError: a document that doesn't say what its hours come to"""
        self._of_ledger()._check_billing()
        self._check_true_up()
        posted = super()._post(soft)
        if billing := posted._of_ledger():
            self.env["consortium.billing.entry"]._post_with(billing)
            billing._renew_hours()
        return posted

    def action_post(self):
        result = super().action_post()
        # Core forgets all the time of what is credited, whichever part is.
        self.reversed_entry_id._mirror_billed_time()
        return result

    def button_draft(self):
        posted = self.filtered(lambda move: move.state == "posted")
        cancelled = self.filtered(lambda move: move.state == "cancel")
        result = super().button_draft()
        Entry = self.env["consortium.billing.entry"]
        if billing := posted._of_ledger():
            Entry._reset_with(billing)
        if billing := cancelled._of_ledger():
            Entry._reclaim_with(billing)
        return result

    def button_cancel(self):
        result = super().button_cancel()
        if billing := self._of_ledger():
            self.env["consortium.billing.entry"]._cancel_with(billing)
        return result

    def message_post_with_source(self, *args, **kwargs):
        """Invoices of a billing run say so together, in one message each."""
        if self.env.context.get("billing_date"):
            return self.env["mail.message"]
        return super().message_post_with_source(*args, **kwargs)

    def _log_billing_run(self, run):
        """Say on each invoice which run made it."""
        body = self.env._(
            "Made by the billing run %(name)s", name=run._get_html_link(title=run.name)
        )
        self._message_log_batch(bodies=dict.fromkeys(self.ids, body))

    def _mirror_billed_time(self):
        """Link again the time that these invoices bill."""
        if not self:
            return
        entries = (
            self.env["consortium.billing.entry"]
            .sudo()
            .search([("invoice_id", "in", self.ids)])
        )
        entries.timesheet_line_id._mirror_billing()

    def _check_billing(self):
        """What each line says is what the ledger has for it, to the minute and cent."""
        drafts = self.env["consortium.billing.entry"]._of(self, "draft")
        by_line = drafts.grouped("move_line_id")
        for move in self:
            if move.currency_id != move.company_currency_id:
                raise UserError(
                    self.env._(
                        "%(move)s bills hours at cost: it is in %(currency)s, the "
                        "currency of the cooperative.",
                        move=move.display_name,
                        currency=move.company_currency_id.name,
                    )
                )
            sign = -move.direction_sign
            reserves = defaultdict(int)
            said = defaultdict(int)
            for line in move.invoice_line_ids:
                entries = by_line.get(line, drafts.browse())
                cents = round(sign * line.price_subtotal * 100)
                if line.is_at_cost_reserve:
                    said[line.sale_line_ids.order_id[:1]] += cents
                if not line.billing_rate_id:
                    continue
                minutes = sum(entries.mapped("minutes"))
                if round(sign * line.quantity * 60) != minutes * 60 or cents != sum(
                    entries.mapped("cents")
                ):
                    move._refuse_line(line, sum(entries.mapped("cents")), minutes)
                for entry in entries:
                    reserves[entry.order_id] += entry.reserve_cents
            for order in {*reserves, *said}:
                if reserves[order] != said[order]:
                    move._refuse_reserve(order, sign * reserves[order])

    def _check_true_up(self):
        """What is settled is the true-up as it was approved, line by line."""
        moves = self.filtered(lambda move: move.is_sale_document())
        if not moves:
            return
        # The rows that they settle, whoever posts.
        rows = self.env["consortium.true.up"].sudo()
        by_move = rows.search([("move_id", "in", moves.ids)]).grouped("move_id")
        for move in moves:
            mine = by_move.get(move, rows)
            expected = mine._settled_cents() if mine else []
            if not mine and move.reversed_entry_id:
                expected = [-cents for cents in move.reversed_entry_id._true_up_cents()]
            same_currency = move.currency_id == move.company_currency_id
            said = move._true_up_cents()
            if sorted(said) != sorted(expected) or (said and not same_currency):
                raise UserError(
                    self.env._(
                        "The true-up that %(move)s settles is %(amount)s: put its "
                        "lines back as they were, or delete it and make it again.",
                        move=move.display_name,
                        amount=move.company_currency_id.format(sum(expected) / 100),
                    )
                )

    def _settles_no_more(self):
        """Is it cancelled, or wholly reversed? Core says the latter of invoices alone:
        a credit note is then paid."""
        self.ensure_one()
        back = self.reversal_move_ids.filtered(lambda move: move.state == "posted")
        return (
            self.state == "cancel"
            or self.payment_state == "reversed"
            or bool(
                self.move_type == "out_refund"
                and back
                and not self.currency_id.compare_amounts(
                    sum(back.mapped("amount_total")), self.amount_total
                )
            )
        )

    def _true_up_cents(self):
        """The cents of each line that says a true-up; below zero: given back."""
        self.ensure_one()
        return [
            round(-self.direction_sign * line.price_subtotal * 100)
            for line in self.invoice_line_ids
            if line.is_true_up
        ]

    def _refuse_line(self, line, cents, minutes):
        raise UserError(
            self.env._(
                "« %(line)s » of %(move)s: the time it bills is %(minutes)s minutes, "
                "that is %(amount)s. Put the line back as it was, or delete it to "
                "leave its time for another invoice.",
                line=(line.name or "").replace("\n", " "),
                move=self.display_name,
                minutes=abs(minutes),
                amount=self.currency_id.format(abs(cents) / 100),
            )
        )

    def _refuse_reserve(self, order, cents):
        raise UserError(
            self.env._(
                "The reserve of the hours of %(order)s on %(move)s is %(amount)s: "
                "correct its line.",
                order=order.name,
                move=self.display_name,
                amount=self.currency_id.format(cents / 100),
            )
        )
