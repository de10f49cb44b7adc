from odoo import api, fields, models
from odoo.addons.consortium_base.tools.frozen import keep_frozen, unchanged_but
from odoo.exceptions import UserError

# What computing the run writes, and nobody else.
COMPUTED = {
    "line_rounding",
    "minutes",
    "provisional",
    "rate_cents",
    "rate_rounding",
    "revision",
    "spending",
    "support",
    "total",
    "volume",
}


class ConsortiumRateRunCenter(models.Model):
    """A cost center in a run: what it costs, its hours, and why that differs."""

    _name = "consortium.rate.run.center"
    _description = "Cost Center of a Rate Run"
    _order = "run_id, kind, cost_center_id"
    _rec_name = "cost_center_id"
    _check_company_auto = True

    run_id = fields.Many2one(
        "consortium.rate.run", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="run_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(related="run_id.state")
    cost_center_id = fields.Many2one(
        "consortium.cost.center",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
        domain="[('merge_into_id', '=', False)]",
    )
    kind = fields.Selection(related="cost_center_id.kind", store=True)
    cost = fields.Monetary(string="Direct Cost")
    credit = fields.Monetary(string="Credits")
    carried = fields.Monetary(
        string="Carried Forward",
        help="Of an earlier year: to recover, or with a minus to give back.",
    )
    planned_hours = fields.Float(digits=(16, 2))
    support = fields.Monetary(string="From Support", readonly=True, copy=False)
    total = fields.Monetary(string="Full Cost", readonly=True, copy=False)
    minutes = fields.Integer(readonly=True, copy=False)
    hours = fields.Float(compute="_compute_hours", digits=(16, 2))
    rate_cents = fields.Integer(
        readonly=True, copy=False, export_string_translation=False
    )
    rate = fields.Monetary(string="An Hour", compute="_compute_hours")
    direct_rate = fields.Monetary(
        string="Of Which Direct",
        compute="_compute_hours",
        help="What an hour costs before support; the rest of it is support.",
    )
    base_rate = fields.Monetary(
        string="An Hour, Before", compute="_compute_base_rate", help="In what is tried."
    )
    provisional = fields.Monetary(
        string="At Provisional Rates", readonly=True, copy=False
    )
    difference = fields.Monetary(compute="_compute_hours")
    spending = fields.Monetary(readonly=True, copy=False)
    volume = fields.Monetary(readonly=True, copy=False)
    rate_rounding = fields.Monetary(readonly=True, copy=False)
    revision = fields.Monetary(string="Rate Revision", readonly=True, copy=False)
    line_rounding = fields.Monetary(readonly=True, copy=False)
    is_warning = fields.Boolean(compute="_compute_is_warning")

    _once = models.Constraint(
        "UNIQUE (run_id, cost_center_id)", "Each center is in a run once."
    )
    # Raised by the trigger, for whoever writes by SQL.
    _frozen = models.Constraint(
        "CHECK (run_id IS NOT NULL)", "An approved run never changes: make another one."
    )

    def init(self):
        """Rows of an approved run stay, whoever writes; what they copy of their center
        may follow it. The uninstall hook drops the function."""
        result = super().init()
        keep_frozen(
            self.env.cr,
            self._table,
            frozen="(SELECT run.state FROM consortium_rate_run run "
            "WHERE run.id = OLD.run_id) = 'approved'",
            allowed=unchanged_but("kind", "company_id"),
        )
        return result

    @api.depends("minutes", "rate_cents", "support", "total", "provisional")
    def _compute_hours(self):
        for row in self:
            row.hours = row.minutes / 60
            row.rate = row.rate_cents / 100
            direct = row.total - row.support
            row.direct_rate = direct * 60 / row.minutes if row.minutes else 0.0
            row.difference = row.total - row.provisional if row.minutes else 0.0

    @api.depends("run_id.scenario_of_id.center_ids.rate_cents", "cost_center_id")
    def _compute_base_rate(self):
        for row in self:
            base = row.run_id.scenario_of_id.center_ids.filtered(
                lambda each, row=row: each.cost_center_id == row.cost_center_id
            )
            row.base_rate = base.rate_cents / 100

    @api.depends("difference", "total", "run_id.warning_percent", "run_id.kind")
    def _compute_is_warning(self):
        for row in self:
            row.is_warning = (
                row.run_id.kind == "final"
                and row.kind == "expertise"
                and abs(row.difference) * 100 > row.run_id.warning_percent * row.total
            )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_typed(set().union(*vals_list))
        rows = super().create(vals_list)
        rows._reopen()
        return rows

    def write(self, vals):
        self._check_typed(vals)
        self._reopen()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_open(self):
        self._reopen()

    def _check_typed(self, names):
        """:raise UserError: somebody types what the run computes"""
        if not self.env.su and COMPUTED & set(names):
            raise UserError(self.env["consortium.rate.run"]._button_message())

    def _reopen(self):
        """What somebody changes of a computed run asks to compute it again.

        :raise UserError: the run is approved
        """
        self.run_id._check_open()
        if not self.env.su:
            self.run_id.filtered(lambda run: run.state == "computed")._write_run(
                {"state": "draft"}
            )

    def action_open_entries(self):
        """The accounting entries that this cost is made of."""
        self.ensure_one()
        run = self.run_id
        centers = run._counted_in(self.cost_center_id)
        column = run.company_id._make_cost_center_plan()._column_name()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Entries of %(name)s", name=self.cost_center_id.name),
            "res_model": "account.analytic.line",
            "view_mode": "list,form",
            "domain": [
                (column, "in", centers.analytic_account_id.ids),
                ("date", ">=", run.date_from),
                ("date", "<=", run.date_to),
                ("move_line_id.parent_state", "=", "posted"),
                ("general_account_id.at_cost_role", "in", ("cost", "credit")),
            ],
        }

    def action_open_hours(self):
        """The approved time that carries this cost."""
        self.ensure_one()
        centers = self.run_id._counted_in(self.cost_center_id)
        return self.run_id._action_hours(
            self.cost_center_id.name, [("cost_center_id", "in", centers.ids)]
        )


class ConsortiumRateRunCell(models.Model):
    """What an agreement cost in a center, to the cent."""

    _name = "consortium.rate.run.cell"
    _description = "Agreement in a Rate Run"
    _order = "run_id, order_id, cost_center_id"
    _rec_name = "order_id"
    _check_company_auto = True

    run_id = fields.Many2one(
        "consortium.rate.run",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="run_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    order_id = fields.Many2one(
        "sale.order",
        string="Agreement",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(related="order_id.partner_id", store=True)
    cost_center_id = fields.Many2one(
        "consortium.cost.center",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    minutes = fields.Integer(readonly=True)
    hours = fields.Float(compute="_compute_hours", digits=(16, 2))
    cost = fields.Monetary(string="Actual Cost", readonly=True)
    provisional = fields.Monetary(string="At Provisional Rates", readonly=True)
    difference = fields.Monetary(compute="_compute_hours", string="True-Up of Cost")
    reserve = fields.Monetary(readonly=True)
    provisional_reserve = fields.Monetary(readonly=True)
    reserve_difference = fields.Monetary(
        compute="_compute_hours", string="True-Up of Reserve"
    )

    @api.depends("minutes", "cost", "provisional", "reserve", "provisional_reserve")
    def _compute_hours(self):
        for cell in self:
            cell.hours = cell.minutes / 60
            cell.difference = cell.cost - cell.provisional
            cell.reserve_difference = cell.reserve - cell.provisional_reserve

    @api.model_create_multi
    def create(self, vals_list):
        cells = super().create(vals_list)
        cells.run_id._check_open()
        return cells

    def write(self, vals):
        self.run_id._check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_open(self):
        self.run_id._check_open()

    def action_open_hours(self):
        """The approved time of the agreement in the center."""
        self.ensure_one()
        centers = self.run_id._counted_in(self.cost_center_id)
        return self.run_id._action_hours(
            self.order_id.name,
            [
                ("order_id", "=", self.order_id.id),
                ("cost_center_id", "in", centers.ids),
            ],
        )
