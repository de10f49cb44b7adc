from odoo import models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

DAY = 24 * 60


class AccountAnalyticLine(models.Model):
    """What may not be entered, by anybody: in the future, over a day, locked days."""

    _inherit = "account.analytic.line"  # pylint: disable=R8180

    _corrected_once = models.UniqueIndex(
        "(corrects_id) WHERE corrects_id IS NOT NULL AND minutes < 0",
        "This time is already corrected.",
    )
    _frozen = models.Constraint(
        "CHECK (approval_state IS NOT NULL OR project_id IS NULL)",
        "Approved time does not change: correct it, with a reason.",
    )

    def init(self):
        """Approved time stays as it is, whatever writes it: Odoo, SQL, a script.

        What billing mirrors on an entry, and names that core computes, may change.
        """
        result = super().init()
        self.env.cr.execute(GUARD)
        return result

    def _is_leave(self):
        """Is it a leave or a holiday, which Odoo itself writes and deletes?

        Core unlinks the request before it deletes its time: the task tells it too.
        """
        self.ensure_one()
        task = self.company_id.sudo().leave_timesheet_task_id
        return bool(
            self.holiday_id or self.global_leave_id or (task and self.task_id == task)
        )

    def _check_time(self, fnames=None):
        """Check entries as they now are.

        :param fnames: what has just been written; nothing: they are new
        :raise UserError: a locked day
        :raise ValidationError: a day to come, less than nothing, more than a day
        """
        lines = self.filtered(lambda line: not line._is_leave())
        lines._check_lock()
        today = {company: company._today() for company in lines.company_id}
        for line in lines:
            if line.date > today[line.company_id]:
                raise ValidationError(
                    self.env._(
                        "%(date)s is still to come: enter time once it is worked.",
                        date=line.date,
                    )
                )
            if line.minutes < 0 and not line.corrects_id:
                raise ValidationError(
                    self.env._(
                        "Time is not less than nothing: approved time is taken back by "
                        "a correction."
                    )
                )
        if fnames is None or fnames & {"minutes", "unit_amount", "date", "employee_id"}:
            lines._check_day()

    def _check_open_to_user(self):
        """Who confirmed time takes it back before changing it; coordinators need not.

        :raise UserError: it is confirmed or approved, and the user is no coordinator
        """
        if self.env.su or self.env.user.has_group("consortium_base.group_coordinator"):
            return
        for line in self:
            if line.approval_state != "draft":
                raise UserError(
                    self.env._(
                        "Your time of %(date)s is confirmed: take it back first, or "
                        "ask a coordinator to correct it.",
                        date=line.date,
                    )
                )

    def _check_day(self):
        """Nobody works more than 24 hours a day."""
        if not any(line.minutes > 0 for line in self):
            return
        mine = {(line.employee_id.id, line.date) for line in self}
        for (employee, day), minutes in self._minutes_by_day().items():
            if minutes > DAY and (employee, day) in mine:
                raise ValidationError(
                    self.env._(
                        "%(name)s would have worked more than 24 hours on %(date)s.",
                        # Whoever enters time may name who worked.
                        name=self.env["hr.employee"].sudo().browse(employee).name,
                        date=day,
                    )
                )

    def _check_lock(self):
        """Refuse to enter, change or delete time of a locked period, to everybody.

        The only ways through are an exception, which names its reason and for whom, and
        leave: Odoo itself writes it when a request is approved.
        """
        for company, lines in self.grouped("company_id").items():
            lock = company.sudo().timesheet_lock_date
            late = lines.filtered(
                lambda line, lock=lock: (
                    lock and line.date <= lock and not line._is_leave()
                )
            )
            if late:
                self.env["consortium.timesheet.exception"]._check_open(late, lock)

    def _is_locked(self):
        """Would this entry be refused: see ``_check_lock``."""
        try:
            self._check_lock()
        except UserError:
            return True
        return False

    def _approval_domain(self, date_from, date_to):
        """Time of a period that isn't approved: what keeps a year from closing."""
        return (
            self._time_domain()
            & Domain("date", ">=", date_from)
            & Domain("date", "<=", date_to)
            & Domain("approval_state", "!=", "approved")
        )


GUARD = """
CREATE OR REPLACE FUNCTION consortium_approved_time_frozen() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'approved time % does not change', OLD.id
        USING ERRCODE = 'check_violation', TABLE = 'account_analytic_line',
              CONSTRAINT = 'account_analytic_line_frozen';
END $$ LANGUAGE plpgsql;
CREATE OR REPLACE TRIGGER consortium_approved_time_update
    BEFORE UPDATE ON account_analytic_line FOR EACH ROW
    WHEN (OLD.approval_state = 'approved' AND (
        OLD.approval_state, OLD.minutes, OLD.unit_amount, OLD.date, OLD.employee_id,
        OLD.project_id, OLD.task_id, OLD.so_line, OLD.cost_center_id, OLD.chargeable,
        OLD.hourly_rate_id, OLD.corrects_id, OLD.company_id, OLD.cost_date
    ) IS DISTINCT FROM (
        NEW.approval_state, NEW.minutes, NEW.unit_amount, NEW.date, NEW.employee_id,
        NEW.project_id, NEW.task_id, NEW.so_line, NEW.cost_center_id, NEW.chargeable,
        NEW.hourly_rate_id, NEW.corrects_id, NEW.company_id, NEW.cost_date
    ))
    EXECUTE FUNCTION consortium_approved_time_frozen();
CREATE OR REPLACE TRIGGER consortium_approved_time_delete
    BEFORE DELETE ON account_analytic_line FOR EACH ROW
    WHEN (OLD.approval_state = 'approved')
    EXECUTE FUNCTION consortium_approved_time_frozen();
"""
