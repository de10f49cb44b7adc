from odoo import api, fields, models
from odoo.exceptions import ValidationError

STATES = [("planned", "Planned"), ("running", "Running"), ("ended", "Ended")]


class ConsortiumMentoring(models.Model):
    """A mentor and the person mentored, with their meetings and hours.

    The hours are timesheets of the mentor, on the task of the agreement when there is
    one: so they count in the hours rendered.
    """

    _name = "consortium.mentoring"
    _description = "Mentoring Pair"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_start desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    mentor_id = fields.Many2one(
        "hr.employee",
        required=True,
        index=True,
        tracking=True,
        check_company=True,
        ondelete="restrict",
    )
    mentee_id = fields.Many2one(
        "res.partner",
        string="Person Mentored",
        required=True,
        index=True,
        tracking=True,
        domain=[("is_company", "=", False)],
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Organization",
        required=True,
        index=True,
        tracking=True,
        domain=[("is_company", "=", True)],
    )
    expertise_id = fields.Many2one(
        "consortium.expertise",
        string="Field of Expertise",
        required=True,
        ondelete="restrict",
    )
    request_line_id = fields.Many2one(
        "consortium.service.request.line", string="Need", index="btree_not_null"
    )
    task_id = fields.Many2one(
        "project.task",
        index="btree_not_null",
        domain=[("project_id.allow_timesheets", "=", True)],
        help="Task of the agreement that the hours are entered on.",
    )
    objectives = fields.Text()
    date_start = fields.Date(
        string="From", required=True, default=lambda self: self.env.company._today()
    )
    date_end = fields.Date(string="To", help="The last day, included.")
    state = fields.Selection(STATES, compute="_compute_state", search="_search_state")
    meeting_ids = fields.One2many("consortium.mentoring.meeting", "mentoring_id")
    meeting_count = fields.Integer(string="Meetings Held", compute="_compute_meetings")
    minutes = fields.Integer(string="Minutes Held", compute="_compute_meetings")
    hours = fields.Float(string="Hours Held", compute="_compute_meetings")

    _dates = models.Constraint(
        "CHECK (date_end >= date_start)",
        "Mentoring ends on the day it begins, or later.",
    )

    @api.depends("mentor_id.name", "mentee_id.name")
    def _compute_display_name(self):
        for pair in self:
            pair.display_name = f"{pair.mentor_id.name} – {pair.mentee_id.name}"

    @api.depends("date_start", "date_end")
    def _compute_state(self):
        today = self.env.company._today()
        for pair in self:
            if pair.date_start and pair.date_start > today:
                pair.state = "planned"
            elif pair.date_end and pair.date_end < today:
                pair.state = "ended"
            else:
                pair.state = "running"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self.env.company._today()
        domains = {
            "planned": [("date_start", ">", today)],
            "ended": [("date_end", "<", today)],
            "running": [
                ("date_start", "<=", today),
                "|",
                ("date_end", "=", False),
                ("date_end", ">=", today),
            ],
        }
        return fields.Domain.OR(
            [fields.Domain(domains[state]) for state in value if state in domains]
        )

    @api.depends("meeting_ids.minutes", "meeting_ids.is_held")
    def _compute_meetings(self):
        groups = self.env["consortium.mentoring.meeting"]._read_group(
            [("mentoring_id", "in", self.ids), ("is_held", "=", True)],
            ["mentoring_id"],
            ["__count", "minutes:sum"],
        )
        held = {pair.id: (count, minutes) for pair, count, minutes in groups}
        for pair in self:
            pair.meeting_count, pair.minutes = held.get(pair._origin.id, (0, 0))
            pair.hours = pair.minutes / 60

    @api.constrains("partner_id", "date_start")
    def _check_served(self):
        """Addons say who may be served: see ``res.partner._why_not_served``."""
        for pair in self:
            organization = pair.partner_id.commercial_partner_id
            organization = organization.with_company(pair.company_id)
            if refusal := organization._why_not_served(pair.date_start):
                raise ValidationError(refusal)

    @api.constrains("expertise_id")
    def _check_kind(self):
        for pair in self:
            if pair.expertise_id.kind != "mentoring":
                raise ValidationError(
                    self.env._(
                        "%(name)s is not a field of mentoring.",
                        name=pair.expertise_id.name,
                    )
                )
