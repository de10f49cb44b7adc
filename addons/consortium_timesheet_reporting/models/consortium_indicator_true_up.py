from odoo import api, models
from odoo.addons.consortium_reporting.models.consortium_indicator_books import Figure
from odoo.fields import Domain


class ConsortiumIndicator(models.Model):
    """What members still pay or get back of a year, and the reserve that was billed."""

    _inherit = "consortium.indicator"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _computations(self):
        return {
            **super()._computations(),
            "true_up": "_compute_true_up",
            "reserve_billed": "_compute_reserve_billed",
        }

    @api.model
    def _record_domains(self):
        return {
            **super()._record_domains(),
            "true_up": "_domain_of_true_up",
            "reserve_billed": "_domain_of_reserve_billed",
        }

    @api.model
    def _record_dimensions(self):
        return {
            **super()._record_dimensions(),
            "true_up": ("center", "settlement"),
            "reserve_billed": ("center",),
        }

    @api.model
    def _dimension_labels(self):
        return {
            **super()._dimension_labels(),
            "part": self.env._("Part"),
            "settlement": self.env._("Settlement"),
        }

    @api.model
    def _true_up_domain(self, date_from, date_to):
        """The approved true-ups of exactly these days: later runs add to the first."""
        return (
            Domain("company_id", "=", self.env.company.id)
            & Domain("state", "=", "approved")
            & Domain("run_id.date_from", "=", date_from)
            & Domain("run_id.date_to", "=", date_to)
        )

    @api.model
    def _settlements(self):
        """``{code: text}`` of what becomes of a true-up."""
        field = self.env["consortium.true.up"]._fields["settlement"]
        return dict(field._description_selection(self.env))

    @api.model
    def _compute_true_up(self, codes, date_from, date_to):
        """Cost less what was billed, reserve included; nothing before its approval."""
        # Totals for whoever reads figures: never what one agreement cost.
        self.env["consortium.indicator.value"].check_access("read")
        groups = (
            self.env["consortium.true.up"]
            .sudo()
            ._read_group(
                self._true_up_domain(date_from, date_to),
                ["cost_center_id", "settlement"],
                ["difference_cents:sum", "reserve_difference_cents:sum"],
            )
        )
        if not groups:
            return {}
        figure = Figure("center", "settlement", "part")
        words = self._settlements()
        parts = (self.env._("Cost"), self.env._("Reserve"))
        for center, settlement, *amounts in groups:
            for part, amount in zip(parts, amounts, strict=True):
                figure.add(amount, center.name, words[settlement], part)
        return {"true_up": figure.as_value()}

    @api.model
    def _domain_of_true_up(self, code, date_from, date_to, dimension, key):
        domain = self._true_up_domain(date_from, date_to)
        if dimension == "center":
            domain &= Domain("cost_center_id.name", "=", key)
        if dimension == "settlement":
            codes = [code for code, text in self._settlements().items() if text == key]
            domain &= Domain("settlement", "in", codes)
        return "consortium.true.up", domain

    @api.model
    def _reserve_domain(self, date_from, date_to):
        """The posted rows of the ledger, for the time of these days."""
        return self.env["consortium.billing.entry"]._posted_domain(
            self.env.company, date_from, date_to
        )

    @api.model
    def _compute_reserve_billed(self, codes, date_from, date_to):
        """The working-capital reserve on posted invoices, by center and month."""
        # Totals for whoever reads figures: never what one agreement was billed.
        self.env["consortium.indicator.value"].check_access("read")
        groups = (
            self.env["consortium.billing.entry"]
            .sudo()
            ._read_group(
                self._reserve_domain(date_from, date_to),
                ["cost_date:month", "cost_center_id"],
                ["reserve_cents:sum"],
                order="cost_date:month, cost_center_id",
            )
        )
        if not groups:
            return {}
        figure = Figure("month", "center")
        for month, center, amount in groups:
            figure.add(amount, month.strftime("%Y-%m"), center.name)
        return {"reserve_billed": figure.as_value()}

    @api.model
    def _domain_of_reserve_billed(self, code, date_from, date_to, dimension, key):
        domain = self._reserve_domain(date_from, date_to)
        if dimension == "center":
            domain &= Domain("cost_center_id.name", "=", key)
        return "consortium.billing.entry", domain & Domain("reserve_cents", "!=", 0)
