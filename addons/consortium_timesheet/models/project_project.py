from odoo import models
from odoo.fields import Domain


class ProjectProject(models.Model):
    _inherit = "project.project"

    def _get_profitability_items_from_aal(self, profitability_items, with_action=True):
        """Time that is taken back is so much less cost.

        Core adds up the amounts of time by invoice, and counts what is above zero as
        revenue: a document that takes back more time than it bills.
        """
        items = super()._get_profitability_items_from_aal(
            profitability_items, with_action
        )
        if not self.allow_timesheets:
            return items
        # As core reads them, for whoever may see what a project brings.
        rows = (
            self.env["account.analytic.line"]
            .sudo()
            ._read_group(
                Domain(self.sudo()._get_profitability_aal_domain())
                & Domain("project_id", "!=", False)
                & Domain("timesheet_invoice_type", "!=", "timesheet_revenues"),
                [
                    "timesheet_invoice_type",
                    "timesheet_invoice_id",
                    "currency_id",
                    "category",
                ],
                ["amount:sum"],
                having=[("amount:sum", ">", 0)],
            )
        )
        company = self.company_id or self.env.company
        for kind, _invoice, currency, category, amount in rows:
            if category != "vendor_bill":
                amount = currency._convert(amount, self.currency_id, company)
                self._count_as_cost(items, kind, amount)
        return items

    def _count_as_cost(self, items, kind, amount):
        """Take an amount from the revenues of a kind, and from its costs."""
        revenues, costs = items["revenues"], items["costs"]
        zero = self.currency_id.is_zero
        for row in revenues["data"]:
            if row["id"] == kind:
                row["invoiced"] = self.currency_id.round(row["invoiced"] - amount)
        revenues["data"] = [
            row
            for row in revenues["data"]
            if not (zero(row["invoiced"]) and zero(row["to_invoice"]))
        ]
        revenues["total"]["invoiced"] -= amount
        row = next((row for row in costs["data"] if row["id"] == kind), None)
        if not row:
            sequence = self._get_profitability_sequence_per_invoice_type()[kind]
            row = {"id": kind, "sequence": sequence, "billed": 0.0, "to_bill": 0.0}
            costs["data"].append(row)
        row["billed"] += amount
        costs["total"]["billed"] += amount
