from collections import defaultdict
from fractions import Fraction

from odoo import api, fields, models
from odoo.addons.consortium_base.tools.frozen import keep_frozen, unchanged
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.privacy import MIN_PEOPLE
from ..tools.run import reserve_share

FROZEN = {
    "company_id",
    "cost_center_id",
    "date_start",
    "rate_cents",
    "rate",
    "resolution_id",
    "run_id",
}


class ConsortiumHourlyRate(models.Model):
    """The provisional price of an hour of a center, from a date on.

    Approved, it never changes: a revision is another rate, from a later date.
    """

    _name = "consortium.hourly.rate"
    _description = "Provisional Rate"
    _inherit = ["mail.thread"]
    _order = "date_start desc, cost_center_id, id desc"
    _check_company_auto = True

    cost_center_id = fields.Many2one(
        "consortium.cost.center",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
        tracking=True,
        domain="[('kind', '=', 'expertise'), ('merge_into_id', '=', False)]",
    )
    company_id = fields.Many2one(
        "res.company",
        related="cost_center_id.company_id",
        store=True,
        index=True,
        precompute=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_start = fields.Date(string="From", required=True, tracking=True)
    date_end = fields.Date(
        string="Last Day",
        tracking=True,
        help="Set by the next rate; empty: in force until then.",
    )
    rate_cents = fields.Integer(
        string="Cents an Hour", required=True, export_string_translation=False
    )
    rate = fields.Monetary(
        string="Hourly Rate",
        compute="_compute_rate",
        inverse="_inverse_rate",
        tracking=True,
    )
    state = fields.Selection(
        [("draft", "Proposed"), ("approved", "Approved")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    resolution_id = fields.Many2one(
        "consortium.resolution",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        copy=False,
        domain="[('kind', '=', 'rates'), ('state', '=', 'adopted')]",
    )

    run_id = fields.Many2one(
        "consortium.rate.run",
        string="Target Run",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    _positive = models.Constraint(
        "CHECK (rate_cents > 0)", "An hourly rate is above zero."
    )
    _dates = models.Constraint(
        "CHECK (date_end >= date_start)", "A rate ends on or after the day it begins."
    )
    _one_at_a_time = models.Constraint(
        "EXCLUDE USING gist (cost_center_id WITH =, "
        "daterange(date_start, date_end, '[]') WITH &&) WHERE (state = 'approved')",
        "This center already has an approved rate over part of that time.",
    )
    # Raised by the trigger, for whoever writes by SQL.
    _frozen = models.Constraint(
        "CHECK (state IN ('draft', 'approved'))",
        "An adopted rate never changes: propose another one, from a later date.",
    )

    def init(self):
        """The trigger that keeps adopted rates, whoever writes; the next one may set
        their last day. The uninstall hook drops its function."""
        keep_frozen(
            self.env.cr,
            self._table,
            frozen="OLD.state = 'approved'",
            allowed=unchanged(
                "state",
                "cost_center_id",
                "date_start",
                "rate_cents",
                "resolution_id",
                "run_id",
            ),
        )

    @api.depends("rate_cents")
    def _compute_rate(self):
        for each in self:
            each.rate = each.rate_cents / 100

    def _inverse_rate(self):
        for each in self:
            each.rate_cents = round(each.rate * 100)

    @api.depends("cost_center_id", "date_start", "rate_cents")
    def _compute_display_name(self):
        for each in self:
            code = each.cost_center_id.code or ""
            price = each.currency_id.format(each.rate) if each.currency_id else ""
            each.display_name = f"{code} – {price} ({each.date_start or ''})"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("state", "draft") != "draft":
                raise UserError(self.env._("A rate is approved by its button."))
            if "rate" in vals and "rate_cents" not in vals:
                vals["rate_cents"] = round(vals.pop("rate") * 100)
        return super().create(vals_list)

    def write(self, vals):
        """An approved rate stays as adopted; the next one only sets its last day."""
        if "state" in vals:
            raise UserError(self.env._("A rate is approved by its button."))
        approved = self.filtered(lambda each: each.state == "approved")
        if approved and (FROZEN & set(vals) or ("date_end" in vals)):
            raise UserError(
                self.env._(
                    "The rate %(name)s was adopted and does not change: propose "
                    "another one, from a later date.",
                    name=approved[0].display_name,
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_proposed(self):
        for each in self:
            if each.state == "approved":
                raise UserError(
                    self.env._(
                        "The rate %(name)s was adopted: it stays.",
                        name=each.display_name,
                    )
                )

    def action_approve(self):
        """Put proposed rates in force; each ends the one before it.

        :raise UserError: no adopted resolution, the center already has a later rate,
            hours approved since that day carry the rate of before, or too few people
        """
        self.check_access("write")
        for each in self.sorted("date_start"):
            if each.state == "approved":
                raise UserError(
                    self.env._(
                        "The rate %(name)s is already approved.", name=each.display_name
                    )
                )
            each.resolution_id._require("rates", each.date_start)
            each._end_previous()
            each._check_enough_people()
            each._write_state({"state": "approved"})

    def _check_enough_people(self):
        """The price of an hour of one or two people tells what they earn.

        A center that nobody is assigned to yet tells nobody's.

        :raise UserError: fewer than three people make the cost of the center that day
        """
        self.ensure_one()
        stays = self.cost_center_id._stays_over(
            self.company_id, self.date_start, self.date_start
        )
        people = {who for who, *_days in stays.get(self.cost_center_id.id, ())}
        if 0 < len(people) < MIN_PEOPLE:
            raise UserError(
                self.env._(
                    "%(center)s has fewer than three people on %(date)s, and its rate "
                    "would tell what one of them earns: count it with another center.",
                    center=self.cost_center_id.display_name,
                    date=self.date_start,
                )
            )

    def _end_previous(self):
        """Close the rate in force before this one, the day before it begins."""
        self.ensure_one()
        same = Domain("cost_center_id", "=", self.cost_center_id.id) & Domain(
            "state", "=", "approved"
        )
        if self.search_count(same & Domain("date_start", ">=", self.date_start)):
            raise UserError(
                self.env._(
                    "%(center)s already has a rate from that day or later: a revision "
                    "comes after the last one.",
                    center=self.cost_center_id.display_name,
                )
            )
        # Hours are looked for as such, whoever may read them.
        used = self.env["account.analytic.line"].sudo()
        domain = Domain("approval_state", "=", "approved") & Domain(
            "date", ">=", self.date_start
        )
        if used.search_count(
            domain
            & Domain("hourly_rate_id.cost_center_id", "=", self.cost_center_id.id),
            limit=1,
        ):
            raise UserError(
                self.env._(
                    "Hours of %(center)s are already approved from %(date)s on, at the "
                    "rate in force: a revision takes effect after them.",
                    center=self.cost_center_id.display_name,
                    date=self.date_start,
                )
            )
        previous = self.search(
            same
            & (
                Domain("date_end", "=", False)
                | Domain("date_end", ">=", self.date_start)
            )
        )
        previous._write_state(
            {"date_end": fields.Date.subtract(self.date_start, days=1)}
        )
        # The constraint of the database looks at each row as it is written.
        previous.flush_recordset()

    def _write_state(self, vals):
        """What buttons alone may write: ``write`` refuses it to everybody."""
        return super().write(vals)  # pylint: disable=super-method-mismatch

    def _reserve_share(self):
        """The part of the cost that the reserve adds to it, as adopted with the rate.

        :return: a ``Fraction``; zero for a rate of no target run
        """
        run = self.sudo().run_id
        return reserve_share(run._reserve_terms()) if run else Fraction(0)

    def _reserve_cap(self):
        """The most that the reserve may be in a year, in cents, as adopted with the
        rate; zero: no cap."""
        return round(self.sudo().run_id.reserve_cap * 100)

    @api.model
    def _in_force(self, pairs):
        """The approved rates of centers on days, in one query.

        :param pairs: ``(pool, date)`` of each wanted rate
        :return: ``{(pool id, date): rate}``; what has none is left out
        """
        pairs = {(pool.id, date) for pool, date in pairs if pool and date}
        if not pairs:
            return {}
        by_center = defaultdict(list)
        domain = (
            Domain("state", "=", "approved")
            & Domain("cost_center_id", "in", [pool for pool, _date in pairs])
            & Domain("date_start", "<=", max(date for _pool, date in pairs))
        )
        for rate in self.search(domain):
            by_center[rate.cost_center_id.id].append(rate)
        found = {}
        for pool, date in pairs:
            for rate in by_center[pool]:
                if rate.date_start <= date and not (
                    rate.date_end and rate.date_end < date
                ):
                    found[pool, date] = rate
                    break
        return found
