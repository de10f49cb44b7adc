from odoo import api, models
from odoo.exceptions import UserError


class ConsortiumByButton(models.AbstractModel):
    """Fields that a model's own methods write, and nobody else, not even over RPC."""

    _name = "consortium.by.button"
    _description = "What Only Buttons Write"

    # To fill: the names of these fields.
    _by_button = frozenset()

    @api.model_create_multi
    def create(self, vals_list):
        """:raise UserError: the values have what only the buttons write

        Nor by a default of the context or of a user (``ir.default``), which Odoo takes
        for what is not given: these fields begin as their model says.
        """
        for vals in vals_list:
            self._refuse_buttons(vals)
        own = dict.fromkeys(self._by_button, False)
        for name in own:
            if default := self._fields[name].default:
                own[name] = default(self)
        return super().create([{**vals, **own} for vals in vals_list])

    def write(self, vals):
        """:raise UserError: ``vals`` has what only the buttons write"""
        self._refuse_buttons(vals)
        return super().write(vals)

    def _write_by_button(self, vals):
        """The way of the buttons: ``write`` refuses these fields to everybody."""
        return super().write(vals)  # pylint: disable=super-method-mismatch

    @api.model
    def _refuse_buttons(self, vals):
        if own := self._by_button & set(vals):
            field = self._fields[min(own)]
            raise UserError(
                self.env._(
                    "“%(field)s” comes from the buttons: nobody writes it.",
                    field=field._description_string(self.env),
                )
            )
