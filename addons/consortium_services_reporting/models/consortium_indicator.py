from datetime import datetime, time, timedelta

import pytz
from odoo import api, fields, models
from odoo.addons.consortium_reporting.models.consortium_indicator_books import Figure
from odoo.fields import Domain

TYPES = {
    "agreements": "service",
    "framework_agreements": "framework",
    "partnership_agreements": "partnership",
}
PLANNED = "hours_planned"


class ConsortiumIndicator(models.Model):
    """The figures of service agreements, and of the staff that keeps them."""

    _inherit = "consortium.indicator"

    @api.model
    def _computations(self):
        return {
            **super()._computations(),
            **dict.fromkeys(TYPES, "_compute_agreements"),
            PLANNED: "_compute_hours_planned",
            "organizations_served": "_compute_organizations_served",
        }

    @api.model
    def _record_domains(self):
        return {
            **super()._record_domains(),
            **dict.fromkeys([*TYPES, PLANNED], "_domain_of_agreements"),
            "organizations_served": "_domain_of_organizations_served",
            "employees": "_domain_of_employees",
        }

    @api.model
    def _record_dimensions(self):
        return {
            **super()._record_dimensions(),
            **dict.fromkeys(TYPES, ("region", "kind", "network")),
            PLANNED: ("field",),
            "organizations_served": ("region", "network"),
            "employees": ("office", "field"),
        }

    @api.model
    def _dimension_labels(self):
        return {
            **super()._dimension_labels(),
            "field": self.env._("Field of Expertise"),
            "office": self.env._("Office"),
        }

    @api.model
    def _zone(self):
        # As ``res.company._today``: it says nothing of anybody.
        return self.env.company.sudo().partner_id.tz or "America/Toronto"

    @api.model
    def _moments(self, date_from, date_to):
        """The first moment of a period and the first one after it, in UTC, as days are
        where the cooperative is."""
        zone = pytz.timezone(self._zone())
        return [
            zone.localize(datetime.combine(day, time.min))
            .astimezone(pytz.utc)
            .replace(tzinfo=None)
            for day in (date_from, date_to + timedelta(days=1))
        ]

    @api.model
    def _local_month(self, moment):
        """« 2018-07 », where the cooperative is."""
        zoned = self.with_context(tz=self._zone())
        local = fields.Datetime.context_timestamp(zoned, moment)
        return local.strftime("%Y-%m")

    # Agreements

    @api.model
    def _signed_domain(self, date_from, date_to):
        """Agreements that both sides signed, the member within the period."""
        first, after = self._moments(date_from, date_to)
        return self._signed_until(after) & Domain("signed_on", ">=", first)

    @api.model
    def _signed_until(self, moment):
        """Agreements that both sides signed, the member before a moment."""
        return (
            Domain("company_id", "=", self.env.company.id)
            & Domain("is_service_agreement", "=", True)
            & Domain("state", "=", "sale")
            & Domain("signed_on", "<", moment)
        )

    @api.model
    def _signed_before(self, date_from):
        """Whether any agreement was: before the first one, there is no figure."""
        first, _after = self._moments(date_from, date_from)
        signed = self._signed_until(first)
        return bool(self.env["sale.order"].search_count(signed, limit=1))

    @api.model
    def _served(self, order):
        return (order.beneficiary_id or order.partner_id).commercial_partner_id

    @api.model
    def _compute_agreements(self, codes, date_from, date_to):
        """Service agreements signed in the period by type, once each."""
        orders = self.env["sale.order"].search(
            self._signed_domain(date_from, date_to), order="signed_on, id"
        )
        if not (orders or self._signed_before(date_from)):
            return {}
        served = {order: self._served(order) for order in orders}
        partners = self.env["res.partner"].union(*served.values())
        networks = self._primary_networks(partners, date_to)
        codes_of = {kind: code for code, kind in TYPES.items()}
        figures = {code: Figure("month", "region", "kind", "network") for code in TYPES}
        for order, partner in served.items():
            if code := codes_of.get(order.agreement_type):
                month = self._local_month(order.signed_on)
                figures[code].add(1, month, *self._traits(partner, networks))
        return {code: figure.as_value() for code, figure in figures.items()}

    @api.model
    def _compute_hours_planned(self, codes, date_from, date_to):
        """Hours of the fields taken in the service agreements signed in the period."""
        orders = self._signed_domain(date_from, date_to) & Domain(
            "agreement_type", "=", "service"
        )
        groups = self.env["sale.order.line"]._read_group(
            Domain("order_id", "any", orders)
            & Domain("option_state", "in", [False, "taken"])
            & Domain("planned_minutes", ">", 0),
            ["expertise_id"],
            ["planned_minutes:sum"],
        )
        if not (groups or self._signed_before(date_from)):
            return {}
        planned = Figure("field")
        none = self.env._("Not specified")
        for expertise, minutes in sorted(groups, key=lambda group: -group[1]):
            planned.add(minutes, expertise.name or none)
        return {PLANNED: planned.as_value()}

    @api.model
    def _domain_of_agreements(self, code, date_from, date_to, dimension, key):
        kind = TYPES.get(code, "service")
        domain = self._signed_domain(date_from, date_to)
        domain &= Domain("agreement_type", "=", kind)
        if dimension == "field":
            domain &= Domain("order_line.expertise_id.name", "=", key)
        if dimension in ("region", "kind", "network"):
            orders = self.env["sale.order"].search(domain)
            domain = Domain(
                "id", "in", self._of_trait(orders, date_to, dimension, key).ids
            )
        return "sale.order", domain

    @api.model
    def _of_trait(self, orders, date_to, dimension, key):
        """Those whose served organisation is of that region, kind or network."""
        served = {order: self._served(order) for order in orders}
        partners = self.env["res.partner"].union(*served.values())
        networks = self._primary_networks(partners, date_to)
        rank = ("region", "kind", "network").index(dimension)
        return orders.filtered(
            lambda order: self._traits(served[order], networks)[rank] == key
        )

    # Organizations served

    @api.model
    def _running_domain(self, date_from, date_to):
        """Service agreements in force on some day of the period."""
        return (
            Domain("company_id", "=", self.env.company.id)
            & Domain("is_service_agreement", "=", True)
            & Domain("agreement_type", "=", "service")
            & Domain("state", "=", "sale")
            & Domain("agreement_start", "<=", date_to)
            & (Domain("closed_on", "=", False) | Domain("closed_on", ">=", date_from))
            & (
                Domain("agreement_end", "=", False)
                | Domain("agreement_end", ">=", date_from)
            )
        )

    @api.model
    def _compute_organizations_served(self, codes, date_from, date_to):
        """Who benefits from an agreement in force on some day of the period."""
        orders = self.env["sale.order"].search(self._running_domain(date_from, date_to))
        if not (orders or self._signed_before(date_from)):
            return {}
        partners = self.env["res.partner"].union(*map(self._served, orders))
        networks = self._primary_networks(partners, date_to)
        figure = Figure("region", "network")
        for partner in partners:
            region, _kind, network = self._traits(partner, networks)
            figure.add(1, region, network)
        return {"organizations_served": figure.as_value()}

    @api.model
    def _domain_of_organizations_served(self, code, date_from, date_to, dimension, key):
        orders = self.env["sale.order"].search(self._running_domain(date_from, date_to))
        if dimension:
            orders = self._of_trait(orders, date_to, dimension, key)
        partners = self.env["res.partner"].union(*map(self._served, orders))
        return "res.partner", Domain("id", "in", partners.ids)

    # Staff

    @api.model
    def _employed_on(self, date):
        """Who is employed on a day: begun, and not gone by then. One begins with one's
        first contract, else with the first version of one's file.

        Superuser: a number of persons, by office and field, is in every report; nothing
        of one person is.
        """
        employees = (
            self.env["hr.employee"]
            .sudo()
            .with_context(active_test=False)
            .search([("company_id", "=", self.env.company.id)])
        )
        return employees.filtered(
            lambda e: (
                (e.active or e.departure_date)
                and (not e.departure_date or e.departure_date > date)
                and any(
                    (version.contract_date_start or version.date_version) <= date
                    for version in e.version_ids
                )
            )
        )

    @api.model
    def _compute_employees(self, codes, date_from, date_to):
        """Persons employed at the end of the last day, by office and first field. Where
        no employee is kept, or none had begun, what is typed."""
        employees = self._employed_on(date_to)
        if not employees:
            return super()._compute_employees(codes, date_from, date_to)
        none = self.env._("Not specified")
        figure = Figure("office", "field")
        for employee in employees:
            office, fields_of = employee.service_office_id, employee.expertise_ids
            figure.add(1, office.name or none, fields_of[:1].name or none)
        return {"employees": figure.as_value()}

    @api.model
    def _domain_of_employees(self, code, date_from, date_to, dimension, key):
        """With the reader's own rights: who may not read employees is told so."""
        employees = self._employed_on(date_to)
        if dimension:
            office, field = dimension == "office", dimension == "field"
            none = self.env._("Not specified")
            employees = employees.filtered(
                lambda e: (
                    (office and (e.service_office_id.name or none) == key)
                    or (field and (e.expertise_ids[:1].name or none) == key)
                )
            )
        return "hr.employee", Domain("id", "in", employees.ids)
