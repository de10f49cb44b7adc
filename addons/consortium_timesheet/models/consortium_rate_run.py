from odoo import api, fields, models
from odoo.addons.consortium_base.tools.frozen import keep_frozen, unchanged
from odoo.exceptions import UserError

DECISIONS = {"reserve_resolution_id", "resolution_id"}
# What proves an approved run; a trigger keeps it too.
FROZEN = {
    "company_id",
    "date_from",
    "date_to",
    "hash",
    "inputs",
    "kind",
    "previous_id",
    "reserve_basis",
    "reserve_cap",
    "reserve_percent",
    "resolution_id",
    "result",
    "scenario_of_id",
    "target_id",
}


class ConsortiumRateRun(models.Model):
    """What an hour costs in a year: planned (target), or as it turned out (final).

    Computing writes what is known (``inputs``) and what follows (``result``) as
    canonical text. Approving freezes both with their SHA-256, chained to the last one.
    """

    _name = "consortium.rate.run"
    _description = "Rate Run"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_from desc, id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True, readonly=False)
    kind = fields.Selection(
        [("target", "Target: Provisional Rates"), ("final", "Final: Actual Cost")],
        required=True,
        default="target",
        tracking=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(string="From", required=True, tracking=True)
    date_to = fields.Date(
        string="To",
        compute="_compute_date_to",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        tracking=True,
    )
    state = fields.Selection(
        [("draft", "To Compute"), ("computed", "Computed"), ("approved", "Approved")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    scenario_of_id = fields.Many2one(
        "consortium.rate.run",
        string="What-If Of",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="A hypothesis: it is compared, and never approved.",
    )
    is_running = fields.Boolean(
        string="Kept Up To Date",
        readonly=True,
        copy=False,
        help="The cost of the year so far, computed every night to compare it with "
        "what is billed. It is never approved.",
    )
    target_id = fields.Many2one(
        "consortium.rate.run",
        string="Compared With",
        compute="_compute_target_id",
        store=True,
        readonly=False,
        ondelete="restrict",
        check_company=True,
        domain="[('kind', '=', 'target'), ('state', '=', 'approved')]",
    )
    reserve_percent = fields.Float(
        string="Reserve (%)",
        digits=(5, 2),
        tracking=True,
        help="The working-capital reserve, shown apart on invoices.",
    )
    reserve_basis = fields.Selection(
        [("cost", "Of the Cost"), ("price", "Of the Price, Reserve Included")],
        required=True,
        default="cost",
        tracking=True,
    )
    reserve_cap = fields.Monetary(help="Never more than that in a year; zero: no cap.")
    reserve_resolution_id = fields.Many2one(
        "consortium.resolution",
        ondelete="restrict",
        check_company=True,
        copy=False,
        domain="[('kind', '=', 'reserve'), ('state', '=', 'adopted')]",
    )
    resolution_id = fields.Many2one(
        "consortium.resolution",
        ondelete="restrict",
        check_company=True,
        copy=False,
        domain="[('kind', '=', 'rates'), ('state', '=', 'adopted')]",
    )
    warning_percent = fields.Float(
        string="Warn Past (%)",
        digits=(5, 2),
        default=2.0,
        help="A center whose cost differs from what is billed by more than that is "
        "shown.",
    )
    center_ids = fields.One2many("consortium.rate.run.center", "run_id", copy=True)
    cell_ids = fields.One2many("consortium.rate.run.cell", "run_id")
    inputs = fields.Text(readonly=True, copy=False, export_string_translation=False)
    result = fields.Text(readonly=True, copy=False, export_string_translation=False)
    hash = fields.Char(string="SHA-256", readonly=True, copy=False)
    previous_id = fields.Many2one(
        "consortium.rate.run",
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
    total = fields.Monetary(string="Total Cost", readonly=True, copy=False)
    provisional = fields.Monetary(
        string="At Provisional Rates", readonly=True, copy=False
    )
    difference = fields.Monetary(compute="_compute_difference")
    reserve_total = fields.Monetary(string="Reserve", readonly=True, copy=False)
    warning_count = fields.Integer(compute="_compute_difference")
    open_count = fields.Integer(
        string="Entries Not Approved", compute="_compute_open_count"
    )

    _dates = models.Constraint(
        "CHECK (date_to >= date_from)", "A run ends on or after the day it begins."
    )
    _percent = models.Constraint(
        "CHECK (reserve_percent >= 0 AND reserve_percent < 100 AND reserve_cap >= 0)",
        "A reserve is a percentage from 0 to 100, and its cap zero or more.",
    )
    _follows_once = models.UniqueIndex(
        "(previous_id) WHERE previous_id IS NOT NULL",
        "Another run was approved meanwhile: try again.",
    )
    # Raised by the trigger, for whoever writes by SQL.
    _frozen = models.Constraint(
        "CHECK (state <> 'approved' OR hash IS NOT NULL)",
        "An approved run never changes: make another one.",
    )

    def init(self):
        """The trigger that keeps approved runs, whoever writes. The uninstall hook
        drops its function."""
        keep_frozen(
            self.env.cr,
            self._table,
            frozen="OLD.state = 'approved'",
            allowed=unchanged("state", "reserve_resolution_id", *sorted(FROZEN)),
        )

    @api.depends("kind", "date_from", "date_to", "scenario_of_id", "is_running")
    def _compute_name(self):
        # It may be computed when the transaction ends, which knows no language.
        env = self.with_context(lang=self.env.lang or self.env.user.lang).env
        for run in self:
            if not (run.date_from and run.date_to):
                run.name = run.name or ""
                continue
            company = run.company_id or self.env.company
            last = company.compute_fiscalyear_dates(run.date_to)["date_to"]
            years = f"{run.date_from.year}-{last.year}"
            if run.scenario_of_id:
                run.name = env._("What-if %(years)s", years=years)
            elif run.is_running:
                run.name = env._("Cost so far %(years)s", years=years)
            elif run.kind == "target":
                run.name = env._("Provisional rates %(years)s", years=years)
            else:
                run.name = env._("Actual cost %(years)s", years=years)

    @api.depends("date_from", "company_id")
    def _compute_date_to(self):
        """The end of the fiscal year."""
        for run in self:
            if run.date_from and not run.date_to:
                year = run.company_id.compute_fiscalyear_dates(run.date_from)
                run.date_to = year["date_to"]
            else:
                run.date_to = run.date_to

    @api.depends("kind", "date_from", "company_id")
    def _compute_target_id(self):
        for run in self:
            if run.kind != "final" or run.state == "approved":
                run.target_id = run.target_id
                continue
            run.target_id = self.search(
                [
                    ("company_id", "=", run.company_id.id),
                    ("kind", "=", "target"),
                    ("state", "=", "approved"),
                    ("date_from", "<=", run.date_from),
                    ("date_to", ">=", run.date_from),
                ],
                order="date_from desc, id desc",
                limit=1,
            )

    @api.depends("total", "provisional", "center_ids.is_warning")
    def _compute_difference(self):
        for run in self:
            run.difference = run.total - run.provisional
            run.warning_count = sum(run.center_ids.mapped("is_warning"))

    def _compute_open_count(self):
        for run in self:
            run.open_count = (
                self.env["account.analytic.line"]
                .sudo()
                .search_count(run._open_domain())
                if run.kind == "final" and run.date_to
                else 0
            )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not self.env.su and {"state", "hash", "inputs", "result"} & set(vals):
                raise UserError(self._button_message())
        return super().create(vals_list)

    def write(self, vals):
        """An approved run stays; a change of another one asks to compute it again."""
        if {"state", "hash", "inputs", "result", "previous_id"} & set(vals):
            raise UserError(self._button_message())
        figures = FROZEN | {"center_ids"}
        if (figures | DECISIONS) & set(vals):
            self._check_open()
        # The board decides on what was computed: its resolution changes no figure.
        if (figures - DECISIONS) & set(vals):
            self.filtered(lambda run: run.state == "computed")._write_run(
                {"state": "draft"}
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_open(self):
        self._check_open()

    def _button_message(self):
        return self.env._("A run is computed and approved by its buttons.")

    def _check_open(self):
        for run in self:
            if run.state == "approved":
                raise UserError(
                    self.env._(
                        "« %(name)s » is approved and never changes: make another run.",
                        name=run.name,
                    )
                )

    def _write_run(self, vals):
        """What buttons alone may write: ``write`` refuses it to everybody."""
        if vals.get("state") == "approved":
            # The trigger of its rows refuses what would be written later.
            self.env["consortium.rate.run.center"].flush_model()
        return super().write(vals)  # pylint: disable=super-method-mismatch
