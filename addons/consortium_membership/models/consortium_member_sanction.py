from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..tools import rules

CLOSED = ("dismissed", "dropped")


class ConsortiumMemberSanction(models.Model):
    """The guided file of a suspension or expulsion: each step checks what the law asks.

    Notice with the grounds and the meeting; hearing; decision by two thirds of the
    votes cast; reasoned notice of it within its delay; then it takes effect.
    """

    _name = "consortium.member.sanction"
    _description = "Suspension or Expulsion File"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(string="Reference", readonly=True, copy=False)
    membership_id = fields.Many2one(
        "consortium.membership",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('in_force', '=', True)]",
    )
    partner_id = fields.Many2one(
        related="membership_id.partner_id", store=True, index=True
    )
    company_id = fields.Many2one(
        related="membership_id.company_id", store=True, index=True
    )
    kind = fields.Selection(
        [("suspension", "Suspension"), ("expulsion", "Expulsion")],
        required=True,
        default="suspension",
        tracking=True,
    )
    state = fields.Selection(
        [
            ("draft", "Grounds"),
            ("notified", "Notice Given"),
            ("decided", "Decided"),
            ("effective", "In Effect"),
            ("dismissed", "Dismissed"),
            ("dropped", "Given Up"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    ground_ids = fields.Many2many(
        "consortium.member.ground", string="Grounds of the Law"
    )
    facts = fields.Text(tracking=True)
    evidence_ids = fields.Many2many("ir.attachment")
    # The notice and the meeting
    notice_date = fields.Date(string="Notice Given On", tracking=True)
    meeting_date = fields.Date(tracking=True)
    meeting_time = fields.Char(help="As printed on the notice: 18:30.")
    meeting_place = fields.Char()
    notice_limit = fields.Date(
        compute="_compute_limits",
        help="The last day to give the notice of the meeting.",
    )
    statement_received = fields.Boolean(
        string="Written Statement Received",
        tracking=True,
        help="The member may send a statement that the chair reads, rather than speak.",
    )
    statement = fields.Text()
    was_heard = fields.Boolean(string="The Member Spoke", tracking=True)
    was_silent = fields.Boolean(
        string="The Member Did Neither",
        tracking=True,
        help="It was given notice, did not speak and sent nothing.",
    )
    # The decision
    resolution_id = fields.Many2one(
        "consortium.resolution",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        copy=False,
        domain="[('kind', '=', 'expulsion'), ('state', '!=', 'draft'), "
        "('body', '=', 'board')]",
    )
    directors_present = fields.Integer()
    reasons = fields.Text(help="The notice of the decision gives its reasons.")
    decision_notice_date = fields.Date(string="Notice of the Decision", tracking=True)
    decision_notice_limit = fields.Date(compute="_compute_limits")
    effective_date = fields.Date(
        tracking=True,
        help="An expulsion: the last day as a member. A suspension: its first day.",
    )
    suspension_end = fields.Date(
        help="The last day of the suspension, within the months that the law allows."
    )
    suspension_limit = fields.Date(compute="_compute_limits")
    loses_vote = fields.Boolean(string="Loses the Right to Vote", default=True)
    # What the record rule asks, at each query: a file isn't read by who is in conflict.
    of_user = fields.Boolean(
        compute="_compute_of_user",
        search="_search_of_user",
        export_string_translation=False,
    )
    suspension_id = fields.Many2one(
        "consortium.suspension",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
        copy=False,
    )

    _present = models.Constraint(
        "CHECK (directors_present >= 0)", "A number of directors is zero or more."
    )
    _open_once = models.UniqueIndex(
        "(membership_id) WHERE state IN ('draft', 'notified', 'decided')",
        "A file is already open for this member.",
    )

    @api.depends("name", "partner_id")
    def _compute_display_name(self):
        for file in self:
            parts = (file.name, file.partner_id.name)
            file.display_name = " – ".join(part for part in parts if part)

    @api.depends("meeting_date", "resolution_id.date", "effective_date")
    def _compute_limits(self):
        value = self.env["consortium.legal.parameter"]._value
        for file in self:
            meeting, start = file.meeting_date, file.effective_date
            decision = file.resolution_id.date
            file.notice_limit = meeting and rules.after(
                meeting, -value("board_notice_days", meeting)
            )
            file.decision_notice_limit = decision and rules.after(
                decision, value("expulsion_decision_notice_days", decision)
            )
            file.suspension_limit = start and rules.last_day_of_suspension(
                start, value("suspension_max_months", start)
            )

    @api.depends("partner_id")
    @api.depends_context("uid")
    def _compute_of_user(self):
        own = self._organizations_of_user()
        for file in self:
            file.of_user = file.partner_id in own

    @api.model
    def _search_of_user(self, operator, value):
        if operator != "in" or list(value) != [True]:
            return NotImplemented
        return [("partner_id", "in", self._organizations_of_user().ids)]

    @api.model
    def _organizations_of_user(self):
        """The organisations that the user represents, or sits on the board for."""
        user = self.env.user
        # Of the user's own person alone, whatever offices it may read.
        offices = self.env["consortium.office"].sudo()
        held = offices.search(
            offices._in_office_domain(self.env.company._today())
            & Domain("person_id", "=", user.partner_id.id)
        )
        return user._represented_partners(None) | held.organization_id

    @api.model_create_multi
    def create(self, vals_list):
        sequence = self.env["ir.sequence"].sudo()  # officers have none of its rights
        for vals in vals_list:
            vals["state"] = "draft"
            vals["name"] = sequence.next_by_code("consortium.member.sanction")
        return super().create(vals_list)

    def write(self, vals):
        """The state follows the buttons, and each step freezes what came before it.

        :raise UserError: ``vals`` would change that
        """
        kept = {
            name
            for name in vals
            if name in self._fields
            and self._fields[name].store
            and not name.startswith(("activity_", "message_", "website_message"))
        }
        for file in self:
            if "state" in kept or kept & file._frozen():
                raise UserError(
                    self.env._(
                        "File %(name)s: this step is done and stays as it was.",
                        name=file.name,
                    )
                )
        return super().write(vals)

    def _frozen(self):
        """What the steps done have settled."""
        self.ensure_one()
        names = {"suspension_id"}
        if self.state != "draft":
            names |= {"membership_id", "kind", "ground_ids", "facts", "notice_date"}
            names |= {"meeting_date", "meeting_time", "meeting_place"}
        if self.state in ("decided", "effective", *CLOSED):
            names |= {"statement", "statement_received", "was_heard", "resolution_id"}
            names |= {"directors_present", "was_silent"}
        if self.state in ("effective", *CLOSED):
            names |= {"reasons", "decision_notice_date", "effective_date"}
            names |= {"suspension_end", "loses_vote", "evidence_ids"}
        return names

    def _write_step(self, vals):
        """The only way to a step: ``write`` refuses it to everybody."""
        result = super().write(vals)  # pylint: disable=super-method-mismatch
        self.flush_recordset()  # a file that is closed lets another one be opened
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_only_draft(self):
        if any(file.state != "draft" for file in self):
            raise UserError(
                self.env._("A file of which the member was given notice is kept.")
            )

    def _check_state(self, state):
        for file in self:
            if file.state != state:
                raise UserError(
                    self.env._(
                        "File %(name)s: this step is done and stays as it was.",
                        name=file.name,
                    )
                )

    def action_notify(self):
        """Notice is given: grounds of the law, facts, meeting, within the delay."""
        self._check_state("draft")
        for file in self:
            if not file.ground_ids or not (file.facts or "").strip():
                raise UserError(
                    self.env._(
                        "Choose the grounds from the list of the law, and state the "
                        "facts."
                    )
                )
            file._check_notice()
        self._write_step({"state": "notified"})

    def _check_notice(self):
        self.ensure_one()
        missing = not (
            self.notice_date
            and self.meeting_date
            and (self.meeting_time or "").strip()
            and (self.meeting_place or "").strip()
        )
        if missing:
            raise UserError(
                self.env._(
                    "The notice gives the place, date and time of the meeting: "
                    "complete them, with the day the notice is given."
                )
            )
        self._check_given(self.notice_date)
        if self.notice_date > self.notice_limit:
            raise UserError(
                self.env._(
                    "For a meeting on %(meeting)s the notice is given by %(limit)s at "
                    "the latest.",
                    meeting=self.meeting_date,
                    limit=self.notice_limit,
                )
            )
        if not self.membership_id._is_on(self.notice_date):
            raise UserError(
                self.env._(
                    "%(name)s is not a member on %(date)s.",
                    name=self.partner_id.name,
                    date=self.notice_date,
                )
            )

    def action_apply(self):
        """The reasoned notice of the decision is given: it takes effect on its day."""
        self._check_state("decided")
        for file in self:
            file._check_effect()
            if file.kind == "expulsion":
                file.membership_id._end(
                    file.effective_date, "expulsion", file.resolution_id
                )
                file._write_step({"state": "effective"})
                continue
            suspension = self.env["consortium.suspension"].create(
                {
                    "partner_id": file.partner_id.id,
                    "company_id": file.company_id.id,
                    "kind": "sanction",
                    "loses_vote": file.loses_vote,
                    "date_start": file.effective_date,
                    "date_end": file.suspension_end,
                    "notice_date": file.notice_date,
                    "resolution_id": file.resolution_id.id,
                    "sanction_id": file.id,
                }
            )
            suspension._write_decision({"state": "decided"})
            file._write_step({"state": "effective", "suspension_id": suspension.id})

    def _check_effect(self):
        self.ensure_one()
        if not (self.reasons or "").strip() or not self.effective_date:
            raise UserError(
                self.env._(
                    "The notice of the decision gives its reasons and the day it takes "
                    "effect: complete them."
                )
            )
        decided = self.resolution_id.sudo().date
        notice, limit = self.decision_notice_date, self.decision_notice_limit
        self._check_given(notice)
        if not rules.in_time(notice or None, limit) or notice < decided:
            raise UserError(
                self.env._(
                    "The notice of the decision of %(date)s is given by %(limit)s at "
                    "the latest.",
                    date=decided,
                    limit=limit,
                )
            )
        if self.effective_date < decided:
            raise UserError(
                self.env._("A decision takes effect on its own day, or later.")
            )
        if self.kind == "suspension" and not (
            self.suspension_end
            and self.effective_date <= self.suspension_end <= self.suspension_limit
        ):
            raise UserError(
                self.env._(
                    "A suspension from %(start)s ends by %(limit)s at the latest.",
                    start=self.effective_date,
                    limit=self.suspension_limit,
                )
            )

    @api.constrains("membership_id")
    def _check_membership(self):
        for file in self:
            if file.membership_id.state not in ("admitted", "ended"):
                raise ValidationError(
                    self.env._("%(name)s is not a member.", name=file.partner_id.name)
                )

    def action_print_notice(self):
        """The notice of the meeting, as a PDF."""
        report = self.env.ref("consortium_membership.action_report_sanction_notice")
        return report.report_action(self, config=False)

    def action_print_decision(self):
        """The notice of the decision, as a PDF.

        :raise UserError: the board has not decided to suspend or expel
        """
        if any(file.state not in ("decided", "effective") for file in self):
            raise UserError(
                self.env._("The board has decided nothing to give notice of yet.")
            )
        report = self.env.ref("consortium_membership.action_report_sanction_decision")
        return report.report_action(self, config=False)
