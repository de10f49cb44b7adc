from odoo import api, fields, models
from odoo.addons.consortium_membership.models.consortium_membership import (
    PERIOD_STATES,
)
from odoo.tools import SQL

from ..tools.served import Chain


class ConsortiumMembership(models.Model):
    _inherit = "consortium.membership"

    @api.model
    def _served_by(self, pairs, company=None):
        """By which membership each organisation is served on a day: its own, else that
        of the network that sponsors it, else that of a network it belongs to (see
        ``tools.served``), in two queries.

        Superuser: who is a member enters totals that whoever may read them reads.

        :param pairs: ``(partner id, date)``, or with the id of the network that the
            agreement names, or None
        :param company: that of the user if none
        :return: ``{pair: membership}``; who is served by none is left out
        """
        pairs = {
            (partner, fields.Date.to_date(day), *sponsor)
            for partner, day, *sponsor in pairs
        }
        if not pairs:
            return {}
        days = {pair[1] for pair in pairs}
        first, last = min(days), max(days)
        chain = self._chain_between(first, last, company or self.env.company)
        found = {pair: chain.served(*pair) for pair in pairs}
        memberships = self.sudo().browse({each for each in found.values() if each})
        by_id = {membership.id: membership for membership in memberships}
        return {pair: by_id[each] for pair, each in found.items() if each}

    @api.model
    def _chain_between(self, first, last, company):
        """The memberships and affiliations in force on some day of a period."""
        self.flush_model()
        self.env["consortium.affiliation"].flush_model()
        periods = self.env.execute_query(
            SQL(
                """
                SELECT partner_id, id, number, date_start, date_end
                  FROM consortium_membership
                 WHERE company_id = %s AND state IN %s AND date_start <= %s
                   AND (date_end IS NULL OR date_end >= %s)
                """,
                company.id,
                PERIOD_STATES,
                last,
                first,
            )
        )
        affiliations = self.env.execute_query(
            SQL(
                """
                SELECT organization_id, network_id, is_primary, date_start, date_end
                  FROM consortium_affiliation
                 WHERE date_start <= %s AND (date_end IS NULL OR date_end >= %s)
                """,
                last,
                first,
            )
        )
        return Chain(periods, affiliations)
