from odoo import api, fields, models


class ConsortiumAnnualObjective(models.Model):
    _name = "consortium.annual.objective"
    _description = "Objective of the Year"
    _order = "is_next_year, sequence, id"

    report_id = fields.Many2one(
        "consortium.annual.report", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Objective", required=True, translate=True)
    result = fields.Text(translate=True)
    state = fields.Selection(
        [
            ("reached", "Reached"),
            ("partly", "Partly Reached"),
            ("ongoing", "Under Way"),
            ("missed", "Not Reached"),
        ],
        string="Status",
    )
    is_next_year = fields.Boolean(
        string="For Next Year", help="Announced in this report, for the year after."
    )

    @api.model_create_multi
    def create(self, vals_list):
        objectives = super().create(vals_list)
        objectives.report_id._refuse_adopted()
        return objectives

    def write(self, vals):
        self.report_id._refuse_adopted()
        result = super().write(vals)
        self.report_id._refuse_adopted()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_adopted(self):
        self.report_id._refuse_adopted()
