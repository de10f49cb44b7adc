from odoo import api, fields, models
from odoo.exceptions import UserError

# What the law asks before any repayment; the article is the parameter
# « share_repayment_tests ».
QUESTIONS = ("insolvent", "unstable", "unmet")


class ConsortiumShareRedemptionTest(models.Model):
    """The three tests of the law, as somebody answered and signed them."""

    _name = "consortium.share.redemption.test"
    _description = "Tests Before the Repayment of Shares"
    _order = "id desc"

    redemption_id = fields.Many2one(
        "consortium.share.redemption", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="redemption_id.company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    stage = fields.Selection(
        [("resolution", "Resolution"), ("payment", "Repayment")], required=True
    )
    date = fields.Date(required=True)
    user_id = fields.Many2one("res.users", string="Signed By", required=True)
    signed_at = fields.Datetime(required=True, default=lambda self: self.env.cr.now())
    insolvent = fields.Selection(
        [("no", "No"), ("yes", "Yes")],
        string="The cooperative is insolvent or would become so",
        required=True,
    )
    unstable = fields.Selection(
        [("no", "No"), ("yes", "Yes")],
        string="It may harm the cooperative's financial stability",
        required=True,
    )
    unmet = fields.Selection(
        [("no", "No"), ("yes", "Yes")],
        string="It could no longer meet its commitments to those who finance it",
        required=True,
    )
    amount = fields.Monetary()
    comment = fields.Text()
    passed = fields.Boolean(compute="_compute_passed")

    @api.depends(*QUESTIONS)
    def _compute_passed(self):
        for test in self:
            test.passed = all(test[name] == "no" for name in QUESTIONS)

    def write(self, vals):  # pylint: disable=method-required-super
        """:raise UserError: always"""
        raise UserError(self.env._("What was signed does not change: sign again."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What was signed does not change: sign again."))
