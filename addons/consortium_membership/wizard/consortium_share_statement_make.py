from dateutil.relativedelta import relativedelta
from odoo import fields, models


class ConsortiumShareStatementMake(models.TransientModel):
    _name = "consortium.share.statement.make"
    _description = "Issue the Yearly Statements of Shares"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    date = fields.Date(
        string="Year End", required=True, default=lambda self: self._last_year_end()
    )

    def _last_year_end(self):
        company = self.env.company
        today = company._today()
        end = company.compute_fiscalyear_dates(today)["date_to"]
        return end if end <= today else end - relativedelta(years=1)

    def action_make(self):
        """Issue the statements, and open those of that year end."""
        self.ensure_one()
        start = self.company_id.compute_fiscalyear_dates(self.date)["date_from"]
        self.env["consortium.share.statement"]._make(start, self.date, self.company_id)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "consortium_membership.consortium_share_statement_action"
        )
        return {**action, "domain": [("date", "=", self.date)]}
