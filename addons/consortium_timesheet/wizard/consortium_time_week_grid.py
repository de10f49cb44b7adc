from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.apportionment import half_up
from ..tools.clock import clock, read_minutes


class ConsortiumTimeWeek(models.TransientModel):
    """What the screen of the week asks for and does; always one's own week.

    Everything goes through the entries themselves, with the rights of who works.
    """

    _inherit = "consortium.time.week"

    @api.model
    def get_week(self, date=None):
        """The week of a date (today by default), as the screen shows it.

        :return: days, rows with a cell a day, the timer, and what may be pressed; texts
            are ``h:mm``
        :raise UserError: the user is no employee
        """
        week = self._mine(date)
        figures = week._figures()
        lines = figures["lines"]
        company = self.env.company
        today = company._today()
        lock = company.sudo().timesheet_lock_date  # the date alone, for the screen
        days = [
            {
                "date": fields.Date.to_string(day),
                "total": self._text(figures["totals"][day]),
                "leave": self._text(figures["leave"][day]),
                "missing": self._text(figures["missing"][day]),
                "today": day == today,
                "closed": day > today or bool(lock and day <= lock),
                "off": not figures["expected"][day],
            }
            for day in figures["days"]
        ]
        for row in figures["rows"]:
            row["cells"] = [self._cell(cell) for cell in row["cells"].values()]
            minutes = sum(cell["minutes"] for cell in row["cells"])
            row["total"] = self._text(minutes)
        states = lines.mapped("approval_state")
        return {
            "date": days[0]["date"],
            "days": days,
            "rows": figures["rows"],
            "total": self._text(sum(figures["totals"].values())),
            "missing": self._text(sum(figures["missing"].values())),
            "draft_count": states.count("draft"),
            "submitted_count": states.count("submitted"),
            "timer": self._timer(week.employee_id),
        }

    @api.model
    def find_tasks(self, text=""):
        """Open tasks on which time may be entered, one's own first.

        :param text: words of the task, of its project or of the member
        """
        Task = self.env["project.task"]
        domain = (
            Domain("allow_timesheets", "=", True)
            & Domain("is_closed", "=", False)
            & Domain("has_template_ancestor", "=", False)
        )
        if leave := self.env.company.sudo().leave_timesheet_task_id:
            domain &= Domain("id", "!=", leave.id)
        for word in (text or "").split():
            domain &= Domain.OR(
                Domain(name, "ilike", word)
                for name in ("name", "project_id.name", "project_id.partner_id.name")
            )
        mine = Task.search(domain & Domain("user_ids", "=", self.env.uid), limit=8)
        tasks = mine | Task.search(domain & ~Domain("id", "in", mine.ids), limit=8)
        return [
            {
                "task_id": task.id,
                "project_id": task.project_id.id,
                "task": task.name,
                "project": task.project_id.display_name or "",
                "member": task.project_id.partner_id.name or "",
            }
            for task in tasks[:8]
        ]

    @api.model
    def set_cell(self, date, project_id, task_id, text):
        """Enter the time of a cell: ``1:30``, ``1h30`` or ``1,5``; nothing deletes it.

        :return: the week
        :raise UserError: it is no time, or several entries share the cell
        """
        week = self._mine(date)
        minutes = self._read(text)
        lines = self._lines_of_cell(week, date, project_id, task_id)
        if len(lines) > 1:
            raise UserError(
                self.env._("Several entries share this cell: open them to change one.")
            )
        if lines and minutes:
            if lines.minutes != minutes:
                lines.minutes = minutes
        elif lines:
            lines.unlink()
        elif minutes:
            self._create_line(week, date, project_id, task_id, minutes)
        return self.get_week(date)

    @api.model
    def set_details(self, line_id, values):
        """Write what was done and whether on site; ``{"name": …}`` and the like."""
        line = self.env["account.analytic.line"].browse(line_id)
        allowed = {"name", "intervention_mode"}
        line.write({key: values[key] for key in allowed & set(values)})
        return self.get_week(line.date)

    @api.model
    def copy_last_week(self, date):
        """Copy the entries of the week before, and return the week."""
        week = self._mine(date)
        if not week.action_copy_last():
            raise UserError(
                self.env._("There is nothing in the week before that is not here.")
            )
        return self.get_week(date)

    @api.model
    def confirm_week(self, date):
        """« Confirm my week »: what is entered goes to the coordinator."""
        self._mine(date).action_submit()
        return self.get_week(date)

    @api.model
    def recall_week(self, date):
        """Take back what was confirmed and is not approved yet."""
        lines = self.env["account.analytic.line"].search(self._mine(date)._domain())
        lines.action_recall()
        return self.get_week(date)

    @api.model
    def toggle_timer(self, project_id, task_id):
        """Start the timer of a task today, or stop it; the server keeps its start.

        :return: the week of today
        """
        week = self._mine()
        today = self.env.company._today()
        lines = self._lines_of_cell(week, today, project_id, task_id).filtered(
            lambda line: line.approval_state == "draft"
        )
        line = lines.filtered("timer_start")[:1] or lines[-1:]
        if not line:
            line = self._create_line(week, today, project_id, task_id, 0)
        line.action_timer()
        return self.get_week(today)

    @api.model
    def stop_timer(self):
        """Stop one's timer, whatever day it was started."""
        week = self._mine()
        line = self._running(week.employee_id)
        if line:
            line.action_timer()
        return self.get_week()

    @api.model
    def open_cell(self, date, project_id, task_id):
        """The entries of a cell, or of a whole day of the week, in a list."""
        week = self._mine(date)
        action = week.action_open_lines()
        action["domain"] = list(
            week._domain()
            & Domain("date", "=", date)
            & Domain("project_id", "=", project_id)
            & Domain("task_id", "=", task_id)
        )
        action["context"] = {
            **action["context"],
            "default_date": date,
            "default_project_id": project_id,
            "default_task_id": task_id,
        }
        return action

    def _mine(self, date=None):
        """One's own week, of a date or of today."""
        if not self.env.user.employee_id:
            raise UserError(
                self.env._(
                    "Your user is not linked to an employee: ask the general manager."
                )
            )
        day = fields.Date.to_date(date) or self.env.company._today()
        return self.create({"date_start": self._monday(day)})

    def _lines_of_cell(self, week, date, project_id, task_id):
        return self.env["account.analytic.line"].search(
            week._domain()
            & Domain("date", "=", date)
            & Domain("project_id", "=", project_id)
            & Domain("task_id", "=", task_id),
            order="id",
        )

    def _create_line(self, week, date, project_id, task_id, minutes):
        Line = self.env["account.analytic.line"]
        # As last time: what one did on this task, and from where.
        last = Line.search(
            Domain("employee_id", "=", week.employee_id.id)
            & Domain("task_id", "=", task_id)
            & Domain("project_id", "=", project_id),
            order="id desc",
            limit=1,
        )
        return Line.create(
            {
                "name": "/",
                "date": date,
                "employee_id": week.employee_id.id,
                "project_id": project_id,
                "task_id": task_id,
                "minutes": minutes,
                "unit_amount": minutes / 60,
                "intervention_mode": last.intervention_mode or "remote",
                "office_id": last.office_id.id,
            }
        )

    @api.model
    def _read(self, text):
        if not (text or "").strip():
            return 0
        try:
            minutes = half_up(read_minutes(text))
        except ValueError as error:
            raise UserError(
                self.env._("« %(text)s » is no time: write 1:30 or 1.5.", text=text)
            ) from error
        if minutes < 0:
            raise UserError(
                self.env._("« %(text)s » is no time: write 1:30 or 1.5.", text=text)
            )
        return minutes

    def _text(self, minutes):
        return clock(minutes) if minutes else ""

    def _cell(self, lines):
        """What a cell shows of its entries; one entry that is a draft may be typed."""
        minutes = sum(line.minutes for line in lines)
        states = {line.approval_state for line in lines}
        state = next(
            (each for each in ("draft", "submitted", "approved") if each in states), ""
        )
        alone = lines[0] if len(lines) == 1 else None
        name = alone.name if alone else ""
        return {
            "minutes": minutes,
            "text": self._text(minutes),
            "state": state,
            "count": len(lines),
            "editable": not lines or bool(alone and state == "draft"),
            "line_id": alone.id if alone else False,
            "name": "" if name == "/" else name,
            "mode": alone.intervention_mode if alone else "",
        }

    def _running(self, employee):
        return self.env["account.analytic.line"].search(
            Domain("timer_start", "!=", False)
            & Domain("employee_id", "=", employee.id)
            & Domain("approval_state", "=", "draft"),
            limit=1,
        )

    def _timer(self, employee):
        """The timer that runs, if any: since when, in seconds, and on what."""
        line = self._running(employee)
        if not line:
            return False
        known = line.sudo()  # names of what one works on
        return {
            "project_id": line.project_id.id,
            "task_id": line.task_id.id,
            "label": known.task_id.name or known.project_id.display_name,
            "seconds": int((fields.Datetime.now() - line.timer_start).total_seconds()),
        }
