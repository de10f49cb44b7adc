from odoo import models


class AccountChartTemplate(models.AbstractModel):
    _inherit = "account.chart.template"

    def _post_load_data(self, template_code, company, template_data):
        """A chart that has a preset for cooperatives is loaded with it."""
        result = super()._post_load_data(template_code, company, template_data)
        company = company or self.env.company
        self.env["account.account"]._apply_reporting_preset(company)
        return result
