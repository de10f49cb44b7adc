from odoo import fields, models


class SaleOrder(models.Model):
    """What an agreement says of its true-up."""

    _inherit = "sale.order"  # pylint: disable=R8180

    owes_true_up = fields.Boolean(
        string="Owes What It Costs Above",
        default=True,
        copy=True,
        tracking=True,
        help="The agreement has the clause by which the member pays the actual cost: "
        "what is under-billed at year end is owed. Without it, it is invoiced to "
        "nobody, and a source is named that bears it.",
    )
    true_up_ids = fields.One2many("consortium.true.up", "order_id", readonly=True)

    def _members_who_left(self, date):
        """The agreements of members who are no longer members on ``date``: their
        true-up is always settled.

        Addons that keep memberships say it; here, those who were archived.
        """
        return self.filtered(
            lambda order: not order.partner_id.commercial_partner_id.active
        )

    def _members_new(self, date_from, date_to):
        """The agreements of members admitted for the first time between two days, both
        included: their true-up is always settled too.

        Addons that keep memberships say it; nobody is new here.
        """
        return self.browse()

    def _told_true_ups(self):
        """The approved true-ups that the member of the agreement is told."""
        return self.true_up_ids.filtered(
            lambda row: row.state == "approved" and not row.is_fixed_price
        )

    def _true_up_line(self, row):
        """The line of the order that a true-up is of: that of its center."""
        lines = self.order_line._time_lines()
        center = row.cost_center_id
        same = lines.filtered(lambda line: line._sold_center()._pool() == center)
        return (same or lines)[:1]

    def _true_up_income(self):
        """The account and the taxes of the hours, as the payer is billed them.

        :return: ``(account, taxes)``; empty when no time is sold here
        """
        self.ensure_one()
        product = self.order_line._time_lines()[:1].product_id
        template = product.product_tmpl_id.with_company(self.company_id)
        position = self._payer_position()
        account = position.map_account(template.get_product_accounts()["income"])
        taxes = product.taxes_id._filter_taxes_by_company(self.company_id)
        return account, position.map_tax(taxes)
