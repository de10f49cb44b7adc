from odoo import api, fields, models
from odoo.fields import Domain


class CrmLead(models.Model):
    _inherit = "crm.lead"

    member_category_id = fields.Many2one(
        "consortium.member.category",
        compute="_compute_member_category_id",
        store=True,
        compute_sudo=True,
        index="btree_not_null",
        help="Of the organization, or of the network it is served through, on the day "
        "of the request.",
    )
    sponsor_network_id = fields.Many2one(
        "res.partner",
        string="Sponsoring Network",
        compute="_compute_member_category_id",
        store=True,
        compute_sudo=True,
        help="The network that the organization is served through, if it is not a "
        "member itself.",
    )

    @api.depends("is_service_request", "partner_id", "received_at")
    def _compute_member_category_id(self):
        """Kept as of that day: a membership that changes later changes nothing here."""
        for lead in self:
            organization = lead.partner_id.commercial_partner_id
            if not (lead.is_service_request and organization):
                lead.member_category_id = lead.sponsor_network_id = False
                continue
            company = lead.company_id or self.env.company
            date = fields.Datetime.context_timestamp(
                lead.with_context(tz=company.partner_id.tz),
                lead.received_at or fields.Datetime.now(),
            ).date()
            membership = organization.with_company(company)._served_through(date)
            lead.member_category_id = membership.category_id
            lead.sponsor_network_id = membership.partner_id - organization

    @api.model
    def _acting_domain(self):
        """A network follows the requests of its members that agreed to it."""
        network = self.env.user._acting_partner("request")
        affiliations = self.env["consortium.affiliation"].sudo()  # only its own members
        members = affiliations.search(
            [
                ("network_id", "=", network.id),
                ("in_force", "=", True),
                ("shares_requests", "=", True),
            ]
        ).organization_id
        return super()._acting_domain() | (
            Domain("is_service_request", "=", True)
            & Domain("partner_id.commercial_partner_id", "in", members.ids)
        )

    def _prepare_agreement_values(self, lines=None):
        values = super()._prepare_agreement_values(lines)
        if not values.get("sponsor_network_id"):
            values["sponsor_network_id"] = self.sponsor_network_id.id
        return values
