from odoo import api, fields, models


class ConsortiumMembershipDecision(models.TransientModel):
    """What the board decided of one or several applications."""

    _name = "consortium.membership.decision"
    _description = "Decision on Applications"

    application_ids = fields.Many2many(
        "consortium.membership.application",
        "consortium_membership_decision_rel",
        string="Applications",
        readonly=True,
    )
    decision = fields.Selection(
        [("admit", "Admit"), ("refuse", "Refuse")], required=True, default="admit"
    )
    resolution_id = fields.Many2one(
        "consortium.resolution",
        required=True,
        ondelete="cascade",
        domain="[('kind', '=', 'admission'), ('state', '=', 'adopted')]",
    )
    date = fields.Date(
        string="Member Since",
        compute="_compute_date",
        store=True,
        readonly=False,
        help="The first day as a member: that of the resolution, or later.",
    )
    reason = fields.Text(string="Reason of the Refusal")
    send_welcome = fields.Boolean(string="Send the Welcome Letter", default=True)

    @api.depends("resolution_id")
    def _compute_date(self):
        for decision in self:
            decision.date = decision.resolution_id.date or self.env.company._today()

    def action_decide(self):
        """Admit or refuse them all; nothing is changed when one of them can't be."""
        self.ensure_one()
        applications = self.application_ids
        if self.decision == "refuse":
            applications._refuse(self.resolution_id, self.reason)
            return {"type": "ir.actions.act_window_close"}
        welcome = "no"
        if self.send_welcome:
            welcome = "now" if len(applications) == 1 else "later"
        memberships = applications._admit(self.resolution_id, self.date, welcome)
        if len(memberships) == 1:
            return applications.action_view_membership()
        return {"type": "ir.actions.act_window_close"}
