from datetime import timedelta

from odoo import api, models
from odoo.addons.consortium_membership.models.consortium_membership import (
    PERIOD_STATES,
)
from odoo.addons.consortium_reporting.models.consortium_indicator_books import Figure
from odoo.addons.consortium_reporting.models.consortium_indicator_dashboard import (
    TRAITS,
)
from odoo.addons.consortium_reporting.tools.canonical import share
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.movements import movements

MEMBERS = ("members", "members_new", "members_left", "founding_share")
REACH = ("penetration", "organizations_reached")
# How each dimension is read on a membership.
PATHS = {
    "category": "category_id.name",
    "kind": "partner_id.organization_kind_id.name",
    "region": "partner_id.region_id.name",
}


class ConsortiumIndicator(models.Model):
    """The figures of the register of members."""

    _inherit = "consortium.indicator"

    @api.model
    def _computations(self):
        return {
            **super()._computations(),
            **dict.fromkeys(MEMBERS, "_compute_members"),
            **dict.fromkeys(REACH, "_compute_reach"),
        }

    @api.model
    def _record_domains(self):
        return {
            **super()._record_domains(),
            **dict.fromkeys(MEMBERS, "_domain_of_members"),
            **dict.fromkeys(REACH, "_domain_of_reach"),
        }

    @api.model
    def _record_dimensions(self):
        return {
            **super()._record_dimensions(),
            **dict.fromkeys(MEMBERS, (*PATHS, "network")),
            **dict.fromkeys(REACH, ("region", "network")),
        }

    @api.model
    def _dimension_labels(self):
        return {**super()._dimension_labels(), "category": self.env._("Category")}

    @api.model
    def _invoiced_domain(self, date_from, date_to):
        """Subscriptions of shares are not sales."""
        return [
            *super()._invoiced_domain(date_from, date_to),
            ("move_id.share_operation_id", "=", False),
        ]

    # Members

    @api.model
    def _periods_to(self, date_to):
        """Every period begun by a day, of the current company, by member number."""
        return self.env["consortium.membership"].search(
            Domain("company_id", "=", self.env.company.id)
            & Domain("state", "in", PERIOD_STATES)
            & Domain("date_start", "<=", date_to),
            order="number, date_start",
        )

    @api.model
    def _member_movements(self, periods, date_from, date_to):
        """The periods by which one came, and by which one left, over a year."""
        rows = {
            (period.partner_id.id, period.date_start, period.date_end or None): period
            for period in periods
        }
        return [
            periods.browse().union(*(rows[row] for row in some))
            for some in movements(list(rows), date_from, date_to)
        ]

    @api.model
    def _compute_members(self, codes, date_from, date_to):
        """Members at the end of the last day, who came, who left, who founded."""
        periods = self._periods_to(date_to)
        on = periods.filtered(lambda period: period._is_on(date_to))
        came, left = self._member_movements(periods, date_from, date_to)
        networks = self._primary_networks(periods.partner_id, date_to)
        result = {}
        for code, some in (
            ("members", on),
            ("members_new", came),
            ("members_left", left),
        ):
            figure = Figure("category", "kind", "region", "network")
            for period in some:
                region, kind, network = self._traits(period.partner_id, networks)
                if code != "members":
                    # Few of them: by category says enough.
                    region = kind = network = None
                figure.add(1, period.category_id.name, kind, region, network)
            result[code] = figure.as_value()
        founding = on.filtered("founding")
        result["founding_share"] = {"value": share(len(founding), len(on))}
        return result

    @api.model
    def _domain_of_members(self, code, date_from, date_to, dimension, key):
        model = self.env["consortium.membership"]
        if code in ("members_new", "members_left"):
            moves = self._member_movements(
                self._periods_to(date_to), date_from, date_to
            )
            found = moves[0 if code == "members_new" else 1]
            domain = Domain("id", "in", found.ids)
        else:
            domain = model._on_domain(date_to)
        if code == "founding_share":
            domain &= Domain("founding", "=", True)
        if dimension in PATHS:
            named = key != self.env._("Not specified")
            path = PATHS[dimension]
            domain &= Domain(path if named else path[:-5], "=", key if named else False)
        if dimension == "network":
            partners = model.search(domain).partner_id
            networks = self._primary_networks(partners, date_to)
            none = self.env._("No network")
            ids = [p.id for p in partners if networks.get(p.id, none) == key]
            domain &= Domain("partner_id", "in", ids)
        return "consortium.membership", domain

    # Reach

    @api.model
    def _known_domain(self):
        """The organisations on file, whatever they are to the cooperative; not itself.
        Contacts have no dates: those of today."""
        own = self.env["res.company"].sudo().search([("id", ">", 0)]).partner_id
        return (
            Domain("is_company", "=", True)
            & Domain("parent_id", "=", False)
            & Domain("organization_kind_id", "!=", False)
            & Domain("id", "not in", own.ids)
        )

    @api.model
    def _affiliated_on(self, date):
        """``{network id: ids of the organisations in it, through others or not}``."""
        affiliations = self.env["consortium.affiliation"]
        affiliations.check_access("read")
        affiliations.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                WITH RECURSIVE today AS (
                    SELECT network_id, organization_id FROM consortium_affiliation
                     WHERE date_start <= %(date)s
                       AND (date_end IS NULL OR date_end >= %(date)s)
                ), within AS (
                    SELECT network_id, organization_id FROM today
                     UNION
                    SELECT within.network_id, today.organization_id FROM within
                      JOIN today ON today.network_id = within.organization_id
                )
                SELECT network_id, array_agg(organization_id) FROM within
                 GROUP BY network_id
                """,
                date=date,
            )
        )
        return {network: set(organizations) for network, organizations in rows}

    @api.model
    def _compute_reach(self, codes, date_from, date_to):
        """Members among the organisations on file, and who is reached through them."""
        partners = self.env["res.partner"]
        domain = self._known_domain()
        member_ids = set(self.env["consortium.membership"]._on(date_to).partner_id.ids)
        # Some members are persons, or on file no more.
        members = partners.search(domain & Domain("id", "in", list(member_ids)))
        within = self._affiliated_on(date_to)
        regions = dict(partners._read_group(domain, ["region_id"], ["__count"]))
        none = self.env._("Not specified")
        by_region = {}
        for region, total in regions.items():
            own = len(members.filtered(lambda p, region=region: p.region_id == region))
            by_region[region.name or none] = share(own, total)
        networks = partners.browse(within)
        by_network = {
            network.name: share(
                len(within[network.id] & member_ids), len(within[network.id])
            )
            for network in networks
        }
        reached = partners.browse(
            member_ids.union(*(within.get(each, ()) for each in member_ids))
        )
        primary = self._primary_networks(reached, date_to)
        reach = Figure("region", "network")
        for partner in reached:
            region, _kind, network = self._traits(partner, primary)
            reach.add(1, region, network)
        return {
            "penetration": {
                "value": share(len(members), sum(regions.values())),
                "by": {"region": by_region, "network": by_network},
            },
            "organizations_reached": reach.as_value(),
        }

    @api.model
    def _domain_of_reach(self, code, date_from, date_to, dimension, key):
        members = self.env["consortium.membership"]._on(date_to).partner_id.ids
        within = self._affiliated_on(date_to)
        domain = self._known_domain()
        if code == "organizations_reached":
            reached = self.env["res.partner"].browse(
                set(members).union(*(within.get(each, ()) for each in members))
            )
            if dimension:
                networks = self._primary_networks(reached, date_to)
                rank = TRAITS.index(dimension)
                reached = reached.filtered(
                    lambda partner: self._traits(partner, networks)[rank] == key
                )
            # Members that are on file no more, too.
            shown = Domain("active", "in", [True, False])
            return "res.partner", Domain("id", "in", reached.ids) & shown
        if dimension == "region":
            named = key != self.env._("Not specified")
            domain &= (
                Domain("region_id.name", "=", key)
                if named
                else Domain("region_id", "=", False)
            )
        if dimension == "network":
            networks = self.env["res.partner"].browse(within)
            ids = set().union(*(within[n.id] for n in networks if n.name == key))
            domain &= Domain("id", "in", list(ids))
        return "res.partner", domain

    @api.model
    def _members_before(self, date_from, company):
        """Who was a member the day before a year begins."""
        before = date_from - timedelta(days=1)
        return self.env["consortium.membership"]._on(before, company).partner_id
