import re

from odoo import api, fields, models
from odoo.addons.consortium_base.tools.text import fold
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, html2plaintext

from ..tools import catalogue_search, estimate

LATEST = 50  # mandates that an estimate is made from
ICON = re.compile(r"fa-[a-z0-9-]+")
# What a representative reads of the catalogue: who the experts are, and the product
# that carries the price, are the cooperative's business.
PORTAL_FIELDS = {
    "id",
    "active",
    "child_ids",
    "code",
    "company_id",
    "date_end",
    "date_start",
    "description",
    "display_name",
    "examples",
    "icon",
    "is_offered",
    "kind",
    "name",
    "parent_id",
    "search_text",
    "sequence",
    "solves",
    "typical_hours_max",
    "typical_hours_min",
}


class ConsortiumExpertise(models.Model):
    """A field of expertise that the cooperative offers to its members.

    Names and descriptions are the cooperative's own words: they are data, kept in the
    language in which it writes to its members.
    """

    _name = "consortium.expertise"
    _description = "Field of Expertise"
    _inherit = ["mail.thread"]
    _order = "sequence, name, id"
    _rec_names_search = ["name", "code"]
    _parent_store = True

    name = fields.Char(required=True, tracking=True)
    code = fields.Char(required=True, index=True, tracking=True, copy=False)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one("res.company", help="Empty: every company offers it.")
    parent_id = fields.Many2one(
        "consortium.expertise", string="Parent Field", index=True, ondelete="restrict"
    )
    parent_path = fields.Char(index=True, export_string_translation=False)
    child_ids = fields.One2many("consortium.expertise", "parent_id", string="Subfields")
    kind = fields.Selection(
        [("service", "Service"), ("training", "Training"), ("mentoring", "Mentoring")],
        required=True,
        default="service",
        tracking=True,
    )
    icon = fields.Char(
        string="Pictogram",
        default="fa-briefcase",
        help="Name of a Font Awesome 4.7 pictogram, as « fa-balance-scale ».",
    )
    description = fields.Html(
        string="Description for Members", sanitize_attributes=True, sanitize_style=True
    )
    solves = fields.Text(
        string="What It Solves", help="The needs, in the words of a member."
    )
    examples = fields.Text(help="One on each line.")
    keywords = fields.Char(
        help="Other words by which a member may look for it; never shown."
    )
    search_text = fields.Text(
        compute="_compute_search_text", store=True, export_string_translation=False
    )
    manager_id = fields.Many2one(
        "res.users",
        string="Coordinator",
        index="btree_not_null",
        tracking=True,
        domain=[("share", "=", False)],
        help="Who receives the requests of this field.",
    )
    employee_ids = fields.Many2many(
        "hr.employee",
        "consortium_expertise_employee_rel",
        "expertise_id",
        "employee_id",
        string="Experts",
    )
    employee_count = fields.Integer(
        string="Number of Experts", compute="_compute_counts"
    )
    product_id = fields.Many2one(
        "product.product",
        string="Service Product",
        ondelete="restrict",
        domain=[("type", "=", "service")],
    )
    complement_ids = fields.One2many(
        "consortium.expertise.complement",
        "expertise_id",
        string="Complementary Expertise",
    )
    complementary_ids = fields.Many2many(
        "consortium.expertise",
        compute="_compute_complementary_ids",
        string="Complementary Fields",
    )
    typical_hours_min = fields.Integer(string="Typical Hours, From")
    typical_hours_max = fields.Integer(string="Typical Hours, To")
    date_start = fields.Date(string="Offered From")
    date_end = fields.Date(
        string="Offered Until", help="The last day, included; empty: still offered."
    )
    is_offered = fields.Boolean(
        string="Offered Today",
        compute="_compute_is_offered",
        search="_search_is_offered",
    )
    for_members = fields.Boolean(
        compute="_compute_for_members",
        search="_search_for_members",
        export_string_translation=False,
        help="The user may read the catalogue: an employee, or a representative.",
    )
    open_line_count = fields.Integer(string="Open Needs", compute="_compute_counts")

    _code = models.UniqueIndex(
        "(lower(code), coalesce(company_id, 0))",
        "Another field of expertise has this code.",
    )
    _hours = models.Constraint(
        "CHECK (typical_hours_min >= 0 AND typical_hours_max >= typical_hours_min)",
        "The typical hours go from a number to the same or a greater one.",
    )
    _dates = models.Constraint(
        "CHECK (date_end >= date_start)",
        "A field of expertise is offered until the day it begins, or later.",
    )

    @api.depends("name", "code", "solves", "examples", "keywords", "description")
    def _compute_search_text(self):
        for expertise in self:
            parts = (
                expertise.name,
                expertise.code,
                expertise.keywords,
                expertise.solves,
                expertise.examples,
                html2plaintext(expertise.description or ""),
            )
            # One line each, so that a word of the name weighs more than one below.
            expertise.search_text = "\n".join(fold(part) for part in parts)

    @api.depends("complement_ids.complementary_id")
    def _compute_complementary_ids(self):
        for expertise in self:
            expertise.complementary_ids = expertise.complement_ids.complementary_id

    @api.depends("active", "date_start", "date_end")
    def _compute_is_offered(self):
        today = self.env.company._today()
        for expertise in self:
            expertise.is_offered = (
                expertise.active
                and (not expertise.date_start or expertise.date_start <= today)
                and (not expertise.date_end or expertise.date_end >= today)
            )

    def _search_is_offered(self, operator, value):
        if operator != "in" or list(value) != [True]:
            return NotImplemented
        return self._offered_domain(self.env.company._today())

    @api.depends_context("uid")
    def _compute_for_members(self):
        self.for_members = self._reads_catalogue()

    @api.model
    def _search_for_members(self, operator, value):
        if operator != "in" or list(value) != [True]:
            return NotImplemented
        return Domain.TRUE if self._reads_catalogue() else Domain.FALSE

    @api.model
    def _reads_catalogue(self):
        user = self.env.user
        return user._is_internal() or bool(user._acting_partner())

    @api.model
    def _offered_domain(self, date):
        """What is offered on a date, both ends of the period included."""
        return (
            Domain("active", "=", True)
            & (Domain("date_start", "=", False) | Domain("date_start", "<=", date))
            & (Domain("date_end", "=", False) | Domain("date_end", ">=", date))
        )

    def _compute_counts(self):
        lines = dict(
            self.env["consortium.service.request.line"]._read_group(
                [("expertise_id", "in", self.ids), ("is_open", "=", True)],
                ["expertise_id"],
                ["__count"],
            )
        )
        for expertise in self:
            expertise.open_line_count = lines.get(expertise, 0)
            expertise.employee_count = len(expertise.employee_ids)

    @api.constrains("icon")
    def _check_icon(self):
        for expertise in self:
            if expertise.icon and not ICON.fullmatch(expertise.icon):
                raise ValidationError(
                    self.env._(
                        "« %(icon)s » is not the name of a pictogram: write it as "
                        "« fa-balance-scale ».",
                        icon=expertise.icon,
                    )
                )

    @api.constrains("parent_id")
    def _check_no_loop(self):
        if self._has_cycle():
            raise ValidationError(
                self.env._("A field of expertise is not part of itself.")
            )

    @api.model_create_multi
    def create(self, vals_list):
        expertises = super().create(vals_list)
        expertises.employee_ids._refresh_load(["expertise_ids"])
        return expertises

    def write(self, vals):
        result = super().write(vals)
        if "employee_ids" in vals:
            self.employee_ids._refresh_load(["expertise_ids"])
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """What requests cite stays readable: archive it."""
        # A need that the user may not read keeps the field of expertise too.
        lines = self.env["consortium.service.request.line"].sudo()
        used = lines.search([("expertise_id", "in", self.ids)], limit=1).expertise_id
        if used:
            raise UserError(
                self.env._(
                    "%(name)s has been requested: archive it instead; the requests "
                    "keep it, and the catalogue no longer shows it.",
                    name=used.name,
                )
            )

    @api.model
    def _has_field_access(self, field, operation):
        """In the portal, only what the catalogue shows."""
        if not super()._has_field_access(field, operation):
            return False
        return (
            self.env.su or self.env.user._is_internal() or field.name in PORTAL_FIELDS
        )

    @api.model
    def _catalogue(self, query=""):
        """The fields offered today, those that answer the query first.

        Few, so all are read in one query and ranked here, without accents and by the
        words of a need as well as by name.

        :param query: what a member typed; empty: the whole catalogue in its order
        """
        offered = self.search_fetch(
            [("is_offered", "=", True)], ["name", "search_text", "sequence"]
        )
        if not fold(query):
            return offered
        ranks = catalogue_search.rank(
            query, {expertise.id: expertise.search_text for expertise in offered}
        )
        return self.browse(ranks).with_prefetch(offered._prefetch_ids)

    def _require_offered(self):
        """That a new need may ask for these fields.

        :raise UserError: one of them is archived, or out of its period
        """
        for expertise in self:
            if not expertise.is_offered:
                raise UserError(
                    self.env._(
                        "%(name)s is no longer offered: choose another field of "
                        "expertise.",
                        name=expertise.name,
                    )
                )

    def _minutes_sql(self):
        """The minutes of a line of time, aliased ``a``, that were really spent.

        Addons that approve time, or keep it in minutes, count it their way.
        """
        return SQL("round(a.unit_amount * 60)")

    def _mandate_minutes(self):
        """The time actually spent on the latest ended mandates of these fields.

        :return: ``{expertise id: [minutes of a mandate, …]}``
        """
        if not self.ids:
            return {}
        self.env.flush_all()
        # Totals of minutes only: neither whose mandates nor whose hours come out.
        rows = self.env.execute_query(
            SQL(
                """
                SELECT field.id, mandate.minutes
                  FROM unnest(%(ids)s::int[]) AS field(id),
                       LATERAL (
                        SELECT sum(
                                coalesce(l.opening_minutes, 0) + coalesce((
                                SELECT sum(%(minutes)s)
                                  FROM account_analytic_line a
                                 WHERE a.so_line = l.id AND a.project_id IS NOT NULL
                                ), 0))::int AS minutes
                          FROM sale_order_line l
                          JOIN sale_order o ON o.id = l.order_id
                         WHERE l.expertise_id = field.id
                           AND o.is_service_agreement AND o.closed_on IS NOT NULL
                      GROUP BY o.id, o.closed_on
                      ORDER BY o.closed_on DESC, o.id DESC
                         LIMIT %(latest)s
                       ) AS mandate
                """,
                ids=self.ids,
                latest=LATEST,
                minutes=self._minutes_sql(),
            )
        )
        found = {}
        for expertise, minutes in rows:
            found.setdefault(expertise, []).append(minutes)
        return found

    def _estimates(self):
        """The range of hours to expect of these fields: from like mandates once there
        are some, else what the catalogue says.

        :return: ``{expertise id: {field of a need: value}}``, in minutes
        """
        spent = self._mandate_minutes()
        found = {}
        for expertise in self:
            mandates = spent.get(expertise.id, [])
            measured = estimate.typical_range(mandates)
            if measured:
                low, high = measured
                source = self.env._("%(count)s mandates", count=len(mandates))
            elif expertise.typical_hours_max:
                low = expertise.typical_hours_min * 60
                high = expertise.typical_hours_max * 60
                source = self.env._("Catalogue")
            else:
                continue
            found[expertise.id] = {
                "estimate_min": low,
                "estimate_max": high,
                "estimate_source": source,
            }
        return found

    def action_open_lines(self):
        """The needs that ask for these fields."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "consortium_services.consortium_service_request_line_action"
        )
        action["domain"] = [("expertise_id", "in", self.ids)]
        action["context"] = {"search_default_open": 1}
        return action
