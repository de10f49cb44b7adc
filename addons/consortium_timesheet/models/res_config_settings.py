from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    cost_center_plan_id = fields.Many2one(
        related="company_id.cost_center_plan_id", readonly=False
    )
    pay_journal_id = fields.Many2one(
        related="company_id.pay_journal_id", readonly=False
    )
    pay_account_id = fields.Many2one(
        related="company_id.pay_account_id", readonly=False
    )
    pay_charges_account_id = fields.Many2one(
        related="company_id.pay_charges_account_id", readonly=False
    )
    pay_payable_account_id = fields.Many2one(
        related="company_id.pay_payable_account_id", readonly=False
    )
    reserve_account_id = fields.Many2one(
        related="company_id.reserve_account_id", readonly=False
    )
    true_up_journal_id = fields.Many2one(
        related="company_id.true_up_journal_id", readonly=False
    )
    true_up_payable_account_id = fields.Many2one(
        related="company_id.true_up_payable_account_id", readonly=False
    )
    true_up_receivable_account_id = fields.Many2one(
        related="company_id.true_up_receivable_account_id", readonly=False
    )
    timesheet_long_day = fields.Integer(
        related="company_id.timesheet_long_day", readonly=False
    )
    timesheet_late_days = fields.Integer(
        related="company_id.timesheet_late_days", readonly=False
    )
