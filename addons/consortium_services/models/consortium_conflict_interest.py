from odoo import fields, models


class ConsortiumConflictInterest(models.Model):
    """That an expert should not serve an organisation, and why."""

    _name = "consortium.conflict.interest"
    _description = "Conflict of Interest"
    _order = "date_start desc, id desc"
    _rec_name = "partner_id"

    employee_id = fields.Many2one(
        "hr.employee", string="Expert", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Organization",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[("is_company", "=", True)],
    )
    reason = fields.Char(required=True)
    date_start = fields.Date(
        string="From", required=True, default=lambda self: self.env.company._today()
    )
    date_end = fields.Date(string="To", help="The last day, included.")

    _dates = models.Constraint(
        "CHECK (date_end >= date_start)",
        "A conflict of interest ends on the day it begins, or later.",
    )
