from odoo import api, models
from odoo.addons.consortium_reporting.tools.formats import half_up
from odoo.fields import Domain


class ConsortiumIndicator(models.Model):
    """What an hour turned out to cost, from the final run of exactly the period."""

    _inherit = "consortium.indicator"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _computations(self):
        return {**super()._computations(), "hour_cost": "_compute_hour_cost"}

    @api.model
    def _record_domains(self):
        return {**super()._record_domains(), "hour_cost": "_domain_of_hour_cost"}

    @api.model
    def _record_dimensions(self):
        return {**super()._record_dimensions(), "hour_cost": ("center",)}

    @api.model
    def _an_hour(self, cents, minutes):
        """Cents an hour, to the nearest."""
        return half_up(cents * 60, minutes)

    @api.model
    def _cost_domain(self, date_from, date_to):
        """The centers of the last final run of exactly these days, approved first."""
        # Totals of centers, for whoever reads figures: never a person's pay.
        self.env["consortium.indicator.value"].check_access("read")
        run = (
            self.env["consortium.rate.run"]
            .sudo()
            .search(
                [
                    ("company_id", "=", self.env.company.id),
                    ("kind", "=", "final"),
                    ("state", "in", ["approved", "computed"]),
                    ("scenario_of_id", "=", False),
                    ("date_from", "=", date_from),
                    ("date_to", "=", date_to),
                ],
                order="state, id desc",
                limit=1,
            )
        )
        return Domain("run_id", "=", run.id) & Domain("minutes", ">", 0)

    @api.model
    def _compute_hour_cost(self, codes, date_from, date_to):
        """The full cost of an hour, by center; nothing before a run is computed."""
        rows = (
            self.env["consortium.rate.run.center"]
            .sudo()
            .search(self._cost_domain(date_from, date_to))
        )
        if not rows:
            return {}
        costs = {row: round(row.total * 100) for row in rows}
        return {
            "hour_cost": {
                "value": self._an_hour(
                    sum(costs.values()), sum(rows.mapped("minutes"))
                ),
                "by": {
                    "center": {
                        row.cost_center_id.name: self._an_hour(cents, row.minutes)
                        for row, cents in costs.items()
                    }
                },
            }
        }

    @api.model
    def _domain_of_hour_cost(self, code, date_from, date_to, dimension, key):
        domain = self._cost_domain(date_from, date_to)
        if dimension == "center":
            domain &= Domain("cost_center_id.name", "=", key)
        return "consortium.rate.run.center", domain
