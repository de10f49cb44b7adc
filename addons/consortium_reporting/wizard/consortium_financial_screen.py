from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import words


class ConsortiumFinancialScreen(models.TransientModel):
    """The results of a fiscal year, its budget and the next one's, and the reserve."""

    _name = "consortium.financial.screen"
    _description = "Table of Results"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    date = fields.Date(
        string="A Day of the Year",
        required=True,
        default=lambda self: self.env.company._last_results_day(),
    )
    date_from = fields.Date(compute="_compute_year")
    date_to = fields.Date(compute="_compute_year")
    body = fields.Html(compute="_compute_body", sanitize=False)

    @api.depends("date", "company_id")
    def _compute_display_name(self):
        for screen in self:
            screen.display_name = self.env._("Table of Results")

    @api.depends("date", "company_id")
    def _compute_year(self):
        for screen in self:
            year = screen.date and screen.company_id._fiscal_year(screen.date)
            screen.date_from, screen.date_to = year or (False, False)

    @api.depends("date", "company_id")
    def _compute_body(self):
        for screen in self:
            screen.body = screen.date and self.env["ir.qweb"]._render(
                "consortium_reporting.financial_screen_body", screen._shown()
            )

    def _shown(self):
        """What the screen shows: the structures, and how to write their figures."""
        year = (self.date_from, self.date_to)
        french = (self.env.lang or "").startswith("fr")
        return {
            "table": self.company_id._financial_table(*year),
            "reserve": self.company_id._reserve_statement(*year),
            "money": lambda amount: words.value(amount, "money", french),
            "percent": lambda amount: words.percent(amount, french),
        }

    def action_open_table(self):
        """The table to drill down in and to export, made once a year.

        :raise UserError: nobody who keeps the books has made it yet
        """
        self.ensure_one()
        template = self.company_id._financial_template()
        instances = self.env["mis.report.instance"]
        instance = instances.search(
            [
                ("report_id", "=", template.id),
                ("company_id", "=", self.company_id.id),
                ("fiscal_year_end", "=", self.date_to),
            ]
        )
        if not instance:
            if not instances.has_access("create"):
                raise UserError(
                    self.env._(
                        "The detailed table of this year is not made yet: the "
                        "accountant opens it first."
                    )
                )
            instance = instances.create(self._prepare_instance(template))
            self._add_variance(instance)
        return instance.preview()

    def action_open_budgets(self):
        """The budgets of the year and of the next one, made empty if need be."""
        self.ensure_one()
        template = self.company_id._financial_template()
        following = self.company_id._fiscal_year_after(self.date_to)
        budgets = self._ensure_budget(template, self.date_from, self.date_to)
        budgets |= self._ensure_budget(template, *following)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Budget Lines"),
            "res_model": "mis.budget.item",
            "views": [(False, "list"), (False, "pivot")],
            "domain": [("budget_id", "in", budgets.ids)],
            "context": {"group_by": "budget_id", "create": False},
        }

    def _ensure_budget(self, template, date_from, date_to):
        """The budget of these days; made with its lines at zero by whoever may."""
        budget = self.company_id._budget(template, date_from, date_to)
        budgets = self.env["mis.budget"]
        if budget or not budgets.has_access("create"):
            return budget
        return budgets.create(
            {
                "name": self._budget_name(template, self._year(date_from, date_to)),
                "report_id": template.id,
                "company_id": self.company_id.id,
                "date_from": date_from,
                "date_to": date_to,
                "item_ids": [
                    (0, 0, line)
                    for kpi in template.kpi_ids.filtered("budgetable")
                    for line in self._prepare_budget_lines(kpi, date_from, date_to)
                ],
            }
        )

    def _budget_name(self, template, year):
        """« Budget 2018-2019 » of the table of results; another template is named."""
        if template == self.company_id._financial_template():
            return self.env._("Budget %(year)s", year=year)
        return f"{template.name} {year}"

    def _prepare_budget_lines(self, kpi, date_from, date_to):
        """The lines at zero of a heading in a new budget; to extend."""
        return [
            {
                "kpi_expression_id": kpi.expression_ids.id,
                "date_from": date_from,
                "date_to": date_to,
                "amount": 0,
            }
        ]

    @api.model
    def _year(self, date_from, date_to):
        return self.env["consortium.indicator.screen"]._year_name(date_from, date_to)

    def _prepare_instance(self, template):
        years = {
            "last": self.company_id._fiscal_year_before(self.date_from),
            "actual": (self.date_from, self.date_to),
            "next": self.company_id._fiscal_year_after(self.date_to),
        }
        budgets = {
            key: self._ensure_budget(template, *years[key])
            for key in ("actual", "next")
        }
        names = {key: self._year(*year) for key, year in years.items()}
        return {
            "name": self.env._("Results %(year)s", year=names["actual"]),
            "report_id": template.id,
            "company_id": self.company_id.id,
            "fiscal_year_end": self.date_to,
            "landscape_pdf": True,
            "period_ids": [
                self._prepare_period(10, names["last"], years["last"]),
                self._prepare_period(20, names["actual"], years["actual"]),
                self._prepare_period(
                    30,
                    self.env._("Budget %(year)s", year=names["actual"]),
                    years["actual"],
                    budgets["actual"],
                ),
                self._prepare_period(
                    50,
                    self.env._("Budget %(year)s", year=names["next"]),
                    years["next"],
                    budgets["next"],
                ),
            ],
        }

    def _add_variance(self, instance):
        """The column that compares the second one with the third."""
        _last, actual, budget, _following = instance.period_ids.sorted("sequence")
        self.env["mis.report.instance.period"].create(
            {
                "report_instance_id": instance.id,
                "sequence": 40,
                "name": self.env._("Variance"),
                "source": "cmpcol",
                "mode": "none",
                "source_cmpcol_to_id": actual.id,
                "source_cmpcol_from_id": budget.id,
            }
        )

    @api.model
    def _prepare_period(self, sequence, name, year, budget=None):
        vals = {
            "sequence": sequence,
            "name": name,
            "mode": "fix",
            "manual_date_from": year[0],
            "manual_date_to": year[1],
        }
        if budget is not None:
            vals.update(source="mis_budget", source_mis_budget_id=budget.id)
        return (0, 0, vals)
