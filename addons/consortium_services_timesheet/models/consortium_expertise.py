from odoo import fields, models
from odoo.tools import SQL


class ConsortiumExpertise(models.Model):
    _inherit = "consortium.expertise"

    cost_center_id = fields.Many2one(
        "consortium.cost.center",
        company_dependent=True,
        domain="[('kind', '=', 'expertise')]",
        help="The hours of this field are of this cost center, whoever works them. "
        "Empty: that of the field above, else that of the person who works.",
    )

    def _cost_center(self, company):
        """The center of the field, else of the field above it; empty: none says it."""
        # Who asks for a price need not read what is behind the catalogue.
        field = self.sudo().with_company(company)
        while field and not field.cost_center_id:
            field = field.parent_id
        return field.cost_center_id._pool()

    def _minutes_sql(self):
        """Approved time, charged or not: what the mandate really took."""
        return SQL("CASE WHEN a.approval_state = 'approved' THEN a.minutes ELSE 0 END")
