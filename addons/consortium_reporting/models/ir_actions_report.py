from odoo import models

OWN = (
    "consortium_reporting.report_annual_report",
    "consortium_reporting.report_annual_report_english",
)


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _get_layout(self):
        """The annual report has a style of its own: looking for each of its thousands
        of cells in the bundle of Odoo's documents took more time than laying it out."""
        if self.report_name in OWN:
            return self.env.ref("consortium_reporting.annual_report_layout")
        return super()._get_layout()
