from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.misc import format_date

from ..tools import words
from ..tools.canonical import share
from .consortium_indicator_value import SCALES
from .res_company_finances import (
    DEBT_TYPES,
    EQUITY_TYPES,
    EXPENSE_TYPES,
    INCOME_TYPES,
    TOTALS,
)

MOST_BARS = 12
TRAITS = ("region", "kind", "network")


class ConsortiumIndicator(models.Model):
    """What the general manager's dashboard shows, and the records behind a figure."""

    _inherit = "consortium.indicator"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _dimension_labels(self):
        """How people call the dimensions: ``{dimension: text}``; to extend."""
        return {
            "month": self.env._("Month"),
            "account": self.env._("Account"),
            "section": self.env._("Section of Equity"),
            "region": self.env._("Region"),
            "kind": self.env._("Kind of Organization"),
            "network": self.env._("Network"),
            "seat": self.env._("Group of Seats"),
        }

    @api.model
    def _record_domains(self):
        """The records behind figures: ``{code: name of the method}``; to extend.

        The method is called as ``method(code, date_from, date_to, dimension, key)`` and
        returns ``(model, domain)``; only for the dimensions of ``_record_dimensions``.
        """
        results = ("income", "expenses", "surplus", "surplus_share")
        sheet = ("equity", "debts", "reserve", "equity_debt_share")
        invoiced = ("invoiced", "organizations_invoiced")
        return {
            **dict.fromkeys(results, "_domain_of_results"),
            **dict.fromkeys(sheet, "_domain_of_sheet"),
            **dict.fromkeys(invoiced, "_domain_of_invoiced"),
            "user_business_share": "_domain_of_operations",
        }

    @api.model
    def _record_dimensions(self):
        """By what the records behind figures are narrowed, besides months: ``{code:
        dimensions that its method knows}``; to extend with ``_record_domains``."""
        return {
            "income": ("account",),
            "expenses": ("account",),
            "equity": ("section",),
            "invoiced": TRAITS,
            "organizations_invoiced": TRAITS,
        }

    @api.model
    def _can_open(self, code, dimension):
        """Whether the records behind a figure, or behind its parts, can be shown."""
        known = ("month", *self._record_dimensions().get(code, ()))
        return code in self._record_domains() and (not dimension or dimension in known)

    @api.model
    @api.readonly
    def dashboard(self, date=None):
        """The year so far, against last year at the same date and the budget.

        :param date: an ISO date in the year to show; when None, the last year that has
            results in the books. A year that is over is shown whole.
        :return: ``{"year": [from, to], "until", "before", "after", "today", "title",
            "cards": [{"code", "name", "description", "section", "value", "previous",
            "change", "budget", "budget_share", "source", "error", "openable",
            "charts"}]}``: texts to show, and charts of numbers in dollars, hours,
            percent; « before », « after », « today »: dates to ask for, or False; a
            chart has, of each series, its period, its keys, and whether a click opens
            the records
        :raise AccessError: who asks may not read the figures
        """
        self.env["consortium.indicator.value"].check_access("read")
        company = self.env.company
        today = company._today()
        date_from, date_to = company._fiscal_year(date or company._last_results_day())
        until = min(date_to, max(today, date_from))
        shown = self.search([("on_dashboard", "=", True)])
        values = self._values(shown.mapped("code"), date_from, until)
        budget = self._dashboard_budget(date_from, until)
        periods = [
            (date_from, until),
            (self._year_before(date_from), self._year_before(until)),
        ]
        cards = [
            indicator._dashboard_card(
                values[indicator.code],
                budget.get(indicator.code),
                periods,
            )
            for indicator in shown
        ]
        return {
            "year": [str(date_from), str(date_to)],
            "until": str(until),
            "before": str(date_from - relativedelta(days=1)),
            "after": str(date_to + relativedelta(days=1)) if today > date_to else False,
            "today": str(today) if not date_from <= today <= date_to else False,
            "title": self.env._(
                "%(date_from)s to %(date_to)s", date_from=date_from, date_to=until
            ),
            "company": company.name,
            "cards": cards,
        }

    @api.model
    def _dashboard_budget(self, date_from, until):
        """The part of the budget that these days are: ``{code: cents}``."""
        company = self.env.company
        try:
            template = company._financial_template()
            budget = company._financial_budget(template, date_from, until)
        except UserError:
            return {}  # The table says so on its own screen.
        return {code: budget[code] for code in TOTALS} if budget else {}

    def _dashboard_card(self, figure, budget, periods):
        self.ensure_one()
        french = self._in_french()
        value, previous = figure["value"], figure["previous"]
        change = None
        if value is not None and previous and self.unit != "share":
            change = share(value - previous, abs(previous))
        labels = dict(self._fields["section"]._description_selection(self.env))
        return {
            "code": self.code,
            "name": self.name,
            "description": self.description or "",
            "section": labels[self.section],
            "value": words.value(value, self.unit, french),
            "previous": None
            if previous is None
            else words.value(previous, self.unit, french),
            "change": None if change is None else self._signed(change, french),
            "rising": bool(change and change > 0),
            "budget": None
            if budget is None
            else words.value(budget, self.unit, french),
            "budget_share": None
            if not budget or value is None
            else words.percent(share(value, budget), french),
            "source": figure["source"],
            "imported": figure["imported"],
            "error": figure["error"],
            "openable": self._can_open(self.code, None) and not figure["imported"],
            "charts": self._charts(figure, periods),
        }

    @api.model
    def _in_french(self):
        return (self.env.lang or "").startswith("fr")

    @api.model
    def _signed(self, change, french):
        return ("+" if change > 0 else "") + words.percent(change, french)

    def _charts(self, figure, periods):
        """A chart a dimension: months in order, other parts from the largest."""
        names = self._dimension_labels()
        computed = (not figure["imported"], not figure["previous_imported"])
        charts = []
        for dimension, parts in figure["by"].items():
            before = figure["previous_by"].get(dimension, {})
            if dimension == "month":
                labels, keys, old_keys = self._months(periods[0])
            else:
                keys = sorted({**before, **parts}, key=lambda k: -abs(parts.get(k, 0)))
                keys = old_keys = keys[:MOST_BARS]
                labels = keys
            charts.append(
                {
                    "dimension": dimension,
                    "name": names.get(dimension, dimension),
                    "labels": labels,
                    "keys": [keys, old_keys],
                    "periods": [[str(day) for day in period] for period in periods],
                    "openable": [
                        each and self._can_open(self.code, dimension)
                        for each in computed
                    ],
                    "series": [
                        [self._shown(parts.get(key, 0)) for key in keys],
                        [self._shown(before.get(key, 0)) for key in old_keys],
                    ],
                }
            )
        return charts

    def _shown(self, amount):
        """In dollars, hours, percent: for a chart, never for a calculation."""
        return amount / SCALES[self.unit]

    @api.model
    def _months(self, period):
        """The months of a period: labels, keys, and keys of a year before."""
        month, last = (day.replace(day=1) for day in period)
        labels, keys, before = [], [], []
        while month <= last:
            labels.append(format_date(self.env, month, date_format="MMM"))
            keys.append(month.strftime("%Y-%m"))
            before.append((month - relativedelta(years=1)).strftime("%Y-%m"))
            month += relativedelta(months=1)
        return labels, keys, before

    @api.model
    @api.readonly
    def open_records(self, code, date_from, date_to, dimension=None, key=None):
        """The action that shows the records behind a figure, with the user's rights.

        :raise UserError: nothing can be shown of this indicator, or of its parts
        """
        method = self._record_domains().get(code)
        indicator = self.search([("code", "=", code)])
        if key is None:
            dimension = None
        if not (indicator and self._can_open(code, dimension)):
            raise UserError(self.env._("There are no records behind this figure."))
        period = [fields.Date.to_date(day) for day in (date_from, date_to)]
        if dimension == "month" and key:
            first = fields.Date.to_date(f"{key}-01")
            last = first + relativedelta(day=31)
            period = [max(period[0], first), min(period[1], last)]
            dimension = None
        model, domain = getattr(self, method)(code, *period, dimension, key)
        self.env[model].check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": " – ".join(filter(None, (indicator.name, key))),
            "res_model": model,
            "views": [(False, "list"), (False, "pivot"), (False, "form")],
            "domain": domain,
            "context": {"create": False},
        }

    @api.model
    def _domain_of_results(self, code, date_from, date_to, dimension, key):
        types = {"income": INCOME_TYPES, "expenses": EXPENSE_TYPES}
        wanted = types.get(code, INCOME_TYPES + EXPENSE_TYPES)
        domain = [
            *self.env.company._posted_domain(date_from, date_to),
            ("account_id.account_type", "in", wanted),
        ]
        if dimension == "account":
            accounts = self.env["account.account"].search(
                [
                    ("account_type", "in", wanted),
                    ("company_ids", "in", self.env.company.ids),
                ]
            )
            named = accounts.filtered(lambda each: self._account_label(each) == key)
            domain.append(("account_id", "in", named.ids))
        return "account.move.line", domain

    @api.model
    def _domain_of_sheet(self, code, date_from, date_to, dimension, key):
        """As the balance sheet: results not yet allocated are equity, too."""
        results = Domain("account_id.account_type", "in", INCOME_TYPES + EXPENSE_TYPES)
        equity = Domain("account_id.account_type", "in", EQUITY_TYPES)
        debts = Domain("account_id.account_type", "in", DEBT_TYPES)
        if code == "reserve":
            dimension, key = "section", self._section_labels()["reserve"]
        domain = equity | results
        if dimension == "section":
            named = {label: name for name, label in self._section_labels().items()}
            section = named.get(key)
            kept = False if section == "other" else section
            domain = equity & Domain("account_id.equity_section", "=", kept)
            if section == "surplus":
                domain |= results
        if code == "debts":
            domain = debts
        if code == "equity_debt_share":
            domain |= debts
        posted = self.env.company._posted_domain(None, date_to)
        return "account.move.line", Domain(posted) & domain

    @api.model
    def _domain_of_invoiced(self, code, date_from, date_to, dimension, key):
        domain = Domain(self._invoiced_domain(date_from, date_to))
        totals = self._invoiced_totals(date_from, date_to)
        partners = self.env["res.partner"].union(*totals)
        if dimension in TRAITS:
            networks = self._primary_networks(partners, date_to)
            rank = TRAITS.index(dimension)
            partners = partners.filtered(
                lambda partner: self._traits(partner, networks)[rank] == key
            )
        if code == "organizations_invoiced":
            served = partners.filtered(lambda partner: totals[partner] > 0)
            return "res.partner", Domain("id", "in", served.ids)
        if dimension in TRAITS:
            ids = partners.ids
            # Lines of nobody have no trait.
            nobody = self.env["res.partner"]
            if self._traits(nobody, {})[TRAITS.index(dimension)] == key:
                ids.append(False)
            domain &= Domain("partner_id", "in", ids)
        return "account.move.line", domain

    @api.model
    def _domain_of_operations(self, code, date_from, date_to, dimension, key):
        """The lines that count, whoever benefits."""
        rows = self.env["consortium.member.operations"]._counted_lines(
            date_from, date_to, self.env.company
        )
        return "account.move.line", Domain("id", "in", [row[0] for row in rows])
