from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain


class ConsortiumTimesheetException(models.Model):
    """Lets time be entered in a locked period, until a day, for a reason."""

    _name = "consortium.timesheet.exception"
    _description = "Exception to the Lock of Hours"
    _inherit = ["mail.thread"]
    _order = "open_until desc, id desc"
    _rec_name = "reason"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    employee_id = fields.Many2one(
        "hr.employee",
        string="For",
        index=True,
        check_company=True,
        ondelete="restrict",
        help="Empty: for everybody.",
        tracking=True,
    )
    date_from = fields.Date(string="Days Worked From", required=True, tracking=True)
    date_to = fields.Date(string="To", required=True, tracking=True)
    open_until = fields.Date(required=True, tracking=True)
    reason = fields.Char(required=True, tracking=True)

    _dates = models.Constraint(
        "CHECK (date_to >= date_from)", "The last day worked is not before the first."
    )

    @api.constrains("reason")
    def _check_reason(self):
        for each in self:
            if not (each.reason or "").strip():
                raise ValidationError(self.env._("An exception names its reason."))

    @api.model
    def _open(self, company):
        """The exceptions of a company that are open today."""
        domain = Domain("company_id", "=", company.id) & Domain(
            "open_until", ">=", company._today()
        )
        # Whoever enters time is let in by exceptions that it may not read.
        return self.sudo().search(domain)

    def _lets(self, employee, date):
        """Does one of these exceptions let that person enter that day?"""
        return any(
            each.date_from <= date <= each.date_to
            and each.employee_id in (employee, self.env["hr.employee"])
            for each in self
        )

    @api.model
    def _check_open(self, lines, lock):
        """Refuse the first of these entries of locked days that no exception lets in.

        :raise UserError: naming the day, and who opens it
        """
        exceptions = self._open(lines.company_id)
        for line in lines:
            if not exceptions._lets(line.employee_id, line.date):
                raise UserError(
                    self.env._(
                        "Hours are locked up to %(lock)s: ask the accountant for an "
                        "exception to enter %(date)s.",
                        lock=lock,
                        date=line.date,
                    )
                )
