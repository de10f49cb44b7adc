"""The kept summary, with real connections: two people change time at once."""

import threading

from odoo import SUPERUSER_ID, api
from odoo.addons.consortium_timesheet.tests.common_concurrency import ConcurrencyCommon
from odoo.tests import tagged

from .test_hours_summary import ANEW, CELLS, KEPT


@tagged("post_install", "-at_install")
class TestHoursSummaryConcurrency(ConcurrencyCommon):
    @classmethod
    def setUpClass(cls):
        """The year in progress is then nearly half over: time of one that is over waits
        for whoever closes it, that of this one for nobody."""
        super().setUpClass()
        with cls.registry.cursor() as cr:
            companies = api.Environment(cr, SUPERUSER_ID, {})["res.company"]
            company = companies.browse(cls.company_id)
            cls.day = company._today()
            company.write(
                {
                    "fiscalyear_last_day": 28,
                    "fiscalyear_last_month": str((cls.day.month + 5) % 12 + 1),
                }
            )

    @classmethod
    def clean(cls):
        """Entries go with the triggers off: what they left in the summary goes too."""
        result = super().clean()
        with cls.registry.cursor() as cr:
            cr.execute(
                "DELETE FROM consortium_hours_summary WHERE company_id = %s",
                (cls.company_id,),
            )
        return result

    def minutes(self):
        """What the company has in the summary, which must be what its entries add up
        to: twice the minutes, once by center and once by contact."""
        found = []
        with self.registry.cursor() as cr:
            for source in (KEPT, ANEW):
                cr.execute(CELLS % source)
                found.append(
                    [row for row in cr.fetchall() if row[0] == self.company_id]
                )
        kept, anew = found
        self.assertEqual(kept, anew)
        return sum(row[5] for row in kept) // 2

    def confirmed(self):
        """Two confirmed entries of one day and center, the same cell, for two
        agreements: what is delivered of one agreement is kept on its order line, which
        one at a time writes."""
        with self.registry.cursor() as cr:
            lines = self.environment(cr)["account.analytic.line"]
            projects = self.environment(cr)["project.project"].search(
                [("company_id", "=", self.company_id), ("sale_line_id", "!=", False)],
                limit=2,
            )
            employee = self.environment(cr)["hr.employee"].search(
                [("company_id", "=", self.company_id)]
            )
            for minutes, project in zip((20, 40), projects, strict=True):
                lines |= lines.create(
                    {
                        "name": "Travail",
                        "date": self.day,
                        "employee_id": employee.id,
                        "project_id": project.id,
                        "unit_amount": minutes / 60,
                    }
                )
            lines.action_submit()
            return lines.ids

    def approve(self, line):
        def work(env):
            env["account.analytic.line"].browse(line).action_approve()
            env.flush_all()

        return work

    def correct(self, line, hours):
        def work(env):
            wizard = env["consortium.time.correction"].with_context(
                default_line_id=line
            )
            wizard.create({"reason": "Durée", "unit_amount": hours}).action_confirm()
            env.flush_all()

        return work

    def at_once(self, first, second, waits=False):
        """The second begins, and unless it must wait ends, before the first ends."""
        outcome = []
        with self.registry.cursor() as cr:
            first(self.environment(cr))
            thread = threading.Thread(target=self.other, args=(second, outcome))
            thread.start()
            thread.join(1 if waits else 20)
            self.assertEqual(thread.is_alive(), waits)
            cr.commit()  # pylint: disable=invalid-commit
            thread.join(20)
        return outcome

    def test_approved_at_once(self):
        """The same cells: neither waits for the other."""
        one, other = self.confirmed()
        before = self.minutes()
        self.assertEqual(self.at_once(self.approve(one), self.approve(other)), [None])
        self.assertEqual(self.minutes(), before + 60)

    def test_corrected_at_once(self):
        one, other = self.confirmed()
        for line in (one, other):
            with self.registry.cursor() as cr:
                self.approve(line)(self.environment(cr))
        before = self.minutes()
        work = self.correct(one, 1), self.correct(other, 0.25)
        self.assertEqual(self.at_once(*work), [None])
        self.assertEqual(self.minutes(), before + 40 - 25)

    def test_the_same_entry_approved_twice(self):
        """The second waits, and is refused; its minutes are there once."""
        one, _other = self.confirmed()
        before = self.minutes()
        outcome = self.at_once(self.approve(one), self.approve(one), waits=True)
        self.assertEqual(outcome, ["SerializationFailure"])
        self.assertEqual(self.minutes(), before + 20)

    def test_compacted_while_somebody_approves(self):
        def compact(env):
            env["consortium.hours.summary"]._cron_compact()

        one, other = self.confirmed()
        before = self.minutes()
        self.assertEqual(self.at_once(self.approve(one), compact), [None])
        self.assertEqual(self.at_once(compact, self.approve(other)), [None])
        self.assertEqual(self.minutes(), before + 60)
