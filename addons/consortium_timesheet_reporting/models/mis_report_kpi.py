from odoo import fields, models


class MisReportKpi(models.Model):
    _inherit = "mis.report.kpi"

    at_cost_role = fields.Selection(
        [
            ("cost", "Cost"),
            ("credit", "Credit on Costs"),
            ("hours", "Chargeable Hours"),
        ],
        string="Role in the Cost of Hours",
        help="What the lines of a budget with a cost center are, when provisional "
        "rates are made of them.",
    )
