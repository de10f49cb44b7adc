from collections import defaultdict
from fractions import Fraction

from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.billing import Reserve, continued
from ..tools.clock import clock


class Group:
    """The unbilled time of an order line at one center and rate."""

    def __init__(self, center, rate):
        self.center, self.rate = center, rate
        self.minutes = self.cents = self.reserve = self.late = 0
        self.days, self.rows = set(), []

    def add(self, row, day, late):
        self.rows.append(row)
        self.days.add(day)
        self.minutes += row["minutes"]
        self.cents += row["cents"]
        self.reserve += row["reserve_cents"]
        self.late += row["minutes"] if late else 0

    @property
    def late_time(self):
        return clock(self.late)


class Nothing(dict):
    """No analytic distribution, where it is known that there is none: core then looks
    for none line by line."""

    def __bool__(self):
        return True


class Proposal:
    """What the unbilled time of orders comes to, to the cent; see ``_propose_time``.

    And what core would ask for again for each invoice: found once for all of them.
    """

    def __init__(self):
        self.groups = defaultdict(dict)
        self.positions = {}
        self.journals = {}
        self.distributions = None

    def of(self, order_line):
        """The groups of an order line that an invoice can say."""
        return [g for g in self.groups[order_line.id].values() if g.minutes]


class SaleOrder(models.Model):
    _inherit = "sale.order"

    billing_position_id = fields.Many2one(
        "account.fiscal.position",
        string="Taxes Billed As",
        check_company=True,
        copy=False,
        tracking=True,
        help="Invoices of time follow the address of the payer, unless this says "
        "otherwise.",
    )
    billing_position_reason = fields.Char(
        string="Reason of These Taxes", copy=False, tracking=True
    )

    @api.constrains("billing_position_id", "billing_position_reason")
    def _check_billing_position(self):
        for order in self:
            reason = (order.billing_position_reason or "").strip()
            if order.billing_position_id and not reason:
                raise ValidationError(
                    self.env._(
                        "Say why %(order)s is not taxed by the address of its payer.",
                        order=order.name,
                    )
                )

    def _bills_time(self):
        """Is time sold here, to be billed as it is worked?"""
        return bool(self.order_line._time_lines())

    def _payer_position(self):
        """The fiscal position of the payer's own address, or the one chosen."""
        self.ensure_one()
        if self.billing_position_id:
            return self.billing_position_id
        proposal = self.env.context.get("billing_proposal")
        known = proposal.positions if proposal else {}
        payer = self.partner_invoice_id
        # What core looks at; payers of one address are many in a billing run.
        key = (
            self.company_id,
            payer.with_company(self.company_id).property_account_position_id,
            payer.country_id,
            payer.state_id,
            payer.zip,
            payer.vat,
        )
        if key not in known:
            known[key] = (
                self.env["account.fiscal.position"]
                .with_company(self.company_id)
                ._get_fiscal_position(payer)
            )
        return known[key]

    def _unbilled_domain(self, date_from=None, date_to=None):
        """Approved chargeable time that is on no invoice, of days included."""
        domain = (
            Domain("project_id", "!=", False)
            & Domain("approval_state", "=", "approved")
            & Domain("chargeable", "=", True)
            & Domain("timesheet_invoice_id", "=", False)
        )
        if date_from:
            domain &= Domain("date", ">=", date_from)
        if date_to:
            domain &= Domain("date", "<=", date_to)
        return domain

    def _propose_time(self, date_from=None, date_to=None):
        """What unbilled time comes to: whole entries, cumulative amounts.

        :param date_from, date_to: only time worked on these days, included
        :return: a ``Proposal``
        :raise UserError: time without a rate, an order in another currency
        """
        lines = self._unbilled_time(date_from, date_to)
        return self._proposal(lines)

    def _proposal(self, lines):
        """The proposal of entries of time: see ``_propose_time``."""
        if problems := lines._billing_problems():
            raise UserError(next(iter(problems.values())))
        proposal = Proposal()
        Entry = self.env["consortium.billing.entry"].sudo()
        freed = Entry._last_freed(lines)
        rows = self._cumulative_rows(lines, Entry._so_far(lines.order_id))
        for line in lines:
            groups = proposal.groups[line.so_line.id]
            key = (line.cost_center_id, line.hourly_rate_id)
            if key not in groups:
                groups[key] = Group(*key)
            row = {**rows[line], "follows_id": freed.get(line.id)}
            groups[key].add(row, line.date, line.is_late)
        return proposal

    def _unbilled_time(self, date_from=None, date_to=None):
        """Approved chargeable time of orders sold by the hour, on no invoice."""
        # Whoever invoices an order bills its time, whatever time they may read.
        lines = (
            self.env["account.analytic.line"]
            .sudo()
            .search_fetch(
                self._unbilled_domain(date_from, date_to)
                & Domain("order_id", "in", self.ids),
                [
                    "so_line", "order_id", "cost_center_id", "hourly_rate_id",
                    "minutes", "cost_date", "date", "is_late", "company_id",
                ],
                order="date, id",
            )
        )  # fmt: skip
        standing = self.env["consortium.billing.entry"].sudo()._standing(lines)
        sold = lines.so_line._time_lines()
        return lines.filtered(
            lambda line: line.id not in standing and line.so_line in sold
        )

    def _cumulative_rows(self, lines, so_far):
        """The row of the ledger for each entry of time; each cell (agreement, center,
        rate) has its cumulative cost, and the cumulative reserve on it.

        :param so_far: see ``_so_far``
        :return: ``{entry of time: values}``
        """
        cells = defaultdict(list)
        for line in lines:
            cell = (line.order_id.id, line.cost_center_id.id, line.hourly_rate_id)
            cells[cell].append(line)
        rows = {line: line._billing_values() for line in lines}
        years = self._reserve_years(lines, so_far)
        # In the order of the agreements, for what is left of a cap.
        for cell, times in sorted(cells.items(), key=lambda item: item[0][:2]):
            rate = cell[-1]
            worked, billed, _taken = so_far.get(cell, (0, 0, 0))
            minutes = [line.minutes for line in times]
            amounts = continued(Fraction(rate.rate_cents, 60), minutes, worked, billed)
            share, cap = rate._reserve_share(), rate._reserve_cap()
            for line, cents in zip(times, amounts, strict=True):
                reserve = years[line].of(cell, share, cents, cap)
                rows[line].update(cents=cents, reserve_cents=reserve)
        return rows

    def _reserve_years(self, lines, so_far):
        """``{entry of time: Reserve}``: that of the fiscal year that it counts in.

        What a cap kept from a year is not billed in another. Where no rate has a cap,
        all years are one, and nobody asks what they have taken.
        """
        if not any(rate._reserve_cap() for rate in lines.hourly_rate_id):
            return dict.fromkeys(lines, Reserve(cells=so_far))
        Entry = self.env["consortium.billing.entry"]
        found, years = {}, {}
        for (company, day), mine in lines.grouped(
            lambda line: (line.company_id, line.cost_date or line.date)
        ).items():
            dates = company.compute_fiscalyear_dates(day)
            year = (company, dates["date_from"], dates["date_to"])
            if year not in years:
                cells = Entry._so_far(lines.order_id, *year[1:])
                years[year] = Reserve(Entry._reserve_taken(company, day), cells)
            found |= dict.fromkeys(mine, years[year])
        return found

    def _lock_reserve(self):
        """One invoice at a time where the reserve has a cap: the second waits, then
        begins again and sees what the first took."""
        self.env.execute_query(
            SQL(
                "UPDATE consortium_rate_run SET reserve_cap = reserve_cap "
                "WHERE company_id = ANY(%s) AND kind = 'target' "
                "AND state = 'approved' AND reserve_cap > 0 RETURNING id",
                self.company_id.ids,
            )
        )

    def _prepare_invoice(self):
        values = super()._prepare_invoice()
        if self._bills_time():
            values["fiscal_position_id"] = self._payer_position().id
            if not values.get("journal_id"):
                values["journal_id"] = self._billing_journal().id
        if date := self.env.context.get("billing_date"):
            values["invoice_date"] = date
            if not values.get("invoice_payment_term_id"):
                # Core would have it due on the day that it is made.
                values["invoice_date_due"] = date
        if self.env.context.get("billing_sections"):
            values["invoice_line_ids"].append(
                Command.create(
                    {
                        "display_type": "line_section",
                        "name": self._billing_section(),
                        "sequence": 0,
                    }
                )
            )
        return values

    def _billing_journal(self):
        """The journal that core would look for, invoice by invoice."""
        proposal = self.env.context.get("billing_proposal")
        journals = proposal.journals if proposal else {}
        if self.company_id not in journals:
            move = self.env["account.move"].with_company(self.company_id)
            move = move.new({"move_type": "out_invoice"})
            journals[self.company_id] = move._search_default_journal()
        return journals[self.company_id]

    def _billing_section(self):
        """The title of the part of an agreement on an invoice of several."""
        beneficiary = self.partner_shipping_id
        if beneficiary.commercial_partner_id != self.partner_invoice_id:
            return f"{self.name} – {beneficiary.commercial_partner_id.name}"
        return self.name

    def _get_invoice_grouping_keys(self):
        keys = super()._get_invoice_grouping_keys()
        if self.env.context.get("billing_sections"):
            keys = [key for key in keys if key != "partner_shipping_id"]
        return keys

    def _create_invoices(self, grouped=False, final=False, date=None):
        """Time is billed through the ledger, whoever asks and however."""
        context = self.env.context
        start = context.get("timesheet_start_date")
        end = context.get("timesheet_end_date")
        proposal = context.get("billing_proposal")
        if not proposal:
            self._lock_reserve()
            proposal = self._propose_time(start, end)
        orders = self.with_context(billing_proposal=proposal)
        # Core reads these order by order.
        orders.order_line.fetch(["tax_ids", "invoice_lines"])
        moves = super(SaleOrder, orders)._create_invoices(grouped, final, date)
        if start or end:
            # What the period left out is to be invoiced again.
            lines = self.order_line.filtered("is_expense")
            lines |= self.order_line._time_lines()
            for name in ("qty_to_invoice", "invoice_status"):
                self.env.add_to_compute(lines._fields[name], lines)
        return moves.with_env(self.env(su=moves.env.su))

    def _create_account_invoices(self, invoice_vals_list, final):
        """The reserve of the time of each order, on a line of its own."""
        for values in invoice_vals_list:
            values["invoice_line_ids"] = self._with_reserve(values["invoice_line_ids"])
        return super()._create_account_invoices(invoice_vals_list, final)

    def _with_reserve(self, commands):
        """The same lines of an invoice, and the reserve after those of each order."""
        last, reserve = {}, defaultdict(int)
        for index, (_kind, _id, values) in enumerate(commands):
            for row in getattr(values.get("billing_entry_ids"), "rows", ()):
                last[row["order_id"]] = index
                reserve[row["order_id"]] += row["reserve_cents"]
        found = []
        for index, command in enumerate(commands):
            found.append(command)
            for order in (order for order, at in last.items() if at == index):
                if reserve[order]:
                    values = self.browse(order)._reserve_values(
                        command[2], reserve[order]
                    )
                    found.append(Command.create(values))
        return found

    def _reserve_values(self, hours, cents):
        """The invoice line of the reserve, taxed as the hours that it goes with."""
        account = self.company_id.sudo().reserve_account_id
        if not account:
            product = self.order_line._time_lines()[:1].product_id
            accounts = product.product_tmpl_id.with_company(
                self.company_id
            ).get_product_accounts()
            account = accounts["income"]
        return {
            "name": self.env._("Working-capital reserve"),
            "sequence": hours.get("sequence"),
            "quantity": 1,
            "price_unit": cents / 100,
            "account_id": account.id,
            "tax_ids": hours["tax_ids"],
            "sale_line_ids": hours["sale_line_ids"],
            "analytic_distribution": hours.get("analytic_distribution"),
            "is_at_cost_reserve": True,
            **self._entry_values(hours["tax_ids"], cents),
        }

    def _entry_values(self, tax_commands, cents):
        """What core would work out of a line of an invoice, then write line by line:
        its entry, which is in the currency of the company, and the boxes of the tax
        report.

        Core works it out all the same, and writes what differs.
        """
        taxes = self.env["account.tax"]
        taxes = taxes.union(*(taxes.browse(ids) for _set, _id, ids in tax_commands))
        parts = taxes.flatten_taxes_hierarchy().invoice_repartition_line_ids
        base = parts.filtered(lambda part: part.repartition_type == "base")
        return {
            "amount_currency": -cents / 100,
            "balance": -cents / 100,
            "tax_tag_ids": [Command.set(base.tag_ids.ids)],
        }
