from odoo.addons.consortium_base.controllers.portal import RepresentativePortal
from odoo.http import request, route
from werkzeug.exceptions import NotFound

MAX_QUERY = 200


class CataloguePortal(RepresentativePortal):
    """What the cooperative offers, for whoever represents an organisation."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "expertise_count" in counters:
            values["expertise_count"] = request.env[
                "consortium.expertise"
            ].search_count([("is_offered", "=", True)])
        return values

    @route("/my/services", type="http", auth="user", website=True, readonly=True)
    def catalogue(self, search="", **kwargs):
        """The fields offered today; those that answer the words of a need first."""
        search = (search or "")[:MAX_QUERY]
        expertises = request.env["consortium.expertise"]._catalogue(search)
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="services",
            search=search,
            expertises=[self._card_values(expertise) for expertise in expertises],
            may_request=bool(request.env.user._acting_partner("request")),
        )
        return request.render("consortium_services.portal_my_services", values)

    @route(
        "/my/services/<int:expertise_id>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def expertise(self, expertise_id, **kwargs):
        """The page of a field; one that is no longer offered is not found."""
        expertise = request.env["consortium.expertise"].search(
            [("id", "=", expertise_id), ("is_offered", "=", True)]
        )
        if not expertise:
            raise NotFound()
        # Links between fields are the cooperative's; only what is offered is shown.
        complements = expertise.sudo().complement_ids.filtered(
            lambda complement: complement.complementary_id.is_offered
        )
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="services",
            expertise=self._card_values(expertise),
            description=expertise.description,
            examples=self._lines(expertise.examples),
            subfields=[
                self._card_values(child)
                for child in expertise.child_ids
                if child.is_offered
            ],
            complements=[
                {
                    "id": complement.complementary_id.id,
                    "name": complement.complementary_id.name,
                    "icon": complement.complementary_id.icon,
                    "reason": complement.reason,
                }
                for complement in complements
            ],
            may_request=bool(request.env.user._acting_partner("request")),
        )
        return request.render("consortium_services.portal_my_service", values)

    def _card_values(self, expertise):
        """What a card shows of a field, and nothing else."""
        return {
            "id": expertise.id,
            "name": expertise.name,
            "icon": expertise.icon or "fa-briefcase",
            "kind": expertise.kind,
            "kind_label": dict(
                expertise._fields["kind"]._description_selection(expertise.env)
            )[expertise.kind],
            "solves": self._lines(expertise.solves),
            "hours": (expertise.typical_hours_min, expertise.typical_hours_max),
        }

    @staticmethod
    def _lines(text):
        return [line.strip() for line in (text or "").split("\n") if line.strip()]
