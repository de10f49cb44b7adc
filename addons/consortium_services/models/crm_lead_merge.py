"""Requests that become one, or two."""

from odoo import api, models
from odoo.exceptions import UserError


class CrmLead(models.Model):
    _inherit = "crm.lead"  # pylint: disable=consider-merging-classes-inherited

    # Merge

    @api.model
    def _merge_get_fields_specific(self):
        """The needs follow, and who asked, as they were in the first that has them."""

        def first(name, leads):
            return next((lead[name] for lead in leads if lead[name]), False)

        def first_id(name, leads):
            return first(name, leads).id if first(name, leads) else False

        def earliest(name, leads):
            return min((lead[name] for lead in leads if lead[name]), default=False)

        return {
            **super()._merge_get_fields_specific(),
            "request_line_ids": lambda _name, leads: [
                (4, line.id) for line in leads[1:].request_line_ids
            ],
            "merged_numbers": lambda _name, leads: ", ".join(
                number
                for lead in leads
                for number in (
                    lead != leads[0] and lead.request_number,
                    lead.merged_numbers,
                )
                if number
            ),
            "referrer_id": first_id,
            "requester_id": first_id,
            "request_person_id": first_id,
            "urgency_reason": first,
            "is_urgent": lambda _name, leads: any(leads.mapped("is_urgent")),
            "received_at": earliest,
            "first_answer_at": earliest,
            "first_answer_minutes": lambda _name, leads: self._answer_minutes(
                earliest("received_at", leads) or min(leads.mapped("create_date")),
                earliest("first_answer_at", leads),
            ),
            "wished_start": first,
            "wished_end": first,
        }

    def _merge_opportunity(self, user_id=False, team_id=False, **kwargs):
        """Only requests of one organisation are merged: its people read the result.

        :raise UserError: two organisations, or a request with a lead that isn't one
        """
        if any(self.mapped("is_service_request")):
            if not all(self.mapped("is_service_request")):
                raise UserError(
                    self.env._("A service request is merged with service requests.")
                )
            served = self.partner_id.commercial_partner_id
            askers = self.requester_id.commercial_partner_id
            if len(served) > 1 or len(askers) > 1:
                raise UserError(
                    self.env._(
                        "These requests are of several organizations: each one keeps "
                        "its own."
                    )
                )
        return super()._merge_opportunity(user_id=user_id, team_id=team_id, **kwargs)

    def _merge_dependences(self, opportunities):
        """Needs go first: deleting a merged request would take them along."""
        opportunities.request_line_ids.write({"lead_id": self.id})
        return super()._merge_dependences(opportunities)

    # Split

    def _split(self, lines):
        """Make another request of some needs; both say so.

        :param lines: needs of this request, but not all of them
        :return: the new request
        :raise UserError: all of its needs, or those of another request
        """
        self.ensure_one()
        self.check_access("write")
        if not lines or lines.lead_id != self or lines == self.request_line_ids:
            raise UserError(
                self.env._("Choose some of the needs of the request, but not all.")
            )
        lines._lock()
        lead = self.copy(
            {
                "name": self.name,
                "split_from_id": self.id,
                "received_at": self.received_at,
                "request_channel": self.request_channel,
                "request_line_ids": False,
            }
        )
        lines.write({"lead_id": lead.id})
        names = ", ".join(
            lines.mapped(lambda line: line.expertise_id.name or line.need)
        )
        self._message_log(
            body=self.env._(
                "Needs moved to request %(number)s: %(names)s",
                number=lead.request_number,
                names=names,
            )
        )
        lead._message_log(
            body=self.env._(
                "Split from request %(number)s: %(names)s",
                number=self.request_number,
                names=names,
            )
        )
        return lead
