from odoo import Command, models
from odoo.exceptions import UserError

from ..tools.planned import planned


class ConsortiumRateRun(models.Model):
    """Provisional rates from the budget: its lines by center are what is planned."""

    _inherit = "consortium.rate.run"

    def action_fill_from_budget(self):
        """Replace the planned cost and hours by what the budget says of the period.

        Repeated, it gives the same: what is carried forward is kept, and a center that
        the budget does not name leaves the run.

        :raise UserError: not a target run, approved, no budget of these days, or no
            line of it by cost center; nothing is changed
        """
        for run in self:
            run.check_access("write")
            run._check_open()
            if run.kind != "target":
                raise UserError(
                    self.env._("Only provisional rates are made of a budget.")
                )
            budgets = run._budgets_at_cost()
            if not budgets:
                raise UserError(
                    self.env._(
                        "No budget covers %(start)s to %(end)s: make it first.",
                        start=run.date_from,
                        end=run.date_to,
                    )
                )
            found = run._planned(budgets)
            nowhere = found.pop(run.env["consortium.cost.center"], {})
            if not any(found.values()):
                raise UserError(
                    self.env._(
                        "No line of %(budgets)s is of a cost center yet: share out "
                        "the expenses and the hours among them first.",
                        budgets=", ".join(sorted(budgets.mapped("name"))),
                    )
                )
            run.center_ids = run._planned_commands(found)
            run._tell_planned(budgets, nowhere)
        return True

    def _budgets_at_cost(self):
        """The budgets that cover the period and have a role in the cost of hours."""
        self.ensure_one()
        templates = self.env["mis.report.kpi"].search([("at_cost_role", "!=", False)])
        budgets = self.env["mis.budget"]
        for template in templates.report_id:
            budgets |= self.company_id._budget(template, self.date_from, self.date_to)
        return budgets

    def _planned(self, budgets):
        """``{center that counts, or none: {role: cents or minutes}}``: one query."""
        items = self.env["mis.budget.item"].search_fetch(
            [
                ("budget_id", "in", budgets.ids),
                ("kpi_expression_id.kpi_id.at_cost_role", "!=", False),
            ],
            ["cost_center_id", "kpi_expression_id", "amount", "date_from", "date_to"],
        )
        return planned(
            [
                (
                    item.cost_center_id._pool(),
                    item.kpi_expression_id.kpi_id.at_cost_role,
                    item.amount,
                    item.date_from,
                    item.date_to,
                )
                for item in items
                if item.amount
            ],
            self.date_from,
            self.date_to,
        )

    def _planned_commands(self, found):
        """The rows of the run as the budget says; what is carried forward stays."""
        commands = []
        rows = {row.cost_center_id: row for row in self.center_ids}
        for center in sorted({*found, *rows}, key=lambda center: center.code):
            figures = found.get(center, {})
            values = {
                "cost": figures.get("cost", 0) / 100,
                "credit": figures.get("credit", 0) / 100,
                "planned_hours": figures.get("hours", 0) / 60,
            }
            row = rows.get(center)
            if row is None:
                values["cost_center_id"] = center.id
                commands.append(Command.create(values))
            elif figures or row.carried:
                commands.append(Command.update(row.id, values))
            else:
                commands.append(Command.delete(row.id))
        return commands

    def _tell_planned(self, budgets, nowhere):
        """Say in the chatter what was read, and what of it is in no center."""
        self.ensure_one()
        text = self.env._(
            "Planned cost and hours read from %(budgets)s.",
            budgets=", ".join(sorted(budgets.mapped("name"))),
        )
        if nowhere.get("cost"):
            text += " " + self.env._(
                "%(amount)s of expenses are in no cost center, and in no rate.",
                amount=self.currency_id.format(nowhere["cost"] / 100),
            )
        self.message_post(body=text)

    def action_open_budget(self):
        """The lines to fill in: budgets of the fiscal year, made by whoever may."""
        self.ensure_one()
        start, end = self.company_id._fiscal_year(self.date_from)
        screen = self.env["consortium.financial.screen"].create(
            {"company_id": self.company_id.id, "date": start}
        )
        templates = self.env["mis.report.kpi"].search([("at_cost_role", "!=", False)])
        budgets = self.env["mis.budget"]
        for template in templates.report_id:
            budgets |= screen._ensure_budget(template, start, end)
        view = "consortium_timesheet_reporting.mis_budget_item_view_list_center"
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Budget by Cost Center"),
            "res_model": "mis.budget.item",
            "views": [(self.env.ref(view).id, "list"), (False, "pivot")],
            "domain": [
                ("budget_id", "in", budgets.ids),
                ("kpi_expression_id.kpi_id.at_cost_role", "!=", False),
            ],
            "context": {
                "default_budget_id": budgets[:1].id,
                "default_date_from": str(start),
                "default_date_to": str(end),
            },
        }
