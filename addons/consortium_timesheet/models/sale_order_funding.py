from odoo import api, fields, models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    """The envelope that pays for the hours of an agreement."""

    _inherit = "sale.order"  # pylint: disable=R8180

    funding_id = fields.Many2one(
        "consortium.funding",
        string="Funding Envelope",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        copy=False,
        tracking=True,
        # The member reads its agreement, not who funds it nor by which convention.
        groups="base.group_user",
        help="The convention that pays for the hours of this agreement, under its caps "
        "and within its amount.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """:raise AccessError: an envelope, of who does not keep envelopes"""
        if any(vals.get("funding_id") for vals in vals_list):
            self.env["consortium.funding"].check_access("write")
        return super().create(vals_list)

    def write(self, vals):
        """Who keeps envelopes says what they pay for.

        :raise AccessError: somebody else does
        :raise UserError: an approved accountability report counts the agreement
        """
        if "funding_id" in vals:
            # Whatever the one who writes the agreement may read of its envelope.
            moved = self.sudo().filtered(
                lambda order: order.funding_id.id != (vals["funding_id"] or False)
            )
            if moved:
                self.env["consortium.funding"].check_access("write")
            moved._check_not_claimed()
        return super().write(vals)

    def _check_not_claimed(self):
        """:raise UserError: an approved report of their envelope counts one of them"""
        self.funding_id._lock()
        for order in self:
            if order.id in order.funding_id._claimed_orders():
                raise UserError(
                    self.env._(
                        "An approved accountability report of « %(name)s » counts "
                        "%(order)s: it stays in this envelope.",
                        name=order.funding_id.name,
                        order=order.name,
                    )
                )
