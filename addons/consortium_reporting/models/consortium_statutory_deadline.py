from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

TODO = "mail.mail_activity_data_todo"


class ConsortiumStatutoryDeadline(models.Model):
    """Something to be done by a day that the law sets, for one fiscal year."""

    _name = "consortium.statutory.deadline"
    _description = "Statutory Deadline"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_due, id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    kind_id = fields.Many2one(
        "consortium.statutory.deadline.kind",
        string="What",
        required=True,
        ondelete="restrict",
    )
    description = fields.Text(related="kind_id.description")
    year_end = fields.Date(string="Fiscal Year Ended On", required=True)
    date_due = fields.Date(
        string="By When",
        compute="_compute_date_due",
        store=True,
        readonly=False,
        index=True,
        tracking=True,
        help="Empty: nothing tells it yet, type it.",
    )
    is_provisional = fields.Boolean(
        string="Provisional",
        compute="_compute_is_provisional",
        help="The annual meeting has no date yet: counted from its last possible day.",
    )
    reference = fields.Char(string="Legal Reference", compute="_compute_reference")
    user_id = fields.Many2one(
        "res.users", string="Owner", index=True, ondelete="restrict", tracking=True
    )
    done_on = fields.Date(tracking=True, copy=False)
    evidence = fields.Binary(attachment=True, copy=False)
    evidence_name = fields.Char(copy=False, export_string_translation=False)
    note = fields.Text()
    reminded_days = fields.Integer(
        readonly=True, copy=False, default=-1, export_string_translation=False
    )
    state = fields.Selection(
        [
            ("undated", "Without a Day"),
            ("open", "To Do"),
            ("late", "Late"),
            ("done", "Done"),
        ],
        string="Status",
        compute="_compute_state",
        search="_search_state",
    )

    _once = models.UniqueIndex(
        "(company_id, kind_id, year_end)",
        "This deadline is already in the calendar for that fiscal year.",
    )

    @api.depends("kind_id", "year_end")
    def _compute_display_name(self):
        for deadline in self:
            deadline.display_name = (
                f"{deadline.kind_id.name or ''} ({deadline.year_end or ''})"
            )

    @api.depends("kind_id", "year_end", "company_id")
    def _compute_date_due(self):
        for deadline in self:
            if deadline.done_on:
                continue
            meeting = deadline._meeting_date()
            deadline.date_due = (
                deadline.kind_id
                and deadline.kind_id._date_due(
                    deadline.company_id, deadline.year_end, meeting
                )
            ) or deadline.date_due

    @api.depends("kind_id", "year_end")
    def _compute_is_provisional(self):
        for deadline in self:
            deadline.is_provisional = (
                deadline.kind_id.base == "meeting" and not deadline._meeting_date()
            )

    @api.depends("kind_id", "year_end")
    def _compute_reference(self):
        for deadline in self:
            deadline.reference = deadline.kind_id and deadline.kind_id._reference_on(
                deadline.year_end
            )

    @api.depends("date_due", "done_on")
    def _compute_state(self):
        today = self.env.company._today()
        for deadline in self:
            if deadline.done_on:
                deadline.state = "done"
            elif not deadline.date_due:
                deadline.state = "undated"
            else:
                deadline.state = "late" if deadline.date_due < today else "open"

    @api.model
    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        todo = Domain("done_on", "=", False)
        today = self.env.company._today()
        domains = {
            "done": ~todo,
            "undated": todo & Domain("date_due", "=", False),
            "open": todo & Domain("date_due", ">=", today),
            "late": todo & Domain("date_due", "<", today),
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    def _meeting_date(self):
        """The day of the annual meeting of that year, if somebody wrote it."""
        self.ensure_one()
        # Its date alone, of a report that the owner may not prepare.
        report = (
            self.env["consortium.annual.report"]
            .sudo()
            .search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("date_to", "=", self.year_end),
                ],
                limit=1,
            )
        )
        return report.meeting_date

    def action_done(self):
        """It is done, today; its activity is over."""
        for deadline in self:
            if deadline.done_on:
                raise UserError(
                    self.env._("%(name)s is already done.", name=deadline.display_name)
                )
            deadline.done_on = deadline.company_id._today()
            deadline.activity_feedback([TODO])

    def write(self, vals):
        result = super().write(vals)
        if {"date_due", "user_id"} & set(vals):
            self._plan_activity()
        return result

    @api.model_create_multi
    def create(self, vals_list):
        deadlines = super().create(vals_list)
        for deadline in deadlines.filtered(lambda each: not each.user_id):
            deadline.user_id = deadline.kind_id._owner(deadline.company_id)
        deadlines._plan_activity()
        return deadlines

    def _plan_activity(self):
        """One activity, of the owner, on the last day; moved with it."""
        for deadline in self.filtered("date_due"):
            if deadline.done_on or not deadline.user_id:
                continue
            values = {
                "date_deadline": deadline.date_due,
                "user_id": deadline.user_id.id,
            }
            activities = deadline.activity_search([TODO])
            if activities:
                activities.write(values)
            else:
                deadline.activity_schedule(
                    TODO, summary=deadline.kind_id.name, **values
                )

    @api.model
    def _refresh_dates(self, companies):
        """What is counted from the annual meeting follows its date."""
        open_ones = self.sudo().search(
            [
                ("company_id", "in", companies.ids),
                ("done_on", "=", False),
                ("kind_id.base", "=", "meeting"),
            ]
        )
        for deadline in open_ones:
            due = deadline.kind_id._date_due(
                deadline.company_id, deadline.year_end, deadline._meeting_date()
            )
            if due and due != deadline.date_due:
                deadline.write({"date_due": due, "reminded_days": -1})

    @api.model
    def _cron_calendar(self):
        """Each night: the deadlines of the year that runs and of the last one, and the
        reminders whose day has come."""
        for company in self.env["res.company"].search([("active", "=", True)]):
            self.with_company(company)._generate(company)
        self._remind()

    @api.model
    def _generate(self, company):
        """Add what is not in the calendar yet, for two fiscal years."""
        running = company.compute_fiscalyear_dates(company._today())
        ended = running["date_from"] - relativedelta(days=1)
        kinds = self.env["consortium.statutory.deadline.kind"].search(
            [("base", "!=", "typed")]
        )
        there = self.search(
            [
                ("company_id", "=", company.id),
                ("year_end", "in", [ended, running["date_to"]]),
            ]
        )
        known = {(deadline.kind_id.id, deadline.year_end) for deadline in there}
        return self.create(
            [
                {"company_id": company.id, "kind_id": kind.id, "year_end": year_end}
                for year_end in (ended, running["date_to"])
                for kind in kinds
                if (kind.id, year_end) not in known
            ]
        )

    @api.model
    def _remind(self):
        """Tell the owners, once a reminder."""
        today = self.env.company._today()
        todo = self.search([("done_on", "=", False), ("date_due", "!=", False)])
        for deadline in todo:
            left = (deadline.date_due - today).days
            kind = deadline.kind_id
            due = [
                days
                for days in (kind.last_reminder, kind.first_reminder)
                if left <= days
            ]
            already = deadline.reminded_days
            if not due or (already >= 0 and already <= due[0]):
                continue
            deadline.message_notify(
                partner_ids=deadline.user_id.partner_id.ids,
                subject=deadline.display_name,
                body=self.env._(
                    "%(name)s: to be done by %(date)s.",
                    name=deadline.kind_id.name,
                    date=deadline.date_due,
                ),
            )
            deadline.reminded_days = due[0]
