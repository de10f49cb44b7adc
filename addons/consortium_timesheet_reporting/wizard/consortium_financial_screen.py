from odoo import models


class ConsortiumFinancialScreen(models.TransientModel):
    _inherit = "consortium.financial.screen"

    def _prepare_budget_lines(self, kpi, date_from, date_to):
        """Hours are planned by center: a line for each field of expertise."""
        lines = super()._prepare_budget_lines(kpi, date_from, date_to)
        if kpi.at_cost_role != "hours":
            return lines
        centers = self.env["consortium.cost.center"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("kind", "=", "expertise"),
                ("merge_into_id", "=", False),
            ]
        )
        return [
            {**line, "cost_center_id": center.id}
            for line in lines
            for center in centers
        ] or lines
