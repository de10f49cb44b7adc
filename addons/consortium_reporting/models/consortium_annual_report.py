from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.addons.consortium_base.tools.frozen import keep_frozen, unchanged_but
from odoo.exceptions import LockError, UserError
from odoo.fields import Domain

from ..tools import periods

# Who prepares and who audits.
INTERNAL = (
    "consortium_base.group_membership_officer,consortium_base.group_accountant,"
    "consortium_base.group_auditor"
)
# What only the buttons write.
BY_BUTTON = frozenset(
    {
        "state", "content", "content_hash", "previous_content", "computed_at",
        "computed_by_id", "adopted_on", "adopted_by_id",
    }
)  # fmt: skip
# What may still be filed once the report is adopted.
LATE_FIELDS = frozenset({"item_ids"})


class ConsortiumAnnualReport(models.Model):
    """The annual report of a fiscal year: prepared, computed, reviewed, adopted.

    What it says is ``content``, a plain structure that screens, PDF and spreadsheet
    only render: see ``_content``. Representatives read what is adopted: each field
    that isn't theirs has a group.
    """

    _name = "consortium.annual.report"
    _description = "Annual Report"
    _inherit = ["consortium.by.button", "mail.thread", "mail.activity.mixin"]
    _order = "date_to desc, id desc"
    _check_company_auto = True
    _by_button = BY_BUTTON

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    date_from = fields.Date(string="First Day", required=True, tracking=True)
    date_to = fields.Date(string="Last Day", required=True, tracking=True)
    state = fields.Selection(
        [("draft", "In Preparation"), ("review", "In Review"), ("adopted", "Adopted")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    english = fields.Boolean(
        string="English Version",
        help="Compute the report in English too. What people typed is printed as it "
        "is, unless they translated it.",
        groups=INTERNAL,
    )

    # What people write
    president_text = fields.Html(
        string="Word of the President", translate=True, strip_style=True,
        groups=INTERNAL,
    )  # fmt: skip
    management_text = fields.Html(
        string="Word of the Management", translate=True, strip_style=True,
        groups=INTERNAL,
    )  # fmt: skip
    objectives_text = fields.Html(
        string="About the Objectives", translate=True, strip_style=True,
        groups=INTERNAL,
    )  # fmt: skip
    capital_text = fields.Html(
        string="State of Capital", translate=True, strip_style=True, groups=INTERNAL,
        help="Shares, requests for redemption and forecast, when no share register "
        "tells them.",
    )  # fmt: skip
    other_information = fields.Html(
        translate=True, strip_style=True, groups=INTERNAL,
        help="What your by-laws ask the report to say.",
    )  # fmt: skip
    objective_ids = fields.One2many(
        "consortium.annual.objective", "report_id", copy=False,
        groups=INTERNAL,
    )  # fmt: skip

    # What article 132 asks, that no register holds
    other_names = fields.Char(help="Other names the cooperative uses.", groups=INTERNAL)
    no_elected_directors = fields.Boolean(
        help="The members agreed not to elect directors.",
        groups=INTERNAL,
    )
    federation = fields.Char(
        help="The federation it is affiliated to, when its networks don't tell.",
        groups=INTERNAL,
    )
    member_count = fields.Integer(
        string="Members at Year End",
        compute="_compute_counts", store=True, readonly=False, groups=INTERNAL,
    )  # fmt: skip
    auxiliary_member_count = fields.Integer(
        string="Auxiliary Members at Year End",
        compute="_compute_counts", store=True, readonly=False, groups=INTERNAL,
    )  # fmt: skip
    employee_count = fields.Integer(
        string="Persons Employed",
        compute="_compute_counts", store=True, readonly=False, groups=INTERNAL,
    )  # fmt: skip
    meeting_date = fields.Date(
        string="Annual Meeting On", tracking=True, groups=INTERNAL
    )
    statements = fields.Binary(
        string="Financial Statements", attachment=True, copy=False, groups=INTERNAL
    )
    statements_name = fields.Char(
        copy=False, groups=INTERNAL, export_string_translation=False
    )
    auditor_report = fields.Binary(
        string="Auditor's Report", attachment=True, copy=False, groups=INTERNAL
    )
    auditor_report_name = fields.Char(
        copy=False, groups=INTERNAL, export_string_translation=False
    )
    auditor_name = fields.Char(string="Auditor", groups=INTERNAL)
    item_ids = fields.One2many(
        "consortium.annual.report.item", "report_id", string="Checklist", copy=False,
        groups=INTERNAL,
    )  # fmt: skip

    # What was computed, and what was adopted
    content = fields.Text(readonly=True, copy=False, export_string_translation=False)
    content_hash = fields.Char(
        string="SHA-256", readonly=True, copy=False, export_string_translation=False
    )
    previous_content = fields.Text(
        readonly=True, copy=False, groups=INTERNAL, export_string_translation=False
    )
    computed_at = fields.Datetime(readonly=True, copy=False, groups=INTERNAL)
    computed_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, ondelete="restrict", groups=INTERNAL
    )
    resolution_id = fields.Many2one(
        "consortium.resolution",
        string="Resolution of the Board",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('kind', '=', 'report_adoption'), ('state', '=', 'adopted'), "
        "('body', '=', 'board')]",
        groups=INTERNAL,
    )
    attesting_office_ids = fields.Many2many(
        "consortium.office",
        string="Attesting Directors",
        copy=False,
        check_company=True,
        domain="[('is_director', '=', True), "
        "('state', 'in', ('in_office', 'expired'))]",
        groups=INTERNAL,
    )
    adopted_on = fields.Date(readonly=True, copy=False, tracking=True)
    adopted_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, ondelete="restrict", groups=INTERNAL
    )
    is_readable = fields.Boolean(
        compute="_compute_is_readable",
        search="_search_is_readable",
        export_string_translation=False,
    )

    _dates = models.Constraint(
        "CHECK (date_to > date_from)", "A fiscal year ends after it begins."
    )
    _year_overlap = models.Constraint(
        "EXCLUDE USING gist "
        "(company_id WITH =, daterange(date_from, date_to, '[]') WITH &&)",
        "There is already an annual report over part of that fiscal year.",
    )
    _counts = models.Constraint(
        "CHECK (member_count >= 0 AND auxiliary_member_count >= 0 "
        "AND employee_count >= 0)",
        "A number of members or of persons employed is zero or more.",
    )
    # Raised by the trigger too, for whoever writes by SQL.
    _adopted_frozen = models.Constraint(
        "CHECK (state <> 'adopted' OR (content IS NOT NULL "
        "AND content_hash IS NOT NULL AND adopted_on IS NOT NULL "
        "AND resolution_id IS NOT NULL))",
        "An adopted annual report never changes. What the books say now shows as a "
        "difference; a correction belongs in the next report.",
    )

    def init(self):
        """The trigger that keeps what was adopted, whoever writes.

        The uninstall hook drops its function. Who made the record, and when it was
        last written, are not what was adopted; all its other columns are.
        """
        keep_frozen(
            self.env.cr,
            self._table,
            frozen="OLD.state = 'adopted'",
            allowed=unchanged_but(),
            constraint="consortium_annual_report_adopted_frozen",
        )

    @api.model
    def default_get(self, fields_list):
        """The last fiscal year that has ended and has no report yet."""
        values = super().default_get(fields_list)
        if "date_from" in fields_list and not values.get("date_from"):
            company = self.env.company
            year = company.compute_fiscalyear_dates(
                company.compute_fiscalyear_dates(company._today())["date_from"]
                - relativedelta(days=1)
            )
            values.update(date_from=year["date_from"], date_to=year["date_to"])
        return values

    @api.depends("date_from", "date_to")
    def _compute_display_name(self):
        for report in self:
            report.display_name = self.env._(
                "Annual Report %(year)s", year=report._year_label()
            )

    @api.depends("date_from", "date_to", "company_id")
    def _compute_counts(self):
        """What registers know; else what somebody typed stays."""
        for report in self:
            known = report._known_counts() if report.date_to else {}
            for name in ("member_count", "auxiliary_member_count", "employee_count"):
                report[name] = known.get(name, report[name])

    @api.depends_context("uid")
    def _compute_is_readable(self):
        readable = self.sudo().filtered_domain(self._readable_domain())
        for report in self:
            report.is_readable = report._origin in readable._origin

    @api.model
    def _search_is_readable(self, operator, value):
        if operator != "in" or list(value) != [True]:
            return NotImplemented
        return self._readable_domain()

    @api.model
    def _readable_domain(self):
        """Who prepares or audits reports reads all; employees and, with any mandate in
        force, representatives read what is adopted."""
        user = self.env.user
        adopted = Domain("state", "=", "adopted")
        if not user._is_internal():
            partner = user._acting_partner()
            return adopted & self._readable_by(partner) if partner else Domain.FALSE
        groups = ("membership_officer", "accountant", "auditor")
        if any(user.has_group(f"consortium_base.group_{group}") for group in groups):
            return Domain.TRUE
        return adopted

    @api.model
    def _readable_by(self, partner):
        """Which adopted reports an organisation reads, for glue to narrow: here, where
        nothing tells who is a member, all."""
        return Domain.TRUE

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """Extends mail: what is said about a report is not what it says, so that only
        employees read its messages."""
        if not self.env.user._is_internal():
            return dict.fromkeys(self, "write")
        return super()._mail_get_operation_for_mail_message_operation(message_operation)

    def _year_label(self):
        """« 2018-2019 »."""
        if not (self.date_from and self.date_to):
            return ""
        return periods.label(self.date_from, self.date_to)

    def _known_counts(self):
        """What registers know at the year end, for glue to extend: any of
        ``member_count``, ``auxiliary_member_count`` and ``employee_count``."""
        self.ensure_one()
        return {}

    def _refresh_counts(self):
        """What registers know now: they change after the report was begun."""
        self.ensure_one()
        known = self.sudo()._known_counts()
        changed = {name: n for name, n in known.items() if self[name] != n}
        if changed:
            self.write(changed)

    # Writing

    @api.model_create_multi
    def create(self, vals_list):
        reports = super().create(vals_list)
        reports._add_items()
        reports.filtered("meeting_date")._refresh_deadlines()
        return reports

    def write(self, vals):
        """What is adopted stays as it is, and only buttons compute and adopt.

        :raise UserError: ``vals`` would change one or do the other
        """
        self._refuse_buttons(vals)  # before the sentence on what is adopted
        kept = [
            name
            for name in vals
            if name in self._fields
            and not name.startswith(("activity_", "message_", "website_message"))
            and name not in LATE_FIELDS
        ]
        if kept:
            self._refuse_adopted()
        result = super().write(vals)
        if {"meeting_date", "date_to"} & set(vals):
            self._refresh_deadlines()
        return result

    def unlink(self):
        """What was counted from its meeting is counted from the last day again."""
        companies = self.filtered("meeting_date").company_id
        result = super().unlink()
        self.env["consortium.statutory.deadline"]._refresh_dates(companies)
        return result

    def _refresh_deadlines(self):
        """What is counted from the annual meeting follows its date."""
        self.env["consortium.statutory.deadline"]._refresh_dates(self.company_id)

    def _refuse_adopted(self):
        for report in self:
            if report.state == "adopted":
                raise UserError(
                    self.env._(
                        "%(report)s is adopted and never changes: a correction belongs "
                        "in the next report.",
                        report=report.display_name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_adopted(self):
        self._refuse_adopted()

    def _lock_or_refuse(self):
        """Nobody else computes or adopts this report until we are done.

        :raise UserError: somebody does
        """
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._(
                    "Somebody else is computing or adopting this report at this "
                    "moment: wait a little, then look at it again."
                )
            ) from error
        self.invalidate_recordset()
