from odoo import models


class AccountAnalyticLine(models.Model):
    _inherit = "account.analytic.line"

    # The days of an organisation in the month in which its membership changes.
    _rendered_idx = models.Index(
        "(partner_id, date) WHERE project_id IS NOT NULL "
        "AND approval_state = 'approved' AND chargeable"
    )
