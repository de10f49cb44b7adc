from collections import defaultdict
from datetime import datetime, time, timedelta

from odoo import api, fields, models
from odoo.tools import SQL, float_round
from pytz import UTC

WEEKS = 12
LEVELS = [("free", "Free"), ("busy", "Half Taken"), ("full", "Full"), ("away", "Away")]


def monday(date):
    """The Monday of the week of a date."""
    return date - timedelta(days=date.weekday())


class ConsortiumExpertLoad(models.Model):
    """What is left of an expert's week, from calendar, leave and promised hours.

    Rows are computed: refreshed every night, when a leave changes, and from the board.
    """

    _name = "consortium.expert.load"
    _description = "Load of an Expert by Week"
    _order = "week_start, employee_id"
    _rec_name = "employee_id"

    employee_id = fields.Many2one(
        "hr.employee", string="Expert", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    week_start = fields.Date(string="Week of", required=True, readonly=True)
    capacity_minutes = fields.Integer(string="For Members (min)", readonly=True)
    leave_minutes = fields.Integer(string="Leave (min)", readonly=True)
    promised_minutes = fields.Integer(string="Promised (min)", readonly=True)
    free_minutes = fields.Integer(string="Free (min)", readonly=True)
    capacity_hours = fields.Float(string="For Members (h)", readonly=True)
    leave_hours = fields.Float(string="Leave (h)", readonly=True)
    promised_hours = fields.Float(string="Promised (h)", readonly=True)
    free_hours = fields.Float(string="Free (h)", readonly=True)
    level = fields.Selection(LEVELS, readonly=True)
    expertise_ids = fields.Many2many(
        related="employee_id.expertise_ids", string="Fields of Expertise"
    )
    office_id = fields.Many2one(related="employee_id.service_office_id")

    _week_once = models.UniqueIndex("(employee_id, week_start)")
    _by_week = models.Index("(week_start, free_minutes)")

    @api.model
    def _refresh(self, employees, date=None, weeks=WEEKS):
        """Compute again the weeks of these experts, from the one of a date.

        A number of queries that does not depend on that of the experts.

        :param date: today when not given
        :return: nothing
        """
        if not employees:
            return
        # Leave and calendars are human resources'; only totals by week come out.
        employees = employees.sudo()
        first = monday(date or self.env.company._today())
        last = first + timedelta(days=7 * weeks - 1)
        normal = self._worked_minutes(employees, first, last, leaves=False)
        present = self._worked_minutes(employees, first, last, leaves=True)
        promised = employees._promised_minutes(first, last)
        rows = []
        for employee in employees:
            for number in range(weeks):
                week = first + timedelta(days=7 * number)
                rows.append(
                    self._week_values(
                        employee,
                        week,
                        normal[employee.id].get(week, 0),
                        present[employee.id].get(week, 0),
                        promised.get(employee.id, {}).get(week, 0),
                    )
                )
        self._store(rows)

    @api.model
    def _worked_minutes(self, employees, first, last, leaves):
        """``{employee id: {Monday: minutes}}`` of the calendars, less leave or not."""
        found = defaultdict(lambda: defaultdict(int))
        start = UTC.localize(datetime.combine(first, time.min))
        stop = UTC.localize(datetime.combine(last + timedelta(days=1), time.min))
        for calendar, group in employees.grouped("resource_calendar_id").items():
            if not calendar:
                continue
            intervals = calendar._work_intervals_batch(
                start, stop, group.resource_id, compute_leaves=leaves
            )
            for employee in group:
                weeks = found[employee.id]
                for begin, end, _attendance in intervals[employee.resource_id.id]:
                    weeks[monday(begin.date())] += int((end - begin).total_seconds())
        return defaultdict(
            dict,
            {
                key: {week: seconds // 60 for week, seconds in weeks.items()}
                for key, weeks in found.items()
            },
        )

    @api.model
    def _week_values(self, employee, week, normal, present, promised):
        capacity = present * employee.service_share // 100
        free = capacity - promised
        if not capacity:
            level = "away"
        elif free * 4 >= capacity * 3:
            level = "free"
        else:
            level = "busy" if free * 4 > capacity else "full"
        return (
            employee.id,
            employee.company_id.id,
            week,
            capacity,
            normal - present,
            promised,
            free,
            *(
                float_round(minutes / 60, precision_digits=2)
                for minutes in (capacity, normal - present, promised, free)
            ),
            level,
        )

    @api.model
    def _store(self, rows):
        """One statement: the rows of the weeks, in place of those that were there."""
        columns = SQL(
            "employee_id, company_id, week_start, capacity_minutes, leave_minutes, "
            "promised_minutes, free_minutes, capacity_hours, leave_hours, "
            "promised_hours, free_hours, level"
        )
        self.env.cr.execute(
            SQL(
                "INSERT INTO consortium_expert_load (%s) VALUES %s "
                "ON CONFLICT (employee_id, week_start) DO UPDATE SET (%s) = ROW(%s)",
                columns,
                SQL(", ").join(SQL("%s", row) for row in rows),
                columns,
                SQL(", ").join(
                    SQL("excluded.%s", SQL(name.strip()))
                    for name in columns.code.split(",")
                ),
            )
        )
        self.invalidate_model()

    @api.model
    def _experts(self):
        """Everybody who has a field of expertise."""
        # The board is of all experts, whatever the user reads of employees.
        return self.env["hr.employee"].sudo().search([("expertise_ids", "!=", False)])

    @api.model
    def _cron_refresh(self):
        """Every night: a new week comes in, those gone by go."""
        first = monday(self.env.company._today())
        self.sudo().search([("week_start", "<", first)]).unlink()
        experts = self._experts()
        gone = self.sudo().search([("employee_id", "not in", experts.ids)])
        gone.unlink()
        self._refresh(experts)

    @api.model
    def action_open_board(self):
        """The board, with what is promised as of now."""
        if self.env.user.has_group("consortium_base.group_coordinator"):
            self._refresh(self._experts())
        return self.env["ir.actions.act_window"]._for_xml_id(
            "consortium_services.consortium_expert_load_action"
        )

    def action_open_expert(self):
        """The needs entrusted to this expert."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "consortium_services.consortium_service_request_line_action"
        )
        action["domain"] = [("employee_id", "=", self.employee_id.id)]
        action["context"] = {"search_default_open": 1}
        return action
