from odoo import api, fields, models
from odoo.exceptions import ValidationError


class MisBudgetItem(models.Model):
    """A line of a budget may be of a cost center: provisional rates are made of these.

    The table of results adds up the lines of a heading, whatever their centers.
    """

    _inherit = "mis.budget.item"
    _check_company_auto = True

    cost_center_id = fields.Many2one(
        "consortium.cost.center",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="What its hours will cost is planned from these lines. Empty: of no "
        "center, and in no rate.",
    )

    def _prepare_overlap_domain(self):
        """A heading has a line for each center at the same time."""
        return [
            *super()._prepare_overlap_domain(),
            ("cost_center_id", "=", self.cost_center_id.id),
        ]

    @api.constrains(
        "date_range_id",
        "date_from",
        "date_to",
        "budget_id",
        "kpi_expression_id",
        "company_id",
        "cost_center_id",
    )
    def _check_dates(self):
        return super()._check_dates()

    @api.constrains("cost_center_id", "kpi_expression_id", "amount")
    def _check_hours(self):
        for item in self:
            if item.kpi_expression_id.kpi_id.at_cost_role != "hours":
                continue
            if item.cost_center_id.kind == "support" or item.amount < 0:
                raise ValidationError(
                    self.env._(
                        "Hours are planned for a field of expertise, and zero or more."
                    )
                )
