"""A year closed, or a pay posted, while somebody else is at it: real connections."""

import base64
import threading
import time

from odoo.exceptions import UserError
from odoo.fields import Command, Date
from odoo.tests import tagged

from .common_concurrency import ConcurrencyCommon

PAID = "Employé;Salaire\nIris Interrompue;1000\nInès;1000\nIdir;1000\n"


@tagged("post_install", "-at_install")
class TestClosingConcurrency(ConcurrencyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addClassCleanup(cls.forget)
        with cls.registry.cursor() as cr:
            env = cls.environment(cls, cr)
            cls.cost(env)
            cls.unlocked(env)

    @classmethod
    def cost(cls, env):
        """Two colleagues more, the accounts of pay, and a cost of 2018."""
        company = env["res.company"].browse(cls.company_id)
        center = env["consortium.cost.center"].search([("company_id", "=", company.id)])
        for name in ("Inès", "Idir"):
            env["consortium.cost.assignment"].create(
                {
                    "employee_id": env["hr.employee"]
                    .create({"name": name, "company_id": company.id})
                    .id,
                    "cost_center_id": center.id,
                    "share": 100,
                    "date_start": "2018-07-01",
                }
            )
        expense, payable = (
            env["account.account"].search(
                [("company_ids", "in", company.ids), ("account_type", "=", kind)],
                limit=1,
            )
            for kind in ("expense", "liability_current")
        )
        journal = env["account.journal"].search(
            [("company_id", "=", company.id), ("type", "=", "general")], limit=1
        )
        company.write(
            {
                "pay_journal_id": journal.id,
                "pay_account_id": expense.id,
                "pay_charges_account_id": expense.id,
                "pay_payable_account_id": payable.id,
            }
        )
        cls.entry(env, journal, expense, payable, center.analytic_account_id)

    @classmethod
    def entry(cls, env, journal, expense, payable, account):
        env["account.move"].create(
            {
                "move_type": "entry",
                "date": "2018-10-31",
                "journal_id": journal.id,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": expense.id,
                            "balance": 500,
                            "analytic_distribution": {str(account.id): 100},
                        }
                    ),
                    Command.create({"account_id": payable.id, "balance": -500}),
                ],
            }
        ).action_post()

    @classmethod
    def forget(cls):
        with cls.registry.cursor() as cr:
            cr.execute(
                "DELETE FROM consortium_pay_import WHERE company_id = %s",
                (cls.company_id,),
            )
            moves = cls.environment(cls, cr)["account.move"].search(
                [("company_id", "=", cls.company_id)]
            )
            moves.filtered(lambda move: move.state == "posted").button_draft()
            moves.with_context(force_delete=True).unlink()

    @classmethod
    def unlocked(cls, env):
        """Closing locks the hours of the year: they may be corrected all the same."""
        company = env["res.company"].browse(cls.company_id)
        env["consortium.timesheet.exception"].create(
            {
                "company_id": company.id,
                "date_from": "2018-01-01",
                "date_to": "2018-12-31",
                "open_until": company._today(),
                "reason": "Correction",
            }
        )

    def setUp(self):
        super().setUp()
        self.addCleanup(self.reopen)

    def reopen(self):
        """As the owner of the tables: what is approved never changes."""
        tables = ("consortium_rate_run_center", "consortium_rate_run")
        with self.registry.cursor() as cr:
            for table in tables:
                cr.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cr.execute(
                "DELETE FROM consortium_rate_run WHERE company_id = %s",
                (self.company_id,),
            )
            for table in tables:
                cr.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            cr.execute(
                "UPDATE res_company SET at_cost_closed_until = NULL WHERE id = %s",
                (self.company_id,),
            )

    def english(self, cr):
        env = self.environment(cr)
        return env(context={**env.context, "lang": "en_US"})

    def computed(self):
        with self.registry.cursor() as cr:
            env = self.environment(cr)
            resolution = env["consortium.resolution"].search(
                [("company_id", "=", self.company_id)]
            )
            run = env["consortium.rate.run"].create(
                {
                    "kind": "final",
                    "company_id": self.company_id,
                    "date_from": "2018-01-01",
                    "resolution_id": resolution.id,
                }
            )
            run.action_compute()
            line = env["account.analytic.line"].search(
                [
                    ("company_id", "=", self.company_id),
                    ("minutes", ">", 0),
                    ("correction_ids", "=", False),
                    ("project_id", "!=", False),
                ],
                limit=1,
            )
            return run.id, line.id

    def at_once(self, first, second):
        """The second begins while the first has not ended; it waits for it."""
        outcome = []
        with self.registry.cursor() as cr:
            first(self.english(cr))
            self.environment(cr).flush_all()
            thread = threading.Thread(target=self.other, args=(second, outcome))
            thread.start()
            time.sleep(2)
            self.assertFalse(outcome, "the second waits")
            cr.commit()  # pylint: disable=invalid-commit
            thread.join(20)
        return outcome

    def test_corrected_while_the_year_is_closed(self):
        """It counts in the next year, not in the one that no longer looks at it."""
        run, line = self.computed()

        def close(env):
            env["consortium.rate.run"].browse(run).action_approve()

        def correct(env):
            return env["account.analytic.line"].browse(line)._correct("Erreur").ids

        # Odoo then tries again: the year is closed.
        self.assertEqual(self.at_once(close, correct), ["SerializationFailure"])
        with self.registry.cursor() as cr:
            env = self.english(cr)
            back = env["account.analytic.line"].browse(correct(env))
            closed = env["res.company"].browse(self.company_id).at_cost_closed_until
            self.assertEqual(closed, Date.to_date("2018-12-31"))
            self.assertGreater(back.cost_date, closed)

    def test_closed_while_time_is_corrected(self):
        """Its run has not counted the correction: it is computed again."""
        run, line = self.computed()

        def close(env):
            env["consortium.rate.run"].browse(run).action_approve()

        def correct(env):
            env["account.analytic.line"].browse(line)._correct("Erreur")

        self.assertEqual(self.at_once(correct, close), ["SerializationFailure"])
        with (
            self.registry.cursor() as cr,
            self.assertRaisesRegex(UserError, "compute it again"),
        ):
            close(self.english(cr))

    def test_the_same_pay_posted_by_two_people_at_once(self):
        """One entry, whoever was first; the other is told which it is."""
        with self.registry.cursor() as cr:
            env = self.english(cr)
            pays = env["consortium.pay.import"].create(
                [
                    {
                        "name": name,
                        "company_id": self.company_id,
                        "date_start": "2018-09-03",
                        "date_end": "2018-09-16",
                        "control_total": 3_000,
                        "file_name": "paie.csv",
                        "file": base64.b64encode(PAID.encode()),
                    }
                    for name in ("Paie", "La même")
                ]
            )
            self.assertFalse(any(pays.mapped("problems")))
            ids = pays.ids

        def post(index):
            return lambda env: (
                env["consortium.pay.import"].browse(ids[index]).action_post()
            )

        # The number of the entry, or the pay itself: Odoo tells, or tries again.
        (outcome,) = self.at_once(post(0), post(1))
        self.assertIn(outcome, ("UniqueViolation", "ExclusionViolation"))
        with (
            self.registry.cursor() as cr,
            self.assertRaisesRegex(UserError, "already posted: entry"),
        ):
            post(1)(self.english(cr))
        with self.registry.cursor() as cr:
            pays = self.environment(cr)["consortium.pay.import"].browse(ids)
            self.assertEqual(pays.mapped("state"), ["posted", "draft"])
            self.assertEqual(len(pays.move_id), 1)
