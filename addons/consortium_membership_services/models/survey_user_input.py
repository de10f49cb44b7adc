from odoo import fields, models


class SurveyUserInput(models.Model):
    _inherit = "survey.user_input"

    satisfaction_category_id = fields.Many2one(
        "consortium.member.category", readonly=True
    )
