from datetime import datetime, time, timedelta

import pytz
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class ConsortiumTimeWeek(models.TransientModel):
    """An expert's week: what is entered, by agreement and task, and what is missing."""

    _name = "consortium.time.week"
    _description = "Week of Time"
    _rec_name = "date_start"

    employee_id = fields.Many2one(
        "hr.employee",
        required=True,
        default=lambda self: self.env.user.employee_id,
        ondelete="cascade",
        domain=lambda self: self.env["account.analytic.line"]._domain_employee_id(),
    )
    date_start = fields.Date(
        string="Week Of", required=True, default=lambda self: self._monday()
    )

    @api.model
    def _monday(self, date=None):
        date = date or self.env.company._today()
        return date - timedelta(days=date.weekday())

    @api.onchange("date_start")
    def _onchange_date_start(self):
        if self.date_start:
            self.date_start = self._monday(self.date_start)

    def _days(self):
        first = self._monday(self.date_start)
        return [first + timedelta(days=i) for i in range(7)]

    def _domain(self, weeks=0):
        days = [day + timedelta(weeks=weeks) for day in self._days()]
        return (
            self.env["account.analytic.line"]._time_domain()
            & Domain("employee_id", "=", self.employee_id.id)
            & Domain("date", ">=", days[0])
            & Domain("date", "<=", days[-1])
        )

    def _figures(self):
        """The week as a plain structure, in minutes by day: rows by agreement and task,
        totals, what is expected, on leave and missing."""
        self.ensure_one()
        days = self._days()
        lines = self.env["account.analytic.line"].search_fetch(
            self._domain(),
            [
                "approval_state",
                "date",
                "intervention_mode",
                "minutes",
                "name",
                "order_id",
                "project_id",
                "task_id",
            ],
            order="date, id",
        )
        rows, totals = {}, dict.fromkeys(days, 0)
        for line in lines:
            # Names of what one works on, even on a project one no longer follows.
            known = line.sudo()
            row = rows.setdefault(
                (known.project_id.id, known.task_id.id),
                {
                    "project_id": known.project_id.id,
                    "task_id": known.task_id.id,
                    "agreement": known.order_id.name or "",
                    "project": known.project_id.display_name or "",
                    "task": known.task_id.name or "",
                    "cells": {day: [] for day in days},
                },
            )
            row["cells"][line.date].append(line)
            totals[line.date] += line.minutes
        expected, leave = self._calendar(days)
        today = self.env.company._today()
        missing = {
            day: max(0, expected[day] - leave[day] - totals[day]) if day <= today else 0
            for day in days
        }
        return {
            "days": days,
            "rows": sorted(
                rows.values(),
                key=lambda row: (row["agreement"], row["project"], row["task"]),
            ),
            "totals": totals,
            "expected": expected,
            "leave": leave,
            "missing": missing,
            "lines": lines,
        }

    def _calendar(self, days):
        """``(expected, leave)`` minutes by day, from the person's calendar."""
        # The working hours of a colleague, for the coordinator who helps.
        employee = self.employee_id.sudo()
        zone = pytz.timezone(employee.tz or "America/Toronto")
        start = zone.localize(datetime.combine(days[0], time.min))
        end = zone.localize(datetime.combine(days[-1], time.max))
        expected = dict.fromkeys(days, 0)
        worked = dict.fromkeys(days, 0)
        if employee.resource_calendar_id:
            for found, leaves in ((expected, False), (worked, True)):
                person = employee.with_context(compute_leaves=leaves)
                for day, hours in person._list_work_time_per_day(start, end)[person.id]:
                    found[day] = round(hours * 60)
        return expected, {day: expected[day] - worked[day] for day in days}

    def action_open_lines(self):
        """The entries of the week, to add and change."""
        self.ensure_one()
        today = self.env.company._today()
        days = self._days()
        view = self.env.ref("consortium_timesheet.account_analytic_line_view_list_week")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Time of the Week of %(date)s", date=days[0]),
            "res_model": "account.analytic.line",
            "views": [
                (view.id, "list"),
                (
                    self.env.ref(
                        "consortium_timesheet.account_analytic_line_view_kanban_week"
                    ).id,
                    "kanban",
                ),
                (
                    self.env.ref(
                        "consortium_timesheet.account_analytic_line_view_form_week"
                    ).id,
                    "form",
                ),
            ],
            "domain": list(self._domain()),
            "context": {
                "is_timesheet": 1,
                "default_employee_id": self.employee_id.id,
                "default_date": fields.Date.to_string(
                    today if today in days else days[0]
                ),
            },
        }

    def action_copy_last(self):
        """The entries of the week before, on the same days, to be confirmed.

        Tasks already in the week, closed tasks, days to come, of leave or locked are
        left out, and what was corrected: pressing twice adds nothing.

        :return: the entries added
        """
        self.ensure_one()
        Line = self.env["account.analytic.line"]
        present = {
            (line.date, line.project_id.id, line.task_id.id)
            for line in Line.search(self._domain())
        }
        expected, leave = self._calendar(self._days())
        company = self.env.company
        today = company._today()
        lock = company.sudo().timesheet_lock_date  # the date alone
        copied = []
        for line in Line.search(self._domain(-1), order="date, id"):
            day = line.date + timedelta(weeks=1)
            if (
                (day, line.project_id.id, line.task_id.id) in present
                or line.minutes <= 0
                or line.correction_ids
                or day > today
                or (lock and day <= lock)
                or line.sudo().task_id.state in ("1_done", "1_canceled")
                or (expected[day] and leave[day] >= expected[day])
            ):
                continue
            values = {
                "name": line.name,
                "date": day,
                "employee_id": self.employee_id.id,
                "project_id": line.project_id.id,
                "task_id": line.task_id.id,
                "unit_amount": line.unit_amount,
                "intervention_mode": line.intervention_mode,
                "office_id": line.office_id.id,
            }
            if line.is_charge_waived:
                values["chargeable"] = False
                values["nonchargeable_reason_id"] = line.nonchargeable_reason_id.id
            copied.append(values)
        return Line.create(copied)

    def action_submit(self):
        """Confirm all the entries of the week."""
        self.ensure_one()
        lines = self.env["account.analytic.line"].search(
            self._domain() & Domain("approval_state", "=", "draft")
        )
        if not lines:
            raise UserError(self.env._("There is nothing to confirm in this week."))
        lines.action_submit()
