from dateutil.relativedelta import relativedelta
from odoo import fields, models

from .res_company_finances import cents


class ResCompany(models.Model):
    _inherit = "res.company"  # pylint: disable=consider-merging-classes-inherited

    def _reserve_statement(self, date_from, date_to):
        """The statement of the reserve over a year (Regulation, s. 6): what there was,
        what came and went, what there is.

        :return: ``{"opening", "rows": [{"name", "date", "amount"}], "closing"}``;
            amounts in cents, dates as ISO texts
        """
        self.ensure_one()
        date_from, date_to = map(fields.Date.to_date, (date_from, date_to))
        lines = self.env["account.move.line"]
        reserve = [("account_id.equity_section", "=", "reserve")]
        before = self._posted_domain(None, date_from - relativedelta(days=1))
        [(total,)] = lines._read_group(before + reserve, [], ["balance:sum"])
        groups = lines._read_group(
            self._posted_domain(date_from, date_to) + reserve,
            ["move_id"],
            ["balance:sum"],
        )
        rows = [
            {
                "name": move.ref or move.name,
                "date": fields.Date.to_string(move.date),
                "amount": -cents(balance),
            }
            for move, balance in sorted(groups, key=lambda g: (g[0].date, g[0].id))
            if cents(balance)
        ]
        opening = -cents(total)
        return {
            "opening": opening,
            "rows": rows,
            "closing": opening + sum(row["amount"] for row in rows),
        }
