from odoo import api, fields, models
from odoo.addons.consortium_base.tools.frozen import keep_frozen, unchanged_but
from odoo.exceptions import UserError


class ConsortiumTrueUp(models.Model):
    """What an agreement cost in a center in a year, what was billed of it, and what
    becomes of the difference.

    Approved with its run, it never changes: a trigger keeps it, and a later run gives
    the difference with it. No stored compute here, for the trigger's sake.
    """

    _name = "consortium.true.up"
    _description = "True-Up"
    _order = "run_id desc, order_id, cost_center_id"
    _rec_name = "order_id"
    _check_company_auto = True

    run_id = fields.Many2one(
        "consortium.rate.run",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    order_id = fields.Many2one(
        "sale.order",
        string="Agreement",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Member",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    cost_center_id = fields.Many2one(
        "consortium.cost.center", required=True, readonly=True, ondelete="restrict"
    )
    state = fields.Selection(
        [("draft", "To Approve"), ("approved", "Approved")],
        required=True,
        default="draft",
        readonly=True,
    )
    minutes = fields.Integer(readonly=True)
    billed_minutes = fields.Integer(readonly=True)
    cost_cents = fields.Integer(readonly=True, export_string_translation=False)
    billed_cents = fields.Integer(readonly=True, export_string_translation=False)
    earlier_cents = fields.Integer(readonly=True, export_string_translation=False)
    difference_cents = fields.Integer(readonly=True, export_string_translation=False)
    reserve_cents = fields.Integer(readonly=True, export_string_translation=False)
    reserve_billed_cents = fields.Integer(
        readonly=True, export_string_translation=False
    )
    reserve_earlier_cents = fields.Integer(
        readonly=True, export_string_translation=False
    )
    reserve_difference_cents = fields.Integer(
        readonly=True, export_string_translation=False
    )
    hours = fields.Float(compute="_compute_amounts", digits=(16, 2))
    cost = fields.Monetary(string="Actual Cost", compute="_compute_amounts")
    billed = fields.Monetary(compute="_compute_amounts")
    earlier = fields.Monetary(
        string="Settled Before",
        compute="_compute_amounts",
        help="By the true-up of an earlier run of the same year.",
    )
    difference = fields.Monetary(string="True-Up of Cost", compute="_compute_amounts")
    reserve = fields.Monetary(compute="_compute_amounts")
    reserve_billed = fields.Monetary(compute="_compute_amounts")
    reserve_difference = fields.Monetary(
        string="True-Up of Reserve", compute="_compute_amounts"
    )
    amount = fields.Monetary(string="True-Up", compute="_compute_amounts")
    has_left = fields.Boolean(
        string="Member Who Left",
        readonly=True,
        help="Always settled: tomorrow's members don't pay yesterday's cost.",
    )
    is_new = fields.Boolean(
        string="New Member",
        readonly=True,
        help="Admitted in the year: always settled, for what is carried forward is "
        "shared with those who were there before.",
    )
    is_fixed_price = fields.Boolean(
        string="Fixed Price",
        required=True,
        default=False,
        readonly=True,
        help="Nobody settles it: the source named in the run bears what the price "
        "leaves.",
    )
    is_together = fields.Boolean(
        string="Counted Together",
        readonly=True,
        help="Fewer than three people make the cost of this center: it is shared out "
        "with that of the other such centers, so that it tells nobody's pay.",
    )
    settlement = fields.Selection(
        [
            ("settle", "To Settle"),
            ("carry", "Carried Forward"),
            ("fixed", "Borne: Fixed Price"),
            ("borne", "Borne: No Clause"),
            ("even", "Nothing to Settle"),
        ],
        readonly=True,
    )
    move_id = fields.Many2one(
        "account.move",
        string="Document",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The invoice or credit note that settles it.",
    )
    move_state = fields.Selection(related="move_id.state", string="Document State")

    _once = models.Constraint(
        "UNIQUE (run_id, order_id, cost_center_id, is_fixed_price)",
        "The true-up of this agreement is already there: look at the run again.",
    )
    _exact = models.Constraint(
        "CHECK (difference_cents = cost_cents - billed_cents - earlier_cents AND "
        "reserve_difference_cents = "
        "reserve_cents - reserve_billed_cents - reserve_earlier_cents)",
        "What was billed and the true-up make the cost, to the cent.",
    )
    # Raised by the trigger, for whoever writes by SQL.
    _frozen = models.Constraint(
        "CHECK (state <> 'approved' OR settlement IS NOT NULL)",
        "An approved true-up never changes: a later run gives the difference.",
    )

    def init(self):
        """Approved rows stay, whoever writes: they only take and lose the document that
        settles them. The uninstall hook drops the function."""
        result = super().init()
        keep_frozen(
            self.env.cr,
            self._table,
            frozen="OLD.state = 'approved'",
            allowed=unchanged_but("move_id"),
        )
        return result

    @api.depends(
        "minutes",
        "cost_cents",
        "billed_cents",
        "earlier_cents",
        "difference_cents",
        "reserve_cents",
        "reserve_billed_cents",
        "reserve_earlier_cents",
        "reserve_difference_cents",
    )
    def _compute_amounts(self):
        for row in self:
            row.hours = row.minutes / 60
            row.cost = row.cost_cents / 100
            row.billed = row.billed_cents / 100
            row.earlier = (row.earlier_cents + row.reserve_earlier_cents) / 100
            row.difference = row.difference_cents / 100
            row.reserve = row.reserve_cents / 100
            row.reserve_billed = row.reserve_billed_cents / 100
            row.reserve_difference = row.reserve_difference_cents / 100
            row.amount = row._cents() / 100

    def _cents(self):
        """The true-up of these rows, cost and reserve, in cents."""
        return sum(row.difference_cents + row.reserve_difference_cents for row in self)

    def _settled_cents(self):
        """The cents of each line of the document that settles these rows."""
        cents = self.mapped("difference_cents")
        cents.append(sum(self.mapped("reserve_difference_cents")))
        return [each for each in cents if each]

    def _sentence(self):
        """What the line of the invoice says."""
        self.ensure_one()
        money = self.currency_id.format
        return self.env._(
            "%(center)s, %(start)s to %(end)s: actual cost %(cost)s, billed %(billed)s",
            center=self.cost_center_id.name,
            start=self.run_id.date_from,
            end=self.run_id.date_to,
            cost=money(self.cost),
            billed=money((self.billed_cents + self.earlier_cents) / 100),
        )

    def write(self, vals):
        """What is approved stays; the document that settles it comes and goes."""
        if set(vals) - {"move_id"}:
            self._check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_open(self):
        self._check_open()

    def _check_open(self):
        if approved := self.filtered(lambda row: row.state == "approved"):
            raise UserError(
                self.env._(
                    "The true-up of %(order)s is approved and never changes: a later "
                    "run gives the difference.",
                    order=approved[0].order_id.name,
                )
            )

    def action_open_document(self):
        """The invoice or credit note that settles it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "view_mode": "form",
        }
