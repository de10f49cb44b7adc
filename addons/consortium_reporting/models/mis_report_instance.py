from odoo import fields, models


class MisReportInstance(models.Model):
    _inherit = "mis.report.instance"

    fiscal_year_end = fields.Date(
        readonly=True,
        copy=False,
        help="The fiscal year that this table was made for, if it was.",
    )

    _one_a_year = models.UniqueIndex(
        "(company_id, report_id, fiscal_year_end) WHERE fiscal_year_end IS NOT NULL",
        "The table of this fiscal year has just been made: open it again.",
    )
