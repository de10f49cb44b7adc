from collections import defaultdict
from fractions import Fraction

from odoo import Command, api, fields, models
from odoo.fields import Domain

from ..tools.apportionment import half_up
from .account_move_line import Rows
from .sale_order import Nothing


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    billing_entry_ids = fields.One2many(
        "consortium.billing.entry", "order_line_id", export_string_translation=False
    )

    @api.depends("timesheet_ids.approval_state", "timesheet_ids.chargeable")
    def _compute_qty_delivered(self):
        return super()._compute_qty_delivered()

    @api.depends("product_id.service_policy")
    def _compute_remaining_hours_available(self):
        """Core asks for the unit of hours for each line, prepaid or not."""
        prepaid = self.filtered(
            lambda line: line.product_id.service_policy == "ordered_prepaid"
        )
        (self - prepaid).remaining_hours_available = False
        return super(SaleOrderLine, prepaid)._compute_remaining_hours_available()

    def _sold_center(self):
        """The cost center that what is sold is of, if it names one.

        Addons that know more of what is sold say it. Empty for no line.
        """
        product = self.product_id.with_company(self.company_id)
        return product.cost_center_id

    def _timesheet_compute_delivered_quantity_domain(self):
        """Delivered, so to be invoiced: approved chargeable time, and no other."""
        return list(
            Domain(super()._timesheet_compute_delivered_quantity_domain())
            & Domain("approval_state", "=", "approved")
            & Domain("chargeable", "=", True)
        )

    def _time_lines(self):
        """The lines billed by the time worked: the ledger says what is invoiced."""
        return self.filtered(
            lambda line: (
                line.qty_delivered_method == "timesheet"
                and line.product_id.invoice_policy == "delivery"
            )
        )

    def _get_invoice_lines(self):
        lines = super()._get_invoice_lines()
        if self.env.context.get("outside_ledger"):
            lines = lines.filtered(
                lambda line: not (line._is_of_ledger() or line.is_true_up)
            )
        return lines

    @api.depends("billing_entry_ids.state", "billing_entry_ids.minutes")
    def _compute_qty_invoiced(self):
        return super()._compute_qty_invoiced()

    def _prepare_qty_invoiced(self):
        """Of time, the whole minutes that the ledger has on invoices, drafts included;
        what was invoiced before there was a ledger, as core counts it."""
        times = self._time_lines()
        quantities = super(SaleOrderLine, self - times)._prepare_qty_invoiced()
        before = times.with_context(outside_ledger=True)
        quantities.update(super(SaleOrderLine, before)._prepare_qty_invoiced())
        for line, quantity in times._ledger_quantities().items():
            quantities[line] += quantity
        return quantities

    @api.depends("billing_entry_ids.state", "billing_entry_ids.minutes")
    def _compute_qty_invoiced_posted(self):
        times = self._time_lines()
        before = times.with_context(outside_ledger=True)
        result = super(SaleOrderLine, self - times)._compute_qty_invoiced_posted()
        super(SaleOrderLine, before)._compute_qty_invoiced_posted()
        for line, quantity in times._ledger_quantities(posted=True).items():
            line.qty_invoiced_posted += quantity
        return result

    def _ledger_quantities(self, posted=False):
        """``{line: quantity on invoices}`` in the unit of each line.

        :param posted: without draft invoices; a draft credit note frees nothing yet
        """
        counted = Domain("state", "=", "posted")
        if accrual := self.env.context.get("accrual_entry_date"):
            counted &= Domain("date", "<=", accrual)
        elif not posted:
            counted |= Domain("state", "=", "draft") & Domain("kind", "=", "bill")
        # Whoever sells sees how much of it is invoiced.
        rows = (
            self.env["consortium.billing.entry"]
            .sudo()
            ._read_group(
                Domain("order_line_id", "in", self.ids) & counted,
                ["order_line_id"],
                ["minutes:sum"],
            )
        )
        return {
            self.browse(line.id): self.browse(line.id)._in_own_unit(minutes)
            for line, minutes in rows
        }

    def _unit(self, name):
        """The id of a unit of time, without a query."""
        return self.env["ir.model.data"]._xmlid_to_res_id(f"uom.product_uom_{name}")

    def _in_own_unit(self, minutes):
        """Whole minutes, as a quantity of what the line is sold by."""
        hour = self.env["uom.uom"].browse(self._unit("hour"))
        if self.product_uom_id in (hour, hour.browse()):
            return minutes / 60
        return hour._compute_quantity(
            minutes / 60, self.product_uom_id, rounding_method="HALF-UP"
        )

    def _recompute_qty_to_invoice(self, start_date, end_date):
        """To invoice for a period: the time that the ledger has on no invoice."""
        times = self._time_lines()
        proposal = self.env.context.get("billing_proposal")
        proposal = proposal or times.order_id._propose_time(start_date, end_date)
        for line in times:
            minutes = sum(group.minutes for group in proposal.of(line))
            status = line.invoice_status
            line.qty_to_invoice = line._in_own_unit(minutes)
            if not minutes:
                line.invoice_status = status

    @api.depends("qty_invoiced_posted")
    def _compute_untaxed_amount_to_invoice(self):
        """Of time: what it is worth at the rates it was approved at, not at the price
        of the order. Its true-up is invoiced beside it."""
        result = super()._compute_untaxed_amount_to_invoice()
        times = self._time_lines().filtered(lambda line: line.state == "sale")
        for line, cents in times._delivered_cents().items():
            settled = sum(
                -item.move_id.direction_sign * item.price_subtotal
                for item in line.invoice_lines
                if item.is_true_up and item.parent_state == "posted"
            )
            line.untaxed_amount_to_invoice = (
                cents / 100 + settled - line.untaxed_amount_invoiced
            )
        return result

    @api.depends("untaxed_amount_to_invoice")
    def _compute_amount_to_invoice(self):
        """With taxes, in the proportion of the order's own line."""
        result = super()._compute_amount_to_invoice()
        for line in self._time_lines():
            taxed = line.price_total / line.price_subtotal if line.price_subtotal else 1
            line.amount_to_invoice = line.untaxed_amount_to_invoice * taxed
        return result

    def _delivered_cents(self):
        """``{line: cents}`` of approved chargeable time, reserve included."""
        # Whoever sells sees what is to be invoiced, whatever time they may read.
        rows = (
            self.env["account.analytic.line"]
            .sudo()
            ._read_group(
                Domain("so_line", "in", self.ids)
                & Domain(self._timesheet_compute_delivered_quantity_domain()),
                ["so_line", "hourly_rate_id"],
                ["minutes:sum"],
            )
        )
        found = dict.fromkeys(self, 0)
        billed = self._capped_reserves(rate for _line, rate, _minutes in rows)
        for line, rate, minutes in rows:
            cents = half_up(Fraction(rate.rate_cents * minutes, 60))
            reserve = half_up(rate._reserve_share() * cents)
            if rate in billed:
                done, room = billed[rate].get(line.id, 0), billed[rate]["room"]
                reserve = done + min(reserve - done, room)
            found[self.browse(line.id)] += cents + reserve
        return found

    def _capped_reserves(self, rates):
        """``{rate: {line id: cents of reserve billed, "room": cents left}}`` of the
        rates whose reserve has a cap."""
        capped = {rate for rate in rates if rate._reserve_cap()}
        if not capped:
            return {}
        Entry = self.env["consortium.billing.entry"].sudo()
        found = {}
        for rate in capped:
            taken = Entry._reserve_taken(rate.company_id, rate.date_start)
            found[rate] = {"room": max(0, rate._reserve_cap() - taken)}
        for line, rate, cents in Entry._read_group(
            Domain("order_line_id", "in", self.ids)
            & Domain("rate_id", "in", [rate.id for rate in capped])
            & Domain("state", "=", "posted"),
            ["order_line_id", "rate_id"],
            ["reserve_cents:sum"],
        ):
            found[rate][line.id] = cents
        return found

    def _prepare_invoice_lines_vals_list(self, **optional_values):
        """Of time: a line for each center and rate, in whole minutes, to the cent."""
        order = self.order_id
        if distribution := self._known_distribution():
            optional_values = {**optional_values, "analytic_distribution": distribution}
        values = super()._prepare_invoice_lines_vals_list(**optional_values)
        if not self.display_type and order._bills_time():
            for each in values:
                self._tax_for_payer(each)
        if self.is_expense:
            for each in values:
                self._at_cost(each)
        if not self._time_lines():
            return values
        proposal = self.env.context.get("billing_proposal")
        proposal = proposal or order._propose_time()
        return [
            {**values[0], **self._time_values(values[0], group)}
            for group in proposal.of(self)
        ]

    def _known_distribution(self):
        """The analytic distribution that core would look for, line by line.

        :return: nothing when core is to look for it; ``Nothing`` when there is none
        """
        proposal = self.env.context.get("billing_proposal")
        known = self.analytic_distribution or self.project_id or self.task_id
        if not (proposal and self._time_lines()) or known:
            return None
        if proposal.distributions is None:
            proposal.distributions = self._project_distributions(list(proposal.groups))
        return proposal.distributions.get(self.id)

    def _project_distributions(self, line_ids):
        """``{line id: distribution}``: that of the one analytic account of the projects
        and tasks of each line, as core finds it; two queries."""
        # Accounts of all agreements, whatever projects the accountant follows.
        projects = self.env["project.project"].sudo()
        tasks = self.env["project.task"].sudo()
        accounts = defaultdict(set)
        for line, account in projects._read_group(
            [("sale_line_id", "in", line_ids), ("account_id", "!=", False)],
            ["sale_line_id", "account_id"],
        ):
            accounts[line.id].add(account.id)
        for line, project in tasks._read_group(
            [
                ("sale_line_id", "in", line_ids),
                ("project_id.account_id", "!=", False),
            ],
            ["sale_line_id", "project_id"],
        ):
            accounts[line.id].add(project.account_id.id)
        models = self.env["account.analytic.distribution.model"].sudo()
        none = None if models.search_count([], limit=1) else Nothing()
        found = dict.fromkeys(line_ids, none)
        for line, ids in accounts.items():
            if len(ids) == 1:
                found[line] = {str(account): 100 for account in ids}
        return found

    def _tax_for_payer(self, values):
        """Taxes follow the payer; core's are those of the delivery address."""
        order = self.order_id
        position = order._payer_position()
        if position != order.fiscal_position_id:
            taxes = self.product_id.taxes_id._filter_taxes_by_company(self.company_id)
            values["tax_ids"] = [Command.set(position.map_tax(taxes).ids)]

    def _at_cost(self, values):
        """A disbursement is passed on at its very cost: core rounds the unit price."""
        quantity = values.get("quantity")
        if not quantity or self.product_id.expense_policy != "cost":
            return
        # What it cost is in the books, which whoever sells may not read.
        lines = self.sudo().analytic_line_ids
        if end := self.env.context.get("expenses_end_date"):
            lines = lines.filtered(lambda line: line.date <= end)
        cost = -sum(lines.mapped("amount"))
        invoiced = sum(
            line.price_subtotal * -line.move_id.direction_sign
            for line in self.sudo().invoice_lines
            if line.parent_state != "cancel"
        )
        left = self.currency_id.round(cost - invoiced)
        if abs(left - quantity * self.price_unit) <= 0.005 * (abs(quantity) + 1):
            values["price_unit"] = left / quantity

    def _expenses_due(self, end):
        """Disbursements to invoice up to a day included.

        :return: ``{line: quantity}`` of the lines that have any to invoice
        """
        lines = self.filtered(lambda line: line.is_expense and line.qty_to_invoice > 0)
        # As core counts them; what it cost is in the books.
        delivered = lines.sudo()._get_delivered_quantity_by_analytic(
            [("amount", "<=", 0), ("date", "<=", end)]
        )
        return {
            line: max(
                0, min(line.qty_to_invoice, delivered[line.id] - line.qty_invoiced)
            )
            for line in lines
        }

    def _invoiced_for(self, quantity):
        """What an invoice says of so much of a line, before taxes."""
        values = {
            "quantity": quantity,
            "price_unit": self.price_unit,
            "tax_ids": [Command.set(self.tax_ids.ids)],
        }
        if self.order_id._bills_time():
            self._tax_for_payer(values)
        if self.is_expense:
            self._at_cost(values)
        price = values["price_unit"] * (1 - self.discount / 100)
        taxes = self.env["account.tax"].browse(values["tax_ids"][0][2])
        if any(taxes.mapped("price_include")):
            return taxes.compute_all(
                price, self.currency_id, quantity, self.product_id
            )["total_excluded"]
        return self.currency_id.round(price * quantity)

    def _time_values(self, values, group):
        """What an invoice line of time says: minutes, and the cents they come to."""
        days = sorted(group.days)
        name = self.env._("From %(start)s to %(end)s", start=days[0], end=days[-1])
        if group.center.name not in values["name"]:
            name = f"{group.center.name}\n{name}"
        if group.late:
            name = self.env._(
                "%(name)s (of which %(time)s h late)", name=name, time=group.late_time
            )
        if isinstance(values.get("analytic_distribution"), Nothing):
            values["analytic_distribution"] = False
        return {
            "name": f"{values['name']}\n{name}",
            "quantity": group.minutes,
            "product_uom_id": self._unit("minute"),
            "price_unit": group.cents / 100 / group.minutes,
            "discount": 0,
            "billing_rate_id": group.rate.id,
            "billing_center_id": group.center.id,
            "billing_entry_ids": Rows(group.rows),
            **self.order_id._entry_values(values["tax_ids"], group.cents),
        }
