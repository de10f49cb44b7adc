"""What follows from a mandate: the portal that opens and closes, the reminders."""

from dateutil.relativedelta import relativedelta
from odoo import api, models
from odoo.fields import Domain

from .consortium_representation import SCOPES


class ConsortiumRepresentation(models.Model):
    _inherit = "consortium.representation"

    def _forget_mandates(self):
        """Drop what ``res.users._mandates`` kept for this transaction."""
        self.env.cr.cache.pop("consortium_mandates", None)
        self.env["res.partner"].invalidate_model(
            [f"acting_{scope}" for scope in ("any", *SCOPES)], flush=False
        )

    def _detach_persons(self):
        """A representative's contact has no parent.

        Core shows a contact everything of the company it stands under, whatever the
        mandates and whatever their dates.
        """
        for person in self.person_id.filtered("parent_id"):
            parent = person.parent_id
            # The person, not the officer, may lack the right: a mandate decides.
            person.sudo().parent_id = False
            person.sudo().message_post(
                body=self.env._(
                    "Detached from %(parent)s: what a representative may see follows "
                    "from its mandates alone.",
                    parent=parent.name,
                )
            )

    def _apply_access(self, others=None):
        """Open or close the portal for the persons of these mandates."""
        self._forget_mandates()
        persons = self.person_id | others if others else self.person_id
        persons._sync_portal_user()

    @api.model
    def _cron_portal_access(self, batch=100):
        """Open the access of mandates that begin, close that of those that ended.

        Rules test dates by themselves: this only invites and archives users.
        """
        today = self.env.company._today()
        in_force = self._in_force_domain(today)
        open_ = Domain("access_open", "=", True)
        pending = (in_force & ~open_) | (~in_force & open_)
        persons = self.search(pending, order="id").person_id
        self.env["ir.cron"]._commit_progress(remaining=len(persons))
        for start in range(0, len(persons), batch):
            some = persons[start : start + batch]
            some._sync_portal_user()
            if not self.env["ir.cron"]._commit_progress(processed=len(some)):
                return

    @api.model
    def _reminder_days(self):
        """How many days before the end to remind, the longest delay first."""
        # Settings are the administrator's to read; these two say nothing of anybody.
        get = self.env["ir.config_parameter"].sudo().get_param
        days = {
            int(get("consortium_base.mandate_first_reminder") or 60),
            int(get("consortium_base.mandate_second_reminder") or 30),
        }
        return sorted((day for day in days if day > 0), reverse=True)

    @api.model
    def _cron_remind_expiry(self, batch=100):
        """An activity for the membership officer before a mandate ends."""
        today = self.env.company._today()
        due = self.browse()
        for days in self._reminder_days():
            due |= self.search(
                self._in_force_domain(today)
                & Domain("date_end", "<=", today + relativedelta(days=days))
                & (
                    Domain("reminded_days", "=", 0) | Domain("reminded_days", ">", days)
                ),
                order="id",
            )
        self.env["ir.cron"]._commit_progress(remaining=len(due))
        for start in range(0, len(due), batch):
            some = due[start : start + batch]
            for mandate in some:
                mandate._remind_expiry(today)
            if not self.env["ir.cron"]._commit_progress(processed=len(some)):
                return

    def _remind_expiry(self, today):
        """Plan the activity of one mandate, and remember which reminder it was."""
        self.ensure_one()
        left = (self.date_end - today).days
        self.reminded_days = min(day for day in self._reminder_days() if day >= left)
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=self.date_end,
            user_id=self._reminder_user().id,
            summary=self.env._(
                "The mandate of %(person)s for %(organization)s ends",
                person=self.person_id.name,
                organization=self.organization_id.name,
            ),
        )

    @api.model
    def _reminder_user(self):
        """Who is reminded: a membership officer, else a general manager."""
        for group in ("group_membership_officer", "group_manager"):
            users = self.env.ref(f"consortium_base.{group}").sudo().user_ids
            users = users.filtered(lambda user: user.active and user.id != 1)
            if users:
                return users.sorted("id")[0]
        return self.env.user
