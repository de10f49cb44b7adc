from odoo import api, fields, models


class ConsortiumServiceRequestRecommend(models.TransientModel):
    """Recommend a complementary field, from those that usually go together."""

    _name = "consortium.service.request.recommend"
    _description = "Recommend Another Field"

    lead_id = fields.Many2one(
        "crm.lead", string="Service Request", required=True, ondelete="cascade"
    )
    source_line_id = fields.Many2one(
        "consortium.service.request.line", string="From the Need"
    )
    suggestion_ids = fields.One2many(
        "consortium.service.request.suggestion",
        "recommend_id",
        compute="_compute_suggestion_ids",
        store=True,
        readonly=False,
    )
    expertise_id = fields.Many2one(
        "consortium.expertise",
        string="Field of Expertise",
        domain=[("is_offered", "=", True)],
    )
    reason = fields.Text(
        compute="_compute_reason",
        store=True,
        readonly=False,
        help="The member reads it with the proposal.",
    )

    @api.depends("lead_id")
    def _compute_suggestion_ids(self):
        for wizard in self:
            wizard.suggestion_ids = [(5,)] + [
                (0, 0, {"expertise_id": expertise.id, "reason": reason})
                for expertise, reason in (
                    wizard.lead_id._suggested_expertises() if wizard.lead_id else []
                )
            ]

    @api.depends("expertise_id")
    def _compute_reason(self):
        for wizard in self:
            complement = self.env["consortium.expertise.complement"].search(
                [
                    (
                        "expertise_id",
                        "in",
                        wizard.lead_id.request_line_ids.expertise_id.ids,
                    ),
                    ("complementary_id", "=", wizard.expertise_id.id),
                ],
                limit=1,
            )
            wizard.reason = complement.reason or wizard.reason

    def action_recommend(self):
        """Add the field to the request, to be taken or left by the member."""
        self.ensure_one()
        self.lead_id._recommend(self.expertise_id, self.reason, self.source_line_id)
        return {"type": "ir.actions.act_window_close"}


class ConsortiumServiceRequestSuggestion(models.TransientModel):
    _name = "consortium.service.request.suggestion"
    _description = "Suggested Field"

    recommend_id = fields.Many2one(
        "consortium.service.request.recommend", ondelete="cascade"
    )
    expertise_id = fields.Many2one(
        "consortium.expertise", string="Field of Expertise", readonly=True
    )
    reason = fields.Text(string="Why", readonly=True)
