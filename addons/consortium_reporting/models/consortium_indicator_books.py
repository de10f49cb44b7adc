from odoo import api, models
from odoo.fields import Domain

from ..tools.canonical import share
from .res_company_finances import EXPENSE_TYPES, INCOME_TYPES, cents

INVOICES = ("out_invoice", "out_refund", "out_receipt")


class ConsortiumIndicator(models.Model):
    """The indicators that accounting alone knows, and the shared kernel."""

    _inherit = "consortium.indicator"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _computations(self):
        results = ("income", "expenses", "surplus", "surplus_share")
        sheet = ("equity", "debts", "reserve", "equity_debt_share")
        invoiced = ("invoiced", "organizations_invoiced")
        operations = ("user_business_share", "worker_business_share")
        return {
            **super()._computations(),
            **dict.fromkeys(results, "_compute_results"),
            **dict.fromkeys(sheet, "_compute_sheet"),
            **dict.fromkeys(invoiced, "_compute_invoiced"),
            **dict.fromkeys(operations, "_compute_operations"),
            "directors": "_compute_directors",
            "employees": "_compute_employees",
        }

    @api.model
    def _account_label(self, account):
        """Its code and name, for whoever asks: core shows the code to some people only,
        and a report says the same whoever computes it."""
        return f"{account.code} {account.name}" if account.code else account.name

    @api.model
    def _compute_results(self, codes, date_from, date_to):
        """Income, expenses, surplus: one query, by account and month; no figure of a
        time when the books had no result yet."""
        company = self.env.company
        groups = self.env["account.move.line"]._read_group(
            [
                *company._posted_domain(date_from, date_to),
                ("account_id.account_type", "in", INCOME_TYPES + EXPENSE_TYPES),
            ],
            ["account_id", "date:month"],
            ["balance:sum"],
            order="date:month, account_id",
        )
        if not (groups or company._has_results(date_to)):
            return {}
        figures = {code: Figure("month", "account") for code in codes}
        figures.pop("surplus_share", None)
        for account, month, balance in groups:
            income = account.account_type in INCOME_TYPES
            amount = -cents(balance)
            label = self._account_label(account)
            self._add_result(figures, income, amount, month.strftime("%Y-%m"), label)
        result = {code: figure.as_value() for code, figure in figures.items()}
        if "surplus_share" in codes:
            earned = sum(
                -cents(balance)
                for account, _month, balance in groups
                if account.account_type in INCOME_TYPES
            )
            surplus = sum(-cents(balance) for _account, _month, balance in groups)
            result["surplus_share"] = {"value": share(surplus, earned)}
        return result

    @api.model
    def _add_result(self, figures, income, amount, month, account):
        own = "income" if income else "expenses"
        if own in figures:
            figures[own].add(amount if income else -amount, month, account)
        if "surplus" in figures:
            figures["surplus"].add(amount, month, None)

    @api.model
    def _compute_sheet(self, codes, date_from, date_to):
        """Equity, debts and reserve at the end of the last day; no figure before the
        first entry."""
        company = self.env.company
        posted = company._posted_domain(None, date_to)
        if not self.env["account.move.line"].search_count(posted, limit=1):
            return {}
        sheet = company._balance_sheet(date_to)
        labels = self._section_labels()
        return {
            "equity": {
                "value": sheet["equity"],
                "by": {"section": {labels[k]: v for k, v in sheet["sections"].items()}},
            },
            "debts": {"value": sheet["debts"]},
            "reserve": {"value": sheet["sections"].get("reserve", 0)},
            "equity_debt_share": {"value": share(sheet["equity"], sheet["debts"])},
        }

    @api.model
    def _section_labels(self):
        """``{section of equity: text}``."""
        field = self.env["account.account"]._fields["equity_section"]
        return dict(field._description_selection(self.env), other=self.env._("Other"))

    @api.model
    def _invoiced_totals(self, date_from, date_to):
        """``{partner: cents}`` of what was invoiced, nobody left out."""
        groups = self.env["account.move.line"]._read_group(
            self._invoiced_domain(date_from, date_to), ["partner_id"], ["balance:sum"]
        )
        return {partner: -cents(balance) for partner, balance in groups if partner}

    @api.model
    def _compute_invoiced(self, codes, date_from, date_to):
        """Posted customer invoices less credit notes, without taxes, by who was
        invoiced and month; no figure before the books have any result."""
        groups = self.env["account.move.line"]._read_group(
            self._invoiced_domain(date_from, date_to),
            ["partner_id", "date:month"],
            ["balance:sum"],
            order="date:month",
        )
        if not (groups or self.env.company._has_results(date_to)):
            return {}
        partners = self.env["res.partner"].browse(
            {partner.id for partner, _month, _balance in groups}
        )
        networks = self._primary_networks(partners, date_to)
        traits = {
            partner: self._traits(partner, networks)
            for partner in {group[0] for group in groups}
        }
        invoiced = Figure("month", "region", "kind", "network")
        totals = {}
        for partner, month, balance in groups:
            amount = -cents(balance)
            totals[partner] = totals.get(partner, 0) + amount
            invoiced.add(amount, month.strftime("%Y-%m"), *traits[partner])
        served = Figure("region", "kind", "network")
        for partner, amount in totals.items():
            if partner and amount > 0:
                served.add(1, *traits[partner])
        return {
            "invoiced": invoiced.as_value(),
            "organizations_invoiced": served.as_value(),
        }

    @api.model
    def _invoiced_domain(self, date_from, date_to):
        """The lines of what was invoiced; to extend by what is no sale."""
        return [
            *self.env.company._posted_domain(date_from, date_to),
            ("move_id.move_type", "in", INVOICES),
            ("display_type", "=", "product"),
        ]

    @api.model
    def _traits(self, partner, networks):
        """Region, kind and network of an organisation, as texts to show."""
        none = self.env._("Not specified")
        return (
            partner.region_id.name or none,
            partner.organization_kind_id.name or none,
            networks.get(partner.id) or self.env._("No network"),
        )

    @api.model
    def _primary_networks(self, partners, date):
        """``{partner: name of its primary network on that day}``."""
        affiliations = self.env["consortium.affiliation"].search(
            [
                ("organization_id", "in", partners.ids),
                ("is_primary", "=", True),
                ("date_start", "<=", date),
                "|",
                ("date_end", "=", False),
                ("date_end", ">=", date),
            ]
        )
        return {a.organization_id.id: a.network_id.name for a in affiliations}

    @api.model
    def _compute_operations(self, codes, date_from, date_to):
        """The two proportions of operations with members."""
        year = self.env["consortium.member.operations"]._for_year(date_from, date_to)
        result = {}
        for code, basis in (
            ("user_business_share", "users"),
            ("worker_business_share", "workers"),
        ):
            if year[basis] and year[basis]["share"] is not None:
                result[code] = {"value": year[basis]["share"]}
        return result

    @api.model
    def _compute_directors(self, codes, date_from, date_to):
        """Directors in office on the last day, by seat group."""
        offices = self.env["consortium.office"]
        domain = offices._in_office_domain(date_to)
        domain &= Domain("is_director", "=", True)
        domain &= Domain("company_id", "=", self.env.company.id)
        figure = Figure("seat")
        groups = offices._read_group(domain, ["person_id", "seat_group_id"])
        for _person, seat_group in groups:
            figure.add(1, seat_group.name or self.env._("Not specified"))
        return {"directors": figure.as_value()}

    @api.model
    def _compute_employees(self, codes, date_from, date_to):
        """Nobody: where people are employed is known by an addon that joins the
        employees. Until then the number is entered with its source."""
        return {}


class Figure:
    """A total and its parts by some dimensions; a part of None is left out."""

    def __init__(self, *dimensions):
        self.value = 0
        self.by = {dimension: {} for dimension in dimensions}

    def add(self, amount, *keys):
        self.value += amount
        for parts, key in zip(self.by.values(), keys, strict=True):
            if key is not None:
                parts[key] = parts.get(key, 0) + amount

    def as_value(self):
        parts = {dimension: keys for dimension, keys in self.by.items() if keys}
        return {"value": self.value, "by": parts}
