from bisect import bisect_right

from odoo import api, fields, models, tools
from odoo.exceptions import UserError

from ..tools import legal_value
from ..tools.frozen import keep_frozen, unchanged

# What the values of a parameter are read by: kept as soon as it has one.
FROZEN_FIELDS = ("code", "value_type")


class ConsortiumLegalParameter(models.Model):
    """A number that a law or a regulation sets: it has a value from a date on.

    Code asks for it by its code and a date, and never holds the number itself.
    """

    _name = "consortium.legal.parameter"
    _description = "Legal Parameter"
    _order = "sequence, code"
    _rec_names_search = ["name", "code"]

    code = fields.Char(required=True, index=True, help="What programs ask it by.")
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    topic = fields.Selection(
        [
            ("membership", "Membership"),
            ("meetings", "Meetings and Board"),
            ("shares", "Shares"),
            ("operations", "Operations with Members"),
            ("reporting", "Annual Report and Audit"),
            ("reserve", "Surplus and Reserve"),
            ("tax", "Taxes"),
            ("privacy", "Personal Information"),
        ],
        required=True,
        default="membership",
    )
    value_type = fields.Selection(
        [
            ("integer", "Number"),
            ("fraction", "Fraction"),
            ("percent", "Percentage"),
            ("money", "Amount ($)"),
            ("days", "Days"),
            ("months", "Months"),
            ("years", "Years"),
            ("boolean", "Yes or No"),
            ("text", "Text"),
        ],
        string="Unit",
        required=True,
        default="integer",
    )
    description = fields.Text(translate=True)
    note = fields.Text(translate=True)
    value_ids = fields.One2many(
        "consortium.legal.parameter.value", "parameter_id", string="Values"
    )
    current_value_id = fields.Many2one(
        "consortium.legal.parameter.value",
        string="Value in Force",
        compute="_compute_current_value_id",
    )
    current_value = fields.Char(compute="_compute_current_value_id", string="In Force")
    current_reference = fields.Char(
        compute="_compute_current_value_id", string="Legal Reference"
    )
    current_confidence = fields.Selection(
        selection=lambda self: (
            self.env["consortium.legal.parameter.value"]
            ._fields["confidence"]
            ._description_selection(self.env)
        ),
        compute="_compute_current_value_id",
        string="Confidence",
    )
    to_confirm = fields.Boolean(
        string="To Be Confirmed",
        compute="_compute_to_confirm",
        search="_search_to_confirm",
        help="A value that counts was not read in the text of law, and nobody has "
        "confirmed it yet.",
    )

    _code_unique = models.UniqueIndex(
        "(code)", "Another legal parameter already has this code."
    )
    # Raised by the trigger too, for whoever writes by SQL.
    _frozen = models.Constraint(
        "CHECK (code <> '')",
        "A legal parameter has a code, and once it has values its code and unit stay.",
    )

    @api.depends("value_ids.value", "value_ids.date_from", "value_ids.corrected_by_ids")
    @api.depends_context("company", "lang")
    def _compute_current_value_id(self):
        today = self.env.company._today()
        for parameter in self:
            values = parameter.value_ids.filtered(
                lambda line: (
                    line.date_from
                    and line.date_from <= today
                    and not line.corrected_by_ids
                )
            ).sorted("date_from")
            current = values[-1:]
            parameter.current_value_id = current
            parameter.current_value = current.display_value
            parameter.current_reference = current.reference
            parameter.current_confidence = current.confidence

    @api.depends("value_ids.to_confirm")
    def _compute_to_confirm(self):
        for parameter in self:
            values = parameter.value_ids
            parameter.to_confirm = not values or any(values.mapped("to_confirm"))

    def _search_to_confirm(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [
            "|",
            ("value_ids", "=", False),
            ("value_ids", "any", [("to_confirm", "=", True)]),
        ]

    def init(self):
        """The trigger that keeps the code and unit of values, whoever writes.

        Like the one of the values, the uninstall hook drops it.
        """
        keep_frozen(
            self.env.cr,
            self._table,
            frozen="EXISTS (SELECT FROM consortium_legal_parameter_value"
            " WHERE parameter_id = OLD.id)",
            allowed=unchanged("code", "value_type"),
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_valued(self):
        if valued := self.filtered("value_ids"):
            raise UserError(
                self.env._(
                    "%(name)s has values that figures rest on: it cannot be deleted.",
                    name=valued[0].name,
                )
            )

    def write(self, vals):
        if any(
            parameter[name] != vals[name]
            for parameter in self.filtered("value_ids")
            for name in FROZEN_FIELDS
            if name in vals
        ):
            raise UserError(
                self.env._(
                    "A legal parameter has a code, and once it has values its code "
                    "and unit stay."
                )
            )
        self.env.registry.clear_cache()
        return super().write(vals)

    @api.model
    def _value(self, code, date, known_at=None):
        """The value in force on ``date``, exact: see ``tools.legal_value``.

        :param date: a date, or a string in ISO format
        :param known_at: a datetime: as it was known then, before later corrections
        :raise UserError: no such parameter, or no value on that date yet
        """
        return self._find(code, date, known_at)[0]

    @api.model
    def _reference(self, code, date, known_at=None):
        """What to print next to a figure that rests on this value: « art. 80… »."""
        return self._find(code, date, known_at)[1] or ""

    @api.model
    def _find(self, code, date, known_at):
        day = fields.Date.to_date(date)
        value_type, rows = self._rows(code)
        if value_type is None:
            raise UserError(
                self.env._("There is no legal parameter « %(code)s ».", code=code)
            )
        if not day:
            raise UserError(
                self.env._("A legal parameter has a value on a date: none was given.")
            )
        if known_at is None:
            counting = [row for row in rows if row[3] is None]
        else:
            moment = fields.Datetime.to_datetime(known_at)
            counting = [
                row
                for row in rows
                if row[2] <= moment and (row[3] is None or row[3] > moment)
            ]
        position = bisect_right([row[0] for row in counting], day)
        if not position:
            raise UserError(
                self.env._(
                    "The legal parameter « %(code)s » has no value on %(date)s: its "
                    "first one is in force from %(first)s.",
                    code=code,
                    date=fields.Date.to_string(day),
                    first=fields.Date.to_string(counting[0][0]) if counting else "—",
                )
            )
        row = counting[position - 1]
        return legal_value.read(value_type, row[1]), row[4]

    @api.model
    @tools.ormcache("code")
    def _rows(self, code):
        """``(type, rows)`` in order of date, each ``(date_from, value, recorded_at,
        corrected_at, reference)``."""
        # The law is public, and code that runs for a member asks for it too.
        parameter = self.sudo().search([("code", "=", code)], limit=1)
        if not parameter:
            return None, ()
        return parameter.value_type, tuple(
            (
                line.date_from,
                line.value,
                line.recorded_at,
                min(line.corrected_by_ids.mapped("recorded_at"), default=None),
                line.reference,
            )
            for line in parameter.value_ids.sorted(lambda v: (v.date_from, v.id))
        )
