from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..tools.pay_file import Assignment


class ConsortiumCostAssignment(models.Model):
    """The share of a person's work that a cost center bears, from day to day."""

    _name = "consortium.cost.assignment"
    _description = "Assignment to a Cost Center"
    _inherit = ["mail.thread"]
    _order = "date_start desc, employee_id, share desc, id"
    _check_company_auto = True

    employee_id = fields.Many2one(
        "hr.employee",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
        tracking=True,
    )
    cost_center_id = fields.Many2one(
        "consortium.cost.center",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
        tracking=True,
    )
    pool_id = fields.Many2one(
        "consortium.cost.center",
        string="Counted In",
        compute="_compute_pool_id",
        store=True,
        index=True,
    )
    company_id = fields.Many2one(
        "res.company", related="cost_center_id.company_id", store=True, index=True
    )
    share = fields.Float(
        string="Share (%)",
        digits=(5, 2),
        required=True,
        default=100.0,
        tracking=True,
    )
    date_start = fields.Date(
        string="From",
        required=True,
        default=lambda self: self.env.company._today(),
        tracking=True,
    )
    date_end = fields.Date(string="Last Day", tracking=True)

    _share = models.Constraint(
        "CHECK (share > 0 AND share <= 100)",
        "A share is more than 0 % and at most 100 %.",
    )
    _dates = models.Constraint(
        "CHECK (date_end >= date_start)",
        "An assignment ends on or after the day it begins.",
    )
    _once = models.Constraint(
        "EXCLUDE USING gist (employee_id WITH =, cost_center_id WITH =, "
        "daterange(date_start, date_end, '[]') WITH &&)",
        "This person is already assigned to that center over part of that time: end "
        "that assignment first.",
    )

    @api.depends("cost_center_id.merge_into_id")
    def _compute_pool_id(self):
        for assignment in self:
            assignment.pool_id = assignment.cost_center_id._pool()

    @api.depends("employee_id", "cost_center_id", "share")
    def _compute_display_name(self):
        for each in self:
            each.display_name = (
                f"{each.employee_id.name or ''} – {each.cost_center_id.code or ''}"
            )

    @api.constrains("employee_id", "share", "date_start", "date_end")
    def _check_sum(self):
        """Never more than 100 %: it is on a first day that a sum goes up."""
        periods = self._periods(self.employee_id)
        for employee in self.employee_id:
            rows = periods[employee.id]
            for first in rows:
                total = sum(
                    row.share
                    for row in rows
                    if row.start <= first.start
                    and (row.end is None or row.end >= first.start)
                )
                if total > 10_000:
                    raise ValidationError(
                        self.env._(
                            "%(name)s would be assigned for more than 100 %% on "
                            "%(date)s.",
                            name=employee.name,
                            date=first.start,
                        )
                    )

    @api.model
    def _on_domain(self, date):
        """The assignments in force on a date."""
        return Domain("date_start", "<=", date) & (
            Domain("date_end", "=", False) | Domain("date_end", ">=", date)
        )

    @api.model
    def _periods(self, employees, start=None, end=None):
        """``{employee id: [Assignment]}``, by pool, that touch a period; one query.

        The ``centre`` of each is the identifier of its pool.
        """
        domain = Domain("employee_id", "in", employees.ids)
        if end:
            domain &= Domain("date_start", "<=", end)
        if start:
            domain &= Domain("date_end", "=", False) | Domain("date_end", ">=", start)
        found = defaultdict(list)
        for row in self.search(domain):
            found[row.employee_id.id].append(
                Assignment(
                    row.pool_id.id,
                    round(row.share * 100),
                    row.date_start,
                    row.date_end or None,
                )
            )
        return found
