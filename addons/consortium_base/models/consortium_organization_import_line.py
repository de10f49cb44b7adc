from odoo import fields, models


class ConsortiumOrganizationImportLine(models.Model):
    """A row of the file: what was read, what would be done, what was."""

    _name = "consortium.organization.import.line"
    _description = "Row of an Import of Organizations"
    _order = "import_id, number, id"
    _rec_name = "name"

    import_id = fields.Many2one(
        "consortium.organization.import", required=True, ondelete="cascade", index=True
    )
    number = fields.Integer(string="Row", required=True, readonly=True, aggregator=None)
    name = fields.Char(readonly=True)
    neq = fields.Char(string="NEQ", readonly=True)
    outcome = fields.Selection(
        [("create", "Creation"), ("match", "Match"), ("refuse", "Refusal")],
        readonly=True,
    )
    state = fields.Selection(
        [
            ("pending", "Waiting"),
            ("created", "Waiting for Its Networks"),
            ("done", "Done"),
            ("refused", "Not Imported"),
        ],
        required=True,
        default="pending",
        readonly=True,
    )
    message = fields.Text(readonly=True)
    partner_id = fields.Many2one(
        "res.partner", string="Organization", readonly=True, ondelete="set null"
    )
    brings_network = fields.Boolean(readonly=True)
    data = fields.Json(readonly=True)

    _by_state = models.Index("(import_id, state, brings_network DESC, number)")
