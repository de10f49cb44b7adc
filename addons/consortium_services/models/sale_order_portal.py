from odoo import api, fields, models
from odoo.fields import Domain

from .consortium_satisfaction_invitation import EXPIRY_DAYS

PER_PAGE = 8


class SaleOrder(models.Model):
    """What the portal shows of an agreement, as plain values."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    invitation_ids = fields.One2many(
        "consortium.satisfaction.invitation", "order_id", string="Questions Sent"
    )

    @api.model
    def _waiting_domain(self):
        """What asks something of the member: a signature, a consent, an answer; by the
        user's own rights on each of them."""
        since = fields.Date.subtract(self.env.company._today(), days=EXPIRY_DAYS)
        asked = Domain("state", "=", "sent") & Domain("sent_on", ">=", since)
        return (
            Domain("agreement_state", "=", "proposed")
            | Domain("agreement_state", "=", "running")
            & (
                Domain("version_ids", "any", [("state", "=", "proposed")])
                | Domain("consent_ids", "any", [("state", "=", "asked")])
            )
            | Domain("agreement_state", "=", "closed")
            & Domain("invitation_ids", "any", asked)
        )

    def _follow_up(self):
        """Hours spent against the ceiling and by field, steps, team, documents.

        Called as superuser, for agreements that the user was found to read: the
        template is given these values and nothing else. The number of queries does not
        depend on the hours.
        """
        self.ensure_one()
        spent = self._consumed_minutes()[self.id]
        lines = self.order_line.filtered(
            lambda line: line.expertise_id and line.is_taken and line.planned_minutes
        )
        total = sum(spent.values())
        rows = [
            self._progress_row(
                expertise.name,
                spent.get(expertise.id, 0),
                sum(mine.mapped("planned_minutes")),
            )
            for expertise, mine in lines.grouped("expertise_id").items()
        ]
        others = total - sum(spent.get(field.id, 0) for field in lines.expertise_id)
        if others:
            rows.append(self._progress_row(self.env._("Other"), others, 0))
        return {
            **self._progress_row("", total, self.allowed_minutes),
            "fields": rows,
            "steps": self._next_steps(),
            "team": self._team(lines),
            "documents": self._portal_documents(),
        }

    def _progress_row(self, name, spent, planned):
        """Hours against a ceiling; once closed, all of them spent is no alarm."""
        percent = round(100 * spent / planned) if planned else 0
        return {
            "name": name,
            "spent": self._hours_text(spent),
            "planned": self._hours_text(planned) if planned else "",
            "left": self._hours_text(planned - spent) if planned else "",
            "percent": percent,
            "width": min(percent, 100),
            "level": self._progress_level(percent),
        }

    def _progress_level(self, percent):
        if self.agreement_state == "closed":
            return "black-50"
        if percent >= 90:
            return "danger"
        return "warning" if percent >= 75 else "success"

    def _next_steps(self):
        """The tasks that are open, those due first."""
        tasks = self.env["project.task"].search_fetch(
            [
                ("project_id", "in", self.project_id.ids),
                ("project_id", "!=", False),
                ("state", "not in", ("1_done", "1_canceled")),
            ],
            ["name", "date_deadline"],
            order="date_deadline, priority desc, sequence, id",
            limit=PER_PAGE,
        )
        return [
            {
                "name": task.name,
                "date": task.date_deadline and task.date_deadline.date(),
            }
            for task in tasks
        ]

    def _team(self, lines):
        """Who works for the member: names, and what they do."""
        team = []
        if self.user_id:
            team.append({"name": self.user_id.name, "role": self.env._("Coordination")})
        team += [
            {"name": line.expert_id.name, "role": line.expertise_id.name}
            for line in lines.filtered("expert_id")
        ]
        return team

    def _portal_documents(self):
        """What was signed, and the deliverables: ``(address, name)``."""
        found = [
            {
                "url": f"/my/agreements/{self.id}/versions/{version.id}",
                "name": version.document_name,
                "note": version.final_sha256 or version.document_sha256 or "",
            }
            for version in self.version_ids.filtered("signed_on")
        ]
        found += [
            {
                "url": f"/my/agreements/{self.id}/files/{attachment.id}",
                "name": attachment.name,
                "note": "",
            }
            for attachment in self.deliverable_ids
        ]
        return found

    def _shown_content(self):
        """What the page shows: the version in force, or the proposal as it stands."""
        self.ensure_one()
        if not self.signed_on:
            return self._agreement_content()
        current = self.version_ids.filtered(
            lambda version: version.content and version.state in ("in_force", "signed")
        )
        if self.agreement_state == "signed" or len(current) == 1:
            return current[:1].content
        in_force = current.filtered(lambda version: version.state == "in_force")
        return in_force[:1].content or self._agreement_content()
