from odoo import api, fields, models
from odoo.exceptions import UserError

PORTAL_FIELDS = {
    "id",
    "active",
    "company_id",
    "create_date",
    "display_name",
    "email",
    "event_id",
    "name",
    "partner_id",
    "state",
}


class EventRegistration(models.Model):
    _inherit = "event.registration"

    @api.model
    def _has_field_access(self, field, operation):
        """In the portal, who of the organisation comes, and nothing else."""
        if not super()._has_field_access(field, operation):
            return False
        return (
            self.env.su or self.env.user._is_internal() or field.name in PORTAL_FIELDS
        )

    def _update_mail_schedulers(self):
        """Confirmations of trainings go by the queue, like every other message: core
        would send them here, and commit amid the registration."""
        trainings = self.filtered("event_id.is_training")
        if trainings.filtered(lambda seat: seat.state == "open"):
            # A representative starts no job: these two, and no other.
            for job in (
                "event.event_mail_scheduler",
                "mail.ir_cron_mail_scheduler_action",
            ):
                self.env.ref(job).sudo()._trigger()
        return super(EventRegistration, self - trainings)._update_mail_schedulers()

    def _may_cancel(self):
        """Until the training begins, and while the person has not come."""
        self.ensure_one()
        begins = self.event_id.date_begin
        return self.state in ("draft", "open") and begins > fields.Datetime.now()

    def _cancel_from_portal(self):
        """Give the place back; whoever follows the training is told. Twice is once.

        :raise UserError: the training has begun
        """
        self.ensure_one()
        self.check_access("read")
        # A representative writes no registration: this step, checked here, is all.
        seat = self.sudo()
        if seat.state == "cancel":
            return
        if not seat._may_cancel():
            raise UserError(
                self.env._(
                    "This training has begun: write to us to cancel a registration."
                )
            )
        seat.action_cancel()
        seat.event_id.message_post(
            body=self.env._(
                "%(name)s (%(organization)s) no longer comes: registration cancelled "
                "in the portal by %(person)s.",
                name=seat.name,
                organization=seat.partner_id.name,
                person=self.env.user.name,
            )
        )
