from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools import rules

KEEPERS = "consortium_base.group_membership_officer,consortium_base.group_auditor"


class ConsortiumSuspension(models.Model):
    """A member suspended from a day to another, both included.

    The board suspends for one of the grounds of the law, at the end of the guided file
    (« sanction »); or it suspends the vote of members who did no business for years
    (« inactivity »), who may object in writing within a delay.
    """

    _name = "consortium.suspension"
    _description = "Suspension"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_start desc, id desc"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        string="Member",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    kind = fields.Selection(
        [("sanction", "Suspension"), ("inactivity", "Suspension of the Vote")],
        required=True,
        default="inactivity",
        readonly=True,
        tracking=True,
    )
    loses_vote = fields.Boolean(
        string="Loses the Right to Vote", default=True, tracking=True
    )
    date_start = fields.Date(string="From", tracking=True)
    date_end = fields.Date(
        string="Until",
        tracking=True,
        help="The last day, included; empty: until it is lifted.",
    )
    state = fields.Selection(
        [
            ("notified", "Notice Given"),
            ("decided", "Decided"),
            ("cancelled", "Given Up"),
        ],
        required=True,
        default="notified",
        readonly=True,
        copy=False,
        tracking=True,
    )
    notice_date = fields.Date(
        string="Notice Given On",
        default=lambda self: self.env.company._today(),
        tracking=True,
    )
    objection_limit = fields.Date(
        compute="_compute_objection_limit",
        help="The last day on which the member may object in writing.",
    )
    objection_date = fields.Date(string="Objection Received On", tracking=True)
    # What a member writes to the board is not for every employee.
    objection = fields.Text(groups=KEEPERS)
    objection_answer = fields.Text(
        string="Answer of the Board",
        groups=KEEPERS,
        help="Given before the meeting at which the member would not vote.",
    )
    resolution_id = fields.Many2one(
        "consortium.resolution",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        copy=False,
        domain="[('kind', '=', 'expulsion'), ('state', '=', 'adopted')]",
    )
    sanction_id = fields.Many2one(
        "consortium.member.sanction",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
        copy=False,
    )
    in_force = fields.Boolean(
        compute="_compute_in_force",
        search="_search_in_force",
        help="On the day asked for, today if none is.",
    )

    _dates = models.Constraint(
        "CHECK (date_end >= date_start)",
        "A suspension ends on the day it begins, or later.",
    )
    _decided = models.Constraint(
        "CHECK (state <> 'decided' OR date_start IS NOT NULL)",
        "A suspension that was decided has its first day.",
    )
    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (company_id WITH =, partner_id WITH =, kind WITH =, "
        "daterange(date_start, date_end, '[]') WITH &&) WHERE (state = 'decided')",
        "The member is already suspended on some of these days.",
    )

    @api.depends("partner_id", "kind")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for suspension in self:
            name = suspension.partner_id.name or ""
            suspension.display_name = f"{labels.get(suspension.kind, '')} – {name}"

    @api.depends("notice_date")
    def _compute_objection_limit(self):
        parameters = self.env["consortium.legal.parameter"]
        for suspension in self:
            notice = suspension.notice_date
            suspension.objection_limit = notice and rules.after(
                notice, parameters._value("vote_suspension_objection_days", notice)
            )

    @api.depends("date_start", "date_end", "state")
    @api.depends_context("consortium_date", "tz")
    def _compute_in_force(self):
        date = self.env["res.partner"]._consortium_date()
        for suspension in self:
            suspension.in_force = bool(
                suspension.state == "decided"
                and suspension.date_start <= date
                and (not suspension.date_end or suspension.date_end >= date)
            )

    def _search_in_force(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._on_domain(self.env["res.partner"]._consortium_date())

    @api.model
    def _on_domain(self, date):
        """The suspensions in force on ``date``, first and last days included."""
        date = fields.Date.to_date(date)
        return (
            Domain("state", "=", "decided")
            & Domain("date_start", "<=", date)
            & (Domain("date_end", "=", False) | Domain("date_end", ">=", date))
        )

    @api.model
    def _on(self, date, company=None):
        """The suspensions in force on ``date`` in one company, that of the user if
        none."""
        company = company or self.env.company
        return self.search(
            Domain("company_id", "=", company.id) & self._on_domain(date)
        )

    @api.model_create_multi
    def create(self, vals_list):
        """One is decided by its button, or by the guided file."""
        for vals in vals_list:
            if vals.get("state", "notified") != "notified" and not self.env.su:
                raise UserError(self.env._("A suspension is decided by its button."))
        return super().create(vals_list)

    def write(self, vals):
        """What was decided stays; it is lifted, never rewritten."""
        kept = {
            name
            for name in vals
            if not name.startswith(("activity_", "message_", "website_message"))
        }
        if "state" in kept or (
            kept and any(suspension.state != "notified" for suspension in self)
        ):
            raise UserError(
                self.env._(
                    "A suspension is decided, given up and lifted by its buttons; "
                    "what was decided doesn't change."
                )
            )
        return super().write(vals)

    def _write_decision(self, vals):
        """The only way to a decision: ``write`` refuses it to everybody."""
        result = super().write(vals)  # pylint: disable=super-method-mismatch
        self.flush_recordset()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_only_notified(self):
        if any(suspension.state == "decided" for suspension in self):
            raise UserError(
                self.env._("A suspension that was decided stays in the register.")
            )

    def action_decide(self):
        """The board suspends the vote, once the delay to object is over, or once it
        has answered the objection.

        :raise UserError: in one sentence, what is missing
        """
        for suspension in self:
            suspension._check_decision()
            suspension._write_decision({"state": "decided"})

    def _check_decision(self):
        self.ensure_one()
        if self.state != "notified":
            raise UserError(self.env._("This suspension has already been decided."))
        if not self.date_start or not self.notice_date:
            raise UserError(
                self.env._("Give the day of the notice and the first day suspended.")
            )
        if self.date_start <= self.objection_limit:
            raise UserError(
                self.env._(
                    "%(name)s may object until %(limit)s: the suspension begins after "
                    "that day.",
                    name=self.partner_id.name,
                    limit=self.objection_limit,
                )
            )
        self._check_heard()
        model = self.env["consortium.membership"]
        if not model.search_count(
            model._on_domain(self.date_start, self.company_id)
            & Domain("partner_id", "=", self.partner_id.id),
            limit=1,
        ):
            raise UserError(
                self.env._(
                    "%(name)s is not a member on %(date)s.",
                    name=self.partner_id.name,
                    date=self.date_start,
                )
            )
        self.resolution_id._require("expulsion", self.date_start)
        resolution = self.resolution_id.sudo()  # of the board: cited, not read
        if resolution.date <= self.notice_date:
            raise UserError(
                self.env._(
                    "The notice of %(notice)s comes before the decision: the "
                    "resolution is of a later day.",
                    notice=self.notice_date,
                )
            )

    def _check_heard(self):
        """The time to object is over, or the board has answered the objection."""
        if self.objection_date and not (self.objection_answer or "").strip():
            raise UserError(
                self.env._(
                    "%(name)s has objected: write the answer of the board first.",
                    name=self.partner_id.name,
                )
            )
        if not self.objection_date and (
            self.company_id._today() <= self.objection_limit
        ):
            raise UserError(
                self.env._(
                    "%(name)s may object until %(limit)s: the board decides after that "
                    "day, or once it has answered.",
                    name=self.partner_id.name,
                    limit=self.objection_limit,
                )
            )

    def action_give_up(self):
        """The objection is right, or the matter is dropped."""
        for suspension in self:
            if suspension.state != "notified":
                raise UserError(self.env._("This suspension has already been decided."))
        self._write_decision({"state": "cancelled"})

    def action_lift(self):
        """End the suspension today: today is its last day."""
        today = self.env.company._today()
        for suspension in self:
            last = suspension.date_end
            if suspension.state != "decided" or (last and last <= today):
                raise UserError(
                    self.env._(
                        "The suspension of %(name)s is over, or was not decided.",
                        name=suspension.partner_id.name,
                    )
                )
            suspension._write_decision({"date_end": max(today, suspension.date_start)})
