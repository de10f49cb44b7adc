import logging

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from psycopg2 import OperationalError

_logger = logging.getLogger(__name__)

SECTIONS = [
    ("members", "Members"),
    ("services", "Services"),
    ("hours", "Hours Rendered"),
    ("satisfaction", "Satisfaction"),
    ("finances", "Finances"),
    ("operations", "Operations with Members"),
    ("governance", "Governance"),
    ("staff", "Staff"),
]
UNITS = [
    ("count", "Number"),
    ("money", "Amount ($)"),
    ("rate", "Amount an Hour ($)"),
    ("hours", "Hours"),
    ("share", "Percentage"),
]


class ConsortiumIndicator(models.Model):
    """What a figure is called, how it is read, and how it is worked out.

    The records say what it is; ``_computations`` says which method computes it.
    """

    _name = "consortium.indicator"
    _description = "Indicator"
    _order = "section_sequence, sequence, code"
    _rec_names_search = ["name", "code"]

    code = fields.Char(required=True, readonly=True, help="What programs ask it by.")
    name = fields.Char(required=True, translate=True)
    section = fields.Selection(SECTIONS, required=True, default="finances")
    section_sequence = fields.Integer(
        compute="_compute_section_sequence", store=True, export_string_translation=False
    )
    sequence = fields.Integer(default=10)
    unit = fields.Selection(UNITS, required=True, readonly=True, default="count")
    description = fields.Text(
        string="How to Read It",
        translate=True,
        help="What is counted, what is not, and from what records.",
    )
    on_dashboard = fields.Boolean(help="Shown on the general manager's dashboard.")
    active = fields.Boolean(default=True)
    value_ids = fields.One2many(
        "consortium.indicator.value", "indicator_id", string="Imported Figures"
    )

    _code_unique = models.UniqueIndex(
        "(code)", "Another indicator already has this code."
    )

    @api.depends("section")
    def _compute_section_sequence(self):
        order = [key for key, _label in SECTIONS]
        for indicator in self:
            indicator.section_sequence = order.index(indicator.section)

    def action_evolution(self):
        """The figure over the last years, as a graph."""
        self.ensure_one()
        screen = self.env["consortium.indicator.screen"].create(
            {"indicator_ids": [(6, 0, self.ids)]}
        )
        screen._compute_results()
        return screen._open_results("graph")

    @api.model
    def _computations(self):
        """Which method computes each indicator: ``{code: name of the method}``.

        Extend it, and add a record of the same code. The method is called once for all
        of its codes that are asked, as ``method(codes, date_from, date_to)``, in the
        current company; it returns ``{code: {"value": …, "by": {dimension: {key:
        value}}}}``, in the unit of the record (see ``tools.canonical``); keys of
        dimensions are the texts to show, months « 2018-07 ». What it leaves out, or
        ``None``, has no figure.
        """
        return {}

    @api.model
    def _values(self, codes, date_from, date_to):
        """The indicators over a period, and over the same one a year before.

        :param codes: the codes asked, in any order; None for every active indicator
        :param date_from: first day
        :param date_to: last day, included; balances and counts of people are as of it
        :return: ``{code: {"value", "unit", "by": {dimension: {key: value}}, "previous",
            "previous_by", "source", "previous_source", "imported", "previous_imported",
            "error"}}``, in the order of the codes. ``value`` is a whole number in its
            unit (see ``tools.canonical``), or None; ``source`` is the text to print;
            ``imported`` tells a figure from before the system; ``error`` is the
            sentence to show of an indicator that failed.
        :raise UserError: an unknown code, or a period that ends before it begins
        """
        date_from, date_to = map(fields.Date.to_date, (date_from, date_to))
        if not (date_from and date_to) or date_from > date_to:
            raise UserError(
                self.env._("A period has a first day, and a last day not before it.")
            )
        indicators = self._of_codes(codes)
        before = (self._year_before(date_from), self._year_before(date_to))
        current = self._period_values(indicators, date_from, date_to)
        previous = self._period_values(indicators, *before)
        result = {}
        for indicator in indicators:
            now, then = current[indicator.code], previous[indicator.code]
            result[indicator.code] = {
                "value": now["value"],
                "unit": indicator.unit,
                "by": now["by"],
                "previous": then["value"],
                "previous_by": then["by"],
                "source": now["source"],
                "previous_source": then["source"],
                "imported": now["imported"],
                "previous_imported": then["imported"],
                "error": now["error"],
            }
        return result

    @api.model
    def _year_before(self, day):
        """The same day a year before; the end of a February stays its end."""
        before = day - relativedelta(years=1)
        last = (day + relativedelta(days=1)).day == 1
        return before + relativedelta(day=31) if last else before

    @api.model
    def _of_codes(self, codes):
        # What an indicator is called is no secret; what it counts is read by rights.
        indicators = self.sudo().search([("code", "!=", False)])
        if codes is None:
            return indicators
        known = {indicator.code: indicator for indicator in indicators}
        if missing := [code for code in codes if code not in known]:
            raise UserError(
                self.env._("There is no indicator « %(code)s ».", code=missing[0])
            )
        return indicators.browse(known[code].id for code in dict.fromkeys(codes))

    @api.model
    def _period_values(self, indicators, date_from, date_to):
        """``{code: {"value", "by", "source", "imported", "error"}}`` of one period."""
        codes = indicators.mapped("code")
        methods = {}
        for code, method in self._computations().items():
            if code in codes:
                methods.setdefault(method, []).append(code)
        result = {code: self._no_figure() for code in codes}
        for method, own_codes in methods.items():
            self._run(method, own_codes, date_from, date_to, result)
        # What was imported for exactly this period comes before what could be computed
        # of a time when the system didn't exist.
        history = self.env["consortium.indicator.value"]
        for code, value in history._of_period(indicators, date_from, date_to).items():
            result[code].update(value, error=None)
        return result

    @api.model
    def _no_figure(self):
        return {
            "value": None,
            "by": {},
            "source": "",
            "imported": False,
            "error": None,
        }

    @api.model
    def _run(self, method, codes, date_from, date_to, result):
        """Compute the codes of one method; when it fails, each one apart, so that only
        those that fail have no figure. A conflict between two transactions is Odoo's
        to try again."""
        try:
            with self.env.cr.savepoint():
                values = getattr(self, method)(codes, date_from, date_to)
        except OperationalError:
            raise
        except Exception as error:
            if len(codes) > 1:
                for code in codes:
                    self._run(method, [code], date_from, date_to, result)
                return
            result[codes[0]]["error"] = self._failure(codes[0], error)
            return
        for code, value in values.items():
            if code in codes and value is not None:
                result[code].update(
                    value=value["value"],
                    by=value.get("by", {}),
                    source=value.get("source") or self.env._("Computed"),
                )

    @api.model
    def _failure(self, code, error):
        """The sentence to show of a failure; what only a programmer reads is logged."""
        if isinstance(error, AccessError):
            return self.env._("You may not read what this figure is made of.")
        if isinstance(error, UserError):
            return str(error)
        _logger.warning("The indicator %s failed", code, exc_info=error)
        return self.env._(
            "This figure could not be computed (%(error)s).", error=type(error).__name__
        )
