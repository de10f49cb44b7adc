from odoo import fields, models


class ConsortiumOrganizationKind(models.Model):
    _name = "consortium.organization.kind"
    _description = "Organization Kind"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True,
        help="Short, stable name, used in files to import and in integrations.",
    )
    is_network = fields.Boolean(
        string="Is a Network",
        help="Federations and groupings: other organizations may be affiliated to it.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_unique = models.UniqueIndex(
        "(code)", "Another kind of organization already has this code."
    )
