from odoo import fields, models


class ConsortiumDevelopmentAction(models.Model):
    """A meeting, an event, a presentation: what made the cooperative known."""

    _name = "consortium.development.action"
    _description = "Development Action"
    _order = "date desc, id desc"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    date = fields.Date(
        required=True, default=lambda self: self.env.company._today(), index=True
    )
    name = fields.Char(string="Action", required=True, translate=True)
    audience = fields.Selection(
        [
            ("members", "Members"),
            ("networks", "Networks"),
            ("organizations", "Organizations to Reach"),
            ("partners", "Partners"),
            ("government", "Governments and Funders"),
            ("public", "General Public"),
        ],
        required=True,
        default="organizations",
    )
    kind = fields.Selection(
        [
            ("meeting", "Partnership Meeting"),
            ("event", "Event"),
            ("presentation", "Presentation"),
            ("training", "Training"),
            ("publication", "Publication"),
            ("other", "Other"),
        ],
        required=True,
        default="meeting",
    )
    attendance = fields.Integer(string="Participants")
    user_id = fields.Many2one(
        "res.users", string="Who", default=lambda self: self.env.user
    )
    description = fields.Text()

    _attendance = models.Constraint(
        "CHECK (attendance >= 0)", "A number of participants is zero or more."
    )
