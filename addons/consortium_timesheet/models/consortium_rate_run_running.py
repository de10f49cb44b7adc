from fractions import Fraction

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.apportionment import half_up
from ..tools.cost import projected


class ConsortiumRateRun(models.Model):
    """The cost of the year so far, and an early warning of what it will differ by."""

    _inherit = "consortium.rate.run"  # pylint: disable=R8180

    _one_running = models.UniqueIndex(
        "(company_id) WHERE is_running",
        "The cost of the year is already followed.",
    )

    @api.model
    def _cron_follow_cost(self):
        """Every night: the cost of the year so far against what its hours are worth.

        A center past the threshold raises an activity for the accountants, and so does
        what prevents the comparison. Repeated, it tells nothing twice.
        """
        companies = self.env["res.company"].search(
            [("cost_center_plan_id", "!=", False)]
        )
        for company in companies:
            run = self.with_company(company)._running(company)
            if run:
                run._follow()

    def _running(self, company):
        """The run that follows the year, for the days until the end of last month.

        The year before is followed until its final run is approved, once one was.
        """
        date_to = company._today() + relativedelta(day=1, days=-1)
        year = company.compute_fiscalyear_dates(date_to)
        closed = company.at_cost_closed_until
        before = company.compute_fiscalyear_dates(
            fields.Date.subtract(year["date_from"], days=1)
        )
        # A year was closed, and not the one that followed it.
        first_open = closed and fields.Date.add(closed, days=1)
        if first_open and before["date_from"] <= first_open <= before["date_to"]:
            year, date_to = before, before["date_to"]
        values = {"date_from": year["date_from"], "date_to": date_to}
        run = self.search([("company_id", "=", company.id), ("is_running", "=", True)])
        if not run:
            rates = self.search(
                [("company_id", "=", company.id), ("state", "=", "approved")], limit=1
            )
            return self.create(
                {
                    **values,
                    "kind": "final",
                    "company_id": company.id,
                    "is_running": True,
                    "reserve_percent": rates.reserve_percent,
                    "reserve_basis": rates.reserve_basis or "cost",
                }
            )
        if any(run[name] != value for name, value in values.items()):
            run.write(values)
        return run

    def _follow(self):
        """Compute again; tell the accountants what is past the threshold."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self.action_compute()
        except UserError as problem:
            self.env.invalidate_all(flush=False)
            self._tell_accountants(
                self.env._("The cost of the year can't be compared"), str(problem)
            )
            return
        for row in self.center_ids.filtered("is_warning"):
            self._tell_accountants(
                self.env._(
                    "%(center)s: cost and billing differ",
                    center=row.cost_center_id.display_name,
                ),
                row._warning_sentence(),
            )

    def _tell_accountants(self, summary, note):
        """An activity for each accountant of the company, once for each summary."""
        self.ensure_one()
        group = self.env.ref("consortium_base.group_accountant")
        told = self.activity_ids.filtered(lambda each: each.summary == summary).user_id
        for user in group.sudo().all_user_ids - told:
            if user.active and self.company_id in user.company_ids:
                self.activity_schedule(
                    "mail.mail_activity_data_warning",
                    summary=summary,
                    note=note,
                    user_id=user.id,
                )

    @api.model
    def _told_to_members(self, company):
        """The run that members read their position from: that of the year so far, or
        the last one approved. Empty before the first."""
        of_company = [("company_id", "=", company.id), ("kind", "=", "final")]
        return self.search(
            [*of_company, ("is_running", "=", True), ("state", "=", "computed")]
        ) or self.search(
            [*of_company, ("state", "=", "approved")],
            order="date_to desc, approved_on desc, id desc",
            limit=1,
        )


class ConsortiumRateRunCenter(models.Model):
    _inherit = "consortium.rate.run.center"

    def _warning_sentence(self):
        """By how much a center is over or under, and where the year would end."""
        self.ensure_one()
        run = self.run_id
        year = run.company_id.compute_fiscalyear_dates(run.date_to)
        at_end = projected(
            round(self.difference * 100),
            (run.date_to - run.date_from).days + 1,
            (year["date_to"] - year["date_from"]).days + 1,
        )
        money = run.currency_id.format
        return self.env._(
            "Until %(date)s, %(center)s cost %(cost)s and its hours are worth "
            "%(billed)s: %(difference)s. At this pace, %(projected)s at the end of the "
            "year.",
            date=run.date_to,
            center=self.cost_center_id.display_name,
            cost=money(self.total),
            billed=money(self.provisional),
            difference=money(self.difference),
            projected=money(at_end / 100),
        )

    def _hour(self):
        """What an hour costs, in cents: ``(whole, direct, support)``; the parts sum to
        the whole as it is shown."""
        self.ensure_one()
        if not self.minutes:
            return 0, 0, 0
        support = half_up(Fraction(round(self.support * 100) * 60, self.minutes))
        return self.rate_cents, self.rate_cents - support, support
