from odoo import fields, models


class ConsortiumMembershipImportLine(models.TransientModel):
    _name = "consortium.membership.import.line"
    _description = "Row of an Import of the History"
    _order = "row"

    import_id = fields.Many2one(
        "consortium.membership.import", required=True, ondelete="cascade"
    )
    row = fields.Integer(aggregator=None)
    organization = fields.Char()
    summary = fields.Char()
    outcome = fields.Selection(
        [
            ("new", "To Import"),
            ("same", "Already There"),
            ("differs", "Differs"),
            ("refuse", "Refused"),
        ]
    )
    message = fields.Char()
