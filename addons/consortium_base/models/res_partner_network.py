"""The chain of networks: who belongs to what on a day, at whatever depth."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

NETWORK_FIELDS = (
    "network_id",
    "network_ids",
    "network_count",
    "member_ids",
    "member_count",
    "direct_member_count",
)


class ResPartner(models.Model):
    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    affiliation_ids = fields.One2many(
        "consortium.affiliation", "organization_id", string="Affiliations"
    )
    member_affiliation_ids = fields.One2many(
        "consortium.affiliation", "network_id", string="Affiliated Organizations"
    )
    network_id = fields.Many2one(
        "res.partner",
        string="Primary Network",
        compute="_compute_network_id",
        search="_search_network_id",
        help="On the day asked for, today if none is.",
    )
    network_ids = fields.Many2many(
        "res.partner",
        string="Networks",
        compute="_compute_network_ids",
        search="_search_network_ids",
        help="The networks it belongs to, and those that these belong to in turn.",
    )
    member_ids = fields.Many2many(
        "res.partner",
        string="Members of the Network",
        compute="_compute_member_ids",
        search="_search_member_ids",
        help="The members, and the members of its members, whatever the depth.",
    )
    network_count = fields.Integer(string="Networks Count", compute="_compute_counts")
    member_count = fields.Integer(string="Members Count", compute="_compute_counts")
    direct_member_count = fields.Integer(
        string="Direct Members Count", compute="_compute_counts"
    )

    @api.depends(
        "affiliation_ids.network_id",
        "affiliation_ids.is_primary",
        "affiliation_ids.date_start",
        "affiliation_ids.date_end",
    )
    @api.depends_context("consortium_date", "tz")
    def _compute_network_id(self):
        affiliations = self.env["consortium.affiliation"].search(
            Domain("organization_id", "in", self.ids)
            & Domain("is_primary", "=", True)
            & Domain("in_force", "=", True)
        )
        networks = {line.organization_id: line.network_id for line in affiliations}
        for partner in self:
            partner.network_id = networks.get(partner._origin, False)

    def _search_network_id(self, operator, value):
        return self._search_affiliated(
            operator, value, self._sql_primary_members, with_none=True
        )

    @api.depends("affiliation_ids")
    @api.depends_context("consortium_date", "tz", "allowed_company_ids", "uid", "su")
    def _compute_network_ids(self):
        reached = self._reached_by_origin("up")
        for partner in self:
            partner.network_ids = self.browse(reached.get(partner._origin.id, ()))

    def _search_network_ids(self, operator, value):
        def members(networks):
            return self._sql_reached(networks, self._consortium_date(), "down")

        return self._search_affiliated(operator, value, members, with_none=True)

    @api.depends("member_affiliation_ids")
    @api.depends_context("consortium_date", "tz", "allowed_company_ids", "uid", "su")
    def _compute_member_ids(self):
        reached = self._reached_by_origin("down")
        for partner in self:
            partner.member_ids = self.browse(reached.get(partner._origin.id, ()))

    def _search_member_ids(self, operator, value):
        def networks(members):
            return self._sql_reached(members, self._consortium_date(), "up")

        return self._search_affiliated(operator, value, networks)

    @api.depends("affiliation_ids", "member_affiliation_ids")
    @api.depends_context("consortium_date", "tz", "allowed_company_ids", "uid", "su")
    def _compute_counts(self):
        networks = self._count_reached("up")
        members = self._count_reached("down")
        for partner in self:
            origin = partner._origin.id
            partner.network_count = networks.get(origin, (0, 0))[0]
            partner.member_count, partner.direct_member_count = members.get(
                origin, (0, 0)
            )

    def action_open_network_members(self):
        """The members of this network, at every depth or, by the context, directly."""
        self.ensure_one()
        action = self._prepare_organization_action()
        if self.env.context.get("consortium_direct"):
            name = self.env._("Direct members of %(name)s", name=self.name)
            in_force = [("network_id", "=", self.id), ("in_force", "=", True)]
            domain = [("affiliation_ids", "any", in_force)]
        else:
            name = self.env._("Members of %(name)s", name=self.name)
            domain = [("network_ids", "in", self.ids)]
        return {**action, "name": name, "display_name": name, "domain": domain}

    def action_open_networks(self):
        """The networks that this organization belongs to, directly or not."""
        self.ensure_one()
        name = self.env._("Networks of %(name)s", name=self.name)
        return {
            **self._prepare_organization_action(),
            "name": name,
            "display_name": name,
            "domain": [("member_ids", "in", self.ids)],
        }

    def _prepare_organization_action(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "consortium_base.res_partner_action_organizations"
        )
        context = {"consortium_organization": True, "default_is_company": True}
        if date := self.env.context.get("consortium_date"):
            context["consortium_date"] = date
        return {**action, "context": context}

    @api.model
    def _consortium_date(self):
        """The day that lists and counts are of: the context's, else today."""
        date = fields.Date.to_date(self.env.context.get("consortium_date"))
        return date or self.env.company._today()

    def _networks_on(self, date):
        """The networks that these partners belong to on ``date``, at any depth.

        :param date: a date, or a string in ISO format
        :rtype: res.partner
        """
        return self._reached_on(date, "up")

    def _members_on(self, date, direct=False):
        """The members of these networks on ``date``.

        :param date: a date, or a string in ISO format
        :param direct: without the members of members
        :rtype: res.partner
        """
        return self._reached_on(date, "down", direct)

    def _reached_on(self, date, way, direct=False):
        if not self.ids:
            return self.browse()
        self.env["consortium.affiliation"].flush_model()
        origins = SQL("SELECT unnest(%s::int[])", self.ids)
        query = self._sql_reached(origins, fields.Date.to_date(date), way, direct)
        return self.browse(id_ for (id_,) in self.env.execute_query(query))

    @api.model
    def _sql_reached(self, origins, date, way, direct=False):
        """``SELECT`` of the partners reached from ``origins``, each once.

        :param SQL origins: a ``SELECT`` of identifiers
        :param way: « up », to the networks, or « down », to the members
        """
        near, far = self._affiliation_columns(way)
        in_force = self._sql_in_force(date)
        first = SQL(
            "SELECT a.%s FROM consortium_affiliation a WHERE a.%s IN (%s) AND %s",
            far, near, origins, in_force,
        )  # fmt: skip
        if direct:
            return first
        return SQL(
            "WITH RECURSIVE reached(id) AS (%s UNION SELECT a.%s FROM reached r "
            "JOIN consortium_affiliation a ON a.%s = r.id AND %s) "
            "SELECT id FROM reached",
            first, far, near, in_force,
        )  # fmt: skip

    def _sql_reached_by_origin(self, way):
        """``WITH RECURSIVE reached(origin, id, direct)`` from each of ``self``.

        A partner that is reached both directly and not has two rows: count it once.
        """
        near, far = self._affiliation_columns(way)
        in_force = self._sql_in_force(self._consortium_date())
        return SQL(
            "WITH RECURSIVE reached(origin, id, direct) AS ("
            "SELECT a.%(near)s, a.%(far)s, true FROM consortium_affiliation a "
            "WHERE a.%(near)s IN %(ids)s AND %(in_force)s "
            "UNION SELECT r.origin, a.%(far)s, false FROM reached r "
            "JOIN consortium_affiliation a ON a.%(near)s = r.id AND %(in_force)s)",
            near=near,
            far=far,
            ids=tuple(self._origin.ids),
            in_force=in_force,
        )

    def _reached_by_origin(self, way):
        """``{origin: identifiers of the partners reached}``, one query."""
        if not self._origin.ids:
            return {}
        self.env["consortium.affiliation"].flush_model()
        rows = self.env.execute_query(
            SQL(
                "%s SELECT origin, array_agg(DISTINCT id) FROM reached "
                "WHERE id IN %s GROUP BY origin",
                self._sql_reached_by_origin(way),
                self.browse()._search([]).subselect(),
            )
        )
        return dict(rows)

    def _count_reached(self, way):
        """``{origin: (partners reached, those reached directly)}``, one query.

        Only those that the user would see in a list are counted.
        """
        if not self._origin.ids:
            return {}
        self.env["consortium.affiliation"].flush_model()
        rows = self.env.execute_query(
            SQL(
                "%s SELECT origin, count(DISTINCT id), "
                "count(DISTINCT id) FILTER (WHERE direct) FROM reached "
                "WHERE id IN %s GROUP BY origin",
                self._sql_reached_by_origin(way),
                self.browse()._search([]).subselect(),
            )
        )
        return {origin: (every, direct) for origin, every, direct in rows}

    def _search_affiliated(self, operator, value, reached, with_none=False):
        """The domain of the partners that ``reached`` gives from the value.

        :param reached: from a ``SELECT`` of identifiers to another one
        :param with_none: whether ``False`` among the values means « without any »
        """
        if operator not in ("in", "any", "any!"):
            return NotImplemented
        self.env["consortium.affiliation"].flush_model()
        if operator == "in":
            ids = [id_ for id_ in value if id_]
            domain = Domain(
                "id", "in", SQL("(%s)", reached(SQL("SELECT unnest(%s::int[])", ids)))
            )
            if with_none and False in value:
                everyone = reached(SQL("SELECT id FROM res_partner"))
                domain |= Domain("id", "not in", SQL("(%s)", everyone))
            return domain
        model = self.sudo() if operator == "any!" else self
        query = model._search(value) if isinstance(value, Domain) else value
        return Domain("id", "in", SQL("(%s)", reached(query.select())))

    def _sql_primary_members(self, networks):
        return SQL(
            "SELECT a.organization_id FROM consortium_affiliation a "
            "WHERE a.is_primary AND a.network_id IN (%s) AND %s",
            networks,
            self._sql_in_force(self._consortium_date()),
        )

    @api.model
    def _sql_in_force(self, date):
        return SQL(
            "a.date_start <= %(date)s "
            "AND (a.date_end IS NULL OR a.date_end >= %(date)s)",
            date=date,
        )

    @api.model
    def _affiliation_columns(self, way):
        columns = (SQL.identifier("organization_id"), SQL.identifier("network_id"))
        return columns if way == "up" else columns[::-1]

    @api.model
    def _forget_networks(self):
        """What was read of the chain is no longer sure: at any depth, so for all."""
        self.env["res.partner"].invalidate_model(NETWORK_FIELDS, flush=False)
