from odoo import fields, models


class ConsortiumExpertiseComplement(models.Model):
    """That a need of a field usually calls for another one too, and why."""

    _name = "consortium.expertise.complement"
    _description = "Complementary Expertise"
    _order = "sequence, id"
    _rec_name = "complementary_id"

    sequence = fields.Integer(default=10)
    expertise_id = fields.Many2one(
        "consortium.expertise", required=True, index=True, ondelete="cascade"
    )
    complementary_id = fields.Many2one(
        "consortium.expertise",
        string="Complementary Field",
        required=True,
        index=True,
        ondelete="cascade",
    )
    reason = fields.Char(
        required=True, help="As a member would read it: « A merger also needs… »."
    )

    _once = models.Constraint(
        "UNIQUE (expertise_id, complementary_id)",
        "This complementary field is already there.",
    )
    _not_itself = models.Constraint(
        "CHECK (expertise_id <> complementary_id)",
        "A field of expertise does not complement itself.",
    )
