from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

AT_ONCE = 20  # agreements billed while one waits; more: by the scheduled action


class ConsortiumBillingRun(models.Model):
    """The invoices of a period: proposed, reviewed, then created one by one."""

    _name = "consortium.billing.run"
    _description = "Billing Run"
    _inherit = ["mail.thread"]
    _order = "date_to desc, id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True, readonly=False)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_to = fields.Date(
        string="Time Up To",
        required=True,
        tracking=True,
        help="Approved time of that day and before, that no invoice has: late time is "
        "on the next run.",
    )
    invoice_date = fields.Date(
        compute="_compute_invoice_date",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        tracking=True,
    )
    grouping = fields.Selection(
        [
            ("agreement", "One Invoice an Agreement"),
            ("payer", "One Invoice a Payer, a Section an Agreement"),
        ],
        required=True,
        default="agreement",
        tracking=True,
    )
    state = fields.Selection(
        [
            ("draft", "To Propose"),
            ("proposed", "To Review"),
            ("running", "Creating"),
            ("done", "Created"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    line_ids = fields.One2many("consortium.billing.run.line", "run_id")
    line_count = fields.Integer(string="Agreements", compute="_compute_totals")
    done_count = fields.Integer(string="Billed", compute="_compute_totals")
    problem_count = fields.Integer(string="Problems", compute="_compute_totals")
    progress = fields.Float(compute="_compute_totals")
    total = fields.Monetary(compute="_compute_totals")
    open_count = fields.Integer(
        string="Entries Not Approved", compute="_compute_open_count"
    )

    _one_runs = models.UniqueIndex(
        "(company_id) WHERE state = 'running'",
        "Another billing run is creating its invoices: wait for its end.",
    )

    @api.depends("date_to")
    def _compute_name(self):
        # It may be computed when the transaction ends, which knows no language.
        env = self.with_context(lang=self.env.lang or self.env.user.lang).env
        for run in self:
            run.name = env._("Hours up to %(date)s", date=run.date_to or "")

    @api.depends("date_to")
    def _compute_invoice_date(self):
        for run in self:
            run.invoice_date = run.date_to

    @api.depends("line_ids.state", "line_ids.leave_out", "line_ids.amount")
    def _compute_totals(self):
        rows = self.env["consortium.billing.run.line"]._read_group(
            [("run_id", "in", self.ids), ("leave_out", "=", False)],
            ["run_id", "state"],
            ["__count", "total:sum"],
        )
        for run in self:
            mine = {state: sums for each, state, *sums in rows if each == run}
            done = mine.get("done", [0])[0] + mine.get("created", [0])[0]
            problems = mine.get("problem", [0])[0]
            run.line_count = sum(sums[0] for sums in mine.values())
            run.done_count, run.problem_count = done, problems
            todo = run.line_count - problems
            run.progress = 100 * done / todo if todo else 0
            run.total = sum(
                sums[1] for state, sums in mine.items() if state != "problem"
            )

    def _compute_open_count(self):
        for run in self:
            # A number: whatever time the accountant may read.
            run.open_count = (
                self.env["account.analytic.line"]
                .sudo()
                .search_count(run._open_domain())
            )

    def _open_domain(self):
        """Chargeable time of the period that nobody has approved: left for later."""
        return (
            self.env["account.analytic.line"]._time_domain()
            & Domain("company_id", "=", self.company_id.id)
            & Domain("chargeable", "=", True)
            & Domain("approval_state", "!=", "approved")
            & Domain("date", "<=", self.date_to)
        )

    def write(self, vals):
        if {"date_to", "grouping", "company_id"} & set(vals):
            self._check_state("draft", "proposed")
            self.filtered(lambda run: run.state == "proposed")._forget_lines()
            vals = {**vals, "state": "draft"}
        elif "state" in vals and not self.env.su:
            raise UserError(self.env._("A billing run goes on by its buttons."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_without_invoices(self):
        for run in self:
            if run.state == "running" or run.line_ids.move_id:
                raise UserError(
                    self.env._(
                        "« %(name)s » has made invoices: it stays.", name=run.name
                    )
                )

    def _forget_lines(self):
        # The run alone makes and deletes its lines.
        self.line_ids.sudo().unlink()

    def _check_state(self, *states):
        for run in self:
            if run.state not in states:
                raise UserError(
                    self.env._(
                        "« %(name)s » is creating its invoices, or has created them.",
                        name=run.name,
                    )
                )

    def action_propose(self):
        """Look for the time and the disbursements of the period on no invoice yet, and
        for what else is to be invoiced of these agreements.

        :raise UserError: nothing is to be billed, or the run is past that
        """
        self.ensure_one()
        self.check_access("write")
        self._check_state("draft", "proposed")
        left_out = self.line_ids.filtered("leave_out").order_id
        self._forget_lines()
        values = self._orders()._billing_run_values(self.date_to)
        if not values:
            raise UserError(
                self.env._("Nothing is to be billed up to %(date)s.", date=self.date_to)
            )
        # The run alone writes its lines.
        self.env["consortium.billing.run.line"].sudo().create(
            [
                {
                    **each,
                    "run_id": self.id,
                    "leave_out": each["order_id"] in left_out.ids,
                }
                for each in values
            ]
        )
        self._write_state("proposed")

    def _orders(self):
        """The orders of the company that have time or disbursements to be billed.

        Time that corrections have taken back waits for more time of the same line.
        """
        # Whoever bills reads all agreements for that.
        Order = self.env["sale.order"].sudo()
        lines = self.env["account.analytic.line"].sudo()
        rows = lines._read_group(
            Order._unbilled_domain(date_to=self.date_to)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("order_id.state", "=", "sale")
            & Domain("so_line.qty_delivered_method", "=", "timesheet")
            & Domain("so_line.product_id.invoice_policy", "=", "delivery"),
            ["order_id", "so_line", "cost_center_id", "hourly_rate_id"],
            having=[("minutes:sum", "!=", 0)],
        )
        expenses = (
            self.env["sale.order.line"]
            .sudo()
            ._read_group(
                Domain("company_id", "=", self.company_id.id)
                & Domain("state", "=", "sale")
                & Domain("is_expense", "=", True)
                & Domain("qty_to_invoice", ">", 0)
                & Domain("analytic_line_ids.date", "<=", self.date_to)
                & Domain("order_id.order_line.qty_delivered_method", "=", "timesheet"),
                ["order_id"],
            )
        )
        found = Order.union(*(order for order, *_keys in [*rows, *expenses]))
        return found.sorted(lambda order: (order.partner_invoice_id.id, order.id))

    def _write_state(self, state):
        # Buttons alone change it; who may press them was checked.
        self.sudo().state = state

    def action_create(self):
        """Create the invoices that were not left out; many: in the background.

        :raise UserError: nothing was proposed, or they are being created
        """
        self.ensure_one()
        self.check_access("write")
        self._check_state("draft", "proposed")
        if self.state == "draft":
            raise UserError(self.env._("Propose the invoices first."))
        if not self._todo():
            raise UserError(self.env._("Every agreement is left out."))
        self._write_state("running")
        self.flush_recordset()
        if self.line_count <= AT_ONCE:
            while lines := self._next_lines():
                self._create_batch(lines)
            self._finish()
        else:
            self.env.ref("consortium_timesheet.ir_cron_billing_run").sudo()._trigger()

    def action_open_invoices(self):
        """The invoices of the run."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "account.move",
            "views": [
                (self.env.ref("account.view_out_invoice_tree").id, "list"),
                (False, "form"),
            ],
            "domain": [("id", "in", self.line_ids.move_id.ids)],
            # Without it, core's list has neither customer nor date.
            "context": {"default_move_type": "out_invoice", "create": False},
        }

    def action_open_unapproved(self):
        """The entries of the period that nobody has approved."""
        self.ensure_one()
        view = "consortium_timesheet.account_analytic_line_view_list_approval"
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Entries Not Approved"),
            "res_model": "account.analytic.line",
            "views": [(self.env.ref(view).id, "list")],
            "domain": list(self._open_domain()),
        }
