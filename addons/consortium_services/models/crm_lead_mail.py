"""What is said about a request: acknowledgement, answers, reminders, e-mail alias."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import email_normalize, html2plaintext, plaintext2html

REMINDER = "consortium_services.mail_activity_type_answer"


class CrmLead(models.Model):
    _inherit = "crm.lead"  # pylint: disable=consider-merging-classes-inherited
    _mail_post_access = "read"

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        """The e-mail leads whoever asked to the follow-up page."""
        groups = super()._notify_get_recipients_groups(
            message, model_description, msg_vals=msg_vals
        )
        if not self or not self.is_service_request:
            return groups
        url = self._notify_get_action_link("view", **(msg_vals or {}))
        for name, _method, options in groups:
            if name in ("portal_customer", "portal", "customer"):
                options["has_button_access"] = True
                options["button_access"] = {
                    "url": url,
                    "title": self.env._("Follow the request"),
                }
        return groups

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """A request that came by e-mail: its text is the first need, to be routed.

        The organisation is the one that the sender represents, when there is just one;
        otherwise a coordinator says which.
        """
        values = dict(custom_values or {})
        if not values.get("is_service_request"):
            return super().message_new(msg_dict, custom_values)
        sender = self._sender_of(msg_dict)
        organization = self._organization_of(sender)
        values.update(
            request_channel="email",
            request_person_id=sender.id,
            partner_id=organization.id or values.get("partner_id") or False,
            requester_id=organization.id,
        )
        if organization and organization._why_not_served(self.env.company._today()):
            # Nothing that was written to the cooperative is lost: a person answers.
            values.update(partner_id=False, requester_id=False)
        lead = super().message_new(msg_dict, values)
        text = html2plaintext(msg_dict.get("body") or "").strip()
        lead.request_line_ids = [
            (0, 0, {"need": text or msg_dict.get("subject") or lead.name})
        ]
        lead._acknowledge()
        return lead

    @api.model
    def _sender_of(self, msg_dict):
        """The person known by that address."""
        person = self.env["res.partner"].browse(msg_dict.get("author_id") or [])
        address = email_normalize(msg_dict.get("from") or "")
        if person or not address:
            return person
        return self.env["res.partner"].search(
            [("email_normalized", "=", address), ("is_company", "=", False)], limit=1
        )

    @api.model
    def _organization_of(self, person):
        """The one organisation that a person may request services for, or none."""
        if not person:
            return person
        # The gateway acts for nobody: narrowed to that person's mandates of today.
        mandates = self.env["consortium.representation"].sudo()
        found = mandates.search(
            mandates._in_force_domain(self.env.company._today())
            & Domain("person_id", "=", person.id)
            & Domain("scope_request", "=", True)
        ).organization_id
        return found if len(found) == 1 else found.browse()

    @api.model_create_multi
    def create(self, vals_list):
        """Whoever asked by telephone has the number too: a request that a coordinator
        enters is acknowledged, when it says who asked."""
        leads = super().create(vals_list)
        if not self.env.su:
            leads.filtered(
                lambda lead: (
                    lead.request_channel == "coordinator"
                    and lead.request_person_id
                    and not lead.split_from_id
                )
            )._acknowledge()
        return leads

    def _acknowledge(self):
        """Answer with the number, at once, in the language of the person.

        The message is queued: what the mail server does changes nothing here.
        """
        template = self.env.ref("consortium_services.mail_template_acknowledgement")
        for lead in self.filtered("is_service_request"):
            if lead.request_person_id.email or lead.email_from:
                # The template belongs to the cooperative, not to whoever asks.
                template.sudo().send_mail(lead.id, force_send=False)

    def _tell_settled(self, lines):
        """Post to the member that needs are closed without an agreement, and why."""
        self.ensure_one()
        labels = dict(lines._fields["state"]._description_selection(self.env))
        said = [
            self.env._(
                "%(need)s: %(state)s%(to)s. %(reason)s",
                need=line.expertise_id.name or line.need,
                state=labels[line.state],
                to=f" – {line.handed_to_id.name}" if line.handed_to_id else "",
                reason=line.reason,
            )
            for line in lines
        ]
        self._post_to_member("\n".join(said))

    def _post_to_member(self, text):
        """A message that the person who asked receives and reads in the portal."""
        self.ensure_one()
        self.message_post(
            body=plaintext2html(text),
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.request_person_id.ids,
        )

    def _tell_expert(self, line):
        """An activity for the expert that a need has been entrusted to."""
        self.ensure_one()
        user = line.employee_id.sudo().user_id
        if not user:
            return
        # The expert may not read the request before this very assignment is written.
        self.sudo().activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=user.id,
            summary=self.env._("Need entrusted to you"),
            note=plaintext2html(f"{line.expertise_id.name}\n{line.need}"),
        )

    # Delay to first answer

    def _message_post_after_hook(self, message, msg_vals):
        result = super()._message_post_after_hook(message, msg_vals)
        if (
            self.is_service_request
            and not self.first_answer_at
            and message.message_type in ("comment", "email")
            and not message.is_internal
            and message.subtype_id == self.env.ref("mail.mt_comment")
            and any(user._is_internal() for user in message.author_id.user_ids)
        ):
            self._note_first_answer()
        return result

    def _note_first_answer(self):
        """Measure, once, the delay to the first answer of a person."""
        now = fields.Datetime.now()
        for lead in self.filtered(lambda lead: not lead.first_answer_at):
            received = lead.received_at or lead.create_date
            # Follows from the answer, by whoever may give one.
            lead.sudo().write(
                {
                    "first_answer_at": now,
                    "first_answer_minutes": self._answer_minutes(received, now),
                }
            )
            lead._close_reminders()

    @api.model
    def _answer_minutes(self, received, answered):
        """The delay to the first answer, in minutes; zero when there is none yet."""
        if not answered:
            return 0
        return max(int((answered - received).total_seconds() // 60), 0)

    # Reminders

    @api.model
    def _cron_remind(self):
        """Remind the coordinators of the needs that nobody has studied yet.

        After one day when urgent, after the number of days of the settings otherwise,
        week-ends included; one activity for each coordinator and request.
        """
        late = self._late_domain(fields.Datetime.now())
        leads = self.search(late, limit=200)
        for lead in leads:
            lead._remind()
        # Reminded ones leave the domain by their activity: the rest waits for the next.
        self.env["ir.cron"]._commit_progress(len(leads), remaining=0)

    @api.model
    def _late_domain(self, now):
        parameters = self.env["ir.config_parameter"].sudo()
        days = int(parameters.get_param("consortium_services.answer_days", 2))
        reminder = self.env.ref(REMINDER)
        return (
            Domain("is_service_request", "=", True)
            & Domain("request_line_ids", "any", [("state", "=", "new")])
            & ~Domain("activity_ids", "any", [("activity_type_id", "=", reminder.id)])
            & (
                Domain("received_at", "<", now - timedelta(days=days))
                | (
                    Domain("is_urgent", "=", True)
                    & Domain("received_at", "<", now - timedelta(days=1))
                )
            )
        )

    def _remind(self):
        self.ensure_one()
        waiting = self.request_line_ids.filtered(lambda line: line.state == "new")
        users = waiting.manager_id or self._default_coordinators()
        for user in users:
            self.activity_schedule(
                REMINDER,
                user_id=user.id,
                summary=self.env._(
                    "Request %(number)s waits", number=self.request_number
                ),
            )

    @api.model
    def _default_coordinators(self):
        """Who is told of what has no coordinator: one, so that somebody feels it."""
        group = self.env.ref("consortium_base.group_coordinator")
        users = group.sudo().all_user_ids.filtered(
            lambda user: user.active and not user.share
        )
        return users.sorted("id")[:1]

    def _close_reminders(self):
        """Reminders go once somebody has taken the needs, or answered."""
        for lead in self:
            if not lead.request_line_ids.filtered(lambda line: line.state == "new"):
                # Whoever answers closes the reminders of all.
                lead.sudo().activity_unlink([REMINDER])

    def _tell_mail_failure(self):
        """One activity for a coordinator: the member has not been written to yet."""
        self.ensure_one()
        kind = "consortium_services.mail_activity_type_mail_failure"
        if self.activity_search([kind]):
            return
        users = self.request_line_ids.manager_id[:1] or self._default_coordinators()
        for user in users:
            self.activity_schedule(
                kind,
                user_id=user.id,
                summary=self.env._(
                    "E-mail not sent: %(number)s", number=self.request_number
                ),
                note=self.env._(
                    "The mail server did not answer. The message is kept and tried "
                    "again every hour; if it is urgent, call the member."
                ),
            )
