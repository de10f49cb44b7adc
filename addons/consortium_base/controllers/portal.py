from odoo import fields
from odoo.addons.account.controllers.portal import PortalAccount
from odoo.exceptions import AccessError, MissingError
from odoo.fields import Domain
from odoo.http import request, route
from werkzeug.exceptions import NotFound

# What core keeps in the session about the documents of one organisation.
COUNTERS = "portal_counters"
READABLE = [
    "person_id",
    "scope_summary",
    "date_start",
    "date_end",
    "revocation_date",
    "state",
]


class RepresentativePortal(PortalAccount):
    """Core's portal, for the organisation that the user acts for.

    Lists and counters follow by record rules; here is what core takes from the contact.
    """

    def _found_or_404(self, model, document_id, access_token=None):
        """Core sends forged identifiers to the home page; here they are not found.

        For the addons that complete other pages of core's portal, too.

        :raise NotFound: no such document, or not the user's to read
        """
        try:
            return self._document_check_access(model, document_id, access_token)
        except (AccessError, MissingError) as error:
            raise NotFound() from error

    def _prepare_portal_layout_values(self):
        """The contact person is that of the organisation; core shows the one of the
        company that the contact stands under."""
        values = super()._prepare_portal_layout_values()
        user = request.env.user
        if user._is_portal():
            # Only the name and address of an employee are taken from it.
            seller = user._acting_partner().sudo().user_id
            values["sales_user"] = seller
        return values

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "representative_count" in counters:
            values["representative_count"] = request.env[
                "consortium.representation"
            ].search_count(self._representatives_domain())
        return values

    def _get_page_view_values(
        self, document, access_token, values, session_history, no_breadcrumbs, **kwargs
    ):
        """Previous and next links carry access tokens: give those of documents that
        the user may still read, whatever the session remembers."""
        history = request.session.get(session_history)
        if history and not request.env.user._is_internal():
            documents = request.env[document._name].browse(history).exists()
            request.session[session_history] = documents._filtered_access("read").ids
        return super()._get_page_view_values(
            document, access_token, values, session_history, no_breadcrumbs, **kwargs
        )

    # Invoices

    @route()
    def portal_my_invoice_detail(self, invoice_id, access_token=None, **kwargs):
        self._found_or_404("account.move", invoice_id, access_token)
        return super().portal_my_invoice_detail(
            invoice_id, access_token=access_token, **kwargs
        )

    def _get_overdue_invoices_domain(self, partner_id=None):
        """Those of the organisation; core says: of the contact itself."""
        user = request.env.user
        if not partner_id and user._is_portal():
            partner_id = user._acting_partner("billing").id
        return super()._get_overdue_invoices_domain(partner_id)

    # Addresses

    def _prepare_address_data(self, partner_sudo, **kwargs):
        """The addresses of the organisation with a billing mandate, else one's own;
        core shows those of the company that the contact stands under."""
        user = request.env.user
        if not user._is_portal():
            return super()._prepare_address_data(partner_sudo, **kwargs)
        # The organisation's own addresses, as core reads its.
        organization = user._acting_partner("billing").sudo()
        if organization:
            return super()._prepare_address_data(organization, **kwargs)
        own = partner_sudo.with_context(show_address=1)
        return {"billing_addresses": own, "delivery_addresses": own}

    def _create_or_update_address(self, partner_sudo, *args, **kwargs):
        """An address of the organisation says nothing of the organisation itself.

        Core writes the tax number of an address to the company it stands under, and
        checks it only as the browser asks (``verify_address_values``).
        """
        user = request.env.user
        if user._is_portal() and partner_sudo != user.partner_id:
            for name in partner_sudo._commercial_fields():
                kwargs.pop(name, None)
        return super()._create_or_update_address(partner_sudo, *args, **kwargs)

    def _complete_address_values(self, address_values, *args, **kwargs):
        """A new address stands under the organisation, else under the contact.

        It is an address to invoice or deliver to: core copies that of a contact, the
        default type, to the company.
        """
        result = super()._complete_address_values(address_values, *args, **kwargs)
        user = request.env.user
        if user._is_portal():
            organization = user._acting_partner("billing")
            address_values["parent_id"] = (organization or user.partner_id).id
            if address_values.get("type") not in ("invoice", "delivery"):
                address_values["type"] = "other"
        return result

    # Representatives

    @route("/my/acting", type="http", auth="user", methods=["POST"], website=True)
    def act_for(self, organization_id, **kwargs):
        """Choose the organisation to act for; one that is not represented is not
        found."""
        if not str(organization_id).isdecimal():
            raise NotFound()
        if not request.env.user._act_for(int(organization_id)):
            raise NotFound()
        for key in [key for key in request.session if key.endswith("_history")]:
            del request.session[key]
        request.session.pop(COUNTERS, None)
        return request.redirect("/my")

    @route("/my/representatives", type="http", auth="user", website=True, readonly=True)
    def representatives(self, **kwargs):
        """The mandates that the organisation has given."""
        mandates = request.env["consortium.representation"].search(
            self._representatives_domain(), order="date_start desc, id desc"
        )
        mandates = mandates.sorted(
            lambda mandate: (
                ("in_force", "to_come", "ended").index(mandate.state),
                mandate.person_id != request.env.user.partner_id,
            )
        )
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="representatives",
            organization=request.env.user._acting_partner(),
            mandates=[self._mandate_values(mandate) for mandate in mandates],
        )
        return request.render("consortium_base.portal_my_representatives", values)

    def _representatives_domain(self):
        """Those in force and to come, and those that ended within a year."""
        today = request.env.company._today()
        organization = request.env.user._acting_partner()
        recent = Domain("date_end", "=", False) | Domain(
            "date_end", ">", fields.Date.subtract(today, years=1)
        )
        return Domain("organization_id", "=", organization.id) & recent

    def _mandate_values(self, mandate):
        """What the page shows of a mandate, and nothing else."""
        values = {name: mandate[name] for name in READABLE}
        # A colleague's contact stands by itself: only its name is shown.
        person = mandate.sudo().person_id
        labels = dict(mandate._fields["state"]._description_selection(mandate.env))
        return {
            **values,
            "name": person.name,
            "function": person.function,
            "is_own": person == request.env.user.partner_id,
            "state_label": labels[mandate.state],
            "last_day": mandate.date_end,
        }
