from odoo import api, fields, models
from odoo.exceptions import UserError

from .consortium_share_entry import KINDS


class ConsortiumShareOperation(models.Model):
    """An issue, transfer, redemption, conversion or reversal of shares.

    Prepared, then confirmed: it then writes the ledger and the books at once, and does
    not change any more. How each kind does so is in
    ``consortium_share_operation_posting``.
    """

    _name = "consortium.share.operation"
    _description = "Operation on Shares"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char(string="Reference", readonly=True, copy=False, default="/")
    kind = fields.Selection(KINDS, required=True, default="issue", tracking=True)
    state = fields.Selection(
        [("draft", "To Confirm"), ("done", "Confirmed")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(
        required=True,
        default=lambda self: self.env.company._today(),
        tracking=True,
        help="From this day on the shares are held, or no longer.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Holder",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    counterparty_id = fields.Many2one(
        "res.partner",
        string="To",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="The holder who receives the shares.",
    )
    share_class_id = fields.Many2one(
        "consortium.share.class",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    target_class_id = fields.Many2one(
        "consortium.share.class",
        string="Into",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    quantity = fields.Integer(string="Number of Shares", required=True, tracking=True)
    unit_price = fields.Monetary(
        compute="_compute_unit_price",
        store=True,
        string="Price of One",
        precompute=True,
    )
    amount = fields.Monetary(compute="_compute_amount", store=True, precompute=True)
    instalments = fields.Integer(
        default=1, help="In how many monthly payments the shares are paid."
    )
    resolution_id = fields.Many2one(
        "consortium.resolution",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
        help="The decision of the board that allows it.",
    )
    membership_id = fields.Many2one(
        "consortium.membership",
        string="Application",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
    )
    redemption_id = fields.Many2one(
        "consortium.share.redemption",
        string="Request",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
        copy=False,
    )
    origin_entry_id = fields.Many2one(
        "consortium.share.entry",
        string="Which Shares",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('partner_id', '=', partner_id), "
        "('share_class_id', '=', share_class_id), ('origin_entry_id', '=', False)]",
        help="Empty: first in, first out.",
    )
    reverses_id = fields.Many2one(
        "consortium.share.operation",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        copy=False,
        readonly=True,
    )
    reversed_by_ids = fields.One2many("consortium.share.operation", "reverses_id")
    is_reversed = fields.Boolean(compute="_compute_is_reversed")
    reason = fields.Char(tracking=True)
    reference = fields.Char(
        string="Reference in the Old Register", copy=False, readonly=True
    )
    is_imported = fields.Boolean(string="History", copy=False, readonly=True)
    is_invoiced = fields.Boolean(copy=False, readonly=True)
    entry_ids = fields.One2many("consortium.share.entry", "operation_id")
    move_ids = fields.One2many(
        "account.move", "share_operation_id", groups="base.group_user"
    )
    move_count = fields.Integer(compute="_compute_move_count")
    amount_paid = fields.Monetary(compute="_compute_amount_paid", string="Paid")
    amount_owing = fields.Monetary(compute="_compute_amount_paid", string="Owing")

    _quantity = models.Constraint(
        "CHECK (quantity > 0)", "An operation moves one share or more."
    )
    _instalments = models.Constraint(
        "CHECK (instalments BETWEEN 1 AND 60)", "Payments are from 1 to 60."
    )
    _reversed_once = models.UniqueIndex(
        "(reverses_id) WHERE reverses_id IS NOT NULL AND state = 'done'",
        "This operation is already reversed.",
    )
    _application_once = models.UniqueIndex(
        "(membership_id, share_class_id) "
        "WHERE membership_id IS NOT NULL AND kind = 'issue'",
        "The shares of this application are already subscribed.",
    )

    @api.depends("share_class_id", "share_class_id.par_value")
    def _compute_unit_price(self):
        for operation in self:
            if operation.state != "done" or not operation.unit_price:
                operation.unit_price = operation.share_class_id.par_value

    @api.depends("quantity", "unit_price")
    def _compute_amount(self):
        for operation in self:
            operation.amount = operation.quantity * operation.unit_price

    @api.depends("reversed_by_ids.state")
    def _compute_is_reversed(self):
        for operation in self:
            operation.is_reversed = any(
                reversal.state == "done" for reversal in operation.reversed_by_ids
            )

    def _compute_move_count(self):
        # Who follows the operation needs no right on accounting to see a number.
        moves = self.env["account.move"].sudo()
        domain = [("share_operation_id", "in", self.ids)]
        groups = moves._read_group(domain, ["share_operation_id"], ["__count"])
        counts = dict(groups)
        for operation in self:
            operation.move_count = counts.get(operation._origin, 0)

    @api.depends(
        "entry_ids", "entry_ids.payment_ids.amount", "entry_ids.moved_by_ids.cancelled"
    )
    def _compute_amount_paid(self):
        """Of an issue: what was paid on its shares, and what its subscriber owes."""
        for operation in self:
            # The figures of the operation itself, for whoever reads it.
            issued = operation.sudo().entry_ids.filtered(lambda e: e.kind == "issue")
            payments = issued.payment_ids.mapped("amount")
            received = sum(payments) + sum(issued.mapped("paid_change"))
            price = sum(e.quantity * e.unit_price for e in issued)
            gone = sum(issued.moved_by_ids.mapped("cancelled"))
            operation.amount_paid = received
            operation.amount_owing = price - received - gone

    @api.model_create_multi
    def create(self, vals_list):
        sequence = self.env["ir.sequence"].sudo()  # whoever prepares it numbers it
        for vals in vals_list:
            vals["state"] = "draft"
            if vals.get("name", "/") == "/":
                vals["name"] = (
                    sequence.next_by_code("consortium.share.operation") or "/"
                )
        return super().create(vals_list)

    def write(self, vals):
        """What was confirmed stays as it is.

        :raise UserError: ``vals`` changes it, or confirms without the button
        """
        stored = {
            name
            for name in vals
            if name in self._fields
            and self._fields[name].store
            and not name.startswith(("activity_", "message_", "website_message"))
        }
        if "state" in stored:
            raise UserError(self.env._("An operation is confirmed by its button."))
        if stored and any(operation.state == "done" for operation in self):
            raise UserError(
                self.env._(
                    "A confirmed operation on shares does not change: reverse it."
                )
            )
        return super().write(vals)

    def _write_done(self, vals):
        """The only way to a confirmed operation: ``write`` refuses it to everybody."""
        return super().write(vals)  # pylint: disable=super-method-mismatch

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        if any(operation.state == "done" for operation in self):
            raise UserError(
                self.env._(
                    "A confirmed operation on shares stays in the ledger: reverse it."
                )
            )

    @api.model
    def _subscribe(
        self,
        partner,
        share_class,
        quantity,
        date,
        resolution,
        instalments=1,
        application=None,
    ):
        """Issue shares to a partner, with their invoice.

        Called again for the same application and class, it gives the operation that was
        made the first time.

        :param resolution: of the kind admission or redemption (shares)
        :param instalments: number of monthly payments
        :param application: the ``consortium.membership`` that is admitted
        :return: the confirmed operation
        """
        if application:
            known = self.search(
                [
                    ("membership_id", "=", application.id),
                    ("share_class_id", "=", share_class.id),
                    ("kind", "=", "issue"),
                ],
                limit=1,
            )
            if known:
                return known
        operation = self.create(
            {
                "kind": "issue",
                "partner_id": partner.id,
                "company_id": share_class.company_id.id,
                "share_class_id": share_class.id,
                "quantity": quantity,
                "date": date,
                "resolution_id": resolution.id,
                "instalments": instalments,
                "membership_id": application.id if application else False,
            }
        )
        operation.action_confirm()
        return operation

    def action_confirm(self):
        """Write the ledger and the books.

        :raise UserError: the first thing that is wrong; nothing is written then
        """
        for operation in self:
            operation.check_access("write")
            operation._check_ready()
            # Two people: the second one waits here, then finds it confirmed.
            operation._write_done({"state": "done"})
            operation.flush_recordset()
            # The decision is applied to the ledger and the books, on which who keeps
            # the shares has no rights of its own; of this one operation.
            getattr(operation.sudo(), f"_do_{operation.kind}")()
            operation._after_confirmation()

    def _after_confirmation(self):
        """Certificates follow what each holder now has."""
        self.ensure_one()
        entries = self.sudo().entry_ids
        self.env["consortium.share.certificate"]._renew(
            {(e.partner_id, e.share_class_id) for e in entries}, self.date
        )

    def _check_ready(self):
        self.ensure_one()
        if self.state != "draft":
            raise UserError(
                self.env._(
                    "Operation %(name)s has already been confirmed.", name=self.name
                )
            )
        if self.date > self.company_id._today():
            raise UserError(
                self.env._("An operation on shares is not confirmed before its date.")
            )
        self._check_open_period()
        for partner in self.partner_id | self.counterparty_id:
            if partner.commercial_partner_id != partner:
                raise UserError(
                    self.env._(
                        "%(name)s is a contact of %(organization)s: choose the "
                        "organization itself.",
                        name=partner.name,
                        organization=partner.commercial_partner_id.name,
                    )
                )
        for share_class in self.share_class_id | self.target_class_id:
            share_class._require_ready()

    def action_reverse(self):
        """Prepare the operation that undoes this one."""
        self.ensure_one()
        if self.state != "done" or self.kind == "reversal" or self.is_reversed:
            raise UserError(
                self.env._(
                    "Operation %(name)s can't be reversed: only a confirmed operation "
                    "that is not a reversal can, and once.",
                    name=self.name,
                )
            )
        last = max(
            self._latest_date(holder, share_class)
            for holder in self.partner_id | self.counterparty_id
            for share_class in self.share_class_id | self.target_class_id
        )
        # Nor before what was paid, then taken back, on its shares.
        domain = [("entry_id", "in", self.sudo().entry_ids.ids)]
        paid = self.env["consortium.share.payment"]._latest_date(domain)
        reversal = self.create(
            {
                "kind": "reversal",
                "reverses_id": self.id,
                "company_id": self.company_id.id,
                "partner_id": self.partner_id.id,
                "counterparty_id": self.counterparty_id.id,
                "share_class_id": self.share_class_id.id,
                "target_class_id": self.target_class_id.id,
                "quantity": self.quantity,
                "date": max(last, self.date, paid or self.date),
                "resolution_id": self.resolution_id.id,
            }
        )
        return reversal._get_records_action(name=reversal.name)

    def action_open_moves(self):
        """The invoice and the account entries of the operation."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Account Entries"),
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [("share_operation_id", "=", self.id)],
            "context": {"create": False},
        }
