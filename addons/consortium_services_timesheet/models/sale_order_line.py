from odoo import fields, models


class SaleOrderLine(models.Model):
    """The hours of a field of expertise are of its cost center, at its rate."""

    _inherit = "sale.order.line"

    agreement_center_id = fields.Many2one(
        "consortium.cost.center",
        string="Cost Center",
        compute="_compute_agreement_center_id",
        compute_sudo=True,
    )

    def _compute_agreement_center_id(self):
        for line in self:
            line.agreement_center_id = line._sold_center()

    def _sold_center(self):
        """That of the field of expertise, else of the product."""
        center = self.expertise_id and self.expertise_id._cost_center(self.company_id)
        return center or super()._sold_center()

    def _rates_shown(self):
        """``{line: rate}`` of the lines whose center has one, in one query.

        The rate of today; before the agreement begins, and after it ends, that of its
        first and last days.
        """
        pairs = {}
        for line in self.filtered("expertise_id"):
            order = line.order_id
            day = order.company_id._today()
            if order.agreement_start:
                day = max(day, order.agreement_start)
            if order.agreement_end:
                day = min(day, order.agreement_end)
            center = line._sold_center()
            if center:
                pairs[line] = (center._pool(), day)
        # A rate that the board adopted is told to whoever reads the agreement.
        rates = self.env["consortium.hourly.rate"].sudo()._in_force(pairs.values())
        return {
            line: rates[center.id, day]
            for line, (center, day) in pairs.items()
            if (center.id, day) in rates
        }

    def _provisional_rate(self):
        """The rate in force of the center of each line, else its price."""
        found = super()._provisional_rate()
        for line, rate in self._rates_shown().items():
            found[line.id] = rate.rate_cents / 100
        return found

    def _get_display_price(self):
        """An hour of an agreement is priced at the rate of its center."""
        rate = self._rates_shown().get(self)
        if rate and self.order_id.is_service_agreement:
            return rate.rate_cents / 100
        return super()._get_display_price()
