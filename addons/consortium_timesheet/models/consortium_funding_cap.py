from odoo import api, fields, models
from odoo.exceptions import UserError


class ConsortiumFundingCap(models.Model):
    """The most that a funder pays of an hour of a center."""

    _name = "consortium.funding.cap"
    _description = "Cap of a Funding Envelope"
    _order = "funding_id, cost_center_id"
    _rec_name = "cost_center_id"
    _check_company_auto = True

    funding_id = fields.Many2one(
        "consortium.funding", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="funding_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    cost_center_id = fields.Many2one(
        "consortium.cost.center",
        required=True,
        ondelete="restrict",
        check_company=True,
        domain="[('kind', '=', 'expertise')]",
    )
    rate_cents = fields.Integer(
        string="Cents an Hour", required=True, export_string_translation=False
    )
    rate = fields.Monetary(
        string="At Most, an Hour", compute="_compute_rate", inverse="_inverse_rate"
    )

    _once = models.Constraint(
        "UNIQUE (funding_id, cost_center_id)",
        "The envelope already has a cap for this center.",
    )
    _positive = models.Constraint(
        "CHECK (rate_cents > 0)",
        "A cap is above zero: without a line, a center has none.",
    )

    @api.depends("rate_cents")
    def _compute_rate(self):
        for cap in self:
            cap.rate = cap.rate_cents / 100

    def _inverse_rate(self):
        for cap in self:
            cap.rate_cents = round(cap.rate * 100)

    @api.constrains("funding_id", "cost_center_id", "rate_cents")
    def _check_not_claimed(self):
        """:raise UserError: an approved report counts the center of one of them"""
        self.funding_id._lock()
        for cap in self:
            for claim in cap.funding_id._approved():
                pool = claim.run_id._pools().get(cap.cost_center_id)
                if pool and pool in claim.line_ids.cost_center_id:
                    raise UserError(
                        self.env._(
                            "An approved report of « %(name)s » rests on what it pays "
                            "of an hour of %(center)s: that cap stays.",
                            name=cap.funding_id.name,
                            center=cap.cost_center_id.display_name,
                        )
                    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if "rate" in vals and "rate_cents" not in vals:
                vals["rate_cents"] = round(vals.pop("rate") * 100)
        return super().create(vals_list)

    def write(self, vals):
        """Neither of the center that it leaves, nor of the one that it takes."""
        if {"funding_id", "cost_center_id", "rate_cents"} & set(vals):
            self._check_not_claimed()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_not_claimed(self):
        self._check_not_claimed()
