from odoo import api, fields, models
from odoo.addons.consortium_base.tools.frozen import keep_frozen, unchanged_but
from odoo.exceptions import UserError

# What people choose; an approved report keeps it.
CHOSEN = {"funding_id", "run_id", "double_funding_reason"}
# What only the buttons write.
BY_BUTTON = {
    "approved_by_id", "approved_on", "cost_cents", "earlier_cents", "eligible_cents",
    "fixed_cents", "funder_cents", "gap_cents", "gap_resolution_id", "gap_source",
    "gap_to_fund_cents", "hash", "inputs", "line_ids", "others_cents", "previous_id",
    "reserve_cents", "result", "state", "year_cents",
}  # fmt: skip


class ConsortiumFundingClaim(models.Model):
    """What a funder pays of what its agreements cost in a fiscal year, and who bears
    what it leaves.

    Computing writes what is known (``inputs``) and what follows (``result``) as
    canonical text; amounts are whole cents. Approving freezes all of it with its
    SHA-256, chained to the last report of the envelope. A later run of the same year
    has a report of its own, of the difference.
    """

    _name = "consortium.funding.claim"
    _description = "Accountability Report"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_names_search = ["funding_id"]
    _check_company_auto = True

    funding_id = fields.Many2one(
        "consortium.funding",
        required=True,
        index=True,
        ondelete="cascade",
        tracking=True,
    )
    company_id = fields.Many2one(
        related="funding_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    funder_id = fields.Many2one(related="funding_id.funder_id")
    run_id = fields.Many2one(
        "consortium.rate.run",
        string="Final Run",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('kind', '=', 'final'), ('true_up_state', '=', 'approved')]",
        tracking=True,
        help="The last run of the year whose true-up is approved.",
    )
    date_from = fields.Date(related="run_id.date_from", string="Year From")
    date_to = fields.Date(related="run_id.date_to", string="Year To")
    state = fields.Selection(
        [("draft", "To Compute"), ("computed", "Computed"), ("approved", "Approved")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    line_ids = fields.One2many(
        "consortium.funding.claim.line", "claim_id", readonly=True, copy=False
    )
    cost_cents = fields.Integer(
        readonly=True, copy=False, export_string_translation=False
    )
    eligible_cents = fields.Integer(
        readonly=True, copy=False, export_string_translation=False
    )
    others_cents = fields.Integer(
        readonly=True, copy=False, export_string_translation=False
    )
    year_cents = fields.Integer(
        readonly=True, copy=False, export_string_translation=False
    )
    earlier_cents = fields.Integer(
        readonly=True, copy=False, export_string_translation=False
    )
    funder_cents = fields.Integer(
        readonly=True, copy=False, export_string_translation=False
    )
    gap_cents = fields.Integer(
        readonly=True, copy=False, export_string_translation=False
    )
    reserve_cents = fields.Integer(
        readonly=True, copy=False, export_string_translation=False
    )
    gap_to_fund_cents = fields.Integer(
        readonly=True, copy=False, export_string_translation=False
    )
    fixed_cents = fields.Integer(
        readonly=True, copy=False, export_string_translation=False
    )
    cost = fields.Monetary(string="Actual Cost", compute="_compute_amounts")
    eligible = fields.Monetary(
        compute="_compute_amounts", help="The cost, under the caps an hour."
    )
    others = fields.Monetary(
        string="Claimed for Other Years", compute="_compute_amounts"
    )
    year = fields.Monetary(
        string="The Funder Pays of the Year",
        compute="_compute_amounts",
        help="What is eligible, within what other years leave of the envelope.",
    )
    earlier = fields.Monetary(
        string="Claimed Before for This Year", compute="_compute_amounts"
    )
    funder = fields.Monetary(
        string="The Funder Pays by This Report", compute="_compute_amounts"
    )
    gap = fields.Monetary(string="Cost That It Leaves", compute="_compute_amounts")
    reserve = fields.Monetary(
        string="Reserve of These Agreements", compute="_compute_amounts"
    )
    gap_to_fund = fields.Monetary(string="Left to Fund", compute="_compute_amounts")
    fixed = fields.Monetary(
        string="Cost Left Out: Fixed Prices",
        compute="_compute_amounts",
        help="Hours that these agreements sell at a fixed price: their price pays for "
        "them, and they are not claimed.",
    )
    funding_gap_source = fields.Char(
        related="funding_id.gap_source",
        readonly=False,
        export_string_translation=False,
    )
    funding_gap_resolution_id = fields.Many2one(
        related="funding_id.gap_resolution_id",
        readonly=False,
        domain="[('kind', '=', 'settlement'), ('state', '=', 'adopted')]",
        export_string_translation=False,
    )
    gap_source = fields.Char(string="Borne By", readonly=True, copy=False)
    gap_resolution_id = fields.Many2one(
        "consortium.resolution",
        string="Borne By Resolution",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    double_funding = fields.Text(
        string="Funded Already", compute="_compute_double_funding"
    )
    double_funding_reason = fields.Char(
        string="Why It Is Not Paid Twice",
        copy=False,
        tracking=True,
        help="What the funder already pays as a credit, in the cost of a center "
        "claimed here, lowers that cost: say why it is not the same expense.",
    )
    inputs = fields.Text(readonly=True, copy=False, export_string_translation=False)
    result = fields.Text(readonly=True, copy=False, export_string_translation=False)
    hash = fields.Char(string="SHA-256", readonly=True, copy=False)
    previous_id = fields.Many2one(
        "consortium.funding.claim",
        string="Follows",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )
    approved_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, ondelete="restrict"
    )
    approved_on = fields.Datetime(readonly=True, copy=False)

    _once = models.UniqueIndex(
        "(funding_id, run_id) WHERE state = 'approved'",
        "This year already has an approved report on this run, perhaps made by "
        "somebody else just now: look at the envelope again.",
    )
    _exact = models.Constraint(
        "CHECK (funder_cents = year_cents - earlier_cents "
        "AND gap_cents = cost_cents - year_cents "
        "AND gap_to_fund_cents = gap_cents + reserve_cents)",
        "What the funder pays and what it leaves make the cost, to the cent.",
    )
    # Raised by the trigger, for whoever writes by SQL.
    _frozen = models.Constraint(
        "CHECK (state <> 'approved' OR hash IS NOT NULL)",
        "An approved accountability report never changes: a later run of the year "
        "gives the difference.",
    )

    def init(self):
        """The trigger that keeps approved reports, whoever writes. The uninstall hook
        drops its function."""
        result = super().init()
        keep_frozen(
            self.env.cr,
            self._table,
            frozen="OLD.state = 'approved'",
            allowed=unchanged_but(),
        )
        return result

    @api.depends("funding_id.name", "run_id.date_from", "run_id.date_to")
    def _compute_display_name(self):
        for claim in self:
            name, run = claim.funding_id.name or "", claim.run_id
            if run.date_from and run.date_to:
                name += f" – {run.date_from.year}-{run.date_to.year}"
            claim.display_name = name

    @api.depends(
        "cost_cents",
        "eligible_cents",
        "others_cents",
        "year_cents",
        "earlier_cents",
        "funder_cents",
        "gap_cents",
        "reserve_cents",
        "gap_to_fund_cents",
        "fixed_cents",
    )
    def _compute_amounts(self):
        for claim in self:
            claim.cost = claim.cost_cents / 100
            claim.eligible = claim.eligible_cents / 100
            claim.others = claim.others_cents / 100
            claim.year = claim.year_cents / 100
            claim.earlier = claim.earlier_cents / 100
            claim.funder = claim.funder_cents / 100
            claim.gap = claim.gap_cents / 100
            claim.reserve = claim.reserve_cents / 100
            claim.gap_to_fund = claim.gap_to_fund_cents / 100
            claim.fixed = claim.fixed_cents / 100

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not self.env.su and BY_BUTTON & set(vals):
                raise UserError(self._button_message())
        return super().create(vals_list)

    def write(self, vals):
        """An approved report stays; another year or envelope is to compute again."""
        if BY_BUTTON & set(vals):
            raise UserError(self._button_message())
        if CHOSEN & set(vals):
            self._check_open()
        if {"funding_id", "run_id"} & set(vals):
            self.filtered(lambda claim: claim.state == "computed")._write_claim(
                {"state": "draft"}
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_open(self):
        self._check_open()

    def _button_message(self):
        return self.env._("An accountability report is computed by its buttons.")

    def _check_open(self):
        for claim in self:
            if claim.state == "approved":
                raise UserError(
                    self.env._(
                        "The report « %(name)s » is approved and never changes: a "
                        "later run of the year gives the difference.",
                        name=claim.display_name,
                    )
                )

    def _write_claim(self, vals):
        """What buttons alone may write: ``write`` refuses it to everybody."""
        return super().write(vals)  # pylint: disable=super-method-mismatch
