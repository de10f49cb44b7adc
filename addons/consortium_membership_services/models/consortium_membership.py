from odoo import models
from odoo.fields import Domain


class ConsortiumMembership(models.Model):
    _inherit = "consortium.membership"

    def _running_contracts(self, date):
        """The service agreements that the member signed, is served by or sponsors, and
        that run after ``date`` or wait for the cooperative's signature.

        Their name and last day only: the secretary, who reads no agreement, is warned.
        """
        orders = self.env["sale.order"].sudo()
        orders = orders.search(
            (
                Domain("partner_id", "child_of", self.partner_id.id)
                | Domain("beneficiary_id", "child_of", self.partner_id.id)
                | Domain("sponsor_network_id", "=", self.partner_id.id)
            )
            & Domain("agreement_state", "in", ("signed", "running"))
            & Domain("company_id", "=", self.company_id.id)
            & (
                Domain("agreement_end", "=", False) | Domain("agreement_end", ">", date)
            ),
            order="agreement_end, id",
        )
        return [
            *super()._running_contracts(date),
            *((order.name, order.agreement_end or None) for order in orders),
        ]
