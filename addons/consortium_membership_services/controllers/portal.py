from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.http import request, route
from werkzeug.exceptions import NotFound


class NetworkPortal(CustomerPortal):
    """The networks that an organisation belongs to, and what it lets them follow."""

    def _own_affiliations(self):
        """Those in force of the organisation that the user asks services for."""
        organization = request.env.user._acting_partner("request")
        # Affiliations are the employees' to read; these are the organisation's own.
        affiliations = request.env["consortium.affiliation"].sudo()
        if not organization:
            return affiliations.browse()
        return affiliations.search(
            [("organization_id", "=", organization.id), ("in_force", "=", True)]
        )

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "network_count" in counters:
            values["network_count"] = len(self._own_affiliations())
        return values

    @route("/my/networks", type="http", auth="user", website=True)
    def networks(self, **kwargs):
        """Which networks follow the organisation's requests."""
        return request.render(
            "consortium_membership_services.portal_my_networks",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "networks",
                "organization_name": request.env.user._acting_partner().sudo().name,
                "networks": [
                    {
                        "id": affiliation.id,
                        "name": affiliation.network_id.name,
                        "shared": affiliation.shares_requests,
                    }
                    for affiliation in self._own_affiliations()
                ],
            },
        )

    @route(
        "/my/networks/<int:affiliation_id>/share",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def share_requests(self, affiliation_id, shared="", **kwargs):
        """Let a network follow the requests, or no longer.

        :raise NotFound: not an affiliation of the organisation
        """
        affiliation = self._own_affiliations().filtered(
            lambda own: own.id == affiliation_id
        )
        if not affiliation:
            raise NotFound()
        affiliation.shares_requests = shared == "1"
        return request.redirect("/my/networks")
