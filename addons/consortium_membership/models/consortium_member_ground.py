from odoo import fields, models


class ConsortiumMemberGround(models.Model):
    """One of the grounds for which the law lets a member be suspended or expelled."""

    _name = "consortium.member.ground"
    _description = "Ground for Suspension or Expulsion"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    reference = fields.Char(help="The article that has it, as printed on letters.")

    _code = models.UniqueIndex("(code)", "Another ground has this code.")
