from odoo import api, fields, models


class ProjectSaleLineEmployeeMap(models.Model):
    _inherit = "project.sale.line.employee.map"

    # Core copies the employee's hourly cost here, where every employee reads it.
    cost = fields.Monetary(groups="hr.group_hr_user")

    @api.depends("employee_id")
    def _compute_cost(self):
        """Never a person's pay: what an hour costs is told by its cost center."""
        for entry in self:
            entry.cost = 0.0
