from collections import defaultdict
from fractions import Fraction

from odoo import models
from odoo.addons.consortium_timesheet.tools.apportionment import half_up


class SaleOrder(models.Model):
    """What an agreement costs: at provisional rates, and as the year turns out."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    def _follow_up(self):
        """Also what the hours cost; see ``_cost_position``."""
        return {**super()._follow_up(), "cost": self._cost_position()}

    def _cost_position(self):
        """What the hours cost until today, as plain values for the portal.

        :return: ``rows`` by center (hours approved and waiting, provisional cost) and
            their ``total``; ``year``: what an hour really costs so far, where three
            people or more make that cost, and by how much that is over what the hours
            of the agreement were charged. ``None`` before the first hour.
        """
        self.ensure_one()
        rows = self._provisional_rows()
        if not rows:
            return None
        # Approved true-ups of this agreement, which the user was found to read.
        true_ups = self.sudo()._told_true_ups()
        return {
            "true_ups": [
                {
                    "run": mine.run_id.id,
                    "start": mine.run_id.date_from,
                    "end": mine.run_id.date_to,
                    "cents": mine._cents(),
                    "amount": self._cents_text(abs(mine._cents())),
                    "settlement": mine[0].settlement,
                }
                for mine in true_ups.grouped("run_id").values()
            ],
            "rows": [
                {
                    "name": center.name,
                    "approved": self._hours_text(row["approved"]),
                    "pending": self._hours_text(row["pending"])
                    if row["pending"]
                    else "",
                    "cost": self._cents_text(row["cost"]),
                }
                for center, row in rows.items()
            ],
            "total": self._cents_text(sum(row["cost"] for row in rows.values())),
            "year": self._year_position(),
        }

    def _cents_text(self, cents):
        return self._money_text(f"{cents / 100:.2f}")

    def _provisional_rows(self):
        """``{center: minutes approved and pending, cents of the approved ones}``.

        Each rate is rounded once for all its minutes, as cumulative billing does.
        """
        groups = (
            self.env["account.analytic.line"]
            .sudo()  # totals of all who work for the member
            ._read_group(
                [
                    ("order_id", "=", self.id),
                    ("project_id", "!=", False),
                    ("chargeable", "=", True),
                    ("cost_center_id", "!=", False),
                ],
                ["cost_center_id", "hourly_rate_id", "approval_state"],
                ["minutes:sum"],
            )
        )
        at_rate, rows = defaultdict(int), {}
        for center, rate, state, minutes in groups:
            pool = center._pool()
            row = rows.setdefault(pool, {"approved": 0, "pending": 0, "cost": 0})
            row["approved" if state == "approved" else "pending"] += minutes
            if state == "approved":
                at_rate[pool, rate.rate_cents] += minutes
        for (pool, cents), minutes in at_rate.items():
            rows[pool]["cost"] += half_up(Fraction(cents * minutes, 60))
        return dict(sorted(rows.items(), key=lambda item: item[0].code))

    def _year_position(self):
        """What an hour costs in the year that is followed, and what follows for these
        hours; ``None`` if nothing was computed, or nothing of it may be told."""
        # Figures of centers, and those of this agreement; see the filter below.
        runs = self.env["consortium.rate.run"].sudo()
        run = runs._told_to_members(self.company_id)
        cells = self.env["consortium.rate.run.cell"].sudo()
        cells = cells.search(
            [
                ("run_id", "=", run.id),
                ("order_id", "=", self.id),
                ("minutes", ">", 0),
            ]
        )
        told = (
            self.env["consortium.cost.center"]
            .sudo()
            ._told_over(self.company_id, run.date_from, run.date_to, run._pools())
            if cells
            else self.env["consortium.cost.center"]
        )
        shown = cells.filtered(lambda cell: cell.cost_center_id in told)
        if not shown:
            return None
        of_center = {row.cost_center_id: row for row in run.center_ids}
        rows = [
            self._year_row(cell, of_center[cell.cost_center_id])
            for cell in shown.sorted(lambda cell: cell.cost_center_id.code)
        ]
        total = sum(row["cents"] for row in rows)
        return {
            "start": run.date_from,
            "end": run.date_to,
            "final": run.state == "approved",
            "rows": rows,
            "hidden": len(cells) - len(shown),
            "cents": total,
            "difference": self._cents_text(abs(total)),
        }

    def _year_row(self, cell, row):
        """A center: an hour of it, direct and support, and the difference."""
        whole, direct, support = row._hour()
        cents = round(cell.difference * 100)
        return {
            "name": cell.cost_center_id.name,
            "hour": self._cents_text(whole),
            "direct": self._cents_text(direct),
            "support": self._cents_text(support),
            "charged": self._cents_text(
                half_up(Fraction(round(cell.provisional * 100) * 60, cell.minutes))
            ),
            "cents": cents,
            "difference": self._cents_text(abs(cents)),
        }
