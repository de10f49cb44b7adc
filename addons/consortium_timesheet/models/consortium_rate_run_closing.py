from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL


class ConsortiumRateRun(models.Model):
    """What keeps a year from closing."""

    _inherit = "consortium.rate.run"  # pylint: disable=R8180

    def _check_closable(self):
        """A year closes when all its time is approved and all its cost is somewhere.

        :raise UserError: naming what is left
        """
        self.ensure_one()
        # Whoever closes is told of any entry left open.
        open_lines = (
            self.env["account.analytic.line"]
            .sudo()
            .search(self._open_domain(), limit=1, order="date, id")
        )
        if open_lines:
            raise UserError(
                self.env._(
                    "%(count)s entries of time are not approved; the first is that of "
                    "%(name)s on %(date)s.",
                    count=self.open_count,
                    name=open_lines.employee_id.name,
                    date=open_lines.date,
                )
            )
        if missing := self._unassigned():
            code, cents = missing[0]
            raise UserError(
                self.env._(
                    "%(amount)s of account %(account)s is in no cost center: assign "
                    "it, or exclude the account.",
                    amount=self.currency_id.format(cents / 100),
                    account=code,
                )
            )
        if left := self._disbursed():
            code, cents = left[0]
            raise UserError(
                self.env._(
                    "%(amount)s disbursed on account %(account)s is billed by no line "
                    "of an agreement: bill it, or give its entries another account.",
                    amount=self.currency_id.format(cents / 100),
                    account=code,
                )
            )

    def _check_year(self):
        """A cost is settled once, so its run has the bounds of a fiscal year that has
        come to its last day, and no day of a run of other bounds.

        Where the fiscal year was changed, the first year after is what is left of it.

        :raise UserError: naming the bounds
        """
        company = self.company_id
        year = company.compute_fiscalyear_dates(self.date_to)
        closed = Domain("company_id", "=", company.id) & Domain("kind", "=", "final")
        closed &= Domain("state", "=", "approved")
        before = self.search(
            closed
            & Domain("date_to", ">=", year["date_from"])
            & Domain("date_to", "<", year["date_to"]),
            order="date_to desc",
            limit=1,
        )
        start = fields.Date.add(before.date_to, days=1) if before else year["date_from"]
        if (self.date_from, self.date_to) != (start, year["date_to"]):
            raise UserError(
                self.env._(
                    "The actual cost is that of a fiscal year: from %(start)s to "
                    "%(end)s.",
                    start=start,
                    end=year["date_to"],
                )
            )
        if self.date_to > company._today():
            raise UserError(
                self.env._(
                    "The year ends on %(date)s: its actual cost isn't known before.",
                    date=self.date_to,
                )
            )
        self._check_overlap(closed)

    def _check_overlap(self, closed):
        """:param closed: the domain of the approved final runs of the company"""
        other = self.search(
            closed
            & Domain("date_from", "<=", self.date_to)
            & Domain("date_to", ">=", self.date_from)
            & (
                Domain("date_from", "!=", self.date_from)
                | Domain("date_to", "!=", self.date_to)
            ),
            limit=1,
        )
        if other:
            raise UserError(
                self.env._(
                    "« %(name)s » is approved from %(start)s to %(end)s: days of this "
                    "run are settled there.",
                    name=other.name,
                    start=other.date_from,
                    end=other.date_to,
                )
            )

    def _disbursed(self):
        """``[(account code, cents)]`` of what was disbursed for a member in the year,
        and is on no line of an order to be passed on: nobody would bear it."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT item.account_id, round(sum(item.balance) * 100)::bigint
                  FROM account_move_line item
                  JOIN account_account account ON account.id = item.account_id
                 WHERE item.company_id = %(company)s
                   AND item.date BETWEEN %(start)s AND %(end)s
                   AND item.parent_state = 'posted'
                   AND account.at_cost_role = 'disbursement'
                   AND NOT EXISTS (
                       SELECT FROM account_analytic_line line
                         JOIN sale_order_line sold ON sold.id = line.so_line
                        WHERE line.move_line_id = item.id AND sold.is_expense)
                 GROUP BY item.account_id
                """,
                company=self.company_id.id,
                start=self.date_from,
                end=self.date_to,
            )
        )
        return self._by_account(rows)

    def _by_account(self, rows):
        """``[(account code, cents)]`` of the rows of accounts that are not even."""
        accounts = self.env["account.account"].with_company(self.company_id)
        return [
            (accounts.browse(account).display_name, cents)
            for account, cents in sorted(rows)
            if cents
        ]

    def _unassigned(self):
        """``[(account code, cents)]`` of posted cost that is in no center."""
        self.env.flush_all()
        plan = self.company_id._make_cost_center_plan()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT account.id, round(sum(item.balance) * 100)::bigint - coalesce((
                    SELECT sum(round(-line.amount * 100))
                      FROM account_analytic_line line
                      JOIN account_move_line other ON other.id = line.move_line_id
                      JOIN consortium_cost_center center
                        ON center.analytic_account_id = %(column)s
                     WHERE line.general_account_id = account.id
                       AND line.company_id = %(company)s
                       AND line.date BETWEEN %(start)s AND %(end)s
                       AND other.parent_state = 'posted'), 0)::bigint
                  FROM account_move_line item
                  JOIN account_account account ON account.id = item.account_id
                 WHERE item.company_id = %(company)s
                   AND item.date BETWEEN %(start)s AND %(end)s
                   AND item.parent_state = 'posted'
                   AND account.at_cost_role IN ('cost', 'credit')
                 GROUP BY account.id
                """,
                column=SQL.identifier("line", plan._column_name()),
                company=self.company_id.id,
                start=self.date_from,
                end=self.date_to,
            )
        )
        return self._by_account(rows)
