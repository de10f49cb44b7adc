from odoo import api, fields, models, tools


class ConsortiumRegion(models.Model):
    """Québec's administrative regions; elsewhere, a province is a region."""

    _name = "consortium.region"
    _description = "Administrative Region"
    _order = "sequence, code, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="01 to 17 in Québec; ON, NB… elsewhere.")
    state_id = fields.Many2one("res.country.state", string="Province", index=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_unique = models.UniqueIndex("(code)", "Another region already has this code.")

    @api.depends("name", "code")
    def _compute_display_name(self):
        for region in self:
            numbered = region.code and region.code.isdigit()
            region.display_name = (
                f"{region.name} ({region.code})" if numbered else region.name
            )

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.model
    @tools.ormcache()
    def _ids_by_state(self):
        """``{province: its regions}``, kept: every new contact asks for it."""
        regions = self.sudo().search([("state_id", "!=", False)])  # not secret
        by_state = regions.grouped("state_id")
        return {state.id: tuple(lines.ids) for state, lines in by_state.items()}
