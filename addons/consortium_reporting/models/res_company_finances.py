from dateutil.relativedelta import relativedelta
from odoo import fields, models
from odoo.addons.mis_builder.models.accounting_none import AccountingNone
from odoo.addons.mis_builder.models.data_error import DataError
from odoo.addons.mis_builder.models.expression_evaluator import ExpressionEvaluator
from odoo.addons.mis_builder_budget.models.mis_report_instance import (
    MisBudgetAwareExpressionEvaluator,
)
from odoo.exceptions import UserError

from ..tools.canonical import share

INCOME_TYPES = ("income", "income_other")
EXPENSE_TYPES = (
    "expense",
    "expense_other",
    "expense_depreciation",
    "expense_direct_cost",
)
EQUITY_TYPES = ("equity", "equity_unaffected")
DEBT_TYPES = (
    "liability_payable",
    "liability_credit_card",
    "liability_current",
    "liability_non_current",
)
TOTALS = ("income", "expenses", "surplus")


def cents(amount):
    """Whole cents of an amount that the database summed exactly."""
    return round((amount or 0) * 100)


class ResCompany(models.Model):
    _inherit = "res.company"

    def _fiscal_year(self, date):
        """``(first day, last day)`` of the fiscal year that a date falls in."""
        year = self.compute_fiscalyear_dates(fields.Date.to_date(date))
        return year["date_from"], year["date_to"]

    def _fiscal_year_before(self, date_from):
        """The fiscal year that ends the day before."""
        return self._fiscal_year(fields.Date.to_date(date_from) - relativedelta(days=1))

    def _fiscal_year_after(self, date_to):
        """The fiscal year that begins the day after."""
        return self._fiscal_year(fields.Date.to_date(date_to) + relativedelta(days=1))

    def _last_results_day(self):
        """The last day, up to today, that has results in the books; today without any.
        Until something of a new year is posted, the one that is over is what people
        look at: screens of figures open on it."""
        self.ensure_one()
        today = self._today()
        # Superuser: a day, and nothing of what was posted.
        last = (
            self.env["account.move.line"]
            .sudo()
            .search(
                [
                    *self._posted_domain(None, today),
                    ("account_id.account_type", "in", INCOME_TYPES + EXPENSE_TYPES),
                ],
                order="date desc, id desc",
                limit=1,
            )
        )
        return last.date or today

    def _has_results(self, date):
        """Whether the books have any result up to a day: before, there is no figure,
        and after, what has no entry is zero. With the rights of who asks."""
        domain = [
            *self._posted_domain(None, date),
            ("account_id.account_type", "in", INCOME_TYPES + EXPENSE_TYPES),
        ]
        return bool(self.env["account.move.line"].search_count(domain, limit=1))

    def _posted_domain(self, date_from, date_to):
        """Posted items of the books, both days included; from the first one on if
        ``date_from`` is None."""
        domain = [
            ("company_id", "=", self.id),
            ("parent_state", "=", "posted"),
            ("date", "<=", date_to),
        ]
        return domain + ([("date", ">=", date_from)] if date_from else [])

    def _book_balances(self, date_from, date_to, types):
        """``{account: cents}``, debit less credit, of the accounts of these types."""
        groups = self.env["account.move.line"]._read_group(
            [
                *self._posted_domain(date_from, date_to),
                ("account_id.account_type", "in", types),
            ],
            ["account_id"],
            ["balance:sum"],
        )
        return {account: cents(balance) for account, balance in groups}

    def _balance_sheet(self, date):
        """``{"equity", "debts", "sections": {section: cents}}`` at the end of a day, as
        the books say: what has been earned since the beginning and is not yet allocated
        is surplus to be allocated."""
        every = INCOME_TYPES + EXPENSE_TYPES
        balances = self._book_balances(None, date, EQUITY_TYPES + DEBT_TYPES + every)
        sections = {}
        debts = 0
        for account, balance in balances.items():
            if account.account_type in DEBT_TYPES:
                debts -= balance
            else:
                section = account.equity_section
                if account.account_type in every:
                    section = "surplus"
                section = section or "other"
                sections[section] = sections.get(section, 0) - balance
        return {"equity": sum(sections.values()), "debts": debts, "sections": sections}

    def _financial_table(self, date_from, date_to):
        """Income, operating expenses and surplus of a fiscal year, and around it.

        :return: ``{"years": {"last": [from, to], "actual": …, "next": …}, "currency":
            "CAD", "rows": [{"code", "label", "level": 0 | 1, "last", "actual",
            "budget", "variance", "next_budget"}], "last_imported": bool,
            "last_source": str}``; the rows of level 0 are ``income``, ``expenses`` and
            ``surplus``, in this order, each preceded by its details (level 1) if there
            are any; amounts in cents, None without a budget, or before the books begin;
            the variance is that of the actual on the budget, in millionths, None
            without a budget or on one of zero; dates as ISO texts; ``last_imported``
            tells a year before that comes from imported figures, ``last_source`` from
            where
        """
        self.ensure_one()
        years = {
            "last": self._fiscal_year_before(date_from),
            "actual": tuple(map(fields.Date.to_date, (date_from, date_to))),
            "next": self._fiscal_year_after(date_to),
        }
        template = self._financial_template()
        aep = template._prepare_aep(self)
        actual = self._financial_actuals(template, aep, *years["actual"])
        last, source = self._financial_history(*years["last"])
        imported = bool(last)
        if not last and self._has_results(years["last"][1]):
            last = self._financial_actuals(template, aep, *years["last"])
        columns = {
            "last": last,
            "actual": actual,
            "budget": self._financial_budget(template, *years["actual"]),
            "next_budget": self._financial_budget(template, *years["next"]),
        }
        return {
            "years": {
                key: [fields.Date.to_string(day) for day in year]
                for key, year in years.items()
            },
            "currency": self.currency_id.name,
            "rows": [self._financial_row(kpi, columns) for kpi in template.kpi_ids],
            "last_imported": imported,
            "last_source": source,
        }

    def _financial_template(self):
        """The template of the table, checked: people may edit it.

        :raise UserError: it is gone, or one of its totals is
        """
        template = self.env.ref(
            "consortium_reporting.mis_report_results", raise_if_not_found=False
        )
        if not template or not set(TOTALS) <= set(template.kpi_ids.mapped("name")):
            raise UserError(
                self.env._(
                    "The template of the table of results has no longer its three "
                    "totals: income, expenses, surplus."
                )
            )
        return template

    def _financial_row(self, kpi, columns):
        row = {
            "code": kpi.name,
            "label": kpi.description,
            "level": 0 if kpi.name in TOTALS else 1,
        }
        for column, values in columns.items():
            row[column] = None if values is None else values.get(kpi.name)
        budget = row["budget"]
        row["variance"] = (
            None if budget is None else share(row["actual"] - budget, abs(budget))
        )
        return row

    def _financial_actuals(self, template, aep, date_from, date_to):
        """``{name of KPI: cents}`` of the posted entries."""
        posted = template._get_target_move_domain("posted", "account.move.line")
        evaluator = ExpressionEvaluator(
            aep,
            fields.Date.to_string(date_from),
            fields.Date.to_string(date_to),
            posted,
        )
        return self._kpi_cents(template, evaluator)

    def _financial_budget(self, template, date_from, date_to):
        """``{name of KPI: cents}`` of the budget of these days, or None without one."""
        budget = self._budget(template, date_from, date_to)
        if not budget:
            return None
        data = self.env["mis.budget.item"]._query_kpi_data(
            date_from, date_to, [("budget_id", "=", budget.id)]
        )
        days = map(fields.Date.to_string, (date_from, date_to))
        evaluator = MisBudgetAwareExpressionEvaluator(*days, data, [])
        return self._kpi_cents(template, evaluator)

    def _budget(self, template, date_from, date_to):
        """The budget that covers these days, a confirmed one first."""
        budgets = self.env["mis.budget"].search(
            [
                ("report_id", "=", template.id),
                ("company_id", "=", self.id),
                ("state", "!=", "cancelled"),
                ("date_from", "<=", date_from),
                ("date_to", ">=", date_to),
            ],
            order="id desc",
        )
        return (budgets.filtered(lambda b: b.state == "confirmed") or budgets)[:1]

    def _kpi_cents(self, template, evaluator):
        values = template._evaluate(evaluator)
        result = {}
        for kpi in template.kpi_ids:
            value = values.get(kpi.name)
            if isinstance(value, DataError):
                raise UserError(
                    self.env._(
                        "The line « %(line)s » of the table of results cannot be "
                        "computed: %(error)s",
                        line=kpi.description,
                        error=value.msg,
                    )
                )
            result[kpi.name] = 0 if value is AccountingNone else cents(value)
        return result

    def _financial_history(self, date_from, date_to):
        """The three totals that were imported for exactly this year, and the text of
        their source; or None and none."""
        codes = ("income", "expenses")
        model = self.with_company(self).env["consortium.indicator"]
        found = model.env["consortium.indicator.value"]._of_period(
            model._of_codes(codes), date_from, date_to
        )
        if set(found) != set(codes):
            return None, ""
        income, expenses = (found[code]["value"] for code in codes)
        sources = sorted({found[code]["source"] for code in codes})
        return (
            {"income": income, "expenses": expenses, "surplus": income - expenses},
            ", ".join(sources),
        )
