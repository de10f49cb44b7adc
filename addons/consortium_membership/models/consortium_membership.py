from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.addons.consortium_base.models.consortium_representation import changed
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

PERIOD_STATES = ("admitted", "ended")
# What a period is once it is written: changed by its operations only.
FROZEN = (
    "partner_id",
    "company_id",
    "category_id",
    "number",
    "date_start",
    "date_end",
    "founding",
    "state",
    "end_reason",
    "resolution_id",
    "resolution_reference",
    "end_resolution_id",
    "application_id",
)


class ConsortiumMembership(models.Model):
    """A period in one category, both days included; or an application to begin one.

    What held on a day is read from the dates: ``_on(date)``.
    """

    _name = "consortium.membership"
    _description = "Membership"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "number, date_start, id"
    _rec_names_search = ["partner_id"]
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        string="Organization",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    category_id = fields.Many2one(
        "consortium.member.category",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    number = fields.Integer(
        string="Member Number", aggregator=None, copy=False, tracking=True
    )
    date_start = fields.Date(string="Since", copy=False, tracking=True)
    date_end = fields.Date(
        string="Until",
        copy=False,
        tracking=True,
        help="The last day as a member of that category, included.",
    )
    founding = fields.Boolean(string="Founding Member", tracking=True)
    state = fields.Selection(
        [
            ("applied", "Applied"),
            ("refused", "Refused"),
            ("admitted", "Admitted"),
            ("ended", "Ended"),
        ],
        required=True,
        default="applied",
        copy=False,
        index=True,
        tracking=True,
    )
    end_reason = fields.Selection(
        [
            ("resignation", "Resignation"),
            ("expulsion", "Expulsion"),
            ("category_change", "Change of Category"),
            ("dissolution", "Dissolution or Merger of the Organization"),
            ("other", "Other"),
        ],
        copy=False,
        tracking=True,
    )
    resolution_id = fields.Many2one(
        "consortium.resolution",
        string="Admitted By",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        copy=False,
        groups="base.group_user",
    )
    resolution_reference = fields.Char(
        copy=False,
        groups="base.group_user",
        help="The resolution of a membership older than the register of resolutions.",
    )
    end_resolution_id = fields.Many2one(
        "consortium.resolution",
        string="Ended By",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        copy=False,
        groups="base.group_user",
    )
    kind = fields.Selection(related="category_id.kind")
    is_auxiliary = fields.Boolean(related="category_id.is_auxiliary")
    organization_kind_id = fields.Many2one(related="partner_id.organization_kind_id")
    region_id = fields.Many2one(related="partner_id.region_id")
    in_force = fields.Boolean(
        compute="_compute_in_force",
        search="_search_in_force",
        help="On the day asked for, today if none is.",
    )
    probation_end = fields.Date(compute="_compute_probation_end")

    _dates = models.Constraint(
        "CHECK (date_end >= date_start)",
        "A membership ends on the day it begins, or later.",
    )
    _period = models.Constraint(
        "CHECK (state IN ('applied', 'refused') OR "
        "(date_start IS NOT NULL AND number > 0))",
        "A membership that was admitted has its first day and its member number.",
    )
    _not_yet = models.Constraint(
        "CHECK (state NOT IN ('applied', 'refused') OR date_start IS NULL)",
        "A membership begins when it is admitted.",
    )
    _end = models.Constraint(
        "CHECK (state <> 'ended' OR date_end IS NOT NULL)",
        "A membership that ended has its last day.",
    )
    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (company_id WITH =, partner_id WITH =, "
        "daterange(date_start, date_end, '[]') WITH &&) "
        "WHERE (state IN ('admitted', 'ended'))",
        "The organization is already a member on some of these days.",
    )
    _number_of_one = models.Constraint(
        "EXCLUDE USING gist (company_id WITH =, number WITH =, partner_id WITH <>) "
        "WHERE (state IN ('admitted', 'ended'))",
        "This member number is, or was, that of another organization.",
    )
    _by_date = models.Index("(company_id, date_start, date_end, partner_id)")

    @api.depends("partner_id", "category_id", "number")
    def _compute_display_name(self):
        for membership in self:
            name = membership.partner_id.name or ""
            membership.display_name = (
                self.env._(
                    "%(name)s (member no. %(number)s)",
                    name=name,
                    number=membership.number,
                )
                if membership.number
                else name
            )

    @api.depends("date_start", "date_end", "state")
    @api.depends_context("consortium_date", "tz")
    def _compute_in_force(self):
        date = self.env["res.partner"]._consortium_date()
        for membership in self:
            membership.in_force = membership._is_on(date)

    def _search_in_force(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._in_force_domain(self.env["res.partner"]._consortium_date())

    @api.depends("date_start", "category_id.probation_months")
    def _compute_probation_end(self):
        for membership in self:
            months = membership.category_id.probation_months
            start = membership.date_start
            membership.probation_end = (
                start + relativedelta(months=months, days=-1)
                if start and months
                else False
            )

    @api.constrains("state", "founding", "resolution_id", "resolution_reference")
    def _check_decision(self):
        """An admission rests on a resolution; founders are members by the articles,
        and the history cites what the old register says."""
        for membership in self.filtered(lambda m: m.state in PERIOD_STATES):
            if membership.founding or membership.resolution_reference:
                continue
            membership.resolution_id._require("admission", membership.date_start)

    @api.constrains("partner_id")
    def _check_partner(self):
        for membership in self:
            partner = membership.partner_id
            if partner.commercial_partner_id != partner:
                raise ValidationError(
                    self.env._(
                        "%(name)s is a contact of %(organization)s: choose the "
                        "organization itself.",
                        name=partner.name,
                        organization=partner.commercial_partner_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """A period without a number gets that of the organisation, else the next."""
        vals_list = [dict(vals) for vals in vals_list]
        self._number_periods(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        """What a period is stays as it was written: its operations change it.

        :raise UserError: ``vals`` would change it
        """
        self.check_access("write")
        periods = self.filtered(lambda m: m.state in PERIOD_STATES)
        if changed(periods.sudo(), vals, FROZEN):
            raise UserError(
                self.env._(
                    "A membership stays in the register as it was written: admit, "
                    "change the category or end it by the buttons."
                )
            )
        if vals.get("state") in PERIOD_STATES and self - periods:
            raise UserError(
                self.env._("An organization becomes a member by its admission.")
            )
        return super().write(vals)

    def _write_period(self, vals):
        """The only way to change a period: ``write`` refuses it to everybody."""
        result = super().write(vals)  # pylint: disable=super-method-mismatch
        # A period that ends here must be known before another one is written.
        self.flush_recordset()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_only_applications(self):
        if any(membership.state != "applied" for membership in self):
            raise UserError(
                self.env._("What the board decided of a membership is not deleted.")
            )

    @api.model
    def _in_force_domain(self, date):
        """The periods that ``date``, first and last days included, is in."""
        date = fields.Date.to_date(date)
        return (
            Domain("state", "in", PERIOD_STATES)
            & Domain("date_start", "<=", date)
            & (Domain("date_end", "=", False) | Domain("date_end", ">=", date))
        )

    @api.model
    def _on_domain(self, date, company=None):
        """The periods in force on ``date`` in one company, that of the user if none."""
        company = company or self.env.company
        return Domain("company_id", "=", company.id) & self._in_force_domain(date)

    @api.model
    def _on(self, date, company=None):
        """The memberships in force on ``date``, by member number.

        :param date: a date, or a string in ISO format; first and last days included
        :param company: that of the user if none
        :rtype: consortium.membership
        """
        return self.search(self._on_domain(date, company))

    def _is_on(self, date):
        """Whether one membership is in force on ``date``."""
        self.ensure_one()
        return bool(
            self.state in PERIOD_STATES
            and self.date_start
            and self.date_start <= date
            and (not self.date_end or self.date_end >= date)
        )

    @api.model
    def _number_periods(self, vals_list):
        """Give its member number to each period that has none."""
        default = self.env.company.id
        waiting = {}
        for vals in vals_list:
            if vals.get("state") in PERIOD_STATES and not vals.get("number"):
                waiting.setdefault(vals.get("company_id") or default, []).append(vals)
        for company_id, rows in waiting.items():
            company = self.env["res.company"].browse(company_id)
            partners = self.env["res.partner"].browse(
                list(dict.fromkeys(vals["partner_id"] for vals in rows))
            )
            numbers = self._numbers_of(partners, company)
            for vals in rows:
                vals["number"] = numbers[vals["partner_id"]]

    @api.model
    def _numbers_of(self, partners, company):
        """``{partner id: member number}``: the one it has for ever, else the next."""
        self.flush_model()
        known = dict(
            self.env.execute_query(
                SQL(
                    "SELECT partner_id, min(number) FROM consortium_membership "
                    "WHERE company_id = %s AND partner_id IN %s "
                    "AND state IN ('admitted', 'ended') GROUP BY partner_id",
                    company.id,
                    tuple(partners.ids) or (0,),
                )
            )
        )
        new = [partner.id for partner in partners if partner.id not in known]
        numbers = self._next_numbers(company, len(new))
        return {**known, **dict(zip(new, numbers, strict=True))}

    @api.model
    def _next_numbers(self, company, count):
        """Take the next member numbers of a company.

        The counter is a row that a transaction writes: a second admission waits for
        the first one, then PostgreSQL refuses it and Odoo tries it again. What is
        rolled back gives its numbers back: there are no gaps.
        """
        if not count:
            return []
        ((last,),) = self.env.execute_query(
            SQL(
                "UPDATE res_company SET member_number_last = greatest("
                "coalesce(member_number_last, 0), (SELECT coalesce(max(number), 0) "
                "FROM consortium_membership WHERE company_id = %(company)s)"
                ") + %(count)s WHERE id = %(company)s RETURNING member_number_last",
                company=company.id,
                count=count,
            )
        )
        company.invalidate_recordset(["member_number_last"], flush=False)
        return list(range(last - count + 1, last + 1))
