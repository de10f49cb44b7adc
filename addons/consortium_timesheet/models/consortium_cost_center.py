from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..tools.privacy import MIN_PEOPLE, always_enough


class ConsortiumCostCenter(models.Model):
    """Where costs are gathered: a field of expertise, or a support of them all.

    Each has an analytic account in the company's plan of cost centers, so that the
    accountant's entries feed it.
    """

    _name = "consortium.cost.center"
    _description = "Cost Center"
    _inherit = ["mail.thread"]
    _order = "kind, code"
    _rec_names_search = ["code", "name"]
    _check_company_auto = True

    code = fields.Char(required=True, tracking=True)
    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(
        [("expertise", "Expertise"), ("support", "Support")],
        required=True,
        default="expertise",
        tracking=True,
        help="Expertise: its hours are billed. Support: its cost is shared out among "
        "the others by an allocation key.",
    )
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    analytic_account_id = fields.Many2one(
        "account.analytic.account",
        readonly=True,
        copy=False,
        index=True,
        ondelete="restrict",
    )
    merge_into_id = fields.Many2one(
        "consortium.cost.center",
        string="Counted With",
        check_company=True,
        tracking=True,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('kind', '=', kind), ('id', '!=', id), ('merge_into_id', '=', False)]",
        help="A center of fewer than three people would tell what one of them earns: "
        "its costs and its hours are counted with those of this other center.",
    )
    merged_ids = fields.One2many("consortium.cost.center", "merge_into_id")
    assignment_ids = fields.One2many("consortium.cost.assignment", "cost_center_id")
    key_ids = fields.One2many("consortium.allocation.key", "cost_center_id")
    people_count = fields.Integer(string="People", compute="_compute_people_count")
    is_small = fields.Boolean(
        string="Too Few People",
        compute="_compute_people_count",
        help="Fewer than three people today: no pay can be imported for it.",
    )

    _code = models.Constraint(
        "UNIQUE (company_id, code)", "Another cost center already has this code."
    )
    _not_itself = models.Constraint(
        "CHECK (merge_into_id <> id)", "A cost center is not counted with itself."
    )

    @api.depends("code", "name")
    def _compute_display_name(self):
        for center in self:
            parts = (center.code, center.name)
            center.display_name = " – ".join(part for part in parts if part)

    @api.depends("assignment_ids.date_start", "assignment_ids.date_end", "merged_ids")
    def _compute_people_count(self):
        """People of the pool today: those of the centers counted with it included."""
        today = self.env.company._today()
        # How many, not who: whoever sees the center may be told.
        Assignment = self.env["consortium.cost.assignment"].sudo()
        found = dict(
            Assignment._read_group(
                Assignment._on_domain(today)
                & Domain("pool_id", "in", self._pool().ids),
                ["pool_id"],
                ["employee_id:count_distinct"],
            )
        )
        for center in self:
            center.people_count = found.get(center._pool(), 0)
            center.is_small = 0 < center.people_count < MIN_PEOPLE

    @api.constrains("merge_into_id", "kind")
    def _check_merge(self):
        for center in self:
            target = center.merge_into_id
            if target and (target.merge_into_id or center.merged_ids):
                raise ValidationError(
                    self.env._(
                        "%(name)s can't be counted with a center that is itself "
                        "counted with another.",
                        name=center.display_name,
                    )
                )
            if any(other.kind != center.kind for other in center.merged_ids + target):
                raise ValidationError(
                    self.env._(
                        "A center of expertise and a support center are not counted "
                        "together."
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals["code"] = (vals.get("code") or "").strip().upper()
        centers = super().create(vals_list)
        for center in centers.filtered(lambda each: not each.analytic_account_id):
            center._make_analytic_account()
        return centers

    def write(self, vals):
        if "code" in vals:
            vals = {**vals, "code": (vals["code"] or "").strip().upper()}
        result = super().write(vals)
        if {"code", "name"} & set(vals):
            for center in self:
                center._sync_analytic_account()
        return result

    def _make_analytic_account(self):
        """The account through which entries feed the center."""
        self.ensure_one()
        plan = self.company_id._make_cost_center_plan()
        # Who keeps cost centers need not keep the rest of analytic accounting.
        self.analytic_account_id = (
            self.env["account.analytic.account"]
            .sudo()
            .create(
                {
                    "name": self.name,
                    "code": self.code,
                    "plan_id": plan.id,
                    "company_id": self.company_id.id,
                }
            )
        )

    def _sync_analytic_account(self):
        self.ensure_one()
        # The account follows its center, whoever may change the center.
        self.sudo().analytic_account_id.write({"name": self.name, "code": self.code})

    def _pool(self):
        """The centers that costs and hours of these are counted with."""
        return self.browse([(each.merge_into_id or each).id for each in self])

    @api.model
    def _told_over(self, company, start, end, pools=None):
        """The pools whose cost of a period may be told without telling a person's.

        Three people at least on each day of the period when anybody is there; both
        days included, one query.

        :param pools: see ``_stays_over``
        """
        stays = self._stays_over(company, start, end, pools)
        return self.browse(
            pool for pool, mine in stays.items() if always_enough(mine, start, end)
        )

    @api.model
    def _stays_over(self, company, start, end, pools=None):
        """``{pool id: [(person, first day, last day or None)]}`` of a period.

        :param pools: ``{center: the center that counts it}`` of a run; none: of today
        """
        pools = pools or {}
        # How many, not who: whoever is told the cost is told no more.
        rows = (
            self.env["consortium.cost.assignment"]
            .sudo()
            .search_fetch(
                Domain("company_id", "=", company.id)
                & Domain("date_start", "<=", end)
                & (Domain("date_end", "=", False) | Domain("date_end", ">=", start)),
                ["cost_center_id", "pool_id", "employee_id", "date_start", "date_end"],
            )
        )
        return {
            pool.id: [
                (r.employee_id.id, r.date_start, r.date_end or None) for r in mine
            ]
            for pool, mine in rows.grouped(
                lambda r: pools.get(r.cost_center_id, r.pool_id)
            ).items()
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_unused(self):
        for center in self:
            if center.assignment_ids or center._has_entries():
                raise UserError(
                    self.env._(
                        "%(name)s has people or entries: archive it instead.",
                        name=center.display_name,
                    )
                )

    def _has_entries(self):
        """Has any analytic line ever fed this center?"""
        column = self.company_id._make_cost_center_plan()._column_name()
        domain = [(column, "=", self.analytic_account_id.id)]
        # Whether there are any, whoever may read them.
        return bool(
            self.env["account.analytic.line"].sudo().search_count(domain, limit=1)
        )

    def action_open_people(self):
        """Who is assigned to the center, in time."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("People of %(name)s", name=self.name),
            "res_model": "consortium.cost.assignment",
            "view_mode": "list,form",
            "domain": [("pool_id", "=", self._pool().id)],
            "context": {"default_cost_center_id": self.id, "search_default_today": 1},
        }
