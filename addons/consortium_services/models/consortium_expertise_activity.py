from odoo import models


class ConsortiumExpertise(models.Model):
    """A field may have something to do about it: an anonymous member not satisfied."""

    _name = "consortium.expertise"
    _inherit = ["consortium.expertise", "mail.activity.mixin"]

    def _line_key(self, position):
        """What tells a line of this field from one version of an agreement to the next.

        :param position: among the lines of the same field, from 0
        """
        self.ensure_one()
        return f"{self.code}#{position + 1}" if position else self.code

    def _agreement_product(self):
        """The product of a line of this field: its own, else hours of service."""
        self.ensure_one()
        # What carries the price is the cooperative's business, not the member's.
        return self.sudo().product_id or self.env.ref(
            "consortium_services.product_service_hour"
        )
