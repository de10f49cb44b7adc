from collections import defaultdict

from odoo import api, fields, models
from odoo.addons.consortium_base.tools.frozen import keep_frozen, unchanged_but
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.clock import clock


class ConsortiumBillingEntry(models.Model):
    """The ledger of what was billed: whole entries of time, to the cent.

    A row bills an entry of time on a line of an invoice, or frees it again. It is a
    draft while its invoice is one, follows it when it is posted, and never changes
    afterwards: a trigger keeps it, and a correction is another row. No stored compute
    here: the trigger would refuse what the ORM writes after an INSERT.
    """

    _name = "consortium.billing.entry"
    _description = "Billing Entry"
    _order = "id desc"
    _rec_name = "timesheet_line_id"
    _check_company_auto = True

    kind = fields.Selection(
        [("bill", "Billed"), ("free", "Freed")], required=True, readonly=True
    )
    state = fields.Selection(
        [("draft", "Draft Invoice"), ("posted", "Posted"), ("released", "Cancelled")],
        required=True,
        default="draft",
        readonly=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    timesheet_line_id = fields.Many2one(
        "account.analytic.line",
        string="Time",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    order_line_id = fields.Many2one(
        "sale.order.line",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    order_id = fields.Many2one(
        "sale.order",
        string="Agreement",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    cost_center_id = fields.Many2one(
        "consortium.cost.center", required=True, readonly=True, ondelete="restrict"
    )
    rate_id = fields.Many2one(
        "consortium.hourly.rate", required=True, readonly=True, ondelete="restrict"
    )
    minutes = fields.Integer(required=True, readonly=True, aggregator="sum")
    cents = fields.Integer(
        required=True, readonly=True, aggregator="sum", export_string_translation=False
    )
    reserve_cents = fields.Integer(
        required=True, readonly=True, aggregator="sum", export_string_translation=False
    )
    amount = fields.Monetary(compute="_compute_amount")
    reserve = fields.Monetary(compute="_compute_amount")
    cost_date = fields.Date(
        string="Counted On",
        required=True,
        readonly=True,
        help="The day that the time counts on in the cost of a year.",
    )
    date = fields.Date(
        readonly=True, help="The accounting date of the invoice or credit note."
    )
    move_id = fields.Many2one(
        "account.move",
        string="Document",
        readonly=True,
        index=True,
        ondelete="set null",
        help="The invoice or credit note that this row is of.",
    )
    move_line_id = fields.Many2one(
        "account.move.line", readonly=True, index=True, ondelete="set null"
    )
    invoice_id = fields.Many2one(
        "account.move",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The invoice that bills the time while this row stands.",
    )
    document = fields.Char(
        string="Number", readonly=True, help="The number of the document once posted."
    )
    follows_id = fields.Many2one(
        "consortium.billing.entry",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The row that freed the time before this one bills it again.",
    )
    reverses_id = fields.Many2one(
        "consortium.billing.entry",
        readonly=True,
        ondelete="restrict",
        help="The row that bills, which this one takes back.",
    )

    _billed_once = models.UniqueIndex(
        "(timesheet_line_id, (coalesce(follows_id, 0))) "
        "WHERE kind = 'bill' AND state <> 'released'",
        "Some of this time is already on an invoice, perhaps made by somebody else "
        "just now: look at the agreement again.",
    )
    _freed_once = models.UniqueIndex(
        "(reverses_id) WHERE kind = 'free' AND state <> 'released'",
        "Some of this time is already credited, perhaps by a draft credit note: look "
        "at the invoice again.",
    )
    _kinds = models.Constraint(
        "CHECK (CASE kind WHEN 'free' THEN reverses_id IS NOT NULL "
        "AND follows_id IS NULL ELSE reverses_id IS NULL END)",
        "What frees time names what billed it.",
    )
    _of_a_document = models.Constraint(
        "CHECK (state = 'posted' OR move_line_id IS NOT NULL)",
        "A draft invoice keeps the time that it bills: delete the invoice itself.",
    )
    _dated = models.Constraint(
        "CHECK (state <> 'posted' OR date IS NOT NULL)",
        "What is billed never changes: credit it, with a reason.",
    )
    _order_idx = models.Index(
        "(order_id, cost_center_id, rate_id) INCLUDE (kind, state, minutes, cents, "
        "reserve_cents)"
    )
    _cost_idx = models.Index(
        "(company_id, cost_date, order_id, cost_center_id) WHERE state = 'posted'"
    )

    def init(self):
        """Posted rows stay, whoever writes: they may only lose the link to a document
        that was deleted. The uninstall hook drops the function."""
        result = super().init()
        links = ("move_id", "move_line_id", "invoice_id")
        lost = (
            f"coalesce(NEW.{link}, OLD.{link}, 0) = coalesce(OLD.{link}, 0)"
            for link in links
        )
        keep_frozen(
            self.env.cr,
            self._table,
            frozen="OLD.state = 'posted'",
            allowed=" AND ".join((unchanged_but(*links), *lost)),
            constraint="consortium_billing_entry_dated",
        )
        return result

    @api.depends("cents", "reserve_cents")
    def _compute_amount(self):
        for entry in self:
            entry.amount = entry.cents / 100
            entry.reserve = entry.reserve_cents / 100

    @api.ondelete(at_uninstall=False)
    def _unlink_not_posted(self):
        if self.filtered(lambda entry: entry.state == "posted"):
            raise UserError(
                self.env._("What is billed never changes: credit it, with a reason.")
            )

    # What was billed

    @api.model
    def _posted_domain(self, company, date_from=None, date_to=None, at=None):
        """Posted rows of a company, in all or for the time of some days.

        :param date_from, date_to: days that the time counts on (``cost_date``),
            included: a year of cost, whenever it was billed
        :param at: only what was billed or freed up to that accounting date, included
        """
        domain = Domain("company_id", "=", company.id) & Domain("state", "=", "posted")
        if date_from:
            domain &= Domain("cost_date", ">=", date_from)
        if date_to:
            domain &= Domain("cost_date", "<=", date_to)
        if at:
            domain &= Domain("date", "<=", at)
        return domain

    @api.model
    def _billed(self, company, date_from=None, date_to=None, at=None, pools=None):
        """What was billed by agreement and center, credits taken off: one query.

        :param date_from, date_to, at: see ``_posted_domain``
        :param pools: ``{center: the center that counts it}`` of a run; none: of today
        :return: ``{(order id, center id): (minutes, cents, reserve cents)}``, by the
            center that counts
        """
        rows = self.sudo()._read_group(
            self._posted_domain(company, date_from, date_to, at),
            ["order_id", "cost_center_id"],
            ["minutes:sum", "cents:sum", "reserve_cents:sum"],
        )
        found = defaultdict(lambda: (0, 0, 0))
        for order, center, *sums in rows:
            key = (order.id, (pools[center] if pools else center._pool()).id)
            found[key] = tuple(map(sum, zip(found[key], sums, strict=True)))
        return dict(found)

    @api.model
    def _billed_by_order(self, company, date_from=None, date_to=None, at=None):
        """``{order id: (minutes, cents, reserve cents)}``: see ``_billed``."""
        found = defaultdict(lambda: (0, 0, 0))
        for (order, _center), sums in self._billed(
            company, date_from, date_to, at
        ).items():
            found[order] = tuple(map(sum, zip(found[order], sums, strict=True)))
        return dict(found)

    @api.model
    def _standing(self, lines):
        """The rows by which entries of time are on an invoice, drafts included.

        :return: ``{entry of time id: row}``: bills that no posted row took back
        """
        if not lines:
            return {}
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT bill.timesheet_line_id, bill.id
                  FROM consortium_billing_entry bill
                 WHERE bill.timesheet_line_id = ANY(%s)
                   AND bill.kind = 'bill' AND bill.state <> 'released'
                   AND NOT EXISTS (
                       SELECT FROM consortium_billing_entry free
                        WHERE free.reverses_id = bill.id AND free.state = 'posted')
                """,
                list(lines.ids),
            )
        )
        return {line: self.browse(entry) for line, entry in rows}

    @api.model
    def _last_freed(self, lines):
        """``{entry of time id: id of the last row that freed it}``."""
        rows = self.sudo()._read_group(
            Domain("timesheet_line_id", "in", lines.ids)
            & Domain("kind", "=", "free")
            & Domain("state", "=", "posted"),
            ["timesheet_line_id"],
            ["id:max"],
        )
        return {line.id: last for line, last in rows}

    @api.model
    def _reserve_taken(self, company, day):
        """The cents of reserve, on invoices and drafts, of the time of a fiscal year.

        :param day: any day of the year
        """
        year = company.compute_fiscalyear_dates(day)
        ((cents,),) = self.sudo()._read_group(
            self._counted_domain()
            & Domain("company_id", "=", company.id)
            & Domain("cost_date", ">=", year["date_from"])
            & Domain("cost_date", "<=", year["date_to"]),
            [],
            ["reserve_cents:sum"],
        )
        return cents or 0

    def _check_cap(self):
        """Time that is billed again as it was may find that others took its reserve.

        :raise UserError: the reserve of the year is above its cap with these rows
        """
        capped = self.filtered(
            lambda row: row.reserve_cents > 0 and row.rate_id._reserve_cap()
        )
        years = {}
        for row in capped:
            year = row.company_id.compute_fiscalyear_dates(row.cost_date)
            years[row.rate_id, year["date_from"]] = row
        for row in years.values():
            taken = self._reserve_taken(row.company_id, row.cost_date)
            if taken > row.rate_id._reserve_cap():
                raise UserError(
                    self.env._(
                        "The reserve of the year has reached its cap (%(amount)s) "
                        "meanwhile: make another document from %(order)s instead.",
                        amount=row.currency_id.format(row.rate_id._reserve_cap() / 100),
                        order=row.order_id.name,
                    )
                )

    @api.model
    def _counted_domain(self):
        """What is on invoices, drafts included; a draft credit note frees nothing."""
        return Domain("state", "=", "posted") | (
            Domain("state", "=", "draft") & Domain("kind", "=", "bill")
        )

    @api.model
    def _so_far(self, orders, date_from=None, date_to=None):
        """What is on invoices, drafts included, by agreement, center and rate.

        :param date_from, date_to: only time that counts on these days, included
        :return: ``{(order id, center id, rate): (minutes, cents, reserve cents)}``
        """
        domain = Domain("order_id", "in", orders.ids) & self._counted_domain()
        if date_from:
            domain &= Domain("cost_date", ">=", date_from)
            domain &= Domain("cost_date", "<=", date_to)
        rows = self.sudo()._read_group(
            domain,
            ["order_id", "cost_center_id", "rate_id"],
            ["minutes:sum", "cents:sum", "reserve_cents:sum"],
        )
        return {
            (order.id, center.id, rate): sums for order, center, rate, *sums in rows
        }

    def _printed(self):
        """A row of the detail of hours."""
        line = self.timesheet_line_id
        return {
            "date": line.date,
            "who": line.employee_id.name,
            "what": line.name,
            "late": line.is_late,
            **self._printed_sums(),
        }

    def _printed_sums(self):
        return {
            "time": clock(sum(self.mapped("minutes"))),
            "amount": sum(self.mapped("cents")) / 100,
        }
