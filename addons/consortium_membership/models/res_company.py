from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"  # pylint: disable=consider-merging-classes-inherited

    member_number_last = fields.Integer(
        readonly=True,
        copy=False,
        help="The last member number given; written by the admission alone.",
        export_string_translation=False,
    )
    member_minimum_margin = fields.Integer(
        default=2,
        help="Alert when the members are the legal minimum, or this many more.",
    )
    has_liaison_committee = fields.Boolean(
        string="Liaison Committee",
        help="A by-law has formed the committee between the members and the board.",
    )
