import base64
from contextlib import suppress

from odoo.addons.consortium_base.controllers.portal import RepresentativePortal
from odoo.exceptions import UserError
from odoo.fields import Date
from odoo.http import request, route
from werkzeug.exceptions import NotFound

MAX_DOCUMENT = 10 * 1024 * 1024
DOCUMENTS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff")
TEXTS = {
    "details": 4000,
    "representative_name": 120,
    "representative_email": 200,
    "representative_function": 120,
    "counterparty_name": 200,
}
# What each kind of request takes from its form.
FIELDS = {
    "representative": (
        "representative_name",
        "representative_email",
        "representative_function",
        "replaced_mandate_id",
        "effective_date",
        "details",
    ),
    "resignation": ("effective_date", "details"),
    "transfer": ("quantity", "counterparty_name", "details"),
    "redemption": ("quantity", "details"),
    "document": ("document", "details"),
}


class MembershipPortal(RepresentativePortal):
    """The membership of the organisation that the user acts for, and its requests."""

    @route("/my/membership", type="http", auth="user", website=True, readonly=True)
    def membership(self, **kwargs):
        """Category, number, mandates and requests, read with the user's own rights."""
        organization = request.env.user._acting_partner()
        if not organization:
            raise NotFound()
        today = request.env.company._today()
        memberships = request.env["consortium.membership"].search(
            [("partner_id", "=", organization.id)], order="date_start desc, id desc"
        )
        current = memberships.filtered(lambda m: m._is_on(today))
        requests = request.env["consortium.member.request"].search(
            [("partner_id", "=", organization.id)], limit=20
        )
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="membership",
            organization=organization,
            current=self._membership_values(current) if current else None,
            periods=[
                self._membership_values(m)
                for m in memberships
                if m.state in ("admitted", "ended") and m != current
            ],
            waiting=any(m.state == "applied" for m in memberships),
            requests=[self._member_request_values(r) for r in requests],
            can_sign=bool(request.env.user._acting_partner("sign")),
            notice=kwargs.get("sent") == "1",
        )
        values.update(self._membership_extra_values(organization))
        return request.render("consortium_membership.portal_my_membership", values)

    def _membership_extra_values(self, organization):
        """What other parts of the addon show on the page: a hook."""
        return {}

    def _membership_values(self, membership):
        """What the page shows of a period, and nothing else."""
        return {
            "category": membership.category_id.name,
            "has_vote": membership.category_id.has_vote,
            "number": membership.number,
            "date_start": membership.date_start,
            "date_end": membership.date_end,
            "founding": membership.founding,
        }

    def _member_request_values(self, record):
        """What the page shows of a request, and nothing else."""
        labels = record._fields["kind"]._description_selection(record.env)
        states = record._fields["state"]._description_selection(record.env)
        return {
            "id": record.id,
            "name": record.name,
            "kind": dict(labels)[record.kind],
            "state": record.state,
            "state_label": dict(states)[record.state],
            "date": record.date,
            "refusal_reason": record.refusal_reason,
        }

    @route(
        "/my/membership/request/<string:kind>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def request_form(self, kind, **kwargs):
        """The form of a request; only for who signs for the organisation."""
        self._signer(kind)
        return self._request_page(kind, {})

    @route(
        "/my/membership/request/<string:kind>/send",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def request_send(self, kind, **post):
        """Receive a request. What is wrong is said, and what was typed kept."""
        organization = self._signer(kind)
        values = {
            name: (post.get(name) or "").strip()[:length]
            for name, length in TEXTS.items()
        }
        try:
            values.update(self._request_fields(organization, post))
            # Representatives write no record; what the form of this kind has, checked
            # above, is written for the organisation that they sign for.
            requests = request.env["consortium.member.request"].sudo()
            with request.env.cr.savepoint():
                requests._submit(
                    kind,
                    organization.sudo(),
                    request.env.user.partner_id.sudo(),
                    **{n: v for n, v in values.items() if n in self._fields_of(kind)},
                )
        except UserError as error:
            return self._request_page(kind, {**values, **post}, str(error))
        return request.redirect("/my/membership?sent=1")

    @route(
        "/my/membership/request/<int:request_id>/withdraw",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def request_withdraw(self, request_id, **post):
        """Withdraw what is not decided; one of another organisation is not found."""
        organization = request.env.user._acting_partner("sign")
        record = request.env["consortium.member.request"].search(
            [("id", "=", request_id), ("partner_id", "=", organization.id)]
        )
        if not organization or not record:
            raise NotFound()
        # What is decided in between stays so: the page shows it.
        with suppress(UserError), request.env.cr.savepoint():
            # It was read with the user's rights; representatives write no record.
            record.sudo()._cancel()
        return request.redirect("/my/membership")

    def _signer(self, kind):
        organization = request.env.user._acting_partner("sign")
        if not organization or kind not in FIELDS:
            raise NotFound()
        return organization

    def _fields_of(self, kind):
        names = FIELDS[kind]
        return (*names, "document_name") if "document" in names else names

    def _request_fields(self, organization, post):
        """What is not text: dates, numbers, a mandate of the organisation, a file.

        :raise UserError: one of them is not what it should be
        """
        values = {}
        if text := (post.get("effective_date") or "").strip():
            try:
                values["effective_date"] = Date.to_date(text)
            except ValueError as error:
                raise UserError(request.env._("This is not a date.")) from error
        quantity = (post.get("quantity") or "").strip()
        if quantity:
            if not quantity.isdecimal() or len(quantity) > 9:
                raise UserError(request.env._("A number of shares is a whole number."))
            values["quantity"] = int(quantity)
        mandate = (post.get("replaced_mandate_id") or "").strip()
        if mandate.isdecimal() and int(mandate) in self._mandates(organization).ids:
            values["replaced_mandate_id"] = int(mandate)
        upload = post.get("document")
        if upload and getattr(upload, "filename", None):
            content = upload.read(MAX_DOCUMENT + 1)
            if len(content) > MAX_DOCUMENT or not content.startswith(DOCUMENTS):
                raise UserError(
                    request.env._("Send a PDF, PNG or JPEG file of 10 MB at most.")
                )
            values["document"] = base64.b64encode(content)
            values["document_name"] = upload.filename[:120]
        return values

    def _mandates(self, organization):
        return request.env["consortium.representation"].search(
            [("organization_id", "=", organization.id), ("state", "=", "in_force")]
        )

    def _request_page(self, kind, values, error=None):
        organization = request.env.user._acting_partner("sign")
        labels = request.env["consortium.member.request"]._fields["kind"]
        page = self._prepare_portal_layout_values()
        page.update(
            page_name="membership_request",
            kind=kind,
            title=dict(labels._description_selection(request.env))[kind],
            values=values,
            error=error,
            fields=FIELDS[kind],
            # Only the names of one's own organisation's representatives.
            mandates=[
                {"id": m.id, "name": m.sudo().person_id.name}
                for m in self._mandates(organization)
            ],
        )
        return request.render("consortium_membership.portal_member_request", page)
