from odoo import api, fields, models
from odoo.addons.consortium_base.tools import neq
from odoo.addons.consortium_base.tools.text import fold
from odoo.exceptions import LockError, UserError
from odoo.fields import Domain
from odoo.tools import email_normalize, escape_psql

from .consortium_membership_application import OPEN


class ConsortiumMembershipApplication(models.Model):
    """From the application to the member: the board, the admission or the refusal."""

    _inherit = "consortium.membership.application"  # pylint: disable=consider-merging-classes-inherited

    def action_submit(self):
        """Put the applications before the board: the contacts are found or made.

        :raise UserError: in one sentence, what is missing; nothing is changed
        """
        for application in self:
            application._check_complete()
            application._ensure_partner()
            application.category_id._require_open_to(application.partner_id)
            application._ensure_person()
        self._open_memberships()

    def action_withdraw(self):
        """The organisation gives up: the application is kept, its membership is not."""
        for application in self:
            if application.state not in OPEN:
                raise UserError(
                    self.env._("This application has been decided and does not change.")
                )
        memberships = self.membership_id
        self._write_state({"state": "withdrawn", "membership_id": False})
        memberships.unlink()

    @api.model
    def _receive_online(self, values):
        """One application an applicant: the one that waits already takes note of the
        second sending.

        :param values: the fields of the public form, checked
        """
        waiting = self._waiting_like(values)
        if waiting:
            waiting.message_post(
                body=self.env._(
                    "The online form was sent again for %(organization)s (NEQ: "
                    "%(neq)s) by %(name)s (%(email)s): %(need)s",
                    organization=values["organization_name"],
                    neq=values.get("neq") or "–",
                    name=values["contact_name"],
                    email=values["contact_email"],
                    need=values["need"],
                )
            )
            return waiting
        application = self.create({**values, "source": "portal"})
        officers = self.env.ref("consortium_base.group_membership_officer").all_user_ids
        officer = officers.filtered(lambda u: u.active and not u.share).sorted("id")[:1]
        application.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("Application received online"),
            user_id=officer.id or self.env.uid,
        )
        return application

    @api.model
    def _waiting_like(self, values):
        """The open application of the same applicant: by its contact or its NEQ; by its
        e-mail address and its name where one of the two has no NEQ. An address may
        serve several organisations."""
        number = neq.normalize(values["neq"]) if values.get("neq") else False
        waiting = Domain("state", "in", OPEN)
        for name, value in (("partner_id", values.get("partner_id")), ("neq", number)):
            same = value and self.search(waiting & Domain(name, "=", value), limit=1)
            if same:
                return same
        email = Domain("email", "=ilike", escape_psql(values["email"]))
        name = fold(values["organization_name"])
        return self.search(waiting & email).filtered(
            lambda a: fold(a.organization_name or "") == name and not (number and a.neq)
        )[:1]

    def _check_complete(self):
        self.ensure_one()
        if self.state != "draft":
            raise UserError(
                self.env._(
                    "Application %(name)s is already before the board, or decided.",
                    name=self.name,
                )
            )
        missing = [
            label
            for ok, label in (
                (
                    self.partner_id or self.organization_name,
                    self.env._("the organization"),
                ),
                (self.category_id, self.env._("the category")),
                (
                    self.organization_kind_id or self.partner_id.organization_kind_id,
                    self.env._("the kind of organization"),
                ),
                (self.has_undertaken, self.env._("the undertaking")),
            )
            if not ok
        ]
        if missing:
            raise UserError(
                self.env._(
                    "Application %(name)s lacks: %(missing)s.",
                    name=self.name,
                    missing=", ".join(missing),
                )
            )

    def _ensure_partner(self):
        """The contact of the applicant; made when there is none, completed when its
        fields are empty, never overwritten."""
        self.ensure_one()
        self._look_up()
        vals = {}
        for name, target in self._known_fields().items():
            value = self[name]
            if value and (not self.partner_id or not self.partner_id[target]):
                vals[target] = value.id if isinstance(value, models.Model) else value
        if self.partner_id and not self.partner_id.active:
            raise UserError(
                self.env._(
                    "The contact of %(name)s is archived: restore it first.",
                    name=self.partner_id.name,
                )
            )
        if self.partner_id:
            if vals:
                self.partner_id.write(vals)
            return
        if self.state_id:
            vals["country_id"] = self.state_id.country_id.id
        partner = self.env["res.partner"].create(
            {
                **vals,
                "is_company": True,
                "lang": self.env["res.partner"]._default_letter_lang(),
            }
        )
        self.partner_id = partner

    def _ensure_person(self):
        """The contact of the representative, found by its e-mail address or made."""
        self.ensure_one()
        if self.person_id or not self.contact_name:
            return
        partners = self.env["res.partner"]
        email = email_normalize(self.contact_email or "")
        person = partners.browse()
        if email:
            person = partners.search(
                [("email_normalized", "=", email), ("is_company", "=", False)], limit=1
            )
        self.person_id = person or partners.create(
            {
                "name": self.contact_name,
                "email": self.contact_email,
                "phone": self.contact_phone,
                "function": self.contact_function,
                "lang": self.env["res.partner"]._default_letter_lang(),
            }
        )

    def _open_memberships(self):
        """One « applied » membership an application, and the state of both."""
        memberships = self.env["consortium.membership"].create(
            [
                {
                    "partner_id": application.partner_id.id,
                    "company_id": application.company_id.id,
                    "category_id": application.category_id.id,
                    "state": "applied",
                    "application_id": application.id,
                }
                for application in self
            ]
        )
        for application, membership in zip(self, memberships, strict=True):
            application._write_state(
                {"state": "submitted", "membership_id": membership.id}
            )

    def _lock(self):
        """Two officers don't decide the same application: the second one is told.

        :raise UserError: another one is deciding, or has decided
        """
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._(
                    "Somebody else is deciding this application at this moment: look "
                    "at it again in a while."
                )
            ) from error
        self.invalidate_recordset(["state"])
        for application in self:
            if application.state == "draft":
                raise UserError(
                    self.env._(
                        "Application %(name)s is not before the board yet.",
                        name=application.name,
                    )
                )
            if application.state != "submitted":
                raise UserError(
                    self.env._(
                        "Application %(name)s has already been decided.",
                        name=application.name,
                    )
                )

    def _admit(self, resolution, date, welcome="now"):
        """Admit the applicants: number, period, qualifying shares, mandate, welcome.

        All of them or none.

        :param date: the first day as members; the resolution is of that day or before
        :param welcome: « now », « later » (by the nightly job) or « no »
        :raise UserError: in one sentence, what prevents it; nothing is changed
        :return: the memberships
        """
        date = fields.Date.to_date(date)
        self._lock()
        resolution._require("admission", date)
        model = self.env["consortium.membership"]
        for company in self.company_id:
            batch = self.filtered(lambda a, company=company: a.company_id == company)
            model._check_free(batch.partner_id, date, company)
            numbers = model._numbers_of(batch.partner_id, company)
            for application in batch:
                application.category_id._require_open_to(application.partner_id)
                application.membership_id._write_period(
                    {
                        "state": "admitted",
                        "number": numbers[application.partner_id.id],
                        "date_start": date,
                        "usage_hours": application.usage_hours,
                        "resolution_id": resolution.id,
                        "welcome_to_send": welcome == "later",
                    }
                )
        self._write_state(
            {
                "state": "admitted",
                "resolution_id": resolution.id,
                "decision_date": resolution.date,
            }
        )
        memberships = self.membership_id
        memberships._subscribe_qualifying()
        self._give_mandates(date)
        # Whoever admits need not follow the opportunities.
        self.lead_id.sudo().action_set_won()
        if welcome == "now":
            memberships._send_welcome()
        return memberships

    def _give_mandates(self, date):
        """The representative named in the application acts from the first day on."""
        mandates = self.env["consortium.representation"]
        for application in self:
            person, partner = application.person_id, application.partner_id
            if not (person and application.give_mandate):
                continue
            known = mandates.search_count(
                [
                    ("person_id", "=", person.id),
                    ("organization_id", "=", partner.id),
                    ("state", "in", ("in_force", "to_come")),
                ],
                limit=1,
            )
            if not known:
                mandates.create(
                    {
                        "person_id": person.id,
                        "organization_id": partner.id,
                        "date_start": date,
                        "scope_vote": application.category_id.has_vote,
                        "scope_sign": True,
                        "scope_request": True,
                        "scope_billing": True,
                    }
                )

    def _refuse(self, resolution, reason):
        """The board refuses, and says why.

        :raise UserError: in one sentence, what prevents it; nothing is changed
        """
        self._lock()
        resolution._require("admission", self.env.company._today())
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the board refuses the application."))
        self.membership_id._write_period({"state": "refused"})
        self._write_state(
            {
                "state": "refused",
                "resolution_id": resolution.id,
                "decision_date": resolution.date,
                "refusal_reason": reason,
            }
        )
