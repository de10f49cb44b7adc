from odoo import api, fields, models


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
