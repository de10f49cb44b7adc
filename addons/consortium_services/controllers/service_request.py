import uuid

from odoo import fields
from odoo.addons.consortium_base.controllers.portal import RepresentativePortal
from odoo.addons.portal.controllers.portal import pager
from odoo.exceptions import UserError, ValidationError
from odoo.http import request, route
from psycopg2 import IntegrityError
from werkzeug.exceptions import NotFound

PAGE = 20
SUGGESTED_MEMBERS = 200


class ServiceRequestPortal(RepresentativePortal):
    """Requests of the organisation that the user acts for."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "service_request_count" in counters:
            values["service_request_count"] = (
                request.env["crm.lead"].search_count(self._requests_domain())
                if request.env.user._acting_partner("request")
                else 0
            )
        return values

    def _requests_domain(self, filterby="all"):
        """Record rules say whose; a portal user reads service requests only."""
        domain = [("is_service_request", "=", True)]
        states = {
            "open": ("new", "in_progress", "proposed"),
            "done": ("agreed", "closed"),
        }
        if filterby in states:
            domain.append(("request_state", "in", states[filterby]))
        return domain

    def _require_mandate(self):
        """The organisation that the user may request services for.

        :raise NotFound: its mandate does not say so
        """
        organization = request.env.user._acting_partner("request")
        if not organization:
            raise NotFound()
        return organization

    # Follow-up

    @route(
        ["/my/requests", "/my/requests/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def requests(self, page=1, filterby="all", **kwargs):
        """The requests, the latest first, with the state of each need."""
        self._require_mandate()
        leads = request.env["crm.lead"]
        domain = self._requests_domain(filterby)
        pages = pager(
            url="/my/requests",
            url_args={"filterby": filterby},
            total=leads.search_count(domain),
            page=page,
            step=PAGE,
        )
        found = leads.search(
            domain,
            order="received_at desc, id desc",
            limit=PAGE,
            offset=pages["offset"],
        )
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="requests",
            pager=pages,
            default_url="/my/requests",
            filterby=filterby,
            requests=[self._service_request_values(lead) for lead in found],
        )
        return request.render("consortium_services.portal_my_requests", values)

    @route("/my/requests/<int:lead_id>", type="http", auth="public", website=True)
    def request_page(self, lead_id, access_token=None, received=None, **kwargs):
        """A request: its needs, its files, what was said."""
        lead = self._found_or_404("crm.lead", lead_id, access_token)
        if not lead.is_service_request:
            raise NotFound()
        return self._render_request(lead, access_token, received=received, **kwargs)

    def _render_request(self, lead, access_token=None, received=None, **kwargs):
        values = {
            **self._service_request_values(lead),
            "lead": lead,
        }
        values = self._get_page_view_values(
            lead,
            access_token,
            {
                "page_name": "requests",
                "service_request": values,
                "object": lead,
                "received": received,
                "error": kwargs.pop("error", None),
                "files": [
                    {"id": file.id, "name": file.name} for file in self._files(lead)
                ],
            },
            "my_requests_history",
            False,
            **kwargs,
        )
        return request.render("consortium_services.portal_my_request", values)

    def _service_request_values(self, lead):
        """What the portal shows of a request, and nothing else."""
        labels = dict(lead._fields["request_state"]._description_selection(lead.env))
        # Names of organisations and of fields that are no longer offered.
        known = lead.sudo()
        return {
            "id": lead.id,
            "number": lead.request_number,
            "name": lead.name,
            "state": lead.request_state,
            "state_label": labels[lead.request_state],
            "received": fields.Datetime.context_timestamp(
                lead, lead.received_at or lead.create_date
            ).date(),
            "is_urgent": lead.is_urgent,
            "urgency_reason": lead.urgency_reason,
            "wished": (lead.wished_start, lead.wished_end),
            "partner": known.partner_id.commercial_partner_id.name,
            "requester": known.requester_id.name
            if known.requester_id != known.partner_id
            else False,
            "person": known.request_person_id.name,
            "merged_numbers": lead.merged_numbers,
            "lines": [self._line_values(line) for line in self._shown_lines(lead)],
        }

    @route(
        "/my/requests/<int:lead_id>/needs/<int:line_id>/withdraw",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def withdraw_need(self, lead_id, line_id, reason=None, **post):
        """The member no longer needs it; sent twice, it is withdrawn once."""
        organization = self._require_mandate()
        lead = self._found_or_404("crm.lead", lead_id)
        line = self._shown_lines(lead).filtered(lambda need: need.id == line_id)
        if not lead.is_service_request or not line:
            raise NotFound()
        # What was checked is the superuser's: the need is withdrawn by the person.
        need = line.with_env(request.env)
        try:
            with request.env.cr.savepoint():
                if need.state != "withdrawn":
                    need._withdraw_from_portal(organization, reason)
        except UserError as error:
            response = self._render_request(lead, error=error.args[0])
            response.status_code = 422
            return response
        return request.redirect(f"/my/requests/{lead.id}")

    def _shown_lines(self, lead):
        """The needs; what is recommended is shown once it is proposed."""
        lines = lead.request_line_ids.filtered(lambda line: line.state != "recommended")
        return lines.sorted(lambda line: (line.is_recommended, line.sequence, line.id))

    def _line_values(self, line):
        labels = dict(line._fields["state"]._description_selection(line.env))
        known = line.sudo()
        return {
            "id": line.id,
            "name": known.expertise_id.name,
            "icon": known.expertise_id.icon or "fa-question-circle",
            "need": line.need,
            "state": line.state,
            "state_label": labels[line.state],
            "is_recommended": line.is_recommended,
            "may_withdraw": line._may_withdraw(
                request.env.user._acting_partner("request")
            ),
            "hours": (line.estimate_min // 60, -(-line.estimate_max // 60)),
            "reason": line.reason,
            "handed_to": known.handed_to_id.name,
            "expert": known.employee_id.name
            if line.state in ("assigned", "proposed", "agreed")
            else False,
        }

    def _files(self, lead):
        """The files that were joined to the request, not to internal notes."""
        # The portal has no access to attachments: the document was checked.
        files = request.env["ir.attachment"].sudo()
        return files.search(
            [
                ("res_model", "=", "crm.lead"),
                ("res_id", "=", lead.id),
                ("res_field", "=", False),
                ("description", "=", "portal"),
            ]
        )

    @route(
        "/my/requests/<int:lead_id>/files/<int:attachment_id>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def request_file(self, lead_id, attachment_id, **kwargs):
        """A file of a request, as long as the mandate shows that request."""
        lead = self._found_or_404("crm.lead", lead_id)
        file = self._files(lead).filtered(lambda found: found.id == attachment_id)
        if not lead.is_service_request or not file:
            raise NotFound()
        stream = request.env["ir.binary"]._get_stream_from(file)
        return stream.get_response(as_attachment=True)

    # Asking

    @route("/my/requests/new", type="http", auth="user", website=True, readonly=True)
    def new_request(self, expertise_id=None, **kwargs):
        """The form, with the field that one comes from."""
        self._require_mandate()
        chosen = str(expertise_id) if str(expertise_id).isdecimal() else ""
        return self._render_form({"needs": [{"expertise_id": chosen, "need": ""}]})

    @route(
        "/my/requests/submit",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def submit_request(self, **post):
        """Receive a request. Sent twice, it is received once.

        What can't be received is told in one sentence, and what was typed stays.
        """
        organization = self._require_mandate()
        form = request.httprequest.form
        values = {
            "name": post.get("name"),
            "beneficiary": post.get("beneficiary"),
            "is_urgent": bool(post.get("is_urgent")),
            "urgency_reason": post.get("urgency_reason"),
            "wished_start": post.get("wished_start"),
            "wished_end": post.get("wished_end"),
            "submission_key": post.get("submission_key"),
            "needs": [
                {"expertise_id": expertise, "need": need}
                for expertise, need in zip(
                    form.getlist("expertise_id"), form.getlist("need"), strict=False
                )
            ],
        }
        leads = request.env["crm.lead"]
        if existing := leads._submitted(values["submission_key"], organization):
            return request.redirect(f"/my/requests/{existing.id}?received=1")
        try:
            with request.env.cr.savepoint():
                lead = leads._receive_from_portal(
                    organization, values, request.httprequest.files.getlist("files")
                )
        except (UserError, ValidationError) as error:
            return self._render_form(values, error.args[0])
        except IntegrityError as error:
            if error.diag.constraint_name != "crm_lead_submission_once":
                raise
            # The same form, sent at the same moment, is received by its twin.
            return request.redirect("/my/requests")
        lead._acknowledge()
        return request.redirect(f"/my/requests/{lead.id}?received=1")

    def _render_form(self, form, error=None):
        organization = request.env.user._acting_partner("request")
        members = request.env["res.partner"]
        # The members of its network are known to the network; names only.
        network = organization.sudo()
        if network.is_network:
            reached = network._members_on(request.env.company._today())
            members = network.search(
                [("id", "in", reached.ids)], limit=SUGGESTED_MEMBERS, order="name"
            )
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="requests",
            error=error,
            form={
                "submission_key": uuid.uuid4().hex,
                **{key: value for key, value in form.items() if value is not None},
            },
            organization=network.name,
            is_network=network.is_network,
            members=members.mapped("name"),
            expertises=request.env["consortium.expertise"]._catalogue(),
            limit_mb=request.env["crm.lead"]._file_limit_mb(),
        )
        response = request.render("consortium_services.portal_new_request", values)
        if error:
            response.status_code = 422
        return response
