from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools import legal_value
from ..tools.frozen import keep_frozen, unchanged

# What figures rest on: written once, never changed.
FROZEN_FIELDS = (
    "parameter_id",
    "date_from",
    "value",
    "corrects_id",
    "correction_reason",
    "recorded_at",
)
PROOF_FIELDS = ("reference", "source", "confidence")
CONFIRMATION_FIELDS = ("confirmed_by_id", "confirmed_on")


class ConsortiumLegalParameterValue(models.Model):
    """A value from a date on, until the next one. Rows are added, never changed.

    The law changes: a later row, with its own date. We were wrong: a correction, a row
    of the same date that names the one it replaces and says why. Both stay, so that a
    past figure can be worked out again as it was (``known_at``).
    """

    _name = "consortium.legal.parameter.value"
    _description = "Legal Parameter Value"
    _order = "date_from desc, id desc"

    parameter_id = fields.Many2one(
        "consortium.legal.parameter", required=True, index=True, ondelete="restrict"
    )
    value_type = fields.Selection(related="parameter_id.value_type")
    date_from = fields.Date(
        string="In Force From",
        required=True,
        default=lambda self: self.env.company._today(),
    )
    value = fields.Char(
        required=True, help="A fraction as 1/3, a percentage as 50 or 9.975."
    )
    display_value = fields.Char(string="As Read", compute="_compute_display_value")
    reference = fields.Char(
        string="Legal Reference", help="What is printed: article and text of law."
    )
    source = fields.Char(translate=True, help="Where it was read.")
    confidence = fields.Selection(
        [
            ("verified", "Verified"),
            ("secondary", "Secondary"),
            ("recalled", "Recalled"),
            ("inference", "Inference"),
            ("not_found", "Not Found"),
        ],
        required=True,
        default="recalled",
        help="Verified: the text was read. Secondary: a guide or a ministry says so. "
        "Recalled: from memory. Inference: reasoned. Not found: a mere default.",
    )
    confirmed_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    confirmed_on = fields.Datetime(readonly=True)
    to_confirm = fields.Boolean(
        string="To Be Confirmed", compute="_compute_to_confirm", store=True
    )
    recorded_at = fields.Datetime(
        required=True, readonly=True, default=lambda self: self.env.cr.now()
    )
    corrects_id = fields.Many2one(
        "consortium.legal.parameter.value",
        index="btree_not_null",
        ondelete="restrict",
    )
    corrected_by_ids = fields.One2many(
        "consortium.legal.parameter.value", "corrects_id"
    )
    correction_reason = fields.Char()

    _corrected_once = models.UniqueIndex(
        "(corrects_id) WHERE corrects_id IS NOT NULL",
        "This value is already corrected: correct the correction.",
    )
    _one_a_date = models.UniqueIndex(
        "(parameter_id, date_from) WHERE corrects_id IS NULL",
        "This parameter already has a value from that date: correct it instead.",
    )
    # Raised by the trigger too, for whoever writes by SQL.
    _frozen = models.Constraint(
        "CHECK (corrects_id IS NULL OR correction_reason <> '')",
        "A legal value is never changed nor deleted: add a value with its own date, or "
        "a correction with its reason.",
    )

    def init(self):
        """The trigger that keeps values, whoever writes. The uninstall hook drops it.

        It names a declared constraint, for people to read that one's message.
        """
        keep_frozen(
            self.env.cr,
            self._table,
            allowed=unchanged(
                "parameter_id",
                "date_from",
                "value",
                "corrects_id",
                "correction_reason",
                "recorded_at",
            ),
        )

    @api.depends("value", "value_type")
    @api.depends_context("lang")
    def _compute_display_value(self):
        for line in self:
            line.display_value = line._format_value()

    @api.depends("display_value", "date_from")
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.display_value or ''} ({line.date_from or ''})"

    @api.depends("confidence", "confirmed_on", "corrected_by_ids")
    def _compute_to_confirm(self):
        for line in self:
            line.to_confirm = (
                line.confidence != "verified"
                and not line.confirmed_on
                and not line.corrected_by_ids
            )

    @api.constrains("value", "parameter_id")
    def _check_value(self):
        for line in self:
            value_type = line.parameter_id.value_type
            if legal_value.canonical(value_type, line.value) != line.value:
                raise ValidationError(
                    self.env._(
                        "« %(value)s » is not a value of %(name)s (%(unit)s).",
                        value=line.value,
                        name=line.parameter_id.name,
                        unit=dict(
                            line._fields["value_type"]._description_selection(self.env)
                        )[value_type],
                    )
                )

    @api.constrains("corrects_id", "date_from", "parameter_id")
    def _check_order(self):
        """A new value comes last; what was in force before stays as it was."""
        for line in self:
            corrected = line.corrects_id
            if corrected:
                if (corrected.parameter_id, corrected.date_from) != (
                    line.parameter_id,
                    line.date_from,
                ):
                    raise ValidationError(
                        self.env._("A correction has the date of what it corrects.")
                    )
            elif any(
                other.date_from >= line.date_from
                for other in line.parameter_id.value_ids - line
            ):
                raise ValidationError(
                    self.env._(
                        "%(name)s has a later value: a new one comes after the last, "
                        "or corrects one of them.",
                        name=line.parameter_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        Parameter = self.env["consortium.legal.parameter"]
        prepared = []
        for vals in vals_list:
            if set(CONFIRMATION_FIELDS) & set(vals) and not self.env.su:
                raise UserError(self.env._("A value is confirmed by its button."))
            parameter = Parameter.browse(vals.get("parameter_id"))
            text = legal_value.canonical(
                parameter.value_type or "text", vals.get("value")
            )
            vals = {**vals, "value": text or vals.get("value")}
            if not self.env.su:
                # Nobody dates a value back; a context does not confirm it either.
                vals["recorded_at"] = self.env.cr.now()
                vals.update(dict.fromkeys(CONFIRMATION_FIELDS, False))
            prepared.append(vals)
        values = super().create(prepared)
        self.env.registry.clear_cache()
        return values

    def write(self, vals):
        """Only the proof may change, until somebody confirms the value."""
        if any(
            line._fields[name].convert_to_cache(vals[name], line)
            != line._fields[name].convert_to_cache(line[name], line)
            for line in self
            for name in FROZEN_FIELDS
            if name in vals
        ):
            raise UserError(self._frozen_message())
        if set(CONFIRMATION_FIELDS) & set(vals) and not self.env.su:
            raise UserError(self.env._("A value is confirmed by its button."))
        if set(PROOF_FIELDS) & set(vals) and self.filtered("confirmed_on"):
            raise UserError(
                self.env._(
                    "This value is confirmed: its reference and source stay as they "
                    "were when it was."
                )
            )
        kept = {name: vals[name] for name in vals if name not in FROZEN_FIELDS}
        result = super().write(kept)
        self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self._frozen_message())

    def action_confirm(self):
        """Somebody answers for these values: who and when are kept."""
        self.check_access("write")
        # Only this button writes these fields, in the name of who pressed it.
        self.filtered(lambda line: not line.confirmed_on).sudo().write(
            {"confirmed_by_id": self.env.uid, "confirmed_on": fields.Datetime.now()}
        )

    def action_correct(self):
        """A new row, in a dialog, that will replace this one from the same date."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Correct a value"),
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_parameter_id": self.parameter_id.id,
                "default_date_from": fields.Date.to_string(self.date_from),
                "default_value": self.value,
                "default_corrects_id": self.id,
                "default_reference": self.reference,
                "default_source": self.source,
                "default_confidence": self.confidence,
            },
        }

    def _frozen_message(self):
        return self.env._(
            "A legal value is never changed nor deleted: add a value with its own "
            "date, or a correction with its reason."
        )

    def _format_value(self):
        """The value with its unit, as people read it."""
        self.ensure_one()
        if not self.value:
            return False
        if self.value_type == "percent":
            return f"{self.value.replace('.', self._decimal_point())} %"
        if self.value_type == "money":
            return f"{self.value.replace('.', self._decimal_point())} $"
        if self.value_type == "days":
            return self.env._("%(count)s days", count=self.value)
        if self.value_type == "months":
            return self.env._("%(count)s months", count=self.value)
        if self.value_type == "years":
            return self.env._("%(count)s years", count=self.value)
        if self.value_type == "boolean":
            return self.env._("Yes") if self.value == "yes" else self.env._("No")
        return self.value

    def _decimal_point(self):
        return (
            self.env["res.lang"]._get_data(code=self.env.lang or "en_US").decimal_point
        )
