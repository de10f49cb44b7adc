from odoo.addons.portal.controllers.portal import pager as portal_pager
from odoo.addons.sale.controllers.portal import CustomerPortal as SalePortal
from odoo.addons.sale.controllers.portal import PaymentPortal as SalePayment
from odoo.exceptions import AccessError, MissingError, ValidationError
from odoo.fields import Domain
from odoo.http import request, route
from werkzeug.exceptions import NotFound

PER_PAGE = 20
FILTERS = ("all", "waiting", "running", "closed")
ORDER = "agreement_start desc, id desc"


class AgreementPortal(SalePortal):
    """The agreements of the organisation that the user acts for.

    Whoever reads them is told by record rules; the pages are given plain values.
    """

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "agreement_count" in counters:
            values["agreement_count"] = request.env["sale.order"].search_count(
                self._agreements_domain()
            )
        if "agreement_waiting_count" in counters:
            orders = request.env["sale.order"]
            values["agreement_waiting_count"] = orders.search_count(
                self._agreements_domain() & orders._waiting_domain()
            )
        return values

    def _agreements_domain(self):
        return (
            Domain("is_service_agreement", "=", True)
            & request.env["sale.order"]._shown_domain()
        )

    # Core's lists show the company of the contact: those of the mandate, without the
    # agreements, which have their own.

    def _prepare_quotations_domain(self, partner):
        if not request.env.user._is_portal():
            return super()._prepare_quotations_domain(partner)
        return [("state", "=", "sent"), ("is_service_agreement", "!=", True)]

    def _prepare_orders_domain(self, partner):
        if not request.env.user._is_portal():
            return super()._prepare_orders_domain(partner)
        return [("state", "=", "sale"), ("is_service_agreement", "!=", True)]

    @route()
    def portal_order_page(self, order_id, access_token=None, **kwargs):
        """An agreement is read after login, whatever link leads to it."""
        order = self._order_or_404(order_id, access_token)
        if order.is_service_agreement:
            return request.redirect(f"/my/agreements/{order.id}")
        return super().portal_order_page(order_id, access_token=access_token, **kwargs)

    @route()
    def portal_quote_accept(
        self, order_id, access_token=None, name=None, signature=None
    ):
        """Core signs with any name and a link; an agreement is signed on its page."""
        if self._is_agreement(order_id):
            return {
                "error": request.env._(
                    "A service agreement is signed on its page, after login, by a "
                    "person with a mandate to sign."
                )
            }
        return super().portal_quote_accept(order_id, access_token, name, signature)

    @route()
    def portal_quote_decline(
        self, order_id, access_token=None, decline_message=None, **kwargs
    ):
        if self._is_agreement(order_id):
            raise NotFound()
        return super().portal_quote_decline(
            order_id, access_token, decline_message, **kwargs
        )

    @route()
    def portal_quote_option_update(self, order_id, line_id, **kwargs):
        if self._is_agreement(order_id):
            raise NotFound()
        return super().portal_quote_option_update(order_id, line_id, **kwargs)

    @route()
    def portal_quote_document(self, order_id, document_id, access_token):
        if self._is_agreement(order_id):
            raise NotFound()
        return super().portal_quote_document(order_id, document_id, access_token)

    @route()
    def portal_my_sale_order_download_edi(
        self, order_id=None, access_token=None, **kwargs
    ):
        if self._is_agreement(order_id):
            raise NotFound()
        return super().portal_my_sale_order_download_edi(
            order_id, access_token, **kwargs
        )

    def _is_agreement(self, order_id):
        # Only that is told; who may do what is for the page of the agreement.
        order = request.env["sale.order"].sudo().browse(order_id).exists()
        return order.is_service_agreement

    def _order_or_404(self, order_id, access_token=None):
        try:
            return self._document_check_access("sale.order", order_id, access_token)
        except (AccessError, MissingError) as error:
            raise NotFound() from error

    def _agreement(self, order_id):
        """An agreement that the user reads, with the user's own rights.

        :raise NotFound: there is none, or it is not the user's to read
        """
        order = request.env["sale.order"].search(
            self._agreements_domain() & Domain("id", "=", order_id)
        )
        if not order:
            raise NotFound()
        return order

    # Pages

    @route(
        ["/my/agreements", "/my/agreements/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def agreements(self, page=1, filterby="all", **kwargs):
        """The list: what waits for the member first."""
        if filterby not in FILTERS:
            filterby = "all"
        model = request.env["sale.order"]
        waiting_domain = model._waiting_domain()
        domains = {
            # What waits is shown above the first page.
            "all": ~waiting_domain,
            "waiting": waiting_domain,
            "running": Domain("agreement_state", "=", "running"),
            "closed": Domain("agreement_state", "in", ("closed", "cancelled")),
        }
        domain = self._agreements_domain() & domains[filterby]
        pager = portal_pager(
            url="/my/agreements",
            url_args={"filterby": filterby},
            total=model.search_count(domain),
            page=page,
            step=PER_PAGE,
        )
        orders = model.search(
            domain, order=ORDER, limit=PER_PAGE, offset=pager["offset"]
        )
        waiting = model.search(
            self._agreements_domain() & waiting_domain, order=ORDER, limit=PER_PAGE
        )
        if filterby == "all" and page == 1:
            orders = waiting | orders
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="agreements",
            rows=self._agreement_rows(orders, waiting),
            pager=pager,
            filterby=filterby,
            filters={
                "all": request.env._("All"),
                "waiting": request.env._("Waiting for You"),
                "running": request.env._("Running"),
                "closed": request.env._("Ended"),
            },
            default_url="/my/agreements",
        )
        return request.render("consortium_services.portal_my_agreements", values)

    def _agreement_rows(self, orders, waiting):
        """What the list shows of each agreement.

        :param waiting: those of them that wait for the member
        """
        # The user reads these orders; the time spent on them is told in hours only.
        trusted = orders.sudo()
        spent = trusted._consumed_minutes()
        labels = dict(
            orders._fields["agreement_state"]._description_selection(orders.env)
        )
        return [
            {
                "id": order.id,
                "name": order.name,
                "title": order.agreement_title,
                "state": order.agreement_state,
                "state_label": labels[order.agreement_state],
                "start": order.agreement_start,
                "end": order.agreement_end,
                "beneficiary": order.beneficiary_id.name,
                "to_sign": order.agreement_state == "proposed"
                or "proposed" in order.version_ids.mapped("state"),
                "to_answer": order.id in waiting.ids,
                **order._progress_row(
                    order.name, sum(spent[order.id].values()), order.allowed_minutes
                ),
            }
            for order in trusted
        ]

    @route("/my/agreements/<int:order_id>", type="http", auth="user", website=True)
    def agreement(self, order_id, **kwargs):
        """The page of an agreement: what it says, and how far it is."""
        return self._render_agreement(self._agreement(order_id))

    def _render_agreement(self, order, error=None):
        # The user was found to read it; the template is given plain values only.
        trusted = order.sudo()
        user = request.env.user
        content = trusted._shown_content()
        member = trusted.partner_id.commercial_partner_id
        labels = dict(
            order._fields["agreement_state"]._description_selection(order.env)
        )
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="agreement",
            order=order,
            order_name=trusted.name,
            state=trusted.agreement_state,
            state_label=labels[trusted.agreement_state],
            content=content,
            digest=trusted._content_digest()
            if trusted.agreement_state == "proposed"
            else None,
            type_label=dict(
                order._fields["agreement_type"]._description_selection(order.env)
            )[trusted.agreement_type],
            renewal_label=trusted._said("renewal", content["renewal"]),
            hours=trusted._hours_text,
            money=trusted._money_text,
            html=trusted._safe,
            option_lines={
                line._content_key(): line.id
                for line in trusted.order_line.filtered("is_agreement_option")
            },
            may_sign=user._acting_partner("sign") == member,
            signatory=user.name,
            has_open_options="offered" in trusted.order_line.mapped("option_state"),
            follow_up=trusted._follow_up()
            if trusted.agreement_state in ("running", "closed")
            else None,
            closing_note=trusted.closing_note if trusted.closed_on else None,
            versions=self._version_rows(trusted),
            consents=self._consent_rows(trusted),
            questions=self._questions(trusted),
            children=self._child_rows(trusted),
            error=error,
        )
        return request.render("consortium_services.portal_my_agreement", values)

    def _child_rows(self, trusted):
        """Those under a framework agreement that the user reads."""
        orders = request.env["sale.order"]
        if trusted.agreement_type != "framework":
            return []
        children = orders.search(
            self._agreements_domain() & Domain("parent_agreement_id", "=", trusted.id),
            limit=PER_PAGE,
        )
        return self._agreement_rows(children, orders)

    def _version_rows(self, trusted):
        labels = dict(
            request.env["consortium.agreement.version"]
            ._fields["state"]
            ._description_selection(request.env)
        )
        return [
            {
                "id": version.id,
                "number": version.number,
                "state": version.state,
                "state_label": labels[version.state],
                "reason": version.reason,
                "withdrawal_reason": version.withdrawal_reason,
                "changes": version._changes(),
                "digest": version.content_sha256,
                "signed_by": version.signed_by,
                "signed_on": version.signed_on,
                "countersigned_by": version.countersigned_by_id.name,
                "countersigned_on": version.countersigned_on,
                "has_document": bool(version.signed_on),
            }
            # What was never proposed has no digest.
            for version in trusted.version_ids.filtered("content_sha256")
        ]

    def _consent_rows(self, trusted):
        return [
            {
                "id": consent.id,
                "hours": trusted._hours_text(consent.minutes),
                "reason": consent.reason,
                "state": consent.state,
                "person": consent.partner_id.name,
                "date": consent.answered_on,
            }
            for consent in trusted.consent_ids
        ]

    def _questions(self, trusted):
        """The questions about satisfaction that still wait for an answer."""
        if trusted.agreement_state != "closed":
            return []
        invitations = request.env["consortium.satisfaction.invitation"].search(
            [("order_id", "=", trusted.id), ("state", "=", "sent")]
        )
        return [
            {"id": invitation.id, "field": invitation.sudo().expertise_id.name}
            for invitation in invitations
            if invitation._may_answer() and invitation._expires_on() >= trusted._today()
        ]


class AgreementPayment(SalePayment):
    @route()
    def portal_order_transaction(self, order_id, access_token, **kwargs):
        """An agreement is paid by the invoices of its hours, not in advance."""
        order = request.env["sale.order"].sudo().browse(order_id).exists()
        if order.is_service_agreement:
            raise ValidationError(request.env._("The access token is invalid."))
        return super().portal_order_transaction(order_id, access_token, **kwargs)
