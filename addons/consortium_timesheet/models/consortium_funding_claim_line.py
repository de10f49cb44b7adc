from odoo import api, fields, models
from odoo.addons.consortium_base.tools.frozen import keep_frozen, unchanged_but


class ConsortiumFundingClaimLine(models.Model):
    """What the agreements of an envelope cost in a center in a year, and what of it is
    eligible: whole cents, written by the buttons of the report.

    No stored compute here, for the sake of the trigger that keeps approved ones.
    """

    _name = "consortium.funding.claim.line"
    _description = "Line of an Accountability Report"
    _order = "claim_id desc, cost_center_id"
    _rec_name = "cost_center_id"

    claim_id = fields.Many2one(
        "consortium.funding.claim",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    cost_center_id = fields.Many2one(
        "consortium.cost.center", required=True, readonly=True, ondelete="restrict"
    )
    minutes = fields.Integer(readonly=True)
    cost_cents = fields.Integer(readonly=True, export_string_translation=False)
    cap_cents = fields.Integer(
        string="Cents an Hour", readonly=True, export_string_translation=False
    )
    eligible_cents = fields.Integer(readonly=True, export_string_translation=False)
    hours = fields.Float(compute="_compute_amounts", digits=(16, 2))
    cost = fields.Monetary(string="Actual Cost", compute="_compute_amounts")
    cap = fields.Monetary(string="At Most, an Hour", compute="_compute_amounts")
    eligible = fields.Monetary(compute="_compute_amounts")

    _once = models.Constraint(
        "UNIQUE (claim_id, cost_center_id)",
        "The report already has a line for this center.",
    )
    # Raised by the trigger, for whoever writes by SQL.
    _frozen = models.Constraint(
        "CHECK (cap_cents >= 0)",
        "An approved accountability report never changes: a later run of the year "
        "gives the difference.",
    )

    def init(self):
        """The trigger that keeps the lines of approved reports, whoever writes. The
        uninstall hook drops its function."""
        result = super().init()
        keep_frozen(
            self.env.cr,
            self._table,
            frozen="(SELECT claim.state = 'approved' FROM consortium_funding_claim "
            "claim WHERE claim.id = OLD.claim_id)",
            allowed=unchanged_but(),
        )
        return result

    @api.depends("minutes", "cost_cents", "cap_cents", "eligible_cents")
    def _compute_amounts(self):
        for line in self:
            line.hours = line.minutes / 60
            line.cost = line.cost_cents / 100
            line.cap = line.cap_cents / 100
            line.eligible = line.eligible_cents / 100
