from odoo import api, fields, models
from odoo.exceptions import UserError

OPEN = ("requested", "deferred")
# What was decided, and of what.
FROZEN = {
    "partner_id",
    "share_class_id",
    "quantity",
    "company_id",
    "ground",
    "ground_note",
    "resolution_id",
}


class ConsortiumShareRedemption(models.Model):
    """A request to redeem shares, in the queue until they are repaid in full."""

    _name = "consortium.share.redemption"
    _description = "Redemption of Shares"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "priority desc, planned_date, request_date, id"
    _check_company_auto = True

    name = fields.Char(string="Reference", readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Holder",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    share_class_id = fields.Many2one(
        "consortium.share.class",
        required=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
        default=lambda self: self.env["consortium.share.class"].search(
            [("company_id", "=", self.env.company.id)], limit=1
        ),
    )
    quantity = fields.Integer(string="Number of Shares", required=True, tracking=True)
    amount = fields.Monetary(compute="_compute_amount", store=True, string="Price")
    reason = fields.Selection(
        [
            ("resignation", "Resignation"),
            ("expulsion", "Expulsion"),
            ("dissolution", "Dissolution or Death"),
            ("reduction", "Fewer Shares Needed"),
            ("other", "Other"),
        ],
        required=True,
        default="resignation",
        tracking=True,
    )
    note = fields.Text()
    request_date = fields.Date(
        string="Requested On",
        required=True,
        default=lambda self: self.env.company._today(),
        tracking=True,
    )
    priority = fields.Selection(
        [("0", "Usual"), ("1", "High"), ("2", "First")], default="0", tracking=True
    )
    planned_date = fields.Date(
        string="Repayment Planned On",
        tracking=True,
        help="The forecast of repayments is by this date.",
    )
    state = fields.Selection(
        [
            ("requested", "Requested"),
            ("deferred", "Deferred"),
            ("refused", "Refused"),
            ("approved", "To Repay"),
            ("repaid", "Repaid"),
        ],
        required=True,
        default="requested",
        readonly=True,
        copy=False,
        tracking=True,
        group_expand=True,
    )
    ground = fields.Selection(
        [
            ("insolvent", "Insolvency"),
            ("unstable", "Financial Stability"),
            ("unmet", "Commitments to Third Parties"),
            ("other", "Other"),
        ],
        copy=False,
        tracking=True,
        help="Why it was refused or deferred.",
    )
    ground_note = fields.Char(copy=False, tracking=True)
    decision_date = fields.Date(
        string="Decided On",
        readonly=True,
        copy=False,
        tracking=True,
        help="Granted, refused or deferred: the day of the resolution if there is one.",
    )
    resolution_id = fields.Many2one(
        "consortium.resolution",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        copy=False,
        tracking=True,
    )
    operation_id = fields.Many2one(
        "consortium.share.operation",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    test_ids = fields.One2many("consortium.share.redemption.test", "redemption_id")
    amount_due = fields.Monetary(compute="_compute_amount_due", string="To Be Repaid")
    amount_repaid = fields.Monetary(compute="_compute_amount_due", string="Repaid")
    forecast_amount = fields.Monetary(
        compute="_compute_forecast",
        store=True,
        string="Still to Come Out",
        help="What the request will cost, or what remains to be repaid of it.",
    )

    _quantity = models.Constraint(
        "CHECK (quantity > 0)", "One share or more is redeemed."
    )

    @api.depends("quantity", "share_class_id.par_value")
    def _compute_amount(self):
        for redemption in self:
            price = redemption.share_class_id.par_value
            redemption.amount = redemption.quantity * price

    @api.depends("operation_id.entry_ids.payment_ids.amount")
    def _compute_amount_due(self):
        for redemption in self:
            # Of this one request, for whoever reads it.
            operation = redemption.sudo().operation_id
            repaid = operation._amount_repaid()
            redemption.amount_repaid = repaid
            redemption.amount_due = (
                sum(operation.entry_ids.mapped("redeemable")) - repaid
            )

    @api.depends("state", "amount", "operation_id")
    def _compute_forecast(self):
        for redemption in self:
            redemption.forecast_amount = {
                "requested": redemption.amount,
                "deferred": redemption.amount,
                "approved": redemption.amount_due,
            }.get(redemption.state, 0)

    @api.constrains("quantity", "partner_id", "share_class_id")
    def _check_quantity(self):
        """Nobody waits for more shares than are held, all requests counted."""
        operations = self.env["consortium.share.operation"]
        for redemption in self.filtered(lambda r: r.state in OPEN):
            lots = operations._lots(redemption.partner_id, redemption.share_class_id)
            held = sum(lot.quantity for lot in lots)
            # Requests that the user may not read count as well.
            waiting = self.sudo().search(
                [
                    ("partner_id", "=", redemption.partner_id.id),
                    ("share_class_id", "=", redemption.share_class_id.id),
                    ("state", "in", OPEN),
                ]
            )
            asked = sum(waiting.mapped("quantity"))
            if asked > held:
                raise UserError(
                    self.env._(
                        "%(name)s has %(held)s such shares; %(asked)s would be in the "
                        "queue.",
                        name=redemption.partner_id.name,
                        held=held,
                        asked=asked,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        sequence = self.env["ir.sequence"].sudo()  # whoever asks gets its reference
        for vals in vals_list:
            vals["state"] = "requested"
            vals["name"] = sequence.next_by_code("consortium.share.redemption") or "/"
        return super().create(vals_list)

    def write(self, vals):
        """Once shares are redeemed only the plan of their repayment changes.

        :raise UserError: ``vals`` changes something else, or the state
        """
        if {"state", "operation_id", "decision_date"} & set(vals):
            raise UserError(self.env._("A request is decided by its buttons."))
        frozen = FROZEN & set(vals)
        if frozen and any(redemption.state not in OPEN for redemption in self):
            raise UserError(
                self.env._("This request has been decided: make another one.")
            )
        return super().write(vals)

    def _write_decision(self, vals):
        """The only way to a decision: ``write`` refuses it to everybody."""
        return super().write(vals)  # pylint: disable=super-method-mismatch

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        if any(r.state not in OPEN or r.sudo().test_ids for r in self):
            raise UserError(
                self.env._("What was decided of a redemption stays: it is not deleted.")
            )

    def _check_open(self):
        for redemption in self:
            if redemption.state not in OPEN:
                raise UserError(
                    self.env._(
                        "Request %(name)s has already been decided.",
                        name=redemption.name,
                    )
                )

    def _wizard(self, stage, title):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "consortium.share.redemption.sign",
            "view_mode": "form",
            "target": "new",
            "context": {"default_redemption_id": self.id, "default_stage": stage},
        }

    def action_approve(self):
        """Answer and sign the three tests, then redeem the shares by the resolution."""
        self._check_open()
        return self._wizard("resolution", self.env._("Redeem Shares"))

    def action_pay(self):
        """Answer and sign the three tests again, then repay all or part."""
        if any(redemption.state != "approved" for redemption in self):
            raise UserError(self.env._("Nothing is to be repaid on this request."))
        return self._wizard("payment", self.env._("Repay Shares"))

    def action_refuse(self):
        self._decide_against("refused")

    def action_defer(self):
        self._decide_against("deferred")

    def _decide_against(self, state, date=None):
        """:param date: of the decision; that of the resolution, else today

        :raise UserError: no ground is given, or it was decided
        """
        self._check_open()
        for redemption in self:
            if not redemption.ground:
                raise UserError(
                    self.env._(
                        "Give the ground on which request %(name)s is refused or "
                        "deferred.",
                        name=redemption.name,
                    )
                )
            today = redemption.company_id._today()
            resolution = redemption.resolution_id
            if resolution:
                resolution._require("redemption", today)
            # Of the board: cited, not read.
            decided = date or resolution.sudo().date or today
            redemption._write_decision({"state": state, "decision_date": decided})
