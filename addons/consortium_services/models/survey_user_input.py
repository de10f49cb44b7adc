from odoo import fields, models
from odoo.tools import SQL


class SurveyUserInput(models.Model):
    """An answer about a mandate: what it is counted by. See ``_record_answer``."""

    _inherit = "survey.user_input"

    satisfaction_agreement_id = fields.Many2one(
        "sale.order", index="btree_not_null", ondelete="set null", readonly=True
    )
    satisfaction_expertise_id = fields.Many2one(
        "consortium.expertise", index="btree_not_null", readonly=True
    )
    satisfaction_kind_id = fields.Many2one(
        "consortium.organization.kind", readonly=True
    )
    satisfaction_company_id = fields.Many2one("res.company", readonly=True)
    satisfaction_month = fields.Date(readonly=True)
    satisfaction_recommend = fields.Boolean(readonly=True)
    satisfaction_results = fields.Boolean(readonly=True)
    satisfaction_continue = fields.Boolean(readonly=True)
    satisfaction_yes = fields.Integer(readonly=True)

    def _forget_moment(self):
        """Nothing of an anonymous answer tells the moment, hence who was logged in:
        the dates of its rows become the first of the month."""
        self.flush_recordset()
        self.user_input_line_ids.flush_recordset()
        for table, column in (
            ("survey_user_input", "id"),
            ("survey_user_input_line", "user_input_id"),
        ):
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET create_date = date_trunc('month', create_date), "
                    "write_date = date_trunc('month', write_date) WHERE %s IN %s",
                    SQL.identifier(table),
                    SQL.identifier(column),
                    tuple(self.ids),
                )
            )
        self.invalidate_recordset()
