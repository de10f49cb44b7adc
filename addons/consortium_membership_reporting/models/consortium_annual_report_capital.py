from datetime import date

from odoo import models
from odoo.addons.consortium_reporting.tools.periods import label
from odoo.tools import SQL

NEVER = (date.max, date.max)  # a fiscal year after all others
MOVEMENTS = ("opening", "issue", "redemption", "other")


class ConsortiumAnnualReport(models.Model):
    """Article 132, 4.1: the state of capital, requests for redemption, forecast."""

    _inherit = "consortium.annual.report"  # pylint: disable=consider-merging-classes-inherited

    def _section_capital(self):
        return [
            *self._capital_blocks(),
            *self._redemption_blocks(),
            *super()._section_capital(),
        ]

    def _capital_movements(self):
        """Number and cents of shares by class and movement of the year, in one query.

        A transfer adds and takes away as much: it moves nothing here.

        :return: ``{share class: {movement: (quantity, cents)}}``
        """
        self.env["consortium.share.entry"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT share_class_id,
                       CASE WHEN date < %(first)s THEN 'opening'
                            WHEN kind IN ('issue', 'redemption') THEN kind
                            ELSE 'other' END,
                       SUM(quantity)::bigint,
                       ROUND(SUM(quantity * unit_price) * 100)::bigint
                  FROM consortium_share_entry
                 WHERE company_id = %(company)s AND date <= %(last)s
                 GROUP BY 1, 2
                """,
                first=self.date_from,
                last=self.date_to,
                company=self.company_id.id,
            )
        )
        movements = {}
        for share_class, movement, quantity, amount in rows:
            movements.setdefault(share_class, {})[movement] = (quantity, amount)
        # Their names head the rows of a report meant for all members.
        classes = self.env["consortium.share.class"].sudo().browse(movements)
        return {each: movements[each.id] for each in classes.sorted("display_name")}

    def _capital_blocks(self):
        """What each class of shares was and became."""
        movements = self._capital_movements()
        if not movements:
            return []
        blocks = []
        for rank, code, title, unit in (
            (0, "shares_number", self.env._("Shares Held"), "count"),
            (1, "shares_amount", self.env._("Share Capital"), "money"),
        ):
            rows = []
            for share_class, moved in movements.items():
                cells = [moved.get(name, (0, 0))[rank] for name in MOVEMENTS]
                rows.append(((share_class.display_name, *cells, sum(cells)), {}))
            if rank and len(rows) > 1:
                sums = [
                    sum(row[0][column] for row in rows)
                    for column in range(1, len(MOVEMENTS) + 2)
                ]
                rows.append(((self.env._("Total"), *sums), {"style": "total"}))
            columns = [
                (self.env._("Class of Shares"), "text"),
                (self.env._("Beginning"), unit),
                (self.env._("Issued"), unit),
                (self.env._("Redeemed"), unit),
                (self.env._("Other Movements"), unit),
                (self.env._("End of Year"), unit),
            ]
            blocks.append(self._block_table(code, title, columns, rows))
        return blocks

    def _waiting_redemptions(self):
        """Requests made by the year end, and not yet repaid in full at that day.

        :return: ``[(redemption, cents still to come out)]``; what was refused after
            that day still waited on it
        """
        requests = self.env["consortium.share.redemption"].sudo()
        found = requests.search(
            [
                ("company_id", "=", self.company_id.id),
                ("request_date", "<=", self.date_to),
                "|",
                ("state", "!=", "refused"),
                ("decision_date", ">", self.date_to),
            ],
            order="request_date, id",
        )
        waiting = []
        for request in found:
            operation = request.operation_id
            due = request.amount
            if operation and operation.date <= self.date_to:
                payments = operation.entry_ids.payment_ids.filtered(
                    lambda p: p.kind == "repaid" and p.date <= self.date_to
                )
                due = sum(operation.entry_ids.mapped("redeemable"))
                due -= sum(payments.mapped("amount"))
            if cents := round(due * 100):
                waiting.append((request, cents))
        return waiting

    def _redemption_forecast(self, waiting):
        """``[(fiscal year of the repayment, requests, cents)]``, in order."""
        planned = {}
        for request, cents in waiting:
            day = request.planned_date
            year = self.company_id._fiscal_year(day) if day else NEVER
            number, amount = planned.get(year, (0, 0))
            planned[year] = (number + 1, amount + cents)
        return [
            (self.env._("Not planned yet") if year == NEVER else label(*year), *figures)
            for year, figures in sorted(planned.items())
        ]

    def _redemption_blocks(self):
        """Requests that wait, and when they will be repaid."""
        waiting = self._waiting_redemptions()
        if not self._capital_movements():
            return []
        if not waiting:
            return [
                self._block_note(
                    self.env._("No request for redemption waits at the year end.")
                )
            ]
        rows = [(cells, {}) for cells in self._redemption_forecast(waiting)]
        total = (
            self.env._("Total"),
            len(waiting),
            sum(cents for _request, cents in waiting),
        )
        return [
            self._block_table(
                "redemptions",
                self.env._("Requests for Redemption and Forecast of Repayment"),
                [
                    (self.env._("Repayment Planned In"), "text"),
                    (self.env._("Requests"), "count"),
                    (self.env._("Amount"), "money"),
                ],
                [*rows, (total, {"style": "total"})],
            )
        ]
