from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class ConsortiumMentoringMeeting(models.Model):
    _name = "consortium.mentoring.meeting"
    _description = "Mentoring Meeting"
    _order = "date desc, id desc"
    _rec_name = "date"

    mentoring_id = fields.Many2one(
        "consortium.mentoring", required=True, index=True, ondelete="cascade"
    )
    date = fields.Date(required=True, default=lambda self: self.env.company._today())
    minutes = fields.Integer(string="Duration (min)", required=True, default=60)
    is_remote = fields.Boolean(string="At a Distance", default=True)
    summary = fields.Text(string="What Was Worked On")
    is_held = fields.Boolean(string="Held", readonly=True, copy=False)
    timesheet_id = fields.Many2one(
        "account.analytic.line",
        string="Hours Entered",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    _minutes = models.Constraint(
        "CHECK (minutes > 0 AND minutes <= 1440)",
        "A meeting lasts from a minute to a day.",
    )

    @api.constrains("date", "mentoring_id")
    def _check_date(self):
        for meeting in self:
            pair = meeting.mentoring_id
            if meeting.date < pair.date_start or (
                pair.date_end and meeting.date > pair.date_end
            ):
                raise ValidationError(
                    self.env._(
                        "The meeting of %(date)s is not within the mentoring.",
                        date=fields.Date.to_string(meeting.date),
                    )
                )

    def write(self, vals):
        """
        :raise UserError: a meeting that was held changes its hours
        """
        if {"date", "minutes", "mentoring_id"} & set(vals) and any(
            self.mapped("is_held")
        ):
            raise UserError(
                self.env._(
                    "The hours of this meeting have been entered: correct them in the "
                    "timesheet."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_planned(self):
        if any(self.mapped("is_held")):
            raise UserError(
                self.env._("A meeting that was held stays: its hours were entered.")
            )

    def action_hold(self):
        """The meeting took place: enter the mentor's hours, once.

        :raise UserError: the pair has no task to enter the hours on, or it is to come
        """
        self.check_access("write")
        if self.try_lock_for_update() != self:
            raise UserError(
                self.env._("Somebody else is dealing with this meeting right now.")
            )
        self.invalidate_recordset()
        for meeting in self.filtered(lambda meeting: not meeting.is_held):
            pair = meeting.mentoring_id
            if meeting.date > self.env.company._today():
                raise UserError(self.env._("This meeting is still to come."))
            if not pair.task_id:
                raise UserError(
                    self.env._(
                        "Choose the task of the agreement that the hours of this "
                        "mentoring go to."
                    )
                )
            # A coordinator enters the mentor's hours of this meeting, nothing else.
            line = (
                self.env["account.analytic.line"]
                .sudo()
                .create(meeting._prepare_timesheet())
            )
            meeting.write({"is_held": True, "timesheet_id": line.id})
        return True

    def _prepare_timesheet(self):
        """The values of the mentor's timesheet line."""
        pair = self.mentoring_id
        return {
            "employee_id": pair.mentor_id.id,
            "project_id": pair.task_id.project_id.id,
            "task_id": pair.task_id.id,
            "date": self.date,
            "unit_amount": self.minutes / 60,
            "name": self.env._("Mentoring: %(name)s", name=pair.mentee_id.name),
        }
