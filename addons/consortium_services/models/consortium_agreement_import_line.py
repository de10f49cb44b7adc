from odoo import fields, models


class ConsortiumAgreementImportLine(models.Model):
    _name = "consortium.agreement.import.line"
    _description = "Row of an Import of Agreements"
    _order = "import_id, number"

    import_id = fields.Many2one(
        "consortium.agreement.import", required=True, index=True, ondelete="cascade"
    )
    number = fields.Integer(string="Row")
    agreement = fields.Char(string="Number")
    member = fields.Char()
    title = fields.Char()
    outcome = fields.Selection(
        [("create", "To Create"), ("known", "Already There"), ("refuse", "Refused")]
    )
    message = fields.Char(string="Why")
    data = fields.Json()
    order_id = fields.Many2one(
        "sale.order", string="Agreement", index="btree_not_null", ondelete="set null"
    )
