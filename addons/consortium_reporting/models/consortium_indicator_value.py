from odoo import api, fields, models
from odoo.exceptions import ValidationError

# How many of what is kept make one of what people write.
SCALES = {"count": 1, "money": 100, "rate": 100, "hours": 60, "share": 10_000}


class ConsortiumIndicatorValue(models.Model):
    """A figure that the system cannot compute: of before it, or kept elsewhere."""

    _name = "consortium.indicator.value"
    _description = "Imported Figure of an Indicator"
    _order = "date_to desc, indicator_id, dimension, key"
    _check_company_auto = True

    indicator_id = fields.Many2one(
        "consortium.indicator", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    section = fields.Selection(related="indicator_id.section", store=True)
    unit = fields.Selection(related="indicator_id.unit")
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="To", required=True, help="This day is included.")
    dimension = fields.Char(help="Region, category, month… Leave empty for the total.")
    key = fields.Char(help="Which region, category, month…")
    value = fields.Float(
        digits=(16, 4),
        required=True,
        aggregator=None,
        help="In dollars, hours, percent or units, as the indicator is read.",
    )
    source = fields.Char(required=True, help="Where the figure comes from.")

    _period = models.Constraint(
        "CHECK (date_from <= date_to)", "A period ends on its first day or later."
    )
    _dimension_has_key = models.Constraint(
        "CHECK ((COALESCE(dimension, '') = '') = (COALESCE(key, '') = ''))",
        "A part of a figure says both by what and which: Region, Mauricie.",
    )
    _one_figure = models.UniqueIndex(
        "(company_id, indicator_id, date_from, date_to,"
        " (COALESCE(dimension, '')), (COALESCE(key, '')))",
        "This figure is already there for this period: change it, or delete it.",
    )

    @api.depends("indicator_id", "date_from", "date_to", "key")
    def _compute_display_name(self):
        for value in self:
            parts = (value.indicator_id.name, value.key)
            name = " – ".join(part for part in parts if part)
            value.display_name = f"{name} ({value.date_from} – {value.date_to})"

    @api.constrains("value", "indicator_id")
    def _check_value(self):
        for value in self.filtered(lambda v: v.unit == "count"):
            if not float(value.value).is_integer():
                raise ValidationError(
                    self.env._(
                        "« %(name)s » is a whole number.", name=value.indicator_id.name
                    )
                )

    def _exact(self):
        """The figure as a whole number, in the unit of ``tools.canonical``."""
        self.ensure_one()
        return round(self.value * SCALES[self.unit])

    @api.model
    def _of_period(self, indicators, date_from, date_to):
        """``{code: {"value", "by", "source", "imported"}}`` of exactly this period, in
        the current company. Who may not read figures has none."""
        if not self.has_access("read"):
            return {}
        values = self.search(
            [
                ("indicator_id", "in", indicators.ids),
                ("company_id", "=", self.env.company.id),
                ("date_from", "=", date_from),
                ("date_to", "=", date_to),
            ],
            order="dimension, id",
        )
        result = {}
        for value in values:
            kept = result.setdefault(
                value.indicator_id.code,
                {"value": None, "by": {}, "source": "", "imported": True},
            )
            if value.dimension:
                kept["by"].setdefault(value.dimension, {})[value.key] = value._exact()
            else:
                kept["value"] = value._exact()
            kept["source"] = self.env._("Imported: %(origin)s", origin=value.source)
        return {
            code: kept for code, kept in result.items() if kept["value"] is not None
        }
