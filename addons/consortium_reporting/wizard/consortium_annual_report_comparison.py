from odoo import api, fields, models


class ConsortiumAnnualReportComparison(models.TransientModel):
    _name = "consortium.annual.report.comparison"
    _description = "Annual Report Compared with the Books"

    report_id = fields.Many2one(
        "consortium.annual.report", required=True, ondelete="cascade"
    )
    is_intact = fields.Boolean(compute="_compute_body")
    body = fields.Html(compute="_compute_body", sanitize=False)

    @api.depends("report_id")
    def _compute_body(self):
        for comparison in self:
            report = comparison.report_id
            comparison.is_intact = report.state != "adopted" or report._is_intact()
            comparison.body = self.env["ir.qweb"]._render(
                "consortium_reporting.annual_report_differences",
                {"changes": report._book_differences(), "compared": True},
            )
