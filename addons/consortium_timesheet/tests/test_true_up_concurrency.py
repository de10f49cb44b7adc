"""A true-up settled or accrued by two people at once, or by a killed process."""

import signal
import threading
import time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_concurrency import AGREEMENTS, ConcurrencyCommon

KILLED = """
import os, signal
run = env["consortium.rate.run"].browse({run})

def killed(self, settlement, date):
    env.flush_all()
    os.kill(os.getpid(), signal.SIGKILL)

type(run)._reverse_accrual = killed
run.action_settle()
"""


@tagged("post_install", "-at_install")
class TestTrueUpConcurrency(ConcurrencyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addClassCleanup(cls.forget_true_up)
        with cls.registry.cursor() as cr:
            env = cls.environment(cls, cr)
            cls.run_id = cls.approved(env).id

    @classmethod
    def approved(cls, env):
        """An approved true-up: half of the agreements owe 5 $, half have it back."""
        company = env["res.company"].browse(cls.company_id)
        orders = env["sale.order"].search([("company_id", "=", company.id)])
        center = env["consortium.cost.center"].search([("company_id", "=", company.id)])
        account = env["account.account"].search(
            [("company_ids", "in", company.ids), ("account_type", "=", "asset_current")]
        )[:1]
        company.write(
            {
                "true_up_journal_id": env["account.journal"]
                .search([("company_id", "=", company.id), ("type", "=", "general")])[:1]
                .id,
                "true_up_payable_account_id": account.id,
                "true_up_receivable_account_id": account.id,
            }
        )
        run = env["consortium.rate.run"].create(
            {"kind": "final", "company_id": company.id, "date_from": "2018-07-01"}
        )
        for index, order in enumerate(orders):
            cents = 500 if index % 2 else -500
            env["consortium.true.up"].create(
                {
                    "run_id": run.id,
                    "company_id": company.id,
                    "order_id": order.id,
                    "partner_id": order.partner_id.id,
                    "cost_center_id": center.id,
                    "cost_cents": 10_000 + cents,
                    "billed_cents": 10_000,
                    "difference_cents": cents,
                    "state": "approved",
                    "settlement": "settle",
                }
            )
        run._write_run({"true_up_state": "approved"})
        return run

    @classmethod
    def forget_true_up(cls):
        with cls.registry.cursor() as cr:
            cr.execute("ALTER TABLE consortium_true_up DISABLE TRIGGER USER")
            cr.execute(
                "DELETE FROM consortium_true_up WHERE run_id = %s", (cls.run_id,)
            )
            cr.execute("ALTER TABLE consortium_true_up ENABLE TRIGGER USER")
            cls.environment(cls, cr)["consortium.rate.run"].browse(cls.run_id).unlink()

    def setUp(self):
        super().setUp()
        self.addCleanup(self.forget_moves)

    def forget_moves(self):
        with self.registry.cursor() as cr:
            moves = self.environment(cr)["account.move"].search(
                [("company_id", "=", self.company_id)]
            )
            moves.filtered(lambda move: move.state == "posted").button_draft()
            moves.with_context(force_delete=True).unlink()

    def moves(self, env):
        return env["account.move"].search([("company_id", "=", self.company_id)])

    def at_once(self, work):
        """The second begins while the first has not ended."""
        outcome = []
        with self.registry.cursor() as cr:
            work(self.environment(cr))
            self.environment(cr).flush_all()
            thread = threading.Thread(target=self.other, args=(work, outcome))
            thread.start()
            time.sleep(2)
            self.assertFalse(outcome, "the second waits")
            cr.commit()  # pylint: disable=invalid-commit
            thread.join(20)
        return outcome

    def test_settled_by_two_people_at_once(self):
        def settle(env):
            env["consortium.rate.run"].browse(self.run_id).action_settle()

        # Odoo then tries again: everything is settled.
        self.assertEqual(self.at_once(settle), ["SerializationFailure"])
        with self.registry.cursor() as cr:
            env = self.environment(cr)
            self.assertEqual(len(self.moves(env)), AGREEMENTS)
            self.assertEqual(
                sum(self.moves(env).mapped("amount_untaxed_signed")),
                0,
            )
            with self.assertRaisesRegex(UserError, "settled already"):
                settle(env(context={**env.context, "lang": "en_US"}))

    def test_accrued_by_two_people_at_once(self):
        def accrue(env):
            env["consortium.rate.run"].browse(self.run_id).action_accrue()

        self.assertEqual(self.at_once(accrue), ["SerializationFailure"])
        with self.registry.cursor() as cr:
            env = self.environment(cr)
            self.assertEqual(len(self.moves(env)), 1)
            with self.assertRaisesRegex(UserError, "accrued already"):
                accrue(env(context={**env.context, "lang": "en_US"}))

    def test_killed_while_it_settles(self):
        """All, or none: then all, once."""
        killed = self.process(KILLED.format(run=self.run_id))
        self.assertEqual(killed.returncode, -signal.SIGKILL, killed.stderr)
        with self.registry.cursor() as cr:
            self.assertFalse(self.moves(self.environment(cr)))
        with self.registry.cursor() as cr:
            env = self.environment(cr)
            env["consortium.rate.run"].browse(self.run_id).action_settle()
        with self.registry.cursor() as cr:
            self.assertEqual(len(self.moves(self.environment(cr))), AGREEMENTS)

    def test_the_cap_of_the_reserve_by_two_people_at_once(self):
        """What one takes of it, the other does not have."""
        with self.registry.cursor() as cr:
            env = self.environment(cr)
            rate = env["consortium.hourly.rate"].search(
                [("company_id", "=", self.company_id)]
            )
            run = env["consortium.rate.run"].create(
                {
                    "kind": "target",
                    "company_id": self.company_id,
                    "date_from": "2018-07-01",
                    "reserve_percent": 10,
                    "reserve_cap": 20,
                }
            )
            run._write_run({"state": "approved", "hash": "x"})
            env.flush_all()
            self.set_run(cr, rate.ids, run.id)
            env.invalidate_all()
            orders = env["sale.order"].search(
                [("company_id", "=", self.company_id)], order="id"
            )
            orders = orders.ids
        self.addCleanup(self.forget_cap, run.id)

        def first_then_second(env):
            mine = orders[:1] if threading.current_thread() is main else orders[1:2]
            env["sale.order"].browse(mine)._create_invoices()
            env.flush_all()

        main = threading.current_thread()
        self.assertEqual(self.at_once(first_then_second), ["SerializationFailure"])
        with self.registry.cursor() as cr:
            env = self.environment(cr)
            env["sale.order"].browse(orders[1:2])._create_invoices()
            lines = self.moves(env).invoice_line_ids
            self.assertEqual(
                sorted(lines.filtered("is_at_cost_reserve").mapped("price_subtotal")),
                [5.83, 14.17],
            )

    def set_run(self, cr, rates, run):
        """As the owner of the table: what is adopted never changes."""
        cr.execute("ALTER TABLE consortium_hourly_rate DISABLE TRIGGER USER")
        cr.execute(
            "UPDATE consortium_hourly_rate SET run_id = %s WHERE id = ANY(%s)",
            (run, rates),
        )
        cr.execute("ALTER TABLE consortium_hourly_rate ENABLE TRIGGER USER")

    def forget_cap(self, run):
        self.forget_moves()
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT array_agg(id) FROM consortium_hourly_rate WHERE run_id = %s",
                (run,),
            )
            self.set_run(cr, cr.fetchone()[0], None)
            cr.execute("ALTER TABLE consortium_rate_run DISABLE TRIGGER USER")
            cr.execute("DELETE FROM consortium_rate_run WHERE id = %s", (run,))
            cr.execute("ALTER TABLE consortium_rate_run ENABLE TRIGGER USER")
