import logging

from odoo import Command, fields, models
from odoo.addons.consortium_timesheet.tools.apportionment import largest_remainder

from .consortium_demo_members import PAID_WITHIN_DAYS

_logger = logging.getLogger(__name__)

MONTHS = 12


class ConsortiumDemo(models.AbstractModel):
    """The books of two years to the dollar, the budgets, what was before the system."""

    _inherit = "consortium.demo"  # pylint: disable=consider-merging-classes-inherited

    def _load_invoices(self):
        """A member is invoiced each quarter what ended in it, at provisional rates, and
        pays within the month that follows."""
        services = self._account("411230")
        for row in self._rows("centers"):
            product = self._expertise(row["code"])._agreement_product()
            product.property_account_income_id = services
        term = self.env.ref("account.account_payment_term_30days")
        quarters = {}
        for number, row in enumerate(self._rows("agreements"), 1):
            end = fields.Date.end_of(fields.Date.to_date(row["end"]), "quarter")
            order = self._named(f"agreement_{number}")
            quarters[end] = quarters.get(end, order) | order
        for day, orders in sorted(quarters.items()):
            moves = orders._create_invoices()
            moves.write(
                {
                    "invoice_date": day,
                    "date": day,
                    "invoice_payment_term_id": term.id,
                }
            )
            moves.action_post()
            wizard = self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=moves.ids
            )
            paid = fields.Date.add(day, days=PAID_WITHIN_DAYS)
            wizard.create({"payment_date": paid})._create_payments()
            _logger.info("Demonstration: %s invoices on %s", len(moves), day)

    def _remit_taxes(self, day, journal, bank):
        """What was collected for the governments in the year is theirs at its end."""
        first = fields.Date.add(day, years=-1, days=1)
        groups = self.env["account.move.line"]._read_group(
            [
                ("tax_line_id", "!=", False),
                ("parent_state", "=", "posted"),
                ("date", ">=", first),
                ("date", "<=", day),
            ],
            ["account_id"],
            ["balance:sum"],
        )
        lines = [
            {"name": "Remise des taxes", "account_id": account.id, "balance": -balance}
            for account, balance in groups
        ]
        total = sum(balance for _account, balance in groups)
        lines.append(
            {"name": "Remise des taxes", "account_id": bank.id, "balance": total}
        )
        return {
            "move_type": "entry",
            "journal_id": journal.id,
            "date": day,
            "line_ids": [Command.create(line) for line in lines],
        }

    def _account(self, code):
        account = self.env["account.account"].search([("code", "=", code)], limit=1)
        assert account, code
        return account

    def _load_books(self):
        """Other income and all expenses, an entry a month and line; what the fields
        cost goes to their centers by their hours and rates."""
        journal = self.env["account.journal"].search(
            [("type", "=", "general"), ("company_id", "=", self.env.company.id)],
            limit=1,
        )
        bank = self._account("111200")
        entries = []
        for row in self._rows("books"):
            cents = round(float(row["amount"]) * 100)
            parts = largest_remainder(cents, dict.fromkeys(range(MONTHS), 1))
            for month, part in parts.items():
                first = fields.Date.to_date(f"{row['year']}-07-01")
                day = fields.Date.end_of(fields.Date.add(first, months=month), "month")
                entries.append(
                    {
                        "move_type": "entry",
                        "journal_id": journal.id,
                        "date": day,
                        "line_ids": self._entry_lines(row, part, bank),
                    }
                )
        for year in ("2018", "2019"):
            day = fields.Date.to_date(f"{year}-06-30")
            entries.append(self._remit_taxes(day, journal, bank))
        self.env["account.move"].create(entries).action_post()

    def _entry_lines(self, row, cents, bank):
        account = self._account(row["account"])
        sign = -1 if row["kind"] == "income" else 1
        parts = {None: cents}
        if row["center"] == "fields":
            parts = largest_remainder(cents, self._cost_weights(row["year"]))
        elif row["center"]:
            parts = {row["center"]: cents}
        lines = [
            {
                "name": account.name,
                "account_id": account.id,
                "balance": sign * part / 100,
                "analytic_distribution": {
                    str(self._named(f"center_{code}").analytic_account_id.id): 100
                }
                if code
                else False,
            }
            for code, part in parts.items()
            if part
        ]
        lines.append(
            {
                "name": account.name,
                "account_id": bank.id,
                "balance": -sign * cents / 100,
            }
        )
        return [Command.create(line) for line in lines]

    def _cost_weights(self, year):
        """What the fields cost beside one another: their hours at the provisional rate,
        a little more or less as it turned out."""
        weights = {}
        minutes = self._minutes_by_field(year)
        for row in self._rows("centers"):
            rate = int(row[f"rate_{year}"]) * int(row["actual_percent"])
            weights[row["code"]] = minutes.get(row["code"], 0) * rate
        return weights

    def _minutes_by_field(self, year):
        minutes = {}
        for row in self._rows("agreements"):
            if row["year"] == year:
                for code, part in self._minutes(row):
                    minutes[code] = minutes.get(code, 0) + part
        return minutes

    def _load_budgets(self):
        """Results and hours, by center: the provisional rates of the next year are
        made of these."""
        results = self.env.company._financial_template()
        hours = self.env.ref("consortium_timesheet_reporting.mis_report_hours")
        for year in ("2018", "2019"):
            planned = self._planned_hours(year)
            lines = [
                (row["line"], code, amount)
                for row in self._rows("budgets")
                if row["year"] == year
                for code, amount in self._budget_parts(row, planned).items()
            ]
            self._budget(year, "Budget", results, lines)
            lines = [("hours", code, amount) for code, amount in planned.items()]
            self._budget(year, "Heures", hours, lines)

    def _planned_hours(self, year):
        return {row["code"]: int(row[f"hours_{year}"]) for row in self._rows("centers")}

    def _budget_parts(self, row, planned):
        """``{code of the center, or none: dollars}``: what the fields cost, by their
        hours and last rates."""
        amount = int(row["amount"])
        if row["center"] != "fields":
            return {row["center"]: amount}
        rates = {
            field["code"]: int(field["rate_2018"]) for field in self._rows("centers")
        }
        weights = {code: hours * rates[code] for code, hours in planned.items()}
        return largest_remainder(amount, weights)

    def _budget(self, year, name, template, lines):
        """A confirmed budget of a fiscal year, its lines as ``(heading, code of the
        center, amount)``."""
        first, last = f"{year}-07-01", f"{int(year) + 1}-06-30"
        headings = {kpi.name: kpi.expression_ids for kpi in template.kpi_ids}
        budget = self.env["mis.budget"].create(
            {
                "name": f"{name} {year}-{int(year) + 1}",
                "report_id": template.id,
                "company_id": self.env.company.id,
                "date_from": first,
                "date_to": last,
                "item_ids": [
                    Command.create(
                        {
                            "kpi_expression_id": headings[heading].id,
                            "cost_center_id": self._named(f"center_{code}").id
                            if code
                            else False,
                            "date_from": first,
                            "date_to": last,
                            "amount": amount,
                        }
                    )
                    for heading, code, amount in lines
                ],
            }
        )
        budget.action_confirm()

    def _load_history(self):
        """What the reports of before say, with their source."""
        for code, year, value in (
            ("surplus", 2016, 8_500),
            ("nonfounding_revenue_share", 2015, 9.8),
        ):
            self.env["consortium.indicator.value"].create(
                {
                    "indicator_id": self.env["consortium.indicator"]
                    .search([("code", "=", code)])
                    .id,
                    "date_from": f"{year}-07-01",
                    "date_to": f"{year + 1}-06-30",
                    "value": value,
                    "source": f"Rapport annuel {year}-{year + 1}",
                }
            )

    def _load_allocation(self):
        """The meeting of October 2018 sent the surplus of the year to the reserve."""
        resolution = self._resolution(
            "reserve",
            "2018-10-18",
            "Affectation des excédents 2017-2018 à la réserve",
            "general_meeting",
        )
        allocation = self.env["consortium.surplus.allocation"].create(
            {
                "date_from": "2017-07-01",
                "date_to": "2018-06-30",
                "resolution_id": resolution.id,
            }
        )
        allocation.action_compute()
        allocation.action_post()
