"""A request as it comes from the portal: nothing of it is believed."""

from odoo import api, fields, models
from odoo.addons.consortium_base.tools.neq import compact
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.mimetypes import guess_mimetype

from ..tools import upload

MAX_NEEDS = 15
MAX_FILES = 10
MAX_TEXT = 5000


class CrmLead(models.Model):
    _inherit = "crm.lead"  # pylint: disable=consider-merging-classes-inherited

    acting_reads = fields.Boolean(
        compute="_compute_acting_reads",
        search="_search_acting_reads",
        export_string_translation=False,
    )

    @api.depends_context("uid")
    def _compute_acting_reads(self):
        readable = self.filtered_domain(self._acting_domain())
        for lead in self:
            lead.acting_reads = lead in readable

    @api.model
    def _search_acting_reads(self, operator, value):
        if operator != "in" or list(value) != [True]:
            return NotImplemented
        return self._acting_domain()

    @api.model
    def _acting_domain(self):
        """The requests that the organisation the user acts for follows: its own, and
        those that it made for another one. Addons add others."""
        organization = self.env.user._acting_partner("request")
        return Domain("is_service_request", "=", True) & (
            Domain("partner_id.commercial_partner_id", "=", organization.id)
            | Domain("requester_id.commercial_partner_id", "=", organization.id)
        )

    @api.model
    def _submitted(self, key, organization):
        """The request that this very form made for the organisation, if it was sent."""
        if not key:
            return self.browse()
        # The key of a form is no business of whoever reads requests.
        found = self.sudo().search(
            [("submission_key", "=", key), ("requester_id", "=", organization.id)],
            limit=1,
        )
        return found.with_env(self.env)

    @api.model
    def _receive_from_portal(self, organization, form, files):
        """Make the request that a representative asks for.

        :param organization: the one that the user acts for, with the mandate to request
        :param form: what the form sent, as text
        :param files: uploaded files
        :return: the request, as the user reads it
        :raise UserError: one sentence on what can't be received; nothing is kept
        """
        needs = self._needs_of(form.get("needs") or [])
        beneficiary = self._beneficiary_of(organization, form.get("beneficiary"))
        start = self._date_of(form.get("wished_start"))
        end = self._date_of(form.get("wished_end"))
        if start and end and end < start:
            raise UserError(
                self.env._("The wished dates end before they begin: check them.")
            )
        reason = (form.get("urgency_reason") or "").strip()[:MAX_TEXT]
        urgent = bool(form.get("is_urgent"))
        if urgent and not reason:
            raise UserError(self.env._("Say why the request is urgent."))
        checked = [self._checked_file(file) for file in self._sent(files)]
        person = self.env.user.partner_id
        subject = (form.get("name") or "").strip()[:200]
        # A representative creates no lead: these values, each checked above, are all
        # that it decides of one.
        lead = (
            self.sudo()
            .with_context(mail_create_nosubscribe=True)
            .create(
                {
                    "is_service_request": True,
                    "request_channel": "portal",
                    "name": subject or needs[0]["need"].split("\n")[0][:80],
                    "partner_id": beneficiary.id,
                    "requester_id": organization.id,
                    "request_person_id": person.id,
                    "email_from": person.email,
                    "company_id": self.env.company.id,
                    "is_urgent": urgent,
                    "urgency_reason": reason if urgent else False,
                    "wished_start": start,
                    "wished_end": end,
                    "submission_key": (form.get("submission_key") or "")[:64] or False,
                    "request_line_ids": [
                        (0, 0, {"sequence": 10 + number, **need})
                        for number, need in enumerate(needs)
                    ],
                }
            )
        )
        for name, content, mimetype in checked:
            self.env["ir.attachment"].sudo().create(
                {
                    "name": name,
                    "raw": content,
                    "mimetype": mimetype,
                    "description": "portal",
                    "res_model": "crm.lead",
                    "res_id": lead.id,
                }
            )
        lead.message_subscribe(person.ids)
        return lead.with_env(self.env)

    @api.model
    def _needs_of(self, sent):
        """The needs that were typed: a field that is offered, some words each."""
        sent = [
            (str(row.get("expertise_id") or ""), (row.get("need") or "").strip())
            for row in sent[: MAX_NEEDS + 1]
        ]
        sent = [(field, need) for field, need in sent if field or need]
        if not sent:
            raise UserError(self.env._("Describe at least one need."))
        if len(sent) > MAX_NEEDS:
            raise UserError(
                self.env._(
                    "A request has at most %(count)s needs: send another one.",
                    count=MAX_NEEDS,
                )
            )
        needs = []
        for field, need in sent:
            expertise = self.env["consortium.expertise"].browse()
            if field:
                expertise = expertise.search(
                    [
                        ("id", "=", int(field) if field.isdecimal() else 0),
                        ("is_offered", "=", True),
                    ]
                )
                if not expertise:
                    raise UserError(
                        self.env._(
                            "One of the services is no longer offered: choose another "
                            "one, or let us choose."
                        )
                    )
            if not need:
                raise UserError(
                    self.env._(
                        "Say in a few words what you need in « %(name)s ».",
                        name=expertise.name,
                    )
                )
            needs.append({"expertise_id": expertise.id, "need": need[:MAX_TEXT]})
        return needs

    @api.model
    def _beneficiary_of(self, organization, typed):
        """The organisation itself, or the member of its network that was named.

        :param typed: name or NEQ; empty for the organisation itself
        """
        typed = (typed or "").strip()
        # A network names one of its members: nothing else of it is read.
        network = organization.sudo()
        if not typed or typed == network.name:
            return organization
        members = (
            network._members_on(self.env.company._today())
            if network.is_network
            else network.browse()
        )
        found = network.search(
            Domain("id", "in", members.ids)
            & (
                Domain("name", "=ilike", typed.replace("%", r"\%").replace("_", r"\_"))
                | Domain("company_registry", "=", compact(typed) or "-")
            ),
            limit=2,
        )
        if len(found) != 1:
            raise UserError(
                self.env._(
                    "« %(name)s » is not a member of your network: write its name or "
                    "its NEQ as the cooperative knows it.",
                    name=typed[:100],
                )
            )
        return found

    @api.model
    def _date_of(self, typed):
        try:
            return fields.Date.to_date((typed or "").strip()) or False
        except ValueError as error:
            raise UserError(
                self.env._("Write the dates as 2019-06-30, or leave them empty.")
            ) from error

    # Files

    @api.model
    def _file_limit_mb(self):
        """In megabytes; the setting is the administrator's."""
        parameters = self.env["ir.config_parameter"].sudo()
        return int(parameters.get_param("consortium_services.max_file_mb", 20))

    @api.model
    def _sent(self, files):
        sent = [file for file in files if file and file.filename]
        if len(sent) > MAX_FILES:
            raise UserError(
                self.env._(
                    "Join at most %(count)s files: send the others in a message.",
                    count=MAX_FILES,
                )
            )
        return sent

    @api.model
    def _checked_file(self, file):
        """Name, content and real type of a file.

        :raise UserError: too big, of a kind that is not received, or disguised
        """
        limit = self._file_limit_mb() * upload.MEGABYTE
        content = file.read(limit + 1)
        mimetype = guess_mimetype(content)
        name = file.filename.replace("\\", "/").rpartition("/")[2][:200]
        problem = upload.problem(name, content, mimetype, limit)
        if problem == "size":
            raise UserError(
                self.env._(
                    "« %(name)s » is over %(limit)s MB: make it smaller, or send a "
                    "link to it.",
                    name=name,
                    limit=self._file_limit_mb(),
                )
            )
        if problem == "disguised":
            raise UserError(
                self.env._(
                    "« %(name)s » is not what its name says: save it again in its own "
                    "format.",
                    name=name,
                )
            )
        if problem:
            raise UserError(
                self.env._(
                    "« %(name)s » can't be received: send PDF, Word, Excel, "
                    "PowerPoint, OpenDocument, text or image files.",
                    name=name,
                )
            )
        return name, content, mimetype
