from odoo import api, fields, models

from ..tools.member_operations import UNCLASSIFIED
from .consortium_indicator_value import SCALES


class ConsortiumMemberOperationsLine(models.Model):
    """What a beneficiary was invoiced in the year, by what it counts as."""

    _name = "consortium.member.operations.line"
    _description = "Operations with Members: Beneficiary"
    _order = "operations_id, amount desc, id"

    operations_id = fields.Many2one(
        "consortium.member.operations", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="operations_id.company_id", store=True)
    date_to = fields.Date(
        related="operations_id.date_to", store=True, string="Year End"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner", string="Beneficiary", index=True, ondelete="restrict"
    )
    region_id = fields.Many2one(related="partner_id.region_id")
    operations_class = fields.Selection(
        [
            ("user", "User Members"),
            ("worker", "Worker Members"),
            ("none", "Others"),
            (UNCLASSIFIED, "Not Classified"),
        ],
        string="Counts As",
        required=True,
    )
    amount = fields.Monetary(string="Before Taxes")
    number = fields.Integer(string="Lines")

    @api.depends("partner_id", "operations_class")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.partner_id.display_name or self.env._("Nobody")

    def action_open_lines(self):
        """The invoiced lines behind this figure, as the books have them now."""
        self.ensure_one()
        ids = self.operations_id._line_ids(self.partner_id, self.operations_class)
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "account.move.line",
            "views": [(False, "list"), (False, "pivot"), (False, "form")],
            "domain": [("id", "in", ids)],
            "context": {"create": False},
        }


class ConsortiumMemberOperationsManual(models.Model):
    """A volume that no invoice tells: of a subsidiary, of a trust, of workers."""

    _name = "consortium.member.operations.manual"
    _description = "Operations with Members: Other Volume"
    _order = "operations_id, basis, id"

    operations_id = fields.Many2one(
        "consortium.member.operations", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="operations_id.company_id", store=True)
    name = fields.Char(string="Subsidiary or Group", required=True)
    basis = fields.Selection(
        [("users", "User Members"), ("workers", "Worker Members")],
        string="Proportion",
        required=True,
        default="users",
    )
    unit = fields.Selection(
        [("money", "Amount ($)"), ("hours", "Hours")],
        string="Counted In",
        required=True,
        default="money",
        help="The work of workers: their pay, or their hours.",
    )
    with_members = fields.Float(digits=(16, 2), required=True)
    total = fields.Float(digits=(16, 2), required=True)
    source = fields.Char(required=True, help="The document that says so.")

    _amounts = models.Constraint(
        "CHECK (with_members >= 0 AND with_members <= total)",
        "What was done with members is a part of the total, neither below zero.",
    )
    _unit = models.Constraint(
        "CHECK (unit = 'money' OR basis = 'workers')",
        "Operations with user members are counted in dollars: only the work of workers "
        "is counted in hours.",
    )

    @api.constrains("basis", "unit", "operations_id")
    def _check_unit(self):
        self.operations_id._check_worker_unit()

    @api.model_create_multi
    def create(self, vals_list):
        volumes = super().create(vals_list)
        volumes.operations_id._check_in_progress()
        return volumes

    def write(self, vals):
        self.operations_id._check_in_progress()
        result = super().write(vals)
        self.operations_id._check_in_progress()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_frozen(self):
        self.operations_id._check_in_progress()

    def _as_dict(self):
        """Amounts in cents, or in minutes."""
        scale = SCALES[self.unit]
        return {
            "name": self.name,
            "basis": self.basis,
            "unit": self.unit,
            "with_members": round(self.with_members * scale),
            "total": round(self.total * scale),
            "source": self.source,
        }

    def _prepare_copy(self):
        names = ("name", "basis", "unit", "with_members", "total", "source")
        return {name: self[name] for name in names}
