from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

BODIES = [
    ("general_meeting", "General Meeting"),
    ("board", "Board of Directors"),
    ("committee", "Committee"),
]
KINDS = [
    ("admission", "Admission"),
    ("expulsion", "Suspension or Expulsion"),
    ("redemption", "Shares: Issue, Transfer or Redemption"),
    ("rates", "Rates"),
    ("reserve", "Reserve"),
    ("settlement", "Settlement of the True-Up"),
    ("report_adoption", "Adoption of a Report"),
    ("appointment", "Election or Appointment"),
    ("by_law", "By-Law"),
    ("other", "Other"),
]
# What an accountant needs to apply, whichever body decided it.
FINANCIAL_KINDS = ["rates", "reserve", "settlement", "redemption", "report_adoption"]
# Once the result is entered, the document may still be filed; nothing else changes.
LATE_FIELDS = {"document", "document_name"}


class ConsortiumResolution(models.Model):
    _name = "consortium.resolution"
    _description = "Resolution"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date desc, number desc, id desc"
    _rec_names_search = ["number", "subject"]
    _check_company_auto = True

    number = fields.Char(
        string="Resolution Number",
        copy=False,
        tracking=True,
        help="Leave empty for the next number of this body in the year.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    body = fields.Selection(BODIES, required=True, default="board", tracking=True)
    committee_name = fields.Char(string="Committee")
    date = fields.Date(
        required=True, default=lambda self: self.env.company._today(), tracking=True
    )
    kind = fields.Selection(KINDS, required=True, default="other", tracking=True)
    subject = fields.Char(required=True, tracking=True)
    text = fields.Html(string="Text of the Resolution")
    majority = fields.Selection(
        [
            ("simple", "Simple Majority"),
            ("two_thirds", "Two Thirds of the Votes Cast"),
            ("three_quarters", "Three Quarters of the Votes Cast"),
        ],
        required=True,
        default="simple",
    )
    unanimous = fields.Boolean(
        help="Adopted unanimously, without a count: leave the votes at zero."
    )
    votes_for = fields.Integer(string="For", copy=False)
    votes_against = fields.Integer(string="Against", copy=False)
    votes_abstaining = fields.Integer(string="Abstaining", copy=False)
    is_carried = fields.Boolean(
        string="Majority Reached",
        compute="_compute_is_carried",
        help="Abstentions are not votes cast.",
    )
    state = fields.Selection(
        [("draft", "Proposed"), ("adopted", "Adopted"), ("rejected", "Rejected")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    document = fields.Binary(string="Signed Document", attachment=True, copy=False)
    document_name = fields.Char(copy=False, export_string_translation=False)
    amends_id = fields.Many2one(
        "consortium.resolution",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('state', '=', 'adopted'), ('body', '=', body)]",
    )
    amended_by_ids = fields.One2many("consortium.resolution", "amends_id")
    is_readable = fields.Boolean(
        compute="_compute_is_readable",
        search="_search_is_readable",
        export_string_translation=False,
    )

    _number = models.Constraint(
        "UNIQUE (company_id, body, number)",
        "This body already has a resolution of that number.",
    )
    _votes = models.Constraint(
        "CHECK (votes_for >= 0 AND votes_against >= 0 AND votes_abstaining >= 0)",
        "A number of votes is zero or more.",
    )
    _unanimity = models.Constraint(
        "CHECK (NOT unanimous OR votes_against = 0)",
        "A resolution with votes against it is not unanimous.",
    )

    @api.depends("number", "subject", "body", "kind", "state")
    @api.depends_context("uid")
    def _compute_display_name(self):
        """The number alone for whoever may not read the resolution.

        Names of what a record cites are read by the superuser: the user is what counts.
        """
        readable = self.sudo().filtered_domain(self._readable_domain())
        for resolution in self:
            named = resolution in readable or self.env.uid == SUPERUSER_ID
            parts = (resolution.number, named and resolution.subject)
            resolution.display_name = " – ".join(part for part in parts if part)

    @api.depends("majority", "unanimous", "votes_for", "votes_against")
    def _compute_is_carried(self):
        """In whole numbers: no share of the votes is ever rounded."""
        for resolution in self:
            votes_for, against = resolution.votes_for, resolution.votes_against
            cast = votes_for + against
            resolution.is_carried = resolution.unanimous or (
                cast > 0
                and {
                    "simple": votes_for > against,
                    "two_thirds": 3 * votes_for >= 2 * cast,
                    "three_quarters": 4 * votes_for >= 3 * cast,
                }.get(resolution.majority, False)
            )

    @api.depends_context("uid")
    def _compute_is_readable(self):
        readable = self.sudo().filtered_domain(self._readable_domain())
        for resolution in self:
            resolution.is_readable = resolution._origin in readable._origin

    @api.model
    def _search_is_readable(self, operator, value):
        if operator != "in" or list(value) != [True]:
            return NotImplemented
        return self._readable_domain()

    @api.model
    def _readable_domain(self):
        """Which minutes and resolutions the user may read.

        Who keeps or audits the registers, manages, or sits on the board as an
        employee: all. Employees: what the general meeting decided; accountants also
        the financial decisions they apply. In the portal, a representative: what the
        general meeting decided, and never what the board or a committee did.
        """
        user = self.env.user
        decided = Domain("state", "!=", "draft")
        meeting = Domain("body", "=", "general_meeting") & decided
        if not user._is_internal():
            return meeting if user._acting_partner() else Domain.FALSE
        groups = ("group_membership_officer", "group_auditor")
        if any(user.has_group(f"consortium_base.{group}") for group in groups):
            return Domain.TRUE
        if user._holds_office():
            return Domain.TRUE
        if user.has_group("consortium_base.group_accountant"):
            return meeting | (Domain("kind", "in", FINANCIAL_KINDS) & decided)
        return meeting

    @api.constrains("amends_id", "body")
    def _check_amends(self):
        for resolution in self.filtered("amends_id"):
            amended = resolution.amends_id
            if amended.body != resolution.body or amended.state != "adopted":
                raise ValidationError(
                    self.env._(
                        "A resolution amends one that the same body has adopted: "
                        "%(number)s is not.",
                        number=amended.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals["state"] = "draft"
            if not (vals.get("number") or "").strip():
                vals["number"] = self._next_number(vals)
        return super().create(vals_list)

    def write(self, vals):
        """What was adopted or rejected stays as it is; only its document is filed.

        :raise UserError: anything else changes, or the result without its votes
        """
        if "state" in vals:
            raise UserError(
                self.env._(
                    "The result of a resolution is entered by its button, from its "
                    "votes."
                )
            )
        decided = self.filtered(lambda resolution: resolution.state != "draft")
        frozen = {
            name
            for name in vals
            if name in self._fields
            and self._fields[name].store
            and not name.startswith(("activity_", "message_", "website_message"))
        }
        if decided and (
            frozen - LATE_FIELDS
            or (frozen & LATE_FIELDS and any(decided.mapped("document")))
        ):
            raise UserError(
                self.env._(
                    "Resolution %(number)s has been decided and does not change: file "
                    "its document if it has none, or propose another resolution that "
                    "amends it.",
                    number=decided[0].number,
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_proposed(self):
        for resolution in self:
            if resolution.state != "draft":
                raise UserError(
                    self.env._(
                        "Resolution %(number)s has been decided: it stays in the "
                        "register.",
                        number=resolution.number,
                    )
                )

    def action_decide(self):
        """Enter the result that the votes give; from then on it is frozen."""
        for resolution in self:
            if resolution.state != "draft":
                raise UserError(
                    self.env._(
                        "Resolution %(number)s has already been decided.",
                        number=resolution.number,
                    )
                )
            if not (resolution.number or "").strip():
                raise UserError(
                    self.env._(
                        "Give the resolution « %(subject)s » its number first.",
                        subject=resolution.subject,
                    )
                )
            votes = resolution.votes_for + resolution.votes_against
            if not resolution.unanimous and not votes:
                raise UserError(
                    self.env._(
                        "Enter the votes of resolution %(number)s, or say that it was "
                        "unanimous.",
                        number=resolution.number,
                    )
                )
            resolution._enter_result()

    def _enter_result(self):
        """The only way to a result: ``write`` refuses it to everybody."""
        self.ensure_one()
        result = "adopted" if self.is_carried else "rejected"
        return super().write({"state": result})  # pylint: disable=super-method-mismatch

    def action_amend(self):
        """Propose the resolution that corrects this one."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "view_mode": "form",
            "context": {
                "default_amends_id": self.id,
                "default_body": self.body,
                "default_kind": self.kind,
                "default_subject": self.subject,
                "default_majority": self.majority,
                "default_committee_name": self.committee_name,
            },
        }

    @api.model
    def _next_number(self, vals):
        """The next free number of a body in the year of a resolution.

        No number is skipped, but that of a deleted proposal is not given again.

        The secretary may type numbers: those already used are passed over.
        """
        default = self.default_get(["body", "date", "company_id"])
        body = vals.get("body") or default["body"]
        date = fields.Date.to_date(vals.get("date") or default["date"])
        company = vals.get("company_id") or default["company_id"]
        # Whoever may write a resolution numbers it, without rights on sequences.
        sequence = self.env["ir.sequence"].sudo()
        # Another resolution of the number may be one that the user doesn't read.
        known = self.sudo()
        while True:
            number = sequence.next_by_code(
                f"consortium.resolution.{body}", sequence_date=date
            )
            taken = [
                ("company_id", "=", company),
                ("body", "=", body),
                ("number", "=", number),
            ]
            if not number or not known.search_count(taken, limit=1):
                return number

    def _require(self, kind, date):
        """Check that a decision of ``kind`` on ``date`` rests on this resolution.

        :param kind: a value of ``kind``
        :param date: the date of what the resolution allows
        :raise UserError: in one sentence, the first thing that is wrong
        """
        labels = dict(self._fields["kind"]._description_selection(self.env))
        if len(self) != 1:
            raise UserError(
                self.env._(
                    "This decision must cite one resolution of the kind « %(kind)s ».",
                    kind=labels[kind],
                )
            )
        # Whoever applies a decision may cite it without reading the board's minutes.
        resolution = self.sudo()
        if resolution.kind != kind:
            raise UserError(
                self.env._(
                    "Resolution %(number)s is of the kind « %(actual)s »; this "
                    "decision needs one of the kind « %(kind)s ».",
                    number=resolution.number,
                    actual=labels[resolution.kind],
                    kind=labels[kind],
                )
            )
        if resolution.state != "adopted":
            raise UserError(
                self.env._(
                    "Resolution %(number)s has not been adopted.",
                    number=resolution.number,
                )
            )
        if resolution.date > fields.Date.to_date(date):
            raise UserError(
                self.env._(
                    "Resolution %(number)s, of %(adopted)s, is later than what it "
                    "should allow, on %(date)s.",
                    number=resolution.number,
                    adopted=resolution.date,
                    date=date,
                )
            )
