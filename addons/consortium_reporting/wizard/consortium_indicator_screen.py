from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.consortium_indicator import SECTIONS
from ..models.consortium_indicator_value import SCALES
from ..tools import words

MOST_YEARS = 10


class ConsortiumIndicatorScreen(models.TransientModel):
    """Which indicators to show, of which years."""

    _name = "consortium.indicator.screen"
    _description = "Indicators of Some Years"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    date = fields.Date(
        string="A Day of the Last Year",
        required=True,
        default=lambda self: self.env.company._last_results_day(),
    )
    years = fields.Integer(string="Number of Years", required=True, default=4)
    section = fields.Selection(SECTIONS, help="Leave empty for all of them.")
    indicator_ids = fields.Many2many(
        "consortium.indicator", help="Leave empty for all of them."
    )
    result_ids = fields.One2many("consortium.indicator.result", "screen_id")

    def action_show(self):
        """Compute the figures, and show them as a list, a graph or a pivot."""
        self.ensure_one()
        self._compute_results()
        return self._open_results("list")

    def _open_results(self, first):
        views = sorted(["list", "graph", "pivot"], key=lambda kind: kind != first)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Indicators"),
            "res_model": "consortium.indicator.result",
            "views": [(False, kind) for kind in views],
            "domain": [("screen_id", "=", self.id)],
            "context": {"search_default_totals": 1},
        }

    def _compute_results(self):
        if not 1 <= self.years <= MOST_YEARS:
            raise UserError(
                self.env._("From 1 to %(most)s years are shown.", most=MOST_YEARS)
            )
        indicators = self.with_company(self.company_id).env["consortium.indicator"]
        chosen = self.indicator_ids
        if not chosen:
            domain = [("section", "=", self.section)] if self.section else []
            chosen = indicators.search(domain)
        rows = []
        year = self.company_id._fiscal_year(self.date)
        for _each in range(self.years):
            values = indicators._values(chosen.mapped("code"), *year)
            for indicator in chosen:
                rows += self._rows(indicator, values[indicator.code], year)
            year = self.company_id._fiscal_year_before(year[0])
        self.result_ids.unlink()
        self.env["consortium.indicator.result"].create(rows)

    def _rows(self, indicator, figure, year):
        """A row for the total, and one for each part."""
        french = (self.env.lang or "").startswith("fr")
        common = {
            "screen_id": self.id,
            "indicator_id": indicator.id,
            "date_from": year[0],
            "date_to": year[1],
            "year": self._year_name(*year),
            "source": figure["source"],
            "imported": figure["imported"],
        }
        labels = indicator._dimension_labels()
        parts = [(False, False, figure["value"])]
        for dimension, keys in figure["by"].items():
            parts += [
                (labels.get(dimension, dimension), key, value)
                for key, value in keys.items()
            ]
        return [
            {
                **common,
                "dimension": dimension,
                "key": key,
                "value": (value or 0) / SCALES[indicator.unit],
                "text": words.value(value, indicator.unit, french),
                "error": figure["error"],
            }
            for dimension, key, value in parts
        ]

    @api.model
    def _year_name(self, date_from, date_to):
        """« 2018-2019 », or « 2018 » for a calendar year."""
        if date_from.year == date_to.year:
            return str(date_to.year)
        return f"{date_from.year}-{date_to.year}"


class ConsortiumIndicatorResult(models.TransientModel):
    _name = "consortium.indicator.result"
    _description = "Figure of an Indicator"
    _order = "indicator_sequence, indicator_id, date_to desc, dimension, id"

    screen_id = fields.Many2one("consortium.indicator.screen", ondelete="cascade")
    indicator_id = fields.Many2one("consortium.indicator", ondelete="cascade")
    indicator_sequence = fields.Integer(
        related="indicator_id.section_sequence", store=True
    )
    section = fields.Selection(related="indicator_id.section", store=True)
    unit = fields.Selection(related="indicator_id.unit", store=True)
    date_from = fields.Date(string="From")
    date_to = fields.Date(string="To")
    year = fields.Char(string="Fiscal Year")
    dimension = fields.Char(string="By")
    key = fields.Char(string="Which")
    value = fields.Float(digits=(16, 2))
    text = fields.Char(string="Figure")
    source = fields.Char()
    imported = fields.Boolean()
    error = fields.Char(string="Why There Is No Figure")

    def action_open_records(self):
        """The records behind this figure."""
        self.ensure_one()
        key = self.key if self.dimension else None
        labels = {
            v: k
            for k, v in self.env["consortium.indicator"]._dimension_labels().items()
        }
        return self.env["consortium.indicator"].open_records(
            self.indicator_id.code,
            self.date_from,
            self.date_to,
            labels.get(self.dimension),
            key,
        )
