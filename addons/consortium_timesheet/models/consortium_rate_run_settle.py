from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class ConsortiumRateRun(models.Model):
    """What an approved true-up brings to the books: accruals, invoices, credits."""

    _inherit = "consortium.rate.run"  # pylint: disable=R8180

    settlement_date = fields.Date(
        string="Date of the Invoices", copy=False, help="Empty: today."
    )
    accrual_move_ids = fields.Many2many(
        "account.move",
        "consortium_rate_run_accrual_rel",
        "run_id",
        "move_id",
        string="Accruals",
        readonly=True,
        copy=False,
    )
    to_settle_count = fields.Integer(compute="_compute_to_settle_count")

    @api.depends(
        "true_up_ids.move_id.state",
        "true_up_ids.move_id.payment_state",
        "true_up_state",
    )
    def _compute_to_settle_count(self):
        for run in self:
            run.to_settle_count = len(run._to_settle().order_id)

    def _to_settle(self):
        """The rows to settle that no invoice settles, or a cancelled, reversed one."""
        return self.true_up_ids.filtered(
            lambda row: (
                row.state == "approved"
                and row.settlement == "settle"
                and (not row.move_id or row.move_id._settles_no_more())
            )
        )

    def action_settle(self):
        """An invoice or a credit note for each agreement to settle: all, or none.

        Repeated, it makes those that are missing. The accrual is reversed with them.

        :return: the window of what was made
        :raise UserError: the true-up isn't approved, or nothing is left to settle
        """
        self.ensure_one()
        self.check_access("write")
        self._lock_settlement()
        rows = self._to_settle()
        if not rows:
            raise UserError(self.env._("Everything to settle is settled already."))
        date = self.settlement_date or self.company_id._today()
        values, owners = [], []
        for order, mine in rows.sudo().grouped("order_id").items():
            if prepared := self._prepare_settlement(order, mine, date):
                values.append(prepared)
                owners.append(mine)
        moves = self.env["account.move"].create(values)
        for move, mine in zip(moves, owners, strict=True):
            mine.move_id = move
        self._reverse_accrual("settle", date)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("True-Up of %(name)s", name=self.name),
            "res_model": "account.move",
            "views": [
                (self.env.ref("account.view_out_invoice_tree").id, "list"),
                (False, "form"),
            ],
            "domain": [("id", "in", moves.ids)],
            # Without it, core's list has neither customer nor date.
            "context": {"default_move_type": "out_invoice", "create": False},
        }

    def _lock_settlement(self):
        """One at a time: the second waits, begins again, and sees what the first did.

        A lock alone would not do: a transaction keeps seeing what it saw first.

        :raise UserError: the true-up isn't approved
        """
        self.env.execute_query(
            SQL(
                "UPDATE consortium_rate_run SET true_up_state = true_up_state "
                "WHERE id = %s RETURNING id",
                self.id,
            )
        )
        self.invalidate_recordset(["true_up_state", "true_up_ids", "accrual_move_ids"])
        if self.true_up_state != "approved":
            raise UserError(self.env._("Approve the true-up first."))

    def _prepare_settlement(self, order, rows, date):
        """The invoice of what is under-billed, or the credit note of what is over.

        Nothing for an agreement whose centers make up for each other to the cent.
        """
        total = rows._cents()
        if not total:
            return None
        sign = 1 if total > 0 else -1
        account, taxes = order._true_up_income()
        common = {
            "quantity": 1,
            "account_id": account.id,
            "tax_ids": [Command.set(taxes.ids)],
            "is_true_up": True,
        }
        order = order.with_context(lang=order.partner_invoice_id.lang or self.env.lang)
        lines = [
            {
                **common,
                "sale_line_ids": [Command.set(order._true_up_line(row).ids)],
                "name": row.with_context(lang=order.env.lang)._sentence(),
                "price_unit": sign * row.difference_cents / 100,
            }
            for row in rows
            if row.difference_cents
        ]
        if reserve := sum(rows.mapped("reserve_difference_cents")):
            own = self.company_id.sudo().reserve_account_id
            lines.append(
                {
                    **common,
                    "account_id": (own or account).id,
                    "sale_line_ids": [Command.set(order._true_up_line(rows[0]).ids)],
                    "name": order.env._("Working-capital reserve: true-up"),
                    "price_unit": sign * reserve / 100,
                }
            )
        return {
            "move_type": "out_invoice" if total > 0 else "out_refund",
            "company_id": self.company_id.id,
            "partner_id": order.partner_invoice_id.id,
            "partner_shipping_id": order.partner_shipping_id.id,
            "fiscal_position_id": order._payer_position().id,
            "currency_id": self.currency_id.id,
            "invoice_date": date,
            "invoice_origin": order.name,
            "invoice_user_id": order.user_id.id,
            "ref": self.name,
            "invoice_line_ids": [Command.create(line) for line in lines],
        }

    # Accruals, dated the last day of the year

    def action_accrue(self):
        """Accrue, on the last day of the year, what the true-up will bring.

        What is over-billed is owed to the members; what is under-billed is owed by
        those whose agreement says so. What is carried forward is reversed on the first
        day of the year that takes it, what is settled when it is.

        :raise UserError: not approved, already accrued, or an account is missing
        """
        self.ensure_one()
        self.check_access("write")
        self._lock_settlement()
        if self.accrual_move_ids:
            raise UserError(self.env._("The true-up is accrued already."))
        accounts = self.company_id._true_up_accounts()
        for settlement in ("settle", "carry"):
            lines = self._accrual_lines(settlement, *accounts[1:])
            if not lines:
                continue
            move = self.env["account.move"].create(
                {
                    "move_type": "entry",
                    "journal_id": accounts[0].id,
                    "company_id": self.company_id.id,
                    "date": self.date_to,
                    "ref": self._accrual_name(settlement),
                    "line_ids": [Command.create(line) for line in lines],
                }
            )
            move.action_post()
            self.accrual_move_ids += move
        self._reverse_accrual("carry", self.carry_into)
        if self._settled_already():
            self._reverse_accrual("settle", self._settled_already())
        return True

    def _settled_already(self):
        """The date of the invoices of what is settled before it was accrued."""
        dates = self.true_up_ids.move_id.mapped("invoice_date")
        return max((date for date in dates if date), default=False)

    def _accrual_name(self, settlement):
        if settlement == "carry":
            return self.env._("%(name)s: true-up carried forward", name=self.name)
        return self.env._("%(name)s: true-up to settle", name=self.name)

    def _accrual_lines(self, settlement, payable, receivable):
        """Two lines an agreement: revenue, and what is owed; the member on both."""
        rows = self.true_up_ids.filtered(lambda row: row.settlement == settlement)
        lines = []
        for order, mine in rows.sudo().grouped("order_id").items():
            cents = mine._cents()
            if not cents or (cents > 0 and not order.owes_true_up):
                continue
            income, _taxes = order._true_up_income()
            member = order.partner_invoice_id.commercial_partner_id
            owed = receivable if cents > 0 else payable
            for account, balance in ((owed, cents), (income, -cents)):
                lines.append(
                    {
                        "name": order.name,
                        "partner_id": member.id,
                        "account_id": account.id,
                        "balance": balance / 100,
                    }
                )
        return lines

    def _reverse_accrual(self, settlement, date):
        """Reverse, on a day, the accrual of what is settled or carried, once."""
        name = self._accrual_name(settlement)
        moves = self.accrual_move_ids.filtered(
            lambda move: (
                move.ref == name
                and not move.reversal_move_ids
                and not move.reversed_entry_id
            )
        )
        if moves:
            moves._reverse_moves([{"date": date, "ref": name} for _move in moves])
            moves.reversal_move_ids._post()
