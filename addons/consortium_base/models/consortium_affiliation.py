from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL


class ConsortiumAffiliation(models.Model):
    """That an organization belongs to a network, from a day to another, both included.

    A row is a fact with its dates. What held on a day is read from them:
    ``res.partner._networks_on`` and ``_members_on``.
    """

    _name = "consortium.affiliation"
    _description = "Affiliation"
    _inherit = ["mail.thread"]
    _order = "date_start desc, id desc"
    _rec_names_search = ["organization_id", "network_id"]

    organization_id = fields.Many2one(
        "res.partner",
        required=True,
        ondelete="restrict",
        tracking=True,
    )
    network_id = fields.Many2one(
        "res.partner",
        required=True,
        ondelete="restrict",
        tracking=True,
        domain=[("organization_kind_id.is_network", "=", True)],
    )
    date_start = fields.Date(
        string="From",
        required=True,
        tracking=True,
        default=lambda self: self.env.company._today(),
    )
    date_end = fields.Date(
        string="To", tracking=True, help="The last day, included; empty: it still runs."
    )
    is_primary = fields.Boolean(
        string="Primary",
        tracking=True,
        help="The network that the organization is counted under: one at a time.",
    )
    kind = fields.Selection(
        [("sectoral", "Sectoral"), ("territorial", "Territorial")], tracking=True
    )
    notes = fields.Text()
    in_force = fields.Boolean(
        compute="_compute_in_force",
        search="_search_in_force",
        help="On the day asked for, today if none is.",
    )

    _dates_ordered = models.Constraint(
        "CHECK (date_end >= date_start)",
        "An affiliation ends on the day it begins, or later.",
    )
    _not_itself = models.Constraint(
        "CHECK (organization_id <> network_id)",
        "An organization is not affiliated to itself.",
    )
    _pair_once = models.Constraint(
        "EXCLUDE USING gist (organization_id WITH =, network_id WITH =, "
        "daterange(date_start, date_end, '[]') WITH &&)",
        "The organization already belongs to this network on some of these days.",
    )
    _primary_once = models.Constraint(
        "EXCLUDE USING gist (organization_id WITH =, "
        "daterange(date_start, date_end, '[]') WITH &&) WHERE (is_primary)",
        "The organization already has a primary network on some of these days: end "
        "that affiliation first, or let this one be secondary.",
    )
    _by_network = models.Index("(network_id, date_start, date_end, organization_id)")
    _by_organization = models.Index(
        "(organization_id, date_start, date_end, network_id)"
    )

    @api.depends("organization_id", "network_id")
    def _compute_display_name(self):
        for affiliation in self:
            affiliation.display_name = (
                f"{affiliation.organization_id.name} → {affiliation.network_id.name}"
            )

    @api.depends("date_start", "date_end")
    @api.depends_context("consortium_date", "tz")
    def _compute_in_force(self):
        on = self.env["res.partner"]._consortium_date()
        for affiliation in self:
            affiliation.in_force = bool(
                affiliation.date_start
                and affiliation.date_start <= on
                and (not affiliation.date_end or affiliation.date_end >= on)
            )

    def _search_in_force(self, operator, value):
        if operator != "in":
            return NotImplemented
        on = self.env["res.partner"]._consortium_date()
        return [
            ("date_start", "<=", on),
            "|",
            ("date_end", "=", False),
            ("date_end", ">=", on),
        ]

    @api.constrains("network_id")
    def _check_network(self):
        for affiliation in self:
            if not affiliation.network_id.is_network:
                raise ValidationError(
                    self.env._(
                        "%(name)s is not a network: its kind is « %(kind)s ».",
                        name=affiliation.network_id.display_name,
                        kind=affiliation.network_id.organization_kind_id.name or "—",
                    )
                )

    @api.constrains("organization_id", "network_id", "date_start", "date_end")
    def _check_no_loop(self):
        """No network belongs to itself, through others, on any day.

        From each changed affiliation the chain is climbed with the days on which it
        holds as a whole. Two transactions that each add half of a loop do not see
        each other's row, and a lock does not change what a transaction sees
        (repeatable read): the networks climbed are therefore touched, so that the
        second one is refused by PostgreSQL, and tried again by Odoo.
        """
        self.flush_model()
        climbed = self.env.execute_query(
            SQL(
                """
                WITH RECURSIVE climb(origin, node, days) AS (
                    SELECT a.organization_id, a.network_id,
                           daterange(a.date_start, a.date_end, '[]')
                      FROM consortium_affiliation a
                      JOIN res_partner p ON p.id = a.organization_id
                 LEFT JOIN consortium_organization_kind k
                        ON k.id = p.organization_kind_id
                     WHERE a.id IN %(ids)s
                       AND (k.is_network OR EXISTS (
                            SELECT FROM consortium_affiliation m
                             WHERE m.network_id = a.organization_id))
                     UNION
                    SELECT c.origin, a.network_id,
                           c.days * daterange(a.date_start, a.date_end, '[]')
                      FROM climb c
                      JOIN consortium_affiliation a ON a.organization_id = c.node
                       AND daterange(a.date_start, a.date_end, '[]') && c.days
                     WHERE c.node <> c.origin
                )
                SELECT origin, node, min(lower(days)) FROM climb GROUP BY origin, node
                """,
                ids=tuple(self.ids),
            )
        )
        for origin, node, first_day in climbed:
            if origin == node:
                raise ValidationError(
                    self.env._(
                        "On %(date)s, %(name)s would belong to itself through its "
                        "networks.",
                        date=fields.Date.to_string(first_day),
                        name=self.env["res.partner"].browse(origin).display_name,
                    )
                )
        touched = {node for row in climbed for node in row[:2]} | set(
            self.organization_id.ids
        )
        self.env.cr.execute(
            SQL(
                "UPDATE res_partner SET write_date = write_date WHERE id IN (SELECT id "
                "FROM res_partner WHERE id IN %s ORDER BY id FOR NO KEY UPDATE)",
                tuple(touched),
            )
        )

    @api.model_create_multi
    def create(self, vals_list):
        affiliations = super().create(vals_list)
        self.env["res.partner"]._forget_networks()
        return affiliations

    def write(self, vals):
        result = super().write(vals)
        self.env["res.partner"]._forget_networks()
        return result

    def unlink(self):
        result = super().unlink()
        self.env["res.partner"]._forget_networks()
        return result
