from dateutil.relativedelta import relativedelta
from odoo import api, models
from odoo.addons.consortium_reporting.models.consortium_indicator_books import Figure
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.planned import planned

HOURS = ("hours", "hour_rate")
DIMENSIONS = ("center", "region", "mode", "month")


class ConsortiumIndicator(models.Model):
    """Hours rendered: approved chargeable minutes worked in the period."""

    _inherit = "consortium.indicator"

    @api.model
    def _computations(self):
        return {**super()._computations(), **dict.fromkeys(HOURS, "_compute_hours")}

    @api.model
    def _record_domains(self):
        return {**super()._record_domains(), **dict.fromkeys(HOURS, "_domain_of_hours")}

    @api.model
    def _record_dimensions(self):
        return {
            **super()._record_dimensions(),
            "hours": DIMENSIONS,
            "hour_rate": ("center",),
        }

    @api.model
    def _dimension_labels(self):
        return {
            **super()._dimension_labels(),
            "center": self.env._("Cost Center"),
            "mode": self.env._("Way of Working"),
        }

    @api.model
    def _dashboard_budget(self, date_from, until):
        """Also the hours planned, in minutes, for these days."""
        company = self.env.company
        kpis = self.env["mis.report.kpi"].search([("at_cost_role", "=", "hours")])
        budgets = self.env["mis.budget"]
        for template in kpis.report_id:
            budgets |= company._budget(template, date_from, until)
        items = self.env["mis.budget.item"].search(
            [
                ("budget_id", "in", budgets.ids),
                ("kpi_expression_id.kpi_id", "in", kpis.ids),
            ]
        )
        lines = [
            ("all", "hours", item.amount, item.date_from, item.date_to)
            for item in items
            if item.amount
        ]
        found = planned(lines, date_from, until).get("all", {})
        return {**super()._dashboard_budget(date_from, until), **found}

    @api.model
    def _hours_domain(self, date_from, date_to):
        """Time of the current company that counts as rendered."""
        return (
            Domain("company_id", "=", self.env.company.id)
            & Domain("project_id", "!=", False)
            & Domain("approval_state", "=", "approved")
            & Domain("chargeable", "=", True)
            & Domain("date", ">=", date_from)
            & Domain("date", "<=", date_to)
        )

    @api.model
    def _sql_rendered(self):
        """SQL: which entries, as ``line``, are time of the current company that counts
        as rendered. Totals only: who may read figures reads them."""
        self.env["consortium.indicator.value"].check_access("read")
        self.env["account.analytic.line"].flush_model()
        return SQL(
            """
            line.company_id = %s AND line.project_id IS NOT NULL
            AND line.approval_state = 'approved' AND line.chargeable
            """,
            self.env.company.id,
        )

    @api.model
    def _whole_months(self, date_from, date_to):
        """``(first day, day after the last)`` of the whole months of a period; the two
        are the same when there is none."""
        before = date_from - relativedelta(days=1)
        start = before + relativedelta(months=1, day=1)
        end = (date_to + relativedelta(days=1)).replace(day=1)
        return start, max(start, end)

    @api.model
    def _sql_by_center(self, date_from, date_to):
        """SQL: the hours rendered as a table of ``center_key``, ``mode``, ``month``
        (its first day), ``minutes``, ``amount``."""
        return self._sql_kept(
            date_from,
            date_to,
            SQL("center_key, mode, month, minutes, amount"),
            SQL("center_key >= 0"),
            SQL(
                """
                COALESCE(line.cost_center_id, 0), COALESCE(line.intervention_mode, ''),
                date_trunc('month', line.date)::date, line.minutes, line.amount
                """
            ),
        )

    @api.model
    def _sql_by_contact(self, date_from, date_to):
        """SQL: the same as a table of ``partner_key``, ``day`` (the first of a whole
        month, otherwise that of the entry), ``minutes``."""
        return self._sql_kept(
            date_from,
            date_to,
            SQL("partner_key, month AS day, minutes"),
            SQL("center_key = -1"),
            SQL("COALESCE(line.partner_id, 0), line.date, line.minutes"),
        )

    @api.model
    def _sql_kept(self, date_from, date_to, columns, kind, columns_of_entries):
        """SQL: whole months from the kept summary, the days around from the entries."""
        rendered = self._sql_rendered()
        start, end = self._whole_months(date_from, date_to)
        months = SQL(
            """
            SELECT %s FROM consortium_hours_summary
             WHERE company_id = %s AND %s AND month >= %s AND month < %s
            """,
            columns,
            self.env.company.id,
            kind,
            start,
            end,
        )
        if (start, end) == (date_from, date_to + relativedelta(days=1)):
            return months
        return SQL(
            """
            %s UNION ALL
            SELECT %s FROM account_analytic_line line
             WHERE %s AND (line.date BETWEEN %s AND %s OR line.date BETWEEN %s AND %s)
            """,
            months,
            columns_of_entries,
            rendered,
            date_from,
            min(date_to, start - relativedelta(days=1)),
            end,
            date_to,
        )

    @api.model
    def _compute_hours(self, codes, date_from, date_to):
        """Minutes and their price at provisional rates, every division in one query;
        no figure of a time when no hour was entered yet."""
        total, cents, parts = self._read_divisions(
            self._hours_by_division(date_from, date_to)
        )
        if not (total or self._hours_before(date_from)):
            return {}
        hours = Figure(*DIMENSIONS)
        hours.value = total
        rates = {}
        for dimension, keys in parts.items():
            for key, (minutes, amount) in keys.items():
                hours.by[dimension][key] = minutes
                if dimension == "center" and minutes > 0:
                    rates[key] = self._an_hour(amount, minutes)
        result = {"hours": hours.as_value()}
        if total > 0:
            result["hour_rate"] = {
                "value": self._an_hour(cents, total),
                "by": {"center": rates} if rates else {},
            }
        return result

    @api.model
    def _hours_by_division(self, date_from, date_to):
        """``[(dimension or None for the total, center, region, mode, month, minutes,
        cents)]``: the regions without cents, and found once contacts are added up."""
        self.env["res.partner"].flush_model()
        return self.env.execute_query(
            SQL(
                """
                SELECT CASE GROUPING(center_key, mode, month)
                       WHEN 3 THEN 'center' WHEN 5 THEN 'mode' WHEN 6 THEN 'month' END,
                       NULLIF(center_key, 0), NULL, mode, to_char(month, 'YYYY-MM'),
                       SUM(minutes)::bigint, ROUND(-100 * SUM(amount))::bigint
                  FROM (%s) line
                 GROUP BY GROUPING SETS ((), (center_key), (mode), (month))
                 UNION ALL
                SELECT 'region', NULL, organization.region_id, NULL, NULL,
                       SUM(contact.minutes)::bigint, NULL
                  FROM (SELECT partner_key, SUM(minutes) AS minutes
                          FROM (%s) line GROUP BY 1) contact
                  LEFT JOIN res_partner partner ON partner.id = contact.partner_key
                  LEFT JOIN res_partner organization
                         ON organization.id = partner.commercial_partner_id
                 GROUP BY organization.region_id
                """,
                self._sql_by_center(date_from, date_to),
                self._sql_by_contact(date_from, date_to),
            )
        )

    @api.model
    def _hours_before(self, date):
        """Minutes of the months before a date, from the kept summary."""
        [(minutes,)] = self.env.execute_query(
            SQL(
                """
                SELECT SUM(minutes) FROM consortium_hours_summary
                 WHERE company_id = %s AND month < %s AND center_key <> -1
                """,
                self.env.company.id,
                date,
            )
        )
        return minutes or 0

    @api.model
    def _read_divisions(self, rows):
        """The rows of the query: total minutes, total cents, and ``{dimension: {text:
        (minutes, cents)}}``; the largest part first, months in order."""
        centers = {row[1] for row in rows if row[1]}
        regions = {row[2] for row in rows if row[2]}
        # Their names head the parts of a total.
        names = {
            "center": {
                each.id: each.name
                for each in self.env["consortium.cost.center"].sudo().browse(centers)
            },
            "region": {
                each.id: each.name
                for each in self.env["consortium.region"].sudo().browse(regions)
            },
            "mode": dict(
                self.env["account.analytic.line"]
                ._fields["intervention_mode"]
                ._description_selection(self.env)
            ),
        }
        none = self.env._("Not specified")
        total = cents = 0
        parts = {dimension: {} for dimension in DIMENSIONS}
        for dimension, *values, minutes, amount in sorted(
            rows, key=lambda row: -(row[5] or 0)
        ):
            minutes, amount = minutes or 0, amount or 0
            if not dimension:
                total, cents = minutes, amount
                continue
            value = values[DIMENSIONS.index(dimension)]
            text = value if dimension == "month" else names[dimension].get(value, none)
            before = parts[dimension].get(text, (0, 0))
            parts[dimension][text] = (before[0] + minutes, before[1] + amount)
        parts["month"] = dict(sorted(parts["month"].items()))
        return total, cents, parts

    @api.model
    def _domain_of_hours(self, code, date_from, date_to, dimension, key):
        """The entries of time, with the reader's own rights."""
        domain = self._hours_domain(date_from, date_to)
        none = self.env._("Not specified")
        paths = {
            "center": "cost_center_id",
            "region": "partner_id.commercial_partner_id.region_id",
        }
        if path := paths.get(dimension):
            domain &= (
                Domain(path, "=", False)
                if key == none
                else Domain(f"{path}.name", "=", key)
            )
        if dimension == "mode":
            modes = (
                self.env["account.analytic.line"]
                ._fields["intervention_mode"]
                ._description_selection(self.env)
            )
            mode = next((code for code, label in modes if label == key), False)
            domain &= Domain("intervention_mode", "=", mode)
        return "account.analytic.line", domain
