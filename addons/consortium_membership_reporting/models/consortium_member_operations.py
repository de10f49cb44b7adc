from odoo import api, models
from odoo.addons.consortium_membership.models.consortium_membership import (
    PERIOD_STATES,
)
from odoo.tools import SQL


class ConsortiumMemberOperations(models.Model):
    _inherit = "consortium.member.operations"

    @api.model
    def _classify(self, groups):
        """By the category of the beneficiary on the day of the operation, else that of
        the network it is served through.

        Once the register has begun, it alone says who is a member: who is served by no
        membership is none, whatever its contact says, which has no dates. A register
        that is empty on that day says nothing of anybody.
        """
        classes = super()._classify(groups)
        company = self.env.company
        known = {group for group in groups if group[0]}
        served = self.env["consortium.membership"]._served_by(known, company)
        begun = self._register_begins(company)
        counts = {}
        for group in known:
            membership = served.get(group)
            if membership:
                key = (membership.category_id, group[1])
                if key not in counts:
                    counts[key] = key[0]._counts_as(key[1])
                classes[group] = counts[key]
            elif begun and begun <= group[1]:
                classes[group] = "none"
        return classes

    @api.model
    def _register_begins(self, company):
        """The first day of the first membership, or None."""
        # Only a date: whether there is a register is known to whoever reads figures.
        first = (
            self.env["consortium.membership"]
            .sudo()
            .search(
                [("company_id", "=", company.id), ("state", "in", PERIOD_STATES)],
                order="date_start, id",
                limit=1,
            )
        )
        return first.date_start or None

    @api.model
    def _sql_filter(self):
        """Subscriptions of shares are not operations."""
        return SQL("%s AND move.share_operation_id IS NULL", super()._sql_filter())
