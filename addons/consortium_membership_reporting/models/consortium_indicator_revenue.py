from odoo import api, models
from odoo.addons.consortium_reporting.models.consortium_indicator_books import Figure
from odoo.addons.consortium_reporting.tools.canonical import share

REVENUE = ("member_revenue", "nonfounding_revenue_share")


class ConsortiumIndicator(models.Model):
    """What services to members brought, by category and founding or not."""

    _inherit = "consortium.indicator"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _computations(self):
        return {
            **super()._computations(),
            **dict.fromkeys(REVENUE, "_compute_revenue"),
        }

    @api.model
    def _record_domains(self):
        return {
            **super()._record_domains(),
            **dict.fromkeys(REVENUE, "_domain_of_revenue"),
        }

    @api.model
    def _record_dimensions(self):
        return {
            **super()._record_dimensions(),
            "member_revenue": ("category", "founding"),
        }

    @api.model
    def _founding_labels(self):
        return {
            True: self.env._("Founding members"),
            False: self.env._("Non-founding members"),
        }

    @api.model
    def _dimension_labels(self):
        return {**super()._dimension_labels(), "founding": self.env._("Founding")}

    @api.model
    def _revenue_lines(self, date_from, date_to):
        """``[(membership or None, cents)]`` of what counts as operations, by who
        benefits, through which network and day: the membership that it is served by
        on that day."""
        operations = self.env["consortium.member.operations"]
        self.env["account.move.line"].check_access("read")
        company = self.env.company
        rows = operations._books(date_from, date_to, company)
        pairs = {row[:3] for row in rows if row[0]}
        served = self.env["consortium.membership"]._served_by(pairs, company)
        return [
            (served.get((partner, day, sponsor)), amount)
            for partner, day, sponsor, counts, amount, _number in rows
            if counts
        ]

    @api.model
    def _compute_revenue(self, codes, date_from, date_to):
        """Invoiced services less credit notes, without taxes; no figure before the
        books have any result."""
        labels = self._founding_labels()
        revenue = Figure("category", "founding")
        total = newer = 0
        lines = self._revenue_lines(date_from, date_to)
        if not (lines or self.env.company._has_results(date_to)):
            return {}
        for membership, amount in lines:
            total += amount
            if membership:
                revenue.add(
                    amount, membership.category_id.name, labels[membership.founding]
                )
                newer += 0 if membership.founding else amount
        return {
            "member_revenue": revenue.as_value(),
            "nonfounding_revenue_share": {"value": share(newer, total)},
        }

    @api.model
    def _domain_of_revenue(self, code, date_from, date_to, dimension, key):
        """The invoiced lines that count: of whom a membership serves, for the revenue
        from members; of whoever benefits, for a part of it all."""
        company = self.env.company
        rows = self.env["consortium.member.operations"]._counted_lines(
            date_from, date_to, company
        )
        if code == "member_revenue":
            pairs = {row[1:] for row in rows if row[1]}
            served = self.env["consortium.membership"]._served_by(pairs, company)
            labels = self._founding_labels()

            def is_shown(membership):
                names = {
                    "category": membership.category_id.name,
                    "founding": labels[membership.founding],
                }
                return membership and (not dimension or names[dimension] == key)

            none = self.env["consortium.membership"]
            rows = [row for row in rows if is_shown(served.get(row[1:], none))]
        return "account.move.line", [("id", "in", [row[0] for row in rows])]
