from collections import defaultdict
from contextlib import contextmanager
from fractions import Fraction

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.apportionment import half_up
from ..tools.clock import to_minutes
from .consortium_timesheet_change import TRACED

# What an approved entry is billed and costed by: nothing changes it.
FROZEN = {
    "account_id",
    "amount",
    "approval_state",
    "chargeable",
    "company_id",
    "corrects_id",
    "cost_center_id",
    "date",
    "employee_id",
    "minutes",
    "nonchargeable_reason_id",
    "project_id",
    "hourly_rate_id",
    "so_line",
    "task_id",
    "unit_amount",
}
BY_BUTTON = {
    "approval_state",
    "approved_by_id",
    "approved_on",
    "is_late",
    "oddities",
    "is_odd",
    "hourly_rate_id",
    "corrects_id",
    "correction_reason",
    "is_charge_waived",
}
COMPUTED = {"chargeable", "project_id", "so_line"}  # and traced where they are
PRICED_BY = {"unit_amount", "minutes", "date", "employee_id", "cost_center_id"}


class AccountAnalyticLine(models.Model):
    _inherit = "account.analytic.line"

    minutes = fields.Integer(
        aggregator="sum",
        copy=True,
        help="The time, in whole minutes: what is billed and shared out.",
    )
    cost_center_id = fields.Many2one(
        "consortium.cost.center",
        compute="_compute_cost_center_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        domain="[('kind', '=', 'expertise')]",
    )
    chargeable = fields.Boolean(
        compute="_compute_chargeable",
        store=True,
        readonly=False,
        copy=True,
        help="Billed to somebody. Otherwise its cost is part of everybody's rate.",
    )
    # Somebody said so of time of an agreement: whatever order line it is mapped to.
    is_charge_waived = fields.Boolean(
        readonly=True, copy=False, export_string_translation=False
    )
    nonchargeable_reason_id = fields.Many2one(
        "consortium.nonchargeable.reason",
        string="Not Charged Because",
        compute="_compute_chargeable",
        store=True,
        readonly=False,
        copy=True,
        ondelete="restrict",
    )
    intervention_mode = fields.Selection(
        [("remote", "Remote"), ("on_site", "On Site")], default="remote"
    )
    office_id = fields.Many2one(
        "res.partner",
        ondelete="restrict",
        index="btree_not_null",
        domain="[('type', '=', 'office')]",
    )
    approval_state = fields.Selection(
        [("draft", "To Confirm"), ("submitted", "Confirmed"), ("approved", "Approved")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    approved_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, ondelete="restrict"
    )
    approved_on = fields.Datetime(readonly=True, copy=False)
    hourly_rate_id = fields.Many2one(
        "consortium.hourly.rate",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The rate in force on the day worked, kept at approval.",
    )
    is_late = fields.Boolean(
        string="Late",
        readonly=True,
        copy=False,
        help="Approved when its period was already locked: on the next invoice.",
    )
    corrects_id = fields.Many2one(
        "account.analytic.line",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    correction_ids = fields.One2many("account.analytic.line", "corrects_id")
    correction_reason = fields.Char(readonly=True, copy=False)
    timer_start = fields.Datetime(
        copy=False, readonly=True, export_string_translation=False
    )

    _cost_idx = models.Index(
        "(company_id, cost_date, order_id, cost_center_id, hourly_rate_id, minutes) "
        "WHERE project_id IS NOT NULL AND approval_state = 'approved'"
    )
    _approval_idx = models.Index(
        "(date, employee_id) WHERE project_id IS NOT NULL "
        "AND approval_state <> 'approved'"
    )

    @api.depends("employee_id", "date", "project_id", "so_line")
    def _compute_cost_center_id(self):
        """The center of what is sold, else the person's main one on that day."""
        lines = self.filtered(lambda line: line.approval_state != "approved")
        # Anybody's main center, whoever enters the time.
        Assignment = self.env["consortium.cost.assignment"].sudo()
        dates = [line.date for line in lines if line.project_id and line.date]
        periods = (
            Assignment._periods(lines.employee_id, min(dates), max(dates))
            if dates
            else {}
        )
        for line in lines:
            if not line.project_id:
                line.cost_center_id = False
                continue
            sold = line.sudo().so_line._sold_center()
            shares = defaultdict(int)
            for each in periods.get(line.employee_id.id, ()):
                if each.start <= line.date and not (each.end and each.end < line.date):
                    shares[each.centre] += each.share
            main = min(shares, key=lambda center: (-shares[center], center), default=0)
            center = sold or self.env["consortium.cost.center"].browse(main)
            line.cost_center_id = center.sudo()._pool() if center else False

    @api.depends("so_line", "holiday_id", "global_leave_id", "project_id")
    def _compute_chargeable(self):
        """Chargeable where there is an agreement, unless somebody said otherwise."""
        # Rows that are there before the addon are computed before its data is loaded.
        reasons = {
            code: self.env.ref(
                f"consortium_timesheet.nonchargeable_{code}", raise_if_not_found=False
            )
            for code in ("leave", "internal")
        }
        lines = self._not_approved()
        with lines._traced("chargeable"):
            for line in lines:
                line.chargeable = bool(
                    line.project_id and line.so_line and not line.is_charge_waived
                )
                if line.chargeable or not line.project_id:
                    line.nonchargeable_reason_id = False
                elif line._is_leave():
                    line.nonchargeable_reason_id = reasons["leave"]
                else:
                    line.nonchargeable_reason_id = (
                        line.nonchargeable_reason_id or reasons["internal"]
                    )

    def _compute_so_line(self):
        """Kept at approval: core maps unbilled entries anew. What it maps is traced."""
        lines = self._not_approved()
        with lines._traced("so_line"):
            return super(AccountAnalyticLine, lines)._compute_so_line()

    @contextmanager
    def _traced(self, *names):
        """What core computes of known entries is traced as what people write is."""
        Change = self.env["consortium.timesheet.change"]
        # What this very transaction creates is not changed by being mapped.
        now = self.env.cr.now()
        known = self.filtered(lambda line: line.id and line.create_date != now)
        before = Change._snapshot(known, names)
        yield
        Change._record(known, before)

    def _compute_project_id(self):
        lines = self._not_approved()
        with lines._traced("project_id"):
            return super(AccountAnalyticLine, lines)._compute_project_id()

    def _compute_task_id(self):
        return super(AccountAnalyticLine, self._not_approved())._compute_task_id()

    def _compute_partner_id(self):
        return super(AccountAnalyticLine, self._not_approved())._compute_partner_id()

    def _not_approved(self):
        return self.filtered(lambda line: line.approval_state != "approved")

    def _is_readonly(self):
        return super()._is_readonly() or self.approval_state == "approved"

    @api.onchange("minutes")
    def _onchange_minutes(self):
        self.unit_amount = self.minutes / 60

    @api.onchange("unit_amount")
    def _onchange_unit_amount(self):
        minutes = self._to_minutes(self.unit_amount)
        if minutes != self.minutes:
            self.minutes = minutes

    @api.model
    def _to_minutes(self, hours):
        """The nearest whole minute of decimal hours, a half away from zero."""
        return to_minutes(hours)

    @api.model
    def _with_minutes(self, vals):
        """The same values, with time in whole minutes, and hours made from them."""
        vals = dict(vals)
        if "unit_amount" in vals:
            # Time entered in hours; minutes that come with it are the same, rounded.
            vals["minutes"] = self._to_minutes(vals["unit_amount"])
        if "minutes" in vals:
            vals["unit_amount"] = vals["minutes"] / 60
        return vals

    @api.model_create_multi
    def create(self, vals_list):
        prepared = []
        for vals in vals_list:
            if not self.env.su and BY_BUTTON & {k for k, v in vals.items() if v}:
                raise UserError(self._button_message())
            if vals.get("project_id") or vals.get("task_id"):
                vals = self._with_minutes({"unit_amount": 0, **vals})
            prepared.append(vals)
        lines = super().create(prepared)
        times = lines.filtered("project_id")
        times._check_time()
        times._keep_waived()
        times._price()
        return lines

    def write(self, vals):
        """Approved entries stay; the others are traced, and priced at their own date.

        :raise UserError: an approved entry, a locked period, a field of a button
        """
        if not self.env.su and BY_BUTTON & set(vals):
            raise UserError(self._button_message())
        times = self.filtered("project_id")
        times._check_open_to_user()
        if FROZEN & set(vals):
            times._check_not_approved()
        if not times:
            return super().write(vals)
        if {"unit_amount", "minutes"} & set(vals):
            vals = self._with_minutes(vals)
        watched = FROZEN & set(vals)
        if watched - {"amount"}:
            times._check_lock()
        Change = self.env["consortium.timesheet.change"]
        # What is computed is traced as it is computed.
        names = [name for name in TRACED if name in vals or name not in COMPUTED]
        before = Change._snapshot(times, names) if watched else {}
        result = super().write(vals)
        if watched - {"amount"}:
            times._check_time(watched)
        if "chargeable" in vals:
            times._keep_waived()
        if before:
            Change._record(times, before)
        if PRICED_BY & set(vals):
            times._price()
        return result

    def _keep_waived(self):
        """Time of an agreement that was said not to be charged stays so."""
        waived = self.filtered(lambda line: line.so_line and not line.chargeable)
        marked = self.filtered("is_charge_waived")
        (waived - marked)._write_approval({"is_charge_waived": True})
        (marked - waived)._write_approval({"is_charge_waived": False})

    def _button_message(self):
        return self.env._("Time is confirmed, approved and corrected by its buttons.")

    def _write_approval(self, vals):
        """What buttons write, approved entries included: ``write`` refuses it."""
        return super().write(vals)  # pylint: disable=super-method-mismatch

    @api.ondelete(at_uninstall=False)
    def _unlink_open(self):
        times = self.filtered("project_id")
        times._check_open_to_user()
        times._check_not_approved()
        times._check_lock()
        self.env["consortium.timesheet.change"]._record_deletion(times)

    def _check_not_approved(self):
        for line in self:
            if line.approval_state == "approved":
                raise UserError(
                    self.env._(
                        "The time of %(name)s on %(date)s is approved: correct it, "
                        "with a reason.",
                        name=line.employee_id.sudo().name,
                        date=line.date,
                    )
                )

    def _hourly_cost(self):
        """Never a person's pay: ``_price`` puts the rate of the center instead."""
        return 0.0

    def _timesheet_postprocess_values(self, values):
        """Core's checks without its price, which is the employee's cost of today."""
        result = super()._timesheet_postprocess_values(values)
        for prepared in result.values():
            prepared.pop("amount", None)
        return result

    def _price(self):
        """Cost open entries at the rate of their center on their own date."""
        lines = self._not_approved()
        rates = lines._rates()
        by_amount = defaultdict(self.browse)
        for line in lines:
            rate = line._rate_among(rates)
            per_hour = rate.rate_cents if rate else 0
            cents = half_up(Fraction(per_hour * line.minutes, 60))
            if round(line.amount * 100) != -cents:
                by_amount[cents] |= line
        for cents, priced in by_amount.items():
            priced._write_approval({"amount": -cents / 100})

    def _rates(self):
        """``{(center id, date): rate in force}`` of these entries."""
        # The price of an hour is asked for by whoever enters one.
        return (
            self.env["consortium.hourly.rate"]
            .sudo()
            ._in_force({(line.cost_center_id, line.date) for line in self})
        )

    def _rate_among(self, rates):
        """The rate in force on the day; of what takes time back, the one it had."""
        self.ensure_one()
        if self.minutes < 0 and self.corrects_id:
            return self.corrects_id.hourly_rate_id
        return rates.get((self.cost_center_id.id, self.date))

    @api.model
    def _time_domain(self):
        """Time entries that people make: neither costs nor leave."""
        return (
            Domain("project_id", "!=", False)
            & Domain("holiday_id", "=", False)
            & Domain("global_leave_id", "=", False)
        )

    def _timesheet_get_portal_domain(self):
        """In the portal: approved hours of the organization that one acts for."""
        domain = super()._timesheet_get_portal_domain()
        if not self.env.user._is_portal():
            return domain
        partner = self.env.user._acting_partner("request")
        return (
            Domain("project_id", "!=", False)
            & Domain("approval_state", "=", "approved")
            & Domain("partner_id.commercial_partner_id", "in", partner.ids)
        )
