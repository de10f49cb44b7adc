from odoo import fields, models


class ConsortiumNonchargeableReason(models.Model):
    """Why time is charged to nobody: its cost is part of everybody's rate."""

    _name = "consortium.nonchargeable.reason"
    _description = "Reason Not to Charge Time"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code = models.Constraint("UNIQUE (code)", "Another reason already has this code.")
