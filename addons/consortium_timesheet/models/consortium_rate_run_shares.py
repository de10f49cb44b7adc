import json
from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.clock import clock
from ..tools.privacy import always_enough
from ..tools.true_up import (
    Share,
    at_price,
    counted_together,
    fixed_part,
    gaps,
    true_ups,
)


class ConsortiumRateRun(models.Model):
    """What a true-up is made of: the frozen cost, what was billed, what is left.

    Cells are ``(agreement, center code)``, an agreement ``(order id, whether it is the
    part at a fixed price)``.
    """

    _inherit = "consortium.rate.run"  # pylint: disable=R8180

    def _true_ups(self, together):
        """``{cell: TrueUp}`` from the frozen result, the ledger and earlier runs.

        :param together: the codes of ``_counted_together``
        """
        self.ensure_one()
        shares, fixed = self._final_shares(together)
        billed = {**self._billed_shares(), **self._price_shares(fixed)}
        return true_ups({**shares, **fixed}, billed, self._earlier_shares())

    def _final_shares(self, together):
        """``(shares at cost, shares at a fixed price)`` of the frozen cost, by cell.

        The centers of too few people share theirs as one.
        """
        final, weights = {}, {}
        for agreement, center, minutes, cost, at_rates, reserve, _billed in json.loads(
            self.result
        )["cells"]:
            cell = (int(agreement.rpartition("#")[2]), center)
            final[cell] = Share(minutes, cost, reserve)
            weights[cell] = at_rates
        final = counted_together(final, together, weights)
        minutes_fixed = self._fixed_minutes()
        shares, fixed = {}, {}
        for (order, center), share in final.items():
            at_cost, other = fixed_part(share, minutes_fixed[order, center])
            if other.minutes:
                fixed[(order, True), center] = other
            if at_cost.minutes or not other.minutes:
                shares[(order, False), center] = at_cost
        return shares, fixed

    def _counted_together(self):
        """The codes of the centers that share their cost as one, and whether enough
        people make it together.

        What an agreement pays of a center of fewer than three people would tell what
        one of them earns, were it alone.
        """
        result = json.loads(self.result)
        worked = {center for _agreement, center, *_figures in result["cells"]}
        stays = self.env["consortium.cost.center"]._stays_over(
            self.company_id, self.date_from, self.date_to, self._pools()
        )
        by_code = {code: stays.get(c.id, []) for code, c in self._centers().items()}
        few = {
            code
            for code in worked
            if not always_enough(by_code[code], self.date_from, self.date_to)
        }
        everybody = [stay for code in few for stay in by_code[code]]
        enough = always_enough(everybody, self.date_from, self.date_to)
        return few, not few or enough

    # At a fixed price

    def _fixed_domain(self):
        """The time that is not billed as it is delivered."""
        return Domain("so_line.qty_delivered_method", "!=", "timesheet") | Domain(
            "so_line.product_id.invoice_policy", "!=", "delivery"
        )

    def _fixed_minutes(self):
        """Minutes of the year sold at a fixed price, by order and center."""
        # The hours of all agreements, whatever projects the accountant follows.
        rows = (
            self.env["account.analytic.line"]
            .sudo()
            ._read_group(
                self._hours_domain() & self._fixed_domain(),
                ["order_id", "cost_center_id"],
                ["minutes:sum"],
            )
        )
        found, pools = defaultdict(int), self._pools()
        for order, center, minutes in rows:
            found[order.id, pools[center].code] += minutes
        return found

    def _price_shares(self, fixed):
        """What posted invoices of the year bring of fixed prices, by cell."""
        by_order = defaultdict(dict)
        for cell, share in fixed.items():
            by_order[cell[0][0]][cell] = share
        # Invoices of all agreements, whoever sells them.
        orders = self.env["sale.order"].sudo().browse(by_order)
        lines = orders.order_line
        billed = defaultdict(int)
        for item in (lines - lines._time_lines()).invoice_lines:
            move = item.move_id
            if (
                move.state == "posted"
                and self.date_from <= move.date <= self.date_to
                and not any(item.sale_line_ids.mapped("is_expense"))
            ):
                billed[item.sale_line_ids.order_id[:1].id] -= round(item.balance * 100)
        shares = {}
        for order, mine in by_order.items():
            shares.update(at_price(mine, billed[order]))
        return shares

    def _fixed_total(self, rows):
        """The cents that fixed prices leave to bear, in all."""
        return sum(row.amount for ((_order, fixed), _c), row in rows.items() if fixed)

    # At cost

    def _billed_shares(self):
        """What posted invoices bill of the time of the year, by cell."""
        billed = self.env["consortium.billing.entry"]._billed(
            self.company_id, self.date_from, self.date_to, pools=self._pools()
        )
        return self._by_cell(
            {((order, False), center): sums for (order, center), sums in billed.items()}
        )

    def _earlier_shares(self):
        """What approved true-ups of earlier runs of the year did, by cell."""
        rows = self.env["consortium.true.up"]._read_group(
            Domain("company_id", "=", self.company_id.id)
            & Domain("state", "=", "approved")
            & Domain("run_id", "!=", self.id)
            & Domain("run_id.date_from", "=", self.date_from),
            ["order_id", "is_fixed_price", "cost_center_id"],
            ["difference_cents:sum", "reserve_difference_cents:sum"],
        )
        found, pools = defaultdict(lambda: (0, 0, 0)), self._pools()
        for order, fixed, center, *cents in rows:
            cell = ((order.id, fixed), pools[center].id)
            found[cell] = tuple(map(sum, zip(found[cell], (0, *cents), strict=True)))
        return self._by_cell(found)

    def _by_cell(self, sums):
        """``{cell: Share}`` of sums by agreement and center."""
        centers = self.env["consortium.cost.center"].browse({c for _a, c in sums})
        codes = {center.id: center.code for center in centers}
        return {
            (agreement, codes[center]): Share(*amounts)
            for (agreement, center), amounts in sums.items()
        }

    # Rows, and whether they close

    def _true_up_figures(self, row):
        return {
            "minutes": row.final.minutes,
            "billed_minutes": row.billed.minutes,
            "cost_cents": row.final.cost,
            "billed_cents": row.billed.cost,
            "earlier_cents": row.earlier.cost,
            "difference_cents": row.cost,
            "reserve_cents": row.final.reserve,
            "reserve_billed_cents": row.billed.reserve,
            "reserve_earlier_cents": row.earlier.reserve,
            "reserve_difference_cents": row.reserve,
        }

    def _rows_by_cell(self):
        """``{cell: record}`` of the true-up as it was established."""
        return {
            ((row.order_id.id, row.is_fixed_price), row.cost_center_id.code): row
            for row in self.sudo().true_up_ids
        }

    def _check_same(self, rows):
        """:raise UserError: invoices, or rows, changed since it was established"""
        stored = self._rows_by_cell()
        same = set(stored) == set(rows) and all(
            stored[cell][name] == value
            for cell, row in rows.items()
            for name, value in self._true_up_figures(row).items()
        )
        if not same:
            raise UserError(
                self.env._(
                    "What is billed changed since the true-up was established: "
                    "establish it again, and look at it."
                )
            )

    def _gap_sentences(self, rows, together, enough):
        """What keeps the true-up from closing, and where; empty: it closes.

        :param rows: those of ``_true_ups``
        :param together, enough: what ``_counted_together`` gives
        """
        self.ensure_one()
        result = json.loads(self.result)
        totals = {code: row["total"] for code, row in result["centres"].items()}
        sentences = [
            self._gap_sentence(gap)
            for gap in gaps(rows, totals, result["reserve"], together)
        ]
        if not enough:
            sentences.append(
                self.env._(
                    "%(centers)s: fewer than three people, even together; what an "
                    "agreement pays would tell what one of them earns. Count them with "
                    "another center, and compute a run again.",
                    centers=", ".join(sorted(together)),
                )
            )
        if self._fixed_total(rows) and not (self.fixed_price_source or "").strip():
            sentences.append(
                self.env._(
                    "Fixed prices leave %(amount)s between what their hours cost and "
                    "what was billed: say which source bears it.",
                    amount=self.currency_id.format(self._fixed_total(rows) / 100),
                )
            )
        return sentences

    def _gap_sentence(self, gap):
        money = self.currency_id.format
        about = gap.agreement and {
            # Its number, whoever coordinates it.
            "agreement": self.env["sale.order"].sudo().browse(gap.agreement[0]).name,
            "center": gap.centre,
        }
        if gap.code == "unbilled":
            return self.env._(
                "%(agreement)s, %(center)s: %(time)s h of the year are on no "
                "posted invoice: bill them first.",
                time=clock(gap.amount),
                **about,
            )
        if gap.code == "overbilled":
            return self.env._(
                "%(agreement)s, %(center)s: %(time)s h more were billed than the "
                "run counts: credit them, or make another run.",
                time=clock(-gap.amount),
                **about,
            )
        if gap.code == "centre":
            return self.env._(
                "%(center)s: %(amount)s of its cost is neither billed nor trued up.",
                center=gap.centre,
                amount=money(gap.amount / 100),
            )
        return self.env._(
            "%(amount)s of the reserve is neither billed nor trued up.",
            amount=money(gap.amount / 100),
        )
