from odoo import api, models

# What the fields of steps are called; they are readonly: buttons alone write them.
STEPS = ("state", "approval_state")


class Base(models.AbstractModel):
    _inherit = "base"

    @api.model
    def default_get(self, fields):
        """The steps of what is ours begin at their beginning, whatever a default of the
        context or of a user says: nothing is approved, adopted or posted by one.

        ``create`` refuses these fields in its values; Odoo adds defaults after that.
        """
        values = super().default_get(fields)
        for name in STEPS:
            field = self._fields.get(name)
            ours = field and (field._module or "").startswith("consortium_")
            if name in values and ours and field.readonly and field.default:
                values[name] = field.default(self)
        return values
