from odoo import api, fields, models
from odoo.exceptions import UserError


class ConsortiumExpertProposal(models.TransientModel):
    """The experts for a need, with the reasons for each; a person chooses."""

    _name = "consortium.expert.proposal"
    _description = "Proposal of Experts"

    line_id = fields.Many2one(
        "consortium.service.request.line",
        string="Need",
        required=True,
        ondelete="cascade",
    )
    expertise_id = fields.Many2one(related="line_id.expertise_id")
    need = fields.Text(string="What Is Needed", related="line_id.need")
    expert_ids = fields.One2many("consortium.expert.proposal.expert", "proposal_id")
    has_experts = fields.Boolean(compute="_compute_has_experts")

    @api.depends("expert_ids")
    def _compute_has_experts(self):
        for proposal in self:
            proposal.has_experts = bool(proposal.expert_ids)

    @api.model_create_multi
    def create(self, vals_list):
        proposals = super().create(vals_list)
        for proposal in proposals:
            proposal.expert_ids = [
                (
                    0,
                    0,
                    {
                        "sequence": number,
                        "employee_id": expert["employee_id"],
                        "reasons": "\n".join(expert["reasons"]),
                        "free_hours": (expert["free_minutes"] or 0) / 60,
                        "free_known": expert["free_minutes"] is not None,
                        "conflict": expert["conflict"],
                        "away": expert["away"],
                    },
                )
                for number, expert in enumerate(proposal.line_id._proposed_experts())
            ]
        return proposals


class ConsortiumExpertProposalExpert(models.TransientModel):
    _name = "consortium.expert.proposal.expert"
    _description = "Proposed Expert"
    _order = "sequence, id"

    proposal_id = fields.Many2one(
        "consortium.expert.proposal", required=True, ondelete="cascade"
    )
    sequence = fields.Integer()
    employee_id = fields.Many2one("hr.employee", string="Expert", readonly=True)
    reasons = fields.Text(string="Why", readonly=True)
    free_hours = fields.Float(string="Free (h)", readonly=True)
    free_known = fields.Boolean(readonly=True, export_string_translation=False)
    conflict = fields.Boolean(string="Conflict of Interest", readonly=True)
    away = fields.Boolean(readonly=True)

    def action_choose(self):
        """Entrust the need to this expert.

        :raise UserError: in conflict of interest with the organization
        """
        self.ensure_one()
        if self.conflict:
            raise UserError(
                self.env._(
                    "%(name)s has a conflict of interest with this organization: "
                    "choose somebody else, or end the conflict first.",
                    name=self.employee_id.name,
                )
            )
        self.proposal_id.line_id._assign(self.employee_id)
        return {"type": "ir.actions.act_window_close"}
