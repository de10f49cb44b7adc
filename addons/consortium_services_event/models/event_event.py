from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, email_normalize

MAX_PARTICIPANTS = 20
# What a representative reads of a training: not who else comes, nor who follows it.
PORTAL_FIELDS = {
    "id",
    "active",
    "address_id",
    "company_id",
    "date_begin",
    "date_end",
    "date_tz",
    "description",
    "display_name",
    "expertise_id",
    "is_training",
    "kanban_state",
    "lang",
    "name",
    "seats_limited",
    "seats_max",
}


class EventEvent(models.Model):
    """A training session: in the members' portal, with the trainers' hours."""

    _inherit = "event.event"

    is_training = fields.Boolean(
        string="Training for Members",
        index=True,
        help="The members see it in their portal and register there.",
    )
    expertise_id = fields.Many2one(
        "consortium.expertise",
        string="Field of Expertise",
        index="btree_not_null",
        ondelete="restrict",
    )
    trainer_ids = fields.Many2many(
        "hr.employee", "event_event_trainer_rel", "event_id", "employee_id"
    )
    task_id = fields.Many2one(
        "project.task",
        index="btree_not_null",
        domain=[("project_id.allow_timesheets", "=", True)],
        help="Task that the trainers' hours are entered on.",
    )
    session_minutes = fields.Integer(
        string="Duration (min)",
        compute="_compute_session_minutes",
        store=True,
        readonly=False,
        help="Minutes of training given by each trainer.",
    )
    hours_entered_on = fields.Date(readonly=True, copy=False)

    _session_minutes = models.Constraint(
        "CHECK (session_minutes >= 0)", "A training lasts zero minutes or more."
    )

    @api.depends("date_begin", "date_end")
    def _compute_session_minutes(self):
        """That of the session, when it is held in one day."""
        for event in self:
            minutes = 0
            if event.date_begin and event.date_end:
                span = (event.date_end - event.date_begin).total_seconds() // 60
                minutes = int(span) if span <= 24 * 60 else 0
            event.session_minutes = minutes

    @api.model
    def _has_field_access(self, field, operation):
        """In the portal, only what the page of a training shows."""
        if not super()._has_field_access(field, operation):
            return False
        return (
            self.env.su or self.env.user._is_internal() or field.name in PORTAL_FIELDS
        )

    @api.model
    def _portal_domain(self):
        """The trainings to come that the portal shows: not those cancelled."""
        return (
            Domain("is_training", "=", True)
            & Domain("date_end", ">=", fields.Datetime.now())
            & Domain("kanban_state", "!=", "cancel")
        )

    def _first_day(self):
        """The day it begins, where it is held."""
        self.ensure_one()
        there = self.with_context(tz=self.date_tz)
        return fields.Datetime.context_timestamp(there, self.date_begin).date()

    def _register_from_portal(self, organization, participants):
        """Register people of the organisation that the user acts for.

        Whoever is registered already is not registered twice.

        :param participants: ``[(name, e-mail), …]`` as typed
        :return: the registrations that were made
        :raise UserError: one sentence; nobody is registered then
        """
        self.ensure_one()
        self.check_access("read")
        company = self.company_id or self.env.company
        # Whether it is served, and no more, is told to who acts for it.
        served = organization.sudo().with_company(company)
        if refusal := served._why_not_served(company._today()):
            raise UserError(refusal)
        people = self._checked_participants(participants)
        # Two who take the last seat at once: the second waits, then is tried again.
        self.env.cr.execute(
            SQL("UPDATE event_event SET write_date = write_date WHERE id = %s", self.id)
        )
        # A representative makes no registration: these, checked above, are all of it.
        event = self.sudo()
        event.invalidate_recordset(["seats_available", "event_registrations_open"])
        known = event.registration_ids.filtered(
            lambda seat: seat.state != "cancel" and seat.partner_id == organization
        )
        taken = {email_normalize(email) for email in known.mapped("email")}
        people = {mail: name for mail, name in people.items() if mail not in taken}
        if not people:
            return known.browse()
        if not event.event_registrations_open:
            raise UserError(self.env._("Registrations for this training are closed."))
        if (
            event.seats_limited
            and event.seats_max
            and len(people) > event.seats_available
        ):
            raise UserError(
                self.env._(
                    "Only %(count)s places are left in this training.",
                    count=max(event.seats_available, 0),
                )
            )
        return event.env["event.registration"].create(
            [
                {
                    "event_id": event.id,
                    "partner_id": organization.id,
                    "company_name": organization.sudo().name,
                    "name": name,
                    "email": mail,
                }
                for mail, name in people.items()
            ]
        )

    @api.model
    def _checked_participants(self, participants):
        """``{e-mail: name}`` of who was typed."""
        typed = [
            ((name or "").strip()[:200], (mail or "").strip()[:200])
            for name, mail in participants[: MAX_PARTICIPANTS + 1]
        ]
        typed = [row for row in typed if any(row)]
        if not typed:
            raise UserError(self.env._("Name at least one person."))
        if len(typed) > MAX_PARTICIPANTS:
            raise UserError(
                self.env._(
                    "At most %(count)s people at a time: send the others after.",
                    count=MAX_PARTICIPANTS,
                )
            )
        people = {}
        for name, mail in typed:
            address = email_normalize(mail)
            if not name or not address:
                raise UserError(
                    self.env._(
                        "Write the name and the e-mail address of each person: "
                        "« %(who)s » lacks one.",
                        who=name or mail,
                    )
                )
            people[address] = name
        return people

    def action_enter_hours(self):
        """The training took place: enter the hours of each trainer, once.

        :raise UserError: no trainer, no task, no duration, or it is to come
        """
        self.check_access("write")
        if self.try_lock_for_update() != self:
            raise UserError(
                self.env._("Somebody else is entering these hours right now.")
            )
        self.invalidate_recordset()
        for event in self.filtered(lambda event: not event.hours_entered_on):
            if event.date_end > fields.Datetime.now():
                raise UserError(self.env._("This training is still to come."))
            if not (event.trainer_ids and event.task_id and event.session_minutes):
                raise UserError(
                    self.env._(
                        "Choose the trainers, the task and the duration of "
                        "« %(name)s » first.",
                        name=event.name,
                    )
                )
            # A coordinator enters the trainers' hours of this session, nothing else.
            self.env["account.analytic.line"].sudo().create(
                [
                    {
                        "employee_id": trainer.id,
                        "project_id": event.task_id.project_id.id,
                        "task_id": event.task_id.id,
                        "date": event._first_day(),
                        "unit_amount": event.session_minutes / 60,
                        "name": self.env._("Training: %(name)s", name=event.name),
                    }
                    for trainer in event.trainer_ids
                ]
            )
            event.hours_entered_on = self.env.company._today()
        return True
