from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.consortium_share_redemption_test import QUESTIONS

ANSWERS = [("no", "No"), ("yes", "Yes")]


class ConsortiumShareRedemptionSign(models.TransientModel):
    """Answer and sign the three tests; then the shares are redeemed, or repaid."""

    _name = "consortium.share.redemption.sign"
    _description = "Tests Before the Repayment of Shares: Sign"

    redemption_id = fields.Many2one(
        "consortium.share.redemption", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="redemption_id.company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    stage = fields.Selection(
        [("resolution", "Resolution"), ("payment", "Repayment")],
        required=True,
        readonly=True,
    )
    reference = fields.Char(compute="_compute_reference")
    date = fields.Date(required=True, default=lambda self: self.env.company._today())
    insolvent = fields.Selection(
        ANSWERS,
        string="Is the cooperative insolvent, or would it become so?",
        required=True,
    )
    unstable = fields.Selection(
        ANSWERS,
        string="May it harm the cooperative's financial stability?",
        required=True,
    )
    unmet = fields.Selection(
        ANSWERS,
        string="Could the cooperative no longer meet its commitments to third parties "
        "who help it financially?",
        required=True,
    )
    comment = fields.Text()
    resolution_id = fields.Many2one(
        "consortium.resolution",
        domain="[('kind', '=', 'redemption'), ('state', '=', 'adopted'), "
        "('company_id', '=', company_id)]",
    )
    amount = fields.Monetary(
        compute="_compute_amount", store=True, readonly=False, string="Amount to Repay"
    )
    journal_id = fields.Many2one(
        "account.journal",
        string="Paid From",
        domain="[('type', 'in', ('bank', 'cash')), ('company_id', '=', company_id)]",
    )

    @api.depends("redemption_id", "date")
    def _compute_reference(self):
        for wizard in self:
            wizard.reference = self.env["consortium.share.redemption"]._tests_reference(
                wizard.date
            )

    @api.depends("redemption_id")
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = wizard.redemption_id.amount_due

    def action_sign(self):
        """Keep the answers; go on if the law allows it, else defer.

        :return: an action that says so
        """
        self.ensure_one()
        redemption = self.redemption_id
        if self.stage == "resolution":
            redemption._check_open()
        test = redemption._sign_tests(
            self.stage,
            {name: self[name] for name in QUESTIONS},
            self.date,
            self.comment,
            self.amount if self.stage == "payment" else redemption.amount,
        )
        if not test.passed:
            return self._forbidden()
        if self.stage == "resolution":
            redemption._redeem(self.resolution_id, self.date)
        else:
            if not self.journal_id:
                raise UserError(self.env._("Say from which account it is paid."))
            redemption._pay(self.amount, self.date, self.journal_id)
        return {"type": "ir.actions.act_window_close"}

    def _forbidden(self):
        """The law forbids it: a request is deferred, a repayment waits."""
        redemption = self.redemption_id
        ground = next(name for name in QUESTIONS if self[name] == "yes")
        redemption._write_decision({"ground": ground, "ground_note": self.reference})
        if self.stage == "resolution":
            redemption._decide_against("deferred", self.date)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "message": self.env._(
                    "The law forbids it for now (%(reference)s): the tests are kept, "
                    "and nothing was redeemed or repaid.",
                    reference=self.reference,
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
