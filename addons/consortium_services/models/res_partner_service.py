from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    service_request_ids = fields.One2many(
        "crm.lead", "partner_id", domain=[("is_service_request", "=", True)]
    )
    service_request_count = fields.Integer(compute="_compute_service_request_count")

    def _compute_service_request_count(self):
        leads = self.env["crm.lead"]
        counts = {}
        if leads.has_access("read"):
            counts = dict(
                leads._read_group(
                    [("partner_id", "in", self.ids), ("is_service_request", "=", True)],
                    ["partner_id"],
                    ["__count"],
                )
            )
        for partner in self:
            partner.service_request_count = counts.get(partner, 0)

    def _why_not_served(self, date):
        """Why the organisation may not be served on a date; addons say so.

        :return: one sentence for whoever asks, or an empty string
        """
        return ""

    @api.model
    def _followed_documents(self):
        """A representative without the mandate to request follows no request."""
        return [
            *super()._followed_documents(),
            ("crm.lead", "partner_id.commercial_partner_id", "request"),
            ("crm.lead", "requester_id.commercial_partner_id", "request"),
        ]

    def action_view_service_requests(self):
        """The service requests of the organization."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "consortium_services.crm_lead_action_requests"
        )
        action["domain"] = [
            ("partner_id", "=", self.id),
            ("is_service_request", "=", True),
        ]
        action["context"] = {
            "default_partner_id": self.id,
            "default_is_service_request": True,
            "default_user_id": False,
        }
        return action
