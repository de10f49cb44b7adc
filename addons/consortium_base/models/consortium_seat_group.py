from odoo import fields, models


class ConsortiumSeatGroup(models.Model):
    _name = "consortium.seat.group"
    _description = "Group of Seats"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    seats = fields.Integer(required=True, default=1)
    electorate = fields.Selection(
        [
            ("user", "User Members"),
            ("support", "Support Members"),
            ("worker", "Worker Members"),
            ("all", "All Members"),
            ("board", "Board of Directors"),
        ],
        string="Elected By",
        required=True,
        default="all",
    )
    is_outside = fields.Boolean(
        string="Support Members or Outsiders",
        help="Its directors count toward the share that support members and persons "
        "who are not members may not exceed.",
    )
    reserved_for = fields.Char(
        translate=True, help="Whom the seats are reserved for, when they are."
    )
    office_ids = fields.One2many("consortium.office", "seat_group_id", string="Offices")

    _name_unique = models.Constraint(
        "UNIQUE (company_id, name)", "There is already a group of seats of that name."
    )
    _seats = models.Constraint("CHECK (seats > 0)", "A group has at least one seat.")
