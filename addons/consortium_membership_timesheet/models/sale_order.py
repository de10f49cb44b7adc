from odoo import models
from odoo.fields import Domain


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _members_who_left(self, date):
        """Also those whose membership ended, and who have none on ``date`` or later.

        Who was never a member has not left: an organisation served through its network,
        for example. Two queries.
        """
        left = super()._members_who_left(date)
        running = Domain("date_end", "=", False) | Domain("date_end", ">=", date)
        return left | self._had_periods(Domain.TRUE, running)

    def _members_new(self, date_from, date_to):
        """Also those whose first membership begins between these days. Two queries."""
        new = super()._members_new(date_from, date_to)
        begun = Domain("date_start", "<=", date_to)
        return new | self._had_periods(begun, Domain("date_start", "<", date_from))

    def _had_periods(self, some, none):
        """The agreements of members with periods of one kind, and none of the other."""
        # Whoever settles need not read the register of members.
        Membership = self.env["consortium.membership"].sudo()
        partners = self.partner_id.commercial_partner_id
        periods = (
            Domain("company_id", "in", self.company_id.ids)
            & Domain("partner_id", "in", partners.ids)
            & Domain("state", "in", ("admitted", "ended"))
        )
        were, others = (
            set(Membership._read_group(periods & domain, ["company_id", "partner_id"]))
            for domain in (some, none)
        )
        return self.filtered(
            lambda order: (
                (order.company_id, order.partner_id.commercial_partner_id)
                in were - others
            )
        )
