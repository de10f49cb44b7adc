from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools import periods


class ConsortiumStatutoryDeadlineKind(models.Model):
    """What must be done each year, and from what its day is counted.

    The delay itself is a legal parameter: nothing here is a number of the law.
    """

    _name = "consortium.statutory.deadline.kind"
    _description = "Kind of Statutory Deadline"
    _order = "sequence, id"

    code = fields.Char(required=True)
    name = fields.Char(required=True, translate=True)
    description = fields.Text(string="What to Do", translate=True)
    sequence = fields.Integer(default=10)
    base = fields.Selection(
        [
            ("year_end", "The End of the Fiscal Year"),
            ("meeting", "The Annual Meeting"),
            ("typed", "A Day Typed Each Year"),
        ],
        string="Counted From",
        required=True,
        default="year_end",
    )
    is_before = fields.Boolean(string="Before, Not After")
    parameter_id = fields.Many2one(
        "consortium.legal.parameter",
        string="Delay",
        ondelete="restrict",
        domain="[('value_type', 'in', ('days', 'months', 'years'))]",
        help="Without one: that very day.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Asked To",
        ondelete="restrict",
        help="Who is asked to act. Without one: somebody of the group.",
    )
    group_id = fields.Many2one("res.groups", ondelete="restrict")
    first_reminder = fields.Integer(default=30, string="First Reminder (Days Before)")
    last_reminder = fields.Integer(default=7, string="Last Reminder (Days Before)")
    active = fields.Boolean(default=True)

    _code_unique = models.UniqueIndex(
        "(code)", "Another kind of deadline already has this code."
    )
    _reminders = models.Constraint(
        "CHECK (first_reminder >= last_reminder AND last_reminder >= 0)",
        "The first reminder comes before the last one.",
    )

    def _date_due(self, company, year_end, meeting_date=None):
        """The last day to act for a fiscal year; False when nothing tells it.

        What is counted from a meeting without a date is counted from the last day on
        which it may be held.

        :param year_end: the last day of the fiscal year
        """
        self.ensure_one()
        if self.base == "typed" or not year_end:
            return False
        start = year_end
        if self.base == "meeting":
            meeting = self.search([("code", "=", "annual_meeting")], limit=1)
            start = meeting_date or (
                meeting.base == "year_end" and meeting._date_due(company, year_end)
            )
            if not start:
                return False
        if not self.parameter_id:
            return start
        try:
            amount = int(
                self.env["consortium.legal.parameter"]._value(
                    self.parameter_id.code, start
                )
            )
        except UserError:
            return False
        # Whoever has a deadline may know its unit.
        unit = self.parameter_id.sudo().value_type
        return periods.after(start, -amount if self.is_before else amount, unit)

    def _reference_on(self, date):
        """The article to print."""
        self.ensure_one()
        if not self.parameter_id or not date:
            return ""
        try:
            return self.env["consortium.legal.parameter"]._reference(
                self.parameter_id.code, date
            )
        except UserError:
            return ""

    def _owner(self, company):
        """The user asked to act: the kind's own, else the first of its group."""
        self.ensure_one()
        if self.user_id.active and company in self.user_id.company_ids:
            return self.user_id
        domain = Domain("share", "=", False) & Domain("company_ids", "in", company.ids)
        if self.group_id:
            domain &= Domain("all_group_ids", "in", self.group_id.ids)
        # Who is in a group is the administrator's to read; only a user is taken.
        users = self.env["res.users"].sudo().search(domain, order="id", limit=1)
        return users.with_env(self.env)
