from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .consortium_share_ledger import TRIGGERS

KINDS = [
    ("issue", "Issue"),
    ("transfer", "Transfer"),
    ("redemption", "Redemption"),
    ("conversion", "Conversion"),
    ("reversal", "Reversal"),
]


class ConsortiumShareEntry(models.Model):
    """The ledger of shares: rows are added by operations, never changed nor deleted.

    A lot is the shares of one issue. ``origin_entry_id`` is the entry that issued them;
    that of an issue is itself, so empty. No stored compute: PostgreSQL refuses the
    UPDATE that a recompute would be.
    """

    _name = "consortium.share.entry"
    _description = "Entry of the Ledger of Shares"
    _order = "date desc, id desc"
    _rec_name = "operation_id"

    operation_id = fields.Many2one(
        "consortium.share.operation", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner", string="Holder", required=True, ondelete="restrict"
    )
    share_class_id = fields.Many2one(
        "consortium.share.class", required=True, index=True, ondelete="restrict"
    )
    quantity = fields.Integer(required=True)
    unit_price = fields.Monetary(required=True, aggregator=None)
    date = fields.Date(required=True)
    recorded_at = fields.Datetime(
        required=True, readonly=True, default=lambda self: self.env.cr.now()
    )
    kind = fields.Selection(KINDS, required=True)
    origin_entry_id = fields.Many2one(
        "consortium.share.entry", index="btree_not_null", ondelete="restrict"
    )
    reversed_entry_id = fields.Many2one("consortium.share.entry", ondelete="restrict")
    counterparty_id = fields.Many2one(
        "res.partner", index="btree_not_null", ondelete="restrict"
    )
    resolution_id = fields.Many2one(
        "consortium.resolution",
        index="btree_not_null",
        ondelete="restrict",
        groups="base.group_user",
    )
    move_id = fields.Many2one(
        "account.move",
        string="Account Entry",
        index="btree_not_null",
        ondelete="restrict",
        groups="base.group_user",
    )
    paid_change = fields.Monetary(
        string="Paid Capital",
        help="What the entry itself adds to the capital paid by the holder; payments "
        "come besides.",
    )
    cancelled = fields.Monetary(
        string="No Longer Owing", help="What was owing on the shares that ceased."
    )
    redeemable = fields.Monetary(
        string="To Be Repaid", help="What the cooperative so owes to the holder."
    )
    payment_ids = fields.One2many("consortium.share.payment", "entry_id")
    moved_by_ids = fields.One2many("consortium.share.entry", "origin_entry_id")
    certificate_reference = fields.Char(help="The certificate of the old register.")

    _append_only = models.Constraint(
        "CHECK (quantity <> 0)",
        "An entry of the ledger of shares is never changed nor deleted, and moves at "
        "least one share: make a reversal.",
    )
    _no_negative = models.Constraint(
        "CHECK (cancelled >= 0)",
        "The holder does not have that many shares on that date.",
    )
    _in_order = models.Constraint(
        "CHECK (unit_price > 0)",
        "The ledger already has a later entry for this holder and class of shares: "
        "choose its date, or a later one.",
    )
    _balanced = models.Constraint(
        "CHECK (kind <> 'transfer' OR counterparty_id IS NOT NULL)",
        "A transfer gives one holder what it takes from the other.",
    )
    _needs_origin = models.Constraint(
        "CHECK (kind IN ('issue', 'conversion') OR origin_entry_id IS NOT NULL)",
        "An entry says which shares it moves.",
    )
    _reversal = models.Constraint(
        "CHECK ((kind = 'reversal') = (reversed_entry_id IS NOT NULL))",
        "A reversal, and nothing else, names the entry that it reverses.",
    )
    _reversed_once = models.UniqueIndex(
        "(reversed_entry_id) WHERE reversed_entry_id IS NOT NULL",
        "This entry is already reversed.",
    )
    _by_holder = models.Index("(partner_id, share_class_id, date) INCLUDE (quantity)")
    _by_date = models.Index("(date) INCLUDE (partner_id, share_class_id, quantity)")

    def init(self):
        """The triggers that keep the ledger, whoever writes: see ``TRIGGERS``."""
        self.env.cr.execute(TRIGGERS)

    @api.depends("kind", "quantity", "partner_id", "date")
    def _compute_display_name(self):
        for entry in self:
            # The name of a holder, for whoever reads the entry.
            entry.display_name = (
                f"{entry.date or ''} {entry.sudo().partner_id.name or ''} "
                f"{entry.quantity:+d}"
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Written by operations only, as the superuser they act as.

        :raise UserError: somebody else writes
        """
        if not self.env.su:
            raise UserError(
                self.env._(
                    "Entries of the ledger are made by the operations on shares."
                )
            )
        for vals in vals_list:
            vals.pop("recorded_at", None)  # nobody dates it back
        return super().create(vals_list)

    def write(self, vals):  # pylint: disable=method-required-super
        """:raise UserError: always; PostgreSQL would refuse it too"""
        raise UserError(self._never_changed())

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self._never_changed())

    @api.model
    def _never_changed(self):
        return self.env._(
            "An entry of the ledger of shares is never changed nor deleted: make a "
            "reversal."
        )

    @api.model
    def _holdings(self, date, known_at=None, company=None):
        """Who held how many shares of each class at the end of ``date``; one query.

        :param date: a date, or a string in ISO format
        :param known_at: a datetime: as the ledger knew it then
        :param company: that of the user if none
        :return: ``{(partner id, class id): quantity}``, without zeros
        """
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner_id, share_class_id, sum(quantity)::integer
                  FROM consortium_share_entry
                 WHERE company_id = %s AND date <= %s AND %s
                 GROUP BY partner_id, share_class_id
                HAVING sum(quantity) <> 0
                """,
                (company or self.env.company).id,
                fields.Date.to_date(date),
                self._known_sql(SQL("recorded_at"), known_at),
            )
        )
        return {
            (partner, share_class): quantity for partner, share_class, quantity in rows
        }

    @api.model
    def _known_sql(self, column, known_at):
        if not known_at:
            return SQL("TRUE")
        return SQL("%s <= %s", column, fields.Datetime.to_datetime(known_at))

    def action_open_operation(self):
        """The operation that made the entry."""
        self.ensure_one()
        return self.operation_id._get_records_action(name=self.operation_id.name)
