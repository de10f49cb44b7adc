from collections import defaultdict

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..models.account_move_line import Rows


class ConsortiumBillingCredit(models.TransientModel):
    """A credit note of the hours that one chooses, whole or in part."""

    _name = "consortium.billing.credit"
    _description = "Credit of Hours"

    move_id = fields.Many2one(
        "account.move", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="move_id.currency_id")
    reason = fields.Char(required=True)
    date = fields.Date(
        string="Credit Note Date",
        required=True,
        default=lambda self: self.env.company._today(),
    )
    line_ids = fields.One2many("consortium.billing.credit.line", "credit_id")
    amount = fields.Monetary(
        string="Credited Before Reserve and Taxes", compute="_compute_amount"
    )

    @api.depends("line_ids.credited", "line_ids.kept", "line_ids.time")
    def _compute_amount(self):
        for credit in self:
            credit.amount = sum(
                line.amount * (1 - line.kept / line.time)
                for line in credit.line_ids
                if line.credited and line.time
            )

    @api.model
    def default_get(self, fields_list):
        """The time that the invoice still bills."""
        values = super().default_get(fields_list)
        move = self.env["account.move"].browse(values.get("move_id"))
        if move and "line_ids" in fields_list:
            values["line_ids"] = [
                Command.create({"entry_id": entry.id})
                for entry in move._creditable_entries()
            ]
        return values

    def action_credit(self):
        """Make the credit note, in draft: it frees the time once it is posted.

        :raise UserError: nothing is chosen, or more is kept than was worked
        """
        self.ensure_one()
        self.move_id.check_access("write")
        chosen = self.line_ids.filtered("credited")
        if not chosen:
            raise UserError(self.env._("Choose the hours to credit."))
        standing = self.move_id._creditable_entries()
        rows = []
        for line in chosen:
            entry = line.sudo().entry_id
            if entry not in standing:
                raise UserError(
                    self.env._("These hours are not on this invoice any more.")
                )
            entry._check_not_credited()
            rows += line._rows()
        credit = self.move_id._credit_hours(rows, self.date, self.reason)
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "view_mode": "form",
            "res_id": credit.id,
        }


class ConsortiumBillingCreditLine(models.TransientModel):
    _name = "consortium.billing.credit.line"
    _description = "Hours to Credit"
    _order = "id"

    credit_id = fields.Many2one(
        "consortium.billing.credit", required=True, ondelete="cascade"
    )
    entry_id = fields.Many2one(
        "consortium.billing.entry", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="credit_id.currency_id")
    date = fields.Date(compute="_compute_entry")
    employee_name = fields.Char(string="Who", compute="_compute_entry")
    name = fields.Char(string="What", compute="_compute_entry")
    time = fields.Float(string="Billed", compute="_compute_entry")
    amount = fields.Monetary(compute="_compute_entry")
    credited = fields.Boolean(string="To Credit")
    kept = fields.Float(
        string="Still Billed",
        help="What is not credited: the time is corrected to it. Zero: all of it is "
        "credited, and may be billed again.",
    )

    @api.depends("entry_id")
    def _compute_entry(self):
        for line in self:
            # Whoever may credit the invoice reads what it bills.
            entry = line.sudo().entry_id
            time = entry.timesheet_line_id
            line.date, line.name = time.date, time.name
            line.employee_name = time.employee_id.name
            line.time = entry.minutes / 60
            line.amount = entry.cents / 100

    def _rows(self):
        """What the credit note takes back of this time.

        A part: the time is corrected, and the credit note has the correction.
        """
        entry = self.sudo().entry_id
        time = entry.timesheet_line_id
        kept = time._to_minutes(self.kept)
        if not kept:
            return [entry._free_values()]
        if not 0 < kept < entry.minutes:
            raise UserError(
                self.env._(
                    "« %(name)s »: less is still billed than the %(minutes)s minutes "
                    "of the invoice.",
                    name=time.name,
                    minutes=entry.minutes,
                )
            )
        # Whoever credits an invoice decides what of its time is right, with a reason.
        added = time._correct(self.credit_id.reason, {"unit_amount": kept / 60}).sudo()
        Order = time.order_id
        so_far = entry._so_far(Order)
        return list(Order._cumulative_rows(added, so_far).values())


class AccountMove(models.Model):
    _inherit = "account.move"  # pylint: disable=R8180

    def action_credit_hours(self):
        """Choose the hours of a posted invoice to credit."""
        self.ensure_one()
        if not self._creditable_entries():
            raise UserError(
                self.env._("%(number)s bills no hours any more.", number=self.name)
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Credit Hours"),
            "res_model": "consortium.billing.credit",
            "view_mode": "form",
            "target": "new",
            "context": {"default_move_id": self.id},
        }

    def _creditable_entries(self):
        """The rows by which this posted invoice bills time."""
        self.ensure_one()
        Entry = self.env["consortium.billing.entry"].sudo()
        rows = Entry.search(
            [("invoice_id", "=", self.id), ("state", "=", "posted")], order="id"
        )
        standing = Entry._standing(rows.timesheet_line_id).values()
        return Entry.concat(
            *(row for row in standing if row.invoice_id == self and row in rows)
        ).sorted(lambda row: (row.timesheet_line_id.date, row.id))

    def _credit_hours(self, rows, date, reason):
        """A draft credit note of rows of the ledger, lines and reserve included."""
        lines = []
        groups = defaultdict(list)
        for row in rows:
            key = (row["order_line_id"], row["cost_center_id"], row["rate_id"])
            groups[key].append(row)
        hours = self.invoice_line_ids.filtered("billing_rate_id")
        for key, some in groups.items():
            order_line, center, rate = key
            same = hours.filtered(
                lambda line, order_line=order_line: order_line in line.sale_line_ids.ids
            )
            exact = same.filtered(
                lambda line, rate=rate, center=center: (
                    line.billing_rate_id.id == rate
                    and line.billing_center_id.id == center
                )
            )
            values = (exact or same or hours)[0]._credit_values(some, rate, center)
            lines.append(Command.create(values))
        lines = self.env["sale.order"].sudo()._with_reserve(lines)
        for _kind, _id, values in lines:
            if values.get("is_at_cost_reserve"):
                values["price_unit"] = -values["price_unit"]
        return self.env["account.move"].create(
            {
                "move_type": "out_refund",
                "reversed_entry_id": self.id,
                "partner_id": self.partner_id.id,
                "partner_shipping_id": self.partner_shipping_id.id,
                "fiscal_position_id": self.fiscal_position_id.id,
                "currency_id": self.currency_id.id,
                "company_id": self.company_id.id,
                "journal_id": self.journal_id.id,
                "invoice_date": date,
                "invoice_origin": self.invoice_origin,
                "ref": self.env._(
                    "Hours of %(number)s: %(reason)s", number=self.name, reason=reason
                ),
                "invoice_line_ids": lines,
            }
        )


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"  # pylint: disable=R8180

    def _credit_values(self, rows, rate, center):
        """A line of a credit note for rows of this line's order line."""
        minutes = sum(row["minutes"] for row in rows)
        cents = sum(row["cents"] for row in rows)
        return {
            "name": self.name,
            "product_id": self.product_id.id,
            "product_uom_id": self.product_uom_id.id,
            "account_id": self.account_id.id,
            "tax_ids": [Command.set(self.tax_ids.ids)],
            "analytic_distribution": self.analytic_distribution,
            "sale_line_ids": [Command.set(self.sale_line_ids.ids)],
            "quantity": -minutes,
            "price_unit": cents / 100 / minutes if minutes else 0,
            "billing_rate_id": rate,
            "billing_center_id": center,
            "billing_entry_ids": Rows(rows),
        }
