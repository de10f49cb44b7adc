from odoo.addons.consortium_base.tools import neq
from odoo.addons.consortium_base.tools.text import fold
from odoo.exceptions import UserError
from odoo.http import Controller, request, route
from odoo.tools import email_normalize

# What the public form asks, with the length that is kept of each.
TEXTS = {
    "organization_name": 200,
    "neq": 20,
    "email": 200,
    "phone": 40,
    "street": 200,
    "city": 100,
    "zip": 10,
    "contact_name": 120,
    "contact_email": 200,
    "contact_phone": 40,
    "contact_function": 120,
    "need": 4000,
}
REQUIRED = ("organization_name", "email", "contact_name", "contact_email", "need")


class MembershipApply(Controller):
    """The online form: anybody may apply; nothing of what is known is shown."""

    @route("/membership/apply", type="http", auth="public", website=True, readonly=True)
    def form(self, **kwargs):
        """The empty form; of a representative, with its own organisation."""
        values = {}
        organization = self._organization()
        if organization:
            person = request.env.user.partner_id
            values = {
                "organization_name": organization.name,
                "neq": organization.company_registry or "",
                "email": organization.email or "",
                "phone": organization.phone or "",
                "street": organization.street or "",
                "city": organization.city or "",
                "zip": organization.zip or "",
                "organization_kind_id": organization.organization_kind_id.id,
                "contact_name": person.name,
                "contact_email": person.email or "",
                "contact_phone": person.phone or "",
                "contact_function": person.function or "",
            }
        return self._page(values)

    @route(
        "/membership/apply/send",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
    )
    def send(self, **post):
        """Receive an application. What is wrong is said, and what was typed kept."""
        values = {
            name: (post.get(name) or "").strip()[:length]
            for name, length in TEXTS.items()
        }
        for name in ("category_id", "organization_kind_id"):
            text = post.get(name) or ""
            values[name] = int(text) if text.isdecimal() and len(text) < 9 else False
        values["has_undertaken"] = bool(post.get("has_undertaken"))
        # A field that people don't see: what fills it in is a program.
        if post.get("website_url"):
            return request.redirect("/membership/apply/thanks")
        if errors := self._errors(values):
            return self._page(values, errors)
        try:
            self._receive(values)
        except UserError as error:
            return self._page(values, {"form": str(error)})
        return request.redirect("/membership/apply/thanks")

    @route(
        "/membership/apply/thanks",
        type="http",
        auth="public",
        website=True,
        readonly=True,
    )
    def thanks(self, **kwargs):
        """The same page for all: it tells nobody what was known."""
        return request.render("consortium_membership.portal_apply_thanks", {})

    def _organization(self):
        """The organisation that a representative acts for; nothing for others."""
        user = request.env.user
        return user._acting_partner() if user._is_portal() else None

    def _page(self, values, errors=None):
        return request.render(
            "consortium_membership.portal_apply",
            {
                "values": values,
                "errors": errors or {},
                "categories": self._categories(),
                "kinds": self._kinds(),
            },
        )

    def _categories(self):
        """What the form shows of the categories open to organisations: names only."""
        # Visitors have no rights on them; their names are on the cooperative's site.
        categories = request.env["consortium.member.category"].sudo()
        return categories.search_read(
            [("kind", "!=", "worker")], ["name", "is_auxiliary"], order="sequence, id"
        )

    def _kinds(self):
        # The same, for the kinds of organisations.
        kinds = request.env["consortium.organization.kind"].sudo()
        return kinds.search_read([], ["name"], order="sequence, id")

    def _errors(self, values):
        """``{field: what is wrong}``, empty when the form is complete."""
        env = request.env
        errors = {name: env._("Required") for name in REQUIRED if not values[name]}
        for name in ("email", "contact_email"):
            if values[name] and not email_normalize(values[name]):
                errors[name] = env._("This is not an e-mail address.")
        if values["neq"] and not neq.is_neq(neq.normalize(values["neq"])):
            errors["neq"] = env._(
                "A NEQ has 10 digits and begins with 11, 22, 33 or 88."
            )
        if values["category_id"] not in [c["id"] for c in self._categories()]:
            errors["category_id"] = env._("Choose a category.")
        if values["organization_kind_id"] not in [k["id"] for k in self._kinds()]:
            errors["organization_kind_id"] = env._("Choose a kind.")
        if not values["has_undertaken"]:
            errors["has_undertaken"] = env._(
                "A member undertakes to respect the by-laws."
            )
        return errors

    def _receive(self, values):
        """Make the application, or complete the one that waits already.

        The visitor has no rights: the superuser writes one application, with the
        fields of the form and nothing else, but the contact of the organisation that a
        representative acts for and has left as it was named.
        """
        applications = request.env["consortium.membership.application"].sudo()
        organization = self._organization()
        known = organization and fold(organization.name or "")
        if known and known == fold(values["organization_name"]):
            values = {**values, "partner_id": organization.id}
        with request.env.cr.savepoint():
            applications._receive_online(values)
