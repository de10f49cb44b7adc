from odoo import api, fields, models

EXPENSES = ("expense", "expense_depreciation", "expense_direct_cost", "expense_other")


class AccountAccount(models.Model):
    _inherit = "account.account"

    at_cost_role = fields.Selection(
        [
            ("cost", "Cost"),
            ("credit", "Credit on Costs"),
            ("disbursement", "Disbursement"),
            ("excluded", "Excluded"),
        ],
        string="Role in the Cost of Hours",
        compute="_compute_at_cost_role",
        store=True,
        readonly=False,
        tracking=True,
        help="Cost: what cost centres bear. Credit: what lowers their cost (wage "
        "subsidies, refunds). Disbursement: passed on at cost to one member, never "
        "shared. Excluded: never part of the cost of an hour.",
    )

    @api.depends("account_type")
    def _compute_at_cost_role(self):
        """Expenses are costs until somebody says otherwise."""
        for account in self:
            if account.account_type in EXPENSES:
                account.at_cost_role = account.at_cost_role or "cost"
            else:
                account.at_cost_role = account.at_cost_role or False
