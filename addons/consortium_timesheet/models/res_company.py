from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class ResCompany(models.Model):
    _inherit = "res.company"

    cost_center_plan_id = fields.Many2one(
        "account.analytic.plan",
        string="Plan of Cost Centers",
        ondelete="restrict",
        help="The analytic plan in which each cost center has its account.",
    )
    pay_journal_id = fields.Many2one(
        "account.journal",
        string="Journal of Pay Entries",
        domain="[('type', '=', 'general')]",
        check_company=True,
    )
    pay_account_id = fields.Many2one(
        "account.account", string="Account of Pay", check_company=True
    )
    pay_charges_account_id = fields.Many2one(
        "account.account", string="Account of Employer Charges", check_company=True
    )
    pay_payable_account_id = fields.Many2one(
        "account.account",
        string="Account of Pay to Be Paid",
        check_company=True,
        help="Where the other side of a pay entry goes.",
    )

    reserve_account_id = fields.Many2one(
        "account.account",
        string="Account of the Reserve",
        check_company=True,
        help="Where the reserve shown on invoices goes; empty: that of the hours.",
    )
    true_up_journal_id = fields.Many2one(
        "account.journal",
        string="Journal of Accruals",
        domain="[('type', '=', 'general')]",
        check_company=True,
    )
    true_up_payable_account_id = fields.Many2one(
        "account.account",
        string="True-Up Owed to Members",
        check_company=True,
        help="What was billed above the cost of the year, until it is given back.",
    )
    true_up_receivable_account_id = fields.Many2one(
        "account.account",
        string="True-Up Owed by Members",
        check_company=True,
        help="What the year cost above what was billed, until it is billed.",
    )
    timesheet_lock_date = fields.Date(
        string="Hours Locked Up To",
        compute="_compute_timesheet_lock_date",
        help="Time of these days is entered or changed only by a dated exception.",
    )
    timesheet_long_day = fields.Integer(
        string="Long Day (Hours)",
        default=10,
        help="A day of more hours is shown to the coordinator.",
    )
    timesheet_late_days = fields.Integer(
        string="Late After (Days)",
        default=14,
        help="Time confirmed later than that is shown to the coordinator.",
    )
    at_cost_closed_until = fields.Date(
        string="Cost Closed Up To",
        readonly=True,
        help="The last day of the years whose final run is approved.",
    )

    def _compute_timesheet_lock_date(self):
        """The date of the last lock that the accountant entered."""
        # Every entry of time is checked against it, whoever enters it.
        Lock = self.env["consortium.timesheet.lock"].sudo()
        for company in self:
            company.timesheet_lock_date = Lock.search(
                [("company_id", "=", company.id)], limit=1
            ).date

    def _lock_at_cost(self):
        """One at a time closes a year, or approves time of a year that may close: the
        second waits, begins again, and sees what the first did.

        A lock alone would not do: a transaction keeps seeing what it saw first.
        """
        self.env.execute_query(
            SQL(
                "UPDATE res_company SET at_cost_closed_until = at_cost_closed_until "
                "WHERE id = ANY(%s) RETURNING id",
                sorted(self.ids),
            )
        )

    def _make_cost_center_plan(self):
        """The analytic plan of cost centers, made if no company has one yet.

        Odoo gives each plan a column, so it is made once for all companies, and stays
        when the addon goes.
        """
        self.ensure_one()
        if not self.cost_center_plan_id:
            # Settings and the first cost center make it, whoever the accountant is;
            # that of a company that was archived serves too.
            companies = self.sudo().with_context(active_test=False)
            known = companies.search([("cost_center_plan_id", "!=", False)], limit=1)
            self.sudo().cost_center_plan_id = known.cost_center_plan_id or self.env[
                "account.analytic.plan"
            ].sudo().create({"name": self.env._("Cost Centers")})
        return self.cost_center_plan_id

    def _pay_accounts(self):
        """The journal and accounts of a pay entry.

        :raise UserError: one of them isn't set
        """
        names = (
            "pay_journal_id",
            "pay_account_id",
            "pay_charges_account_id",
            "pay_payable_account_id",
        )
        self._require_set(names)
        return {name: self[name] for name in names}

    def _true_up_accounts(self):
        """The journal of accruals, what is owed to members, what is owed by them.

        :raise UserError: one of them isn't set
        """
        names = (
            "true_up_journal_id",
            "true_up_payable_account_id",
            "true_up_receivable_account_id",
        )
        self._require_set(names)
        return [self[name] for name in names]

    def _require_set(self, names):
        self.ensure_one()
        for name in names:
            if not self[name]:
                raise UserError(
                    self.env._(
                        "« %(field)s » is missing: see the accounting settings.",
                        field=self._fields[name]._description_string(self.env),
                    )
                )
