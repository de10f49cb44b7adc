"""What a member does of its needs by itself, in the portal."""

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

# Until an agreement answers the need; then the member leaves or refuses that.
WITHDRAWABLE = ("new", "taken", "assigned")
MAX_REASON = 1000


class ConsortiumServiceRequestLine(models.Model):
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "consortium.service.request.line"

    def _may_withdraw(self, organization):
        """Whether the organisation, or who asked for it, may withdraw this need.

        A network that only follows the requests of its members may not.
        """
        self.ensure_one()
        lead = self.lead_id.sudo()  # whose request it is, nothing else
        own = (lead.partner_id | lead.requester_id).commercial_partner_id
        return (
            bool(organization & own)
            and self.state in WITHDRAWABLE
            and not self.is_recommended
        )

    def _withdraw_from_portal(self, organization, reason):
        """The member no longer needs it: its coordinator and expert are told.

        :param organization: the one that the user acts for, with the mandate to request
        :raise UserError: one sentence; nothing is changed
        """
        self.ensure_one()
        self.check_access("read")
        # A representative writes no need: this step, checked here, is all of it.
        need = self.sudo()
        need._lock()
        need._require_open()
        if not need._may_withdraw(organization):
            raise UserError(
                self.env._(
                    "An agreement is proposed for this need: answer it there, or write "
                    "to your coordinator."
                )
            )
        typed = (reason or "").strip()[:MAX_REASON]
        need.write(
            {
                "state": "withdrawn",
                "reason": typed or self.env._("Withdrawn by the member."),
            }
        )
        need.lead_id._close_reminders()
        need._tell_withdrawn(self.env.user.partner_id, typed)

    def _tell_withdrawn(self, person, reason):
        """A message in the name of who withdrew it; an activity for those who work."""
        title = self.env._(
            "Need withdrawn: %(name)s", name=self.expertise_id.name or self.need[:80]
        )
        self.lead_id.message_post(
            body=plaintext2html(f"{title}\n{reason}".strip()),
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            author_id=person.id,
        )
        for user in self.manager_id | self.employee_id.user_id:
            self.lead_id.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=user.id,
                summary=title,
                note=plaintext2html(reason) if reason else False,
            )
