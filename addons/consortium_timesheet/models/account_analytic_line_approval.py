from collections import defaultdict

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from .account_analytic_line_rules import DAY

CLOSED = ("1_done", "1_canceled")


class AccountAnalyticLine(models.Model):
    """From the expert's confirmation to the coordinator's approval."""

    _inherit = "account.analytic.line"  # pylint: disable=R8180

    is_odd = fields.Boolean(string="To Look At", readonly=True, copy=False, index=True)
    oddities = fields.Char(string="Why", readonly=True, copy=False)
    cost_date = fields.Date(
        string="Counted On",
        readonly=True,
        copy=False,
        help="The day worked; or, when its year was already closed at approval, the "
        "day of approval: it then counts in the next year.",
    )

    def action_submit(self):
        """The person who worked, or a coordinator, confirms the time.

        :raise UserError: an entry without time, or not charged without saying why
        """
        lines = self.filtered(lambda line: line.approval_state == "draft")
        lines._check_can_write({})
        lines.check_access("write")
        for line in lines:
            if not line.minutes:
                raise UserError(
                    self.env._(
                        "The entry of %(date)s « %(name)s » has no time.",
                        date=line.date,
                        name=line.name,
                    )
                )
            if not line.chargeable and not line.nonchargeable_reason_id:
                raise UserError(
                    self.env._(
                        "The entry of %(date)s « %(name)s » is not charged: say why.",
                        date=line.date,
                        name=line.name,
                    )
                )
        lines._check_lock()
        lines._write_approval({"approval_state": "submitted", "timer_start": False})
        lines._flag_odd()

    def action_recall(self):
        """Take back what was confirmed and isn't approved yet.

        :raise UserError: its days are locked meanwhile
        """
        lines = self.filtered(lambda line: line.approval_state == "submitted")
        lines._check_can_write({})
        lines.check_access("write")
        # Once taken back, it could not be confirmed again.
        lines._check_lock()
        lines._write_approval({"approval_state": "draft", "is_odd": False})

    def _flag_odd(self):
        """Say what a coordinator should look at before approving these entries."""
        days = self._minutes_by_day()
        over = self._lines_over_ceiling()
        by_oddities = defaultdict(self.browse)
        for line in self:
            by_oddities[", ".join(line._oddities(days, over))] |= line
        for text, lines in by_oddities.items():
            lines._write_approval({"oddities": text or False, "is_odd": bool(text)})

    def _oddities(self, days, over):
        """The reasons of one entry, in words."""
        self.ensure_one()
        company = self.company_id.sudo()
        # The state of the task, whatever projects the user may read.
        task = self.sudo().task_id
        late = company._today() - fields.Date.to_date(self.date)
        lock = company.timesheet_lock_date
        reasons = [
            (self.so_line.id in over, self.env._("over the ceiling")),
            (
                days[self.employee_id.id, self.date] > company.timesheet_long_day * 60,
                self.env._("long day"),
            ),
            (
                (self.name or "/").strip() in ("/", ""),
                self.env._("no description"),
            ),
            (task.state in CLOSED, self.env._("closed task")),
            (
                late.days > company.timesheet_late_days or (lock and self.date <= lock),
                self.env._("late"),
            ),
            (
                self.chargeable and not self.cost_center_id,
                self.env._("no cost center"),
            ),
        ]
        return [text for odd, text in reasons if odd]

    def _minutes_by_day(self):
        """``{(employee id, date): minutes}`` of the days of these entries."""
        # All the time of these people on these days, whoever approves part of it.
        rows = self.sudo()._read_group(
            Domain("project_id", "!=", False)
            & Domain("employee_id", "in", self.employee_id.ids)
            & Domain("date", "in", list(set(self.mapped("date")))),
            ["employee_id", "date:day"],
            ["minutes:sum"],
        )
        found = defaultdict(int)
        for employee, day, minutes in rows:
            found[employee.id, fields.Date.to_date(day)] += minutes
        return found

    def _lines_over_ceiling(self):
        """The order lines sold by the hour on which more was worked than ordered."""
        hour = self.env.ref("uom.product_uom_hour")
        # What was sold is read for its quantity alone.
        sold = self.sudo().so_line.filtered(
            lambda line: (
                line.product_uom_qty and line.product_uom_id._has_common_reference(hour)
            )
        )
        worked = self.sudo()._read_group(
            Domain("so_line", "in", sold.ids) & Domain("project_id", "!=", False),
            ["so_line"],
            ["minutes:sum"],
        )
        return {
            line.id
            for line, minutes in worked
            if minutes
            > round(
                60
                * line.product_uom_id._compute_quantity(
                    line.product_uom_qty, hour, round=False
                )
            )
        }

    def action_approve(self):
        """Approve confirmed time: it is frozen with its rate, and may be billed.

        :raise UserError: naming the first entry that can't be approved
        :raise AccessError: not a coordinator
        """
        self._check_approver()
        lines = self.filtered(lambda line: line.approval_state == "submitted")
        for line in self - lines:
            raise UserError(
                self.env._(
                    "The time of %(name)s on %(date)s is not confirmed, or is already "
                    "approved.",
                    name=line.employee_id.name,
                    date=line.date,
                )
            )
        lines._approve()
        return True

    def _check_approver(self):
        user = self.env.user
        if not (self.env.su or user.has_group("consortium_base.group_coordinator")):
            raise AccessError(self.env._("A coordinator approves the time."))
        self.check_access("write")
        if self.env.su or user.has_group("consortium_base.group_manager"):
            return
        if own := self.filtered(lambda line: line.user_id == user):
            raise UserError(
                self.env._(
                    "Your own time of %(date)s is approved by somebody else.",
                    date=own[0].date,
                )
            )

    def _approve(self):
        """Freeze: rate, center, order line and amount are kept as they are today."""
        self._lock_past_years()
        lines = self
        lines._price()
        rates = lines._rates()
        by_rate = defaultdict(self.browse)
        for line in lines:
            rate = line._rate_among(rates)
            if line.chargeable and line.minutes >= 0:
                line._check_billable(rate)
            by_rate[rate.id if rate else False] |= line
        now = fields.Datetime.now()
        for rate, approved in by_rate.items():
            approved._write_approval({"hourly_rate_id": rate})
        for company, mine in self.grouped("company_id").items():
            lock = company.sudo().timesheet_lock_date
            closed = company.sudo().at_cost_closed_until
            today = company._today()
            # A year may be closed on its last day.
            after = max(today, fields.Date.add(closed, days=1)) if closed else today
            groups = defaultdict(self.browse)
            for line in mine:
                late = bool(lock and line.date <= lock)
                counted = after if closed and line.date <= closed else line.date
                groups[late, counted] |= line
            for (late, counted), part in groups.items():
                part._write_approval({"is_late": late, "cost_date": counted})
        self._write_approval(
            {
                "approval_state": "approved",
                "approved_by_id": self.env.uid,
                "approved_on": now,
            }
        )

    def _lock_past_years(self):
        """Time of a year that has come to its last day waits for whoever closes it.

        That of the year in progress, which nobody may close, waits for nobody.
        """
        companies = self.env["res.company"]
        for company, mine in self.grouped("company_id").items():
            today = company._today()
            year = company.compute_fiscalyear_dates(today)
            may_close = year["date_to"] <= today
            if may_close or min(mine.mapped("date")) < year["date_from"]:
                companies |= company
        if companies:
            # Who may approve was checked.
            companies.sudo()._lock_at_cost()

    def _check_billable(self, rate):
        """A chargeable entry has what it takes to be billed."""
        self.ensure_one()
        about = {"name": self.employee_id.sudo().name, "date": self.date}
        if not self.so_line:
            raise UserError(
                self.env._(
                    "The time of %(name)s on %(date)s is chargeable, but to no "
                    "agreement.",
                    **about,
                )
            )
        if not self.cost_center_id:
            raise UserError(
                self.env._(
                    "The time of %(name)s on %(date)s is of no cost center: assign the "
                    "person to one.",
                    **about,
                )
            )
        if not rate:
            raise UserError(
                self.env._(
                    "%(center)s has no approved rate on %(date)s: the time of %(name)s "
                    "can't be approved.",
                    center=self.cost_center_id.display_name,
                    **about,
                )
            )

    def _correct(self, reason, replacement=None):
        """Keep an approved entry, take it back by another, and enter what is right.

        :param replacement: values of the right entry that differ; none: taken back only
        :return: the entries added, approved: the one that takes back, and the right one
        """
        self.ensure_one()
        self._check_approver()
        if self.approval_state != "approved":
            raise UserError(self.env._("This time is not approved: just change it."))
        if not (reason or "").strip():
            raise UserError(self.env._("A correction has a reason."))
        if self.minutes < 0 or self.correction_ids:
            raise UserError(
                self.env._(
                    "This entry is a correction, or is already corrected: correct the "
                    "last one."
                )
            )
        kept = {
            "so_line": self.so_line.id,
            "is_so_line_edited": True,
            "cost_center_id": self.cost_center_id.id,
            "chargeable": self.chargeable,
            "nonchargeable_reason_id": self.nonchargeable_reason_id.id,
            "corrects_id": self.id,
            "correction_reason": reason,
        }
        base = self.copy_data()[0]
        rows = [{**base, **kept, "unit_amount": -self.minutes / 60}]
        if replacement:
            right = {**base, **kept, **replacement}
            if "so_line" in replacement and (self.chargeable or not self.so_line):
                # Of another agreement, or of none: charged and costed as it is.
                for name in ("chargeable", "nonchargeable_reason_id", "cost_center_id"):
                    right.pop(name)
            rows.append(right)
        for row in rows:
            row.pop("minutes", None)
        # Fields of buttons; who may correct was checked above.
        added = self.sudo().create(rows).with_env(self.env)
        added._write_approval({"approval_state": "submitted"})
        added._approve()
        return added

    def action_correct(self):
        """Open the correction of one approved entry."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Correct Approved Time"),
            "res_model": "consortium.time.correction",
            "view_mode": "form",
            "target": "new",
            "context": {"default_line_id": self.id},
        }

    def action_open_changes(self):
        """The trace of changes of these entries."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Changes"),
            "res_model": "consortium.timesheet.change",
            "view_mode": "list",
            "domain": [("line_ref", "in", self.ids)],
        }

    def action_timer(self):
        """Start the timer of an open entry, or stop it and add what went by.

        Forgotten until its day was locked, it stops and adds nothing.
        """
        self.ensure_one()
        self._check_not_approved()
        self._check_can_write({})
        self.check_access("write")
        now = fields.Datetime.now()
        if not self.timer_start:
            running = self.search(
                Domain("timer_start", "!=", False)
                & Domain("employee_id", "=", self.employee_id.id)
                & Domain("approval_state", "=", "draft")
            )
            for line in running:
                line.action_timer()
            self._write_approval({"timer_start": now})
            return
        if self._is_locked():
            self._write_approval({"timer_start": False})
            return
        seconds = int((now - self.timer_start).total_seconds())
        worked = self._minutes_by_day()[self.employee_id.id, self.date]
        # Forgotten overnight, a timer still stops: a day has 24 hours.
        minutes = min(max(1, (seconds + 30) // 60), DAY - worked)
        self._write_approval({"timer_start": False})
        self.minutes += minutes
