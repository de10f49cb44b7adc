from odoo import fields, models


class ConsortiumMembershipChange(models.TransientModel):
    _name = "consortium.membership.change"
    _description = "Change of Category"

    membership_id = fields.Many2one(
        "consortium.membership", required=True, readonly=True, ondelete="cascade"
    )
    category_id = fields.Many2one(
        "consortium.member.category",
        string="New Category",
        required=True,
        ondelete="cascade",
    )
    date = fields.Date(
        string="From",
        required=True,
        default=lambda self: self.env.company._today(),
        help="The first day in the new category.",
    )
    resolution_id = fields.Many2one(
        "consortium.resolution",
        required=True,
        ondelete="cascade",
        domain="[('kind', '=', 'admission'), ('state', '=', 'adopted')]",
    )

    def action_change(self):
        """Close the period and open the next one; show it."""
        self.ensure_one()
        membership = self.membership_id._change_category(
            self.category_id, self.date, self.resolution_id
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "consortium.membership",
            "res_id": membership.id,
            "view_mode": "form",
        }
