from odoo import api, fields, models
from odoo.addons.consortium_base.models.consortium_representation import changed
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain


class ConsortiumMemberCategory(models.Model):
    """A category of members: its rights, what it must subscribe, who may be in it."""

    _name = "consortium.member.category"
    _description = "Category of Members"
    _inherit = ["mail.thread"]
    _order = "sequence, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True, help="Stable: imports and reports know the category by it."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        [("user", "User"), ("support", "Support"), ("worker", "Worker")],
        required=True,
        default="user",
        tracking=True,
    )
    is_auxiliary = fields.Boolean(
        string="Auxiliary",
        tracking=True,
        help="Auxiliary members are served; they neither vote nor hold an office.",
    )
    has_vote = fields.Boolean(
        string="Right to Vote",
        compute="_compute_has_vote",
        store=True,
        readonly=False,
        tracking=True,
    )
    auxiliary_reason = fields.Text(
        string="Why the Category Exists",
        translate=True,
        tracking=True,
        help="A by-law that creates a category of auxiliary members says why.",
    )
    organization_kind_ids = fields.Many2many(
        "consortium.organization.kind",
        string="Eligible Kinds",
        help="Empty: every kind of organization.",
    )
    probation_months = fields.Integer(
        string="Probation (Months)", tracking=True, help="Zero: no trial period."
    )
    counts_as_ids = fields.One2many(
        "consortium.member.category.counts.as",
        "category_id",
        string="Operations with Members",
        copy=True,
    )
    counts_as = fields.Selection(
        [("user", "User Members"), ("worker", "Worker Members"), ("none", "Nobody")],
        compute="_compute_counts_as",
        help="On the day asked for, today if none is.",
    )
    description = fields.Html(translate=True)
    member_count = fields.Integer(compute="_compute_member_count")

    _code = models.UniqueIndex("(code)", "Another category has this code.")
    _auxiliary_vote = models.Constraint(
        "CHECK (NOT (coalesce(is_auxiliary, false) AND coalesce(has_vote, false)))",
        "Auxiliary members have no right to vote.",
    )
    _probation = models.Constraint(
        "CHECK (probation_months >= 0)", "A probation is of zero months or more."
    )

    @api.depends("is_auxiliary")
    def _compute_has_vote(self):
        for category in self:
            category.has_vote = not category.is_auxiliary

    @api.depends("counts_as_ids.date_start", "counts_as_ids.counts_as")
    @api.depends_context("consortium_date", "tz")
    def _compute_counts_as(self):
        date = self.env["res.partner"]._consortium_date()
        for category in self:
            category.counts_as = category._counts_as(date)

    @api.depends_context("consortium_date", "tz", "allowed_company_ids", "uid")
    def _compute_member_count(self):
        date = self.env["res.partner"]._consortium_date()
        model = self.env["consortium.membership"]
        counts = dict(
            model._read_group(
                model._on_domain(date) & Domain("category_id", "in", self.ids),
                ["category_id"],
                ["__count"],
            )
        )
        for category in self:
            category.member_count = counts.get(category, 0)

    @api.constrains("is_auxiliary", "auxiliary_reason")
    def _check_auxiliary_reason(self):
        for category in self:
            if category.is_auxiliary and not (category.auxiliary_reason or "").strip():
                raise ValidationError(
                    self.env._(
                        "Say why the category of auxiliary members « %(name)s » "
                        "exists: the law asks for it.",
                        name=category.name,
                    )
                )

    def write(self, vals):
        """What members of a past day were does not change under them.

        :raise UserError: ``vals`` changes the rights of a category with members
        """
        for category in changed(self, vals, ("kind", "is_auxiliary", "has_vote")):
            if category._is_used():
                raise UserError(
                    self.env._(
                        "« %(name)s » has or had members: its kind and rights stay as "
                        "they were. Archive it and make another category.",
                        name=category.name,
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for category in self:
            if category._is_used():
                raise UserError(
                    self.env._(
                        "« %(name)s » has or had members: archive it instead.",
                        name=category.name,
                    )
                )

    def _is_used(self):
        """Whether anybody is, was or asked to be a member of the category."""
        self.ensure_one()
        # In any company, whoever may read it; only counted.
        model = self.env["consortium.membership"].sudo()
        return bool(model.search_count([("category_id", "=", self.id)], limit=1))

    def _counts_as(self, date):
        """As what the operations with these members count on ``date``.

        :param date: a date, or a string in ISO format
        :return: « user », « worker » or « none » (before the first dated line, too)
        """
        self.ensure_one()
        date = fields.Date.to_date(date)
        lines = self.counts_as_ids.filtered(
            lambda line: line.date_start and line.date_start <= date
        )
        return lines.sorted("date_start")[-1:].counts_as or "none"

    def _accepts(self, kind):
        """Whether the category is open to that kind of organisation."""
        self.ensure_one()
        return not self.organization_kind_ids or kind in self.organization_kind_ids

    def _require_open_to(self, partner):
        """
        :raise UserError: the category is not open to that kind of organisation
        """
        self.ensure_one()
        kind = partner.organization_kind_id
        if not self.active:
            raise UserError(
                self.env._("The category « %(name)s » is closed.", name=self.name)
            )
        if not self._accepts(kind):
            raise UserError(
                self.env._(
                    "The category « %(category)s » is not open to %(name)s, of the "
                    "kind « %(kind)s ».",
                    category=self.name,
                    name=partner.name,
                    kind=kind.name or "—",
                )
            )

    def action_open_members(self):
        """The members of the category on the day asked for."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "consortium_membership.consortium_membership_action"
        )
        return {
            **action,
            "domain": [("category_id", "=", self.id)],
            "context": {
                "search_default_in_force": 1,
                "consortium_date": self.env.context.get("consortium_date"),
            },
        }


class ConsortiumMemberCategoryCountsAs(models.Model):
    """From a day on, as what the operations with the members of a category count."""

    _name = "consortium.member.category.counts.as"
    _description = "How a Category Counts in Operations with Members"
    _order = "category_id, date_start desc"

    category_id = fields.Many2one(
        "consortium.member.category", required=True, index=True, ondelete="cascade"
    )
    date_start = fields.Date(string="From", required=True)
    counts_as = fields.Selection(
        [("user", "User Members"), ("worker", "Worker Members"), ("none", "Nobody")],
        required=True,
        default="none",
        help="Which of the two proportions of operations with members they enter.",
    )
    reference = fields.Char(help="The by-law or the advice that says so.")

    _once = models.UniqueIndex(
        "(category_id, date_start)", "The category already counts from that day."
    )
