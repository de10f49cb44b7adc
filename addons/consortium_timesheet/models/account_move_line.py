from odoo import api, fields, models

from ..tools.clock import clock


class Rows(list):
    """What a line of an invoice bills, on its way to the ledger.

    Empty for whoever reads it as commands of the field, so that core may carry it
    through; no call from outside can make one.
    """

    def __init__(self, rows):
        super().__init__()
        self.rows = rows


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    billing_rate_id = fields.Many2one(
        "consortium.hourly.rate",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The rate that the time of this line is billed at.",
    )
    billing_center_id = fields.Many2one(
        "consortium.cost.center", readonly=True, copy=False, ondelete="restrict"
    )
    is_at_cost_reserve = fields.Boolean(string="Reserve", readonly=True, copy=False)
    # An amount of the order, of none of its quantity.
    is_true_up = fields.Boolean(
        readonly=True, copy=False, export_string_translation=False
    )
    billing_entry_ids = fields.One2many(
        "consortium.billing.entry",
        "move_line_id",
        readonly=True,
        copy=False,
        export_string_translation=False,
    )
    billed_time = fields.Char(string="Hours", compute="_compute_billed_time")
    billed_rate = fields.Monetary(
        string="Hourly Rate",
        compute="_compute_billed_time",
        currency_field="company_currency_id",
    )

    @api.depends("quantity", "billing_rate_id")
    def _compute_billed_time(self):
        """What people read: hours, and what an hour is billed."""
        for line in self:
            # An adopted rate is on the invoice, whoever reads it.
            rate = line.sudo().billing_rate_id
            line.billed_time = clock(round(line.quantity)) if rate else False
            line.billed_rate = rate.rate

    def _is_of_ledger(self):
        return bool(self.billing_rate_id or self.is_at_cost_reserve)

    @api.model_create_multi
    def create(self, vals_list):
        """Lines that bill time write it in the ledger."""
        carried, prepared = [], []
        for vals in vals_list:
            vals = dict(vals)
            carried.append(getattr(vals.pop("billing_entry_ids", None), "rows", ()))
            prepared.append(vals)
        lines = super().create(prepared)
        values = []
        for line, rows in zip(lines, carried, strict=True):
            for row in rows:
                row = {**row, "move_id": line.move_id.id, "move_line_id": line.id}
                if row["kind"] == "bill":
                    row["invoice_id"] = line.move_id.id
                values.append(row)
        if values:
            entries = self.env["consortium.billing.entry"]._write_rows(values)
            entries.filtered(lambda entry: entry.kind == "bill")._check_cap()
            entries.timesheet_line_id._mirror_billing()
        return lines

    def write(self, vals):
        """What is of the ledger stays so."""
        vals.pop("billing_entry_ids", None)
        if vals.keys() == {"partner_id"} and not self.filtered(
            lambda line: line.partner_id.id != vals["partner_id"]
        ):
            # Core says it of each invoice it has made, and looks at its taxes again.
            return True
        return super().write(vals)

    def unlink(self):
        """Lines of drafts give back the time that they bill."""
        billing = self.filtered(lambda line: line._is_of_ledger())
        if not billing:
            return super().unlink()
        Entry = self.env["consortium.billing.entry"]
        lines = Entry._of(billing.move_id, "draft").timesheet_line_id
        Entry._delete_with(billing)
        # They say what is no longer billed; posting makes them again.
        billing.move_id._hours_attachments().unlink()
        result = super().unlink()
        # Core unlinks all the time of the order lines.
        lines._mirror_billing()
        return result

    def _copy_data_extend_business_fields(self, values):
        """A credit note frees what the invoice still bills; the invoice that replaces
        it bills that again."""
        super()._copy_data_extend_business_fields(values)
        if self.is_true_up:
            values["is_true_up"] = True
        if not self._is_of_ledger():
            return
        reverse = "move_reverse_cancel" in self.env.context
        sign = self.move_id.direction_sign * (1 if reverse else -1)
        if self.is_at_cost_reserve:
            same = self.move_id.invoice_line_ids.filtered(
                lambda line: (
                    line.billing_rate_id
                    and line.sale_line_ids.order_id == self.sale_line_ids.order_id
                )
            )
            rows = [row for line in same for row in line._copied_rows(reverse)]
            values["is_at_cost_reserve"] = True
            values["quantity"] = 1
            values["price_unit"] = (
                sign * sum(row["reserve_cents"] for row in rows) / 100
            )
            return
        rows = self._copied_rows(reverse)
        minutes = sum(row["minutes"] for row in rows)
        cents = sum(row["cents"] for row in rows)
        values.update(
            {
                "billing_rate_id": self.billing_rate_id.id,
                "billing_center_id": self.billing_center_id.id,
                "billing_entry_ids": Rows(rows),
                "quantity": sign * minutes,
                "price_unit": cents / 100 / minutes if minutes else 0,
            }
        )

    def _copied_rows(self, reverse):
        """The rows of a document that undoes this line, or (not ``reverse``) of one
        that does again what was undone."""
        Entry = self.env["consortium.billing.entry"].sudo()
        entries = Entry.search([("move_line_id", "=", self.id)], order="id")
        times = entries.timesheet_line_id
        standing, freed = Entry._standing(times), Entry._last_freed(times)
        rows = []
        for line, mine in entries.grouped("timesheet_line_id").items():
            current = standing.get(line.id)
            last = mine[-1]
            if not reverse:
                if not current and line.id in freed:
                    free = Entry.browse(freed[line.id])
                    rows.append(free.reverses_id._bill_values(free))
            elif current and current.invoice_id == self.move_id:
                current._check_not_credited()
                rows.append(current._free_values())
            elif not current and last.kind == "free" and freed.get(line.id) == last.id:
                rows.append(last.reverses_id._bill_values(last))
        return rows

    def _prepare_analytic_distribution_line(
        self, distribution, account_ids, distribution_on_each_plan
    ):
        """Core copies the whole quantity on each part of a split line, so that they
        add up to several times what there was: each part has its share."""
        values = super()._prepare_analytic_distribution_line(
            distribution, account_ids, distribution_on_each_plan
        )
        values["unit_amount"] = self.quantity * distribution / 100
        return values
