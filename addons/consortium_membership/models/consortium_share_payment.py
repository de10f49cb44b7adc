from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import shares
from .consortium_share_ledger import PAYMENT_TRIGGERS


class ConsortiumSharePayment(models.Model):
    """What was paid on the shares of an issue, or repaid on those of a redemption.

    A row for each reconciliation with the invoice of shares (or with what is to be
    repaid), and one that reverses it when it is undone. Never changed nor deleted.
    """

    _name = "consortium.share.payment"
    _description = "Payment on Shares"
    _order = "date desc, id desc"
    _rec_name = "entry_id"

    entry_id = fields.Many2one(
        "consortium.share.entry", required=True, index=True, ondelete="restrict"
    )
    lot_id = fields.Many2one(
        "consortium.share.entry", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, ondelete="restrict")
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner", string="Holder", required=True, index=True, ondelete="restrict"
    )
    share_class_id = fields.Many2one(
        "consortium.share.class", required=True, index=True, ondelete="restrict"
    )
    kind = fields.Selection(
        [("paid", "Paid"), ("repaid", "Repaid")], required=True, default="paid"
    )
    amount = fields.Monetary(required=True)
    date = fields.Date(required=True)
    recorded_at = fields.Datetime(
        required=True, readonly=True, default=lambda self: self.env.cr.now()
    )
    move_id = fields.Many2one(
        "account.move",
        string="Account Entry",
        index="btree_not_null",
        ondelete="restrict",
        groups="base.group_user",
    )
    # The reconciliation it comes from; no foreign key, since Odoo deletes these.
    partial_ref = fields.Integer(groups="base.group_user", aggregator=None)
    reverses_id = fields.Many2one("consortium.share.payment", ondelete="restrict")

    _amount = models.Constraint(
        "CHECK (amount <> 0)", "A payment on shares is not of zero."
    )
    _once = models.UniqueIndex(
        "(partial_ref, entry_id) WHERE reverses_id IS NULL AND partial_ref IS NOT NULL",
        "This payment is already counted on these shares.",
    )
    _reversed_once = models.UniqueIndex(
        "(reverses_id) WHERE reverses_id IS NOT NULL",
        "This payment is already taken off these shares.",
    )

    def init(self):
        """The triggers that keep the rows, whoever writes."""
        self.env.cr.execute(PAYMENT_TRIGGERS)

    @api.model_create_multi
    def create(self, vals_list):
        """Written by the reconciliation only, as the superuser it acts as.

        :raise UserError: somebody else writes
        """
        if not self.env.su:
            raise UserError(
                self.env._("What is paid on shares follows the payments received.")
            )
        for vals in vals_list:
            vals.pop("recorded_at", None)
        return super().create(vals_list)

    def write(self, vals):  # pylint: disable=method-required-super
        """:raise UserError: always; PostgreSQL would refuse it too"""
        raise UserError(self.env["consortium.share.entry"]._never_changed())

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env["consortium.share.entry"]._never_changed())

    @api.model
    def _latest_date(self, domain):
        """The date of the last of some rows, of those taken back too; else ``None``.

        What an operation may be dated depends on it, whatever the user reads.
        """
        return self.sudo().search(domain, order="date desc", limit=1).date or None

    @api.model
    def _record(self, entry, amount, date, kind="paid", partial=None, reverses=None):
        """Write a row, with the account entry that moves the part paid to equity.

        :param entry: the issue paid, or the redemption repaid
        :param amount: cents, negative when it is taken back
        :param partial: id of the reconciliation
        """
        company = entry.company_id
        # An undone payment does not change what the register said meanwhile: what
        # comes after it is dated after it.
        latest = self.search(
            [("entry_id", "=", entry.id), ("amount", "<", 0)],
            order="date desc",
            limit=1,
        ).date
        date = max(filter(None, (date, entry.date, latest)))
        move = self.env["account.move"]
        if kind == "paid":
            share_class = entry.share_class_id
            move = entry.operation_id._post_entry(
                date,
                share_class.unpaid_account_id,
                share_class.equity_account_id,
                amount,
                entry.partner_id,
            )
            date = move.date  # a lock date may have put it later
        return self.create(
            {
                "entry_id": entry.id,
                "lot_id": (entry.origin_entry_id or entry).id,
                "company_id": company.id,
                "partner_id": entry.partner_id.id,
                "share_class_id": entry.share_class_id.id,
                "kind": kind,
                "amount": shares.from_cents(amount),
                "date": date,
                "move_id": move.id,
                "partial_ref": partial,
                "reverses_id": reverses and reverses.id,
            }
        )

    @api.model
    def _undo(self, partial_ids):
        """Take back what these reconciliations had paid, as of today.

        :return: the rows taken back
        """
        rows = self.search(
            [("partial_ref", "in", partial_ids), ("reverses_id", "=", False)]
        )
        done = self.search([("reverses_id", "in", rows.ids)]).reverses_id
        for row in rows - done:
            self._record(
                row.entry_id,
                -shares.to_cents(row.amount),
                max(row.date, row.company_id._today()),
                row.kind,
                row.partial_ref,
                row,
            )
        return rows - done
