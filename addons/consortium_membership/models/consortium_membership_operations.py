from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .consortium_membership import PERIOD_STATES


class ConsortiumMembership(models.Model):
    """What changes a membership: admission, change of category, end."""

    _inherit = "consortium.membership"  # pylint: disable=consider-merging-classes-inherited

    application_id = fields.Many2one(
        "consortium.membership.application",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        readonly=True,
        groups="base.group_user",
    )
    welcome_to_send = fields.Boolean(
        copy=False, readonly=True, export_string_translation=False
    )

    @api.model
    def _check_free(self, partners, date, company):
        """Refuse an admission on ``date`` of who is a member then or has been later.

        One query whatever the number of partners.

        :raise UserError: in one sentence, for the first of them
        """
        found = self.search(
            Domain("company_id", "=", company.id)
            & Domain("partner_id", "in", partners.ids)
            & Domain("state", "in", PERIOD_STATES)
            & (Domain("date_end", "=", False) | Domain("date_end", ">=", date)),
            order="date_start desc",
            limit=1,
        )
        if found and found.date_end:
            raise UserError(
                self.env._(
                    "%(name)s was a member until %(end)s: an admission on %(date)s "
                    "would come before that day.",
                    name=found.partner_id.name,
                    end=found.date_end,
                    date=date,
                )
            )
        if found:
            raise UserError(
                self.env._(
                    "%(name)s is a member since %(start)s, no. %(number)s.",
                    name=found.partner_id.name,
                    start=found.date_start,
                    number=found.number,
                )
            )

    @api.model
    def _admit(self, partner, category, date, **values):
        """Open the period of one organisation, without an application.

        :param values: ``resolution_id``, or ``founding``, or ``resolution_reference``
        :raise UserError: it is a member, or no resolution allows it
        :rtype: consortium.membership
        """
        date = fields.Date.to_date(date)
        company = self.env.company
        self._check_free(partner, date, company)
        return self.create(
            {
                "partner_id": partner.id,
                "company_id": company.id,
                "category_id": category.id,
                "date_start": date,
                "state": "admitted",
                **values,
            }
        )

    def _change_category(self, category, date, resolution):
        """Close the period the day before ``date``, and open one in ``category``.

        The member number stays, and what the new category asks to hold is subscribed.

        :raise UserError: in one sentence, what is wrong; nothing is changed
        :return: the new period
        """
        self.ensure_one()
        date = fields.Date.to_date(date)
        self._check_category_change(category, date)
        resolution._require("admission", date)
        self._close(date - timedelta(days=1), "category_change", resolution)
        new = self.create(
            {
                "partner_id": self.partner_id.id,
                "company_id": self.company_id.id,
                "category_id": category.id,
                "number": self.number,
                "date_start": date,
                "founding": self.founding,
                "usage_hours": self.usage_hours,
                "state": "admitted",
                "resolution_id": resolution.id,
            }
        )
        new._subscribe_qualifying()
        return new

    def _check_category_change(self, category, date):
        if self.state != "admitted" or self.date_end:
            raise UserError(
                self.env._(
                    "%(name)s is leaving or has left: its category doesn't change.",
                    name=self.partner_id.name,
                )
            )
        if category == self.category_id:
            raise UserError(
                self.env._(
                    "%(name)s is already in the category « %(category)s ».",
                    name=self.partner_id.name,
                    category=category.name,
                )
            )
        if date <= self.date_start:
            raise UserError(
                self.env._(
                    "%(name)s is in its category since %(start)s: the change comes "
                    "after that day.",
                    name=self.partner_id.name,
                    start=self.date_start,
                )
            )
        category._require_open_to(self.partner_id)

    def _end(self, date, reason, resolution=None):
        """End the membership: ``date`` is its last day.

        :param reason: a value of ``end_reason``
        :raise UserError: it has ended earlier, or begins after that day
        """
        for membership in self:
            if membership.state not in PERIOD_STATES:
                raise UserError(
                    self.env._(
                        "%(name)s was not admitted.", name=membership.partner_id.name
                    )
                )
            if membership.date_end and membership.date_end <= date:
                raise UserError(
                    self.env._(
                        "The membership of %(name)s ends on %(end)s already.",
                        name=membership.partner_id.name,
                        end=membership.date_end,
                    )
                )
            if date < membership.date_start:
                raise UserError(
                    self.env._(
                        "%(name)s is in its category since %(start)s: the membership "
                        "doesn't end before.",
                        name=membership.partner_id.name,
                        start=membership.date_start,
                    )
                )
            membership._close(date, reason, resolution)
            membership._warn_of_directors(date)

    def _close(self, date, reason, resolution=None):
        today = self.env.company._today()
        self._write_period(
            {
                "date_end": date,
                "end_reason": reason,
                "end_resolution_id": resolution.id if resolution else False,
                "state": "ended" if date < today else "admitted",
            }
        )

    def _warn_of_directors(self, date):
        """Who sits on the board for a member that leaves loses its seat with it."""
        self.ensure_one()
        offices = self._directors_on(date)
        if not offices:
            return
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=date,
            summary=self.env._("Losing the membership ends the office of director"),
            note=self.env._(
                "End on that day: %(offices)s.",
                offices=", ".join(offices.mapped("display_name")),
            ),
            user_id=self.env.uid,
        )

    def _directors_on(self, date):
        """The offices of directors held on ``date`` for this member."""
        self.ensure_one()
        office = self.env["consortium.office"]
        return office.search(
            office._in_office_domain(date)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("organization_id", "=", self.partner_id.id)
            & Domain("is_director", "=", True)
        )

    def _running_contracts(self, date):
        """The contracts through the cooperative that still run after ``date``: a member
        doesn't resign during one, unless the board agrees. Glue adds those it knows.

        :return: ``[(label, last day or None), …]``
        """
        self.ensure_one()
        return []

    def _subscribe_qualifying(self):
        """Subscribe what the category asks to hold, less what is held."""

    @api.model
    def _cron_end_periods(self):
        """The state follows the last day; the register reads the dates alone."""
        passed = self.search(
            [
                ("state", "=", "admitted"),
                ("date_end", "<", self.env.company._today()),
            ]
        )
        if passed:
            passed._write_period({"state": "ended"})

    def action_open_history(self):
        """Every period of the organisation."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "consortium_membership.consortium_membership_action"
        )
        return {
            **action,
            "domain": [("partner_id", "=", self.partner_id.id)],
            "context": {},
        }

    def action_change_category(self):
        """Ask in which category, from when, by which resolution."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change of Category"),
            "res_model": "consortium.membership.change",
            "view_mode": "form",
            "target": "new",
            "context": {"default_membership_id": self.id},
        }

    def action_resign(self):
        """Open a resignation."""
        return self._open_new("consortium.membership.resignation")

    def action_sanction(self):
        """Open the file of a suspension or expulsion."""
        return self._open_new("consortium.member.sanction")

    def _open_new(self, model):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": model,
            "view_mode": "form",
            "context": {"default_membership_id": self.id},
        }
