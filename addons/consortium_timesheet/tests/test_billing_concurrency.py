"""Two people at once, and a process killed between two invoices: real connections."""

import signal
import threading
import time

from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation

from .common_concurrency import AGREEMENTS, ConcurrencyCommon

SCRIPT = """
import os, signal
from odoo.addons.consortium_timesheet import models
module = models.consortium_billing_run_create
module.BATCH = 1
Run = env["consortium.billing.run"]
kind = type(Run)
bill, done = kind._bill, []

def killed(self, lines):
    bill(self, lines)
    env.flush_all()
    done.append(1)
    if len(done) == {invoices}:
        os.kill(os.getpid(), signal.SIGKILL)

kind._bill = killed
Run._cron_run()
"""


@tagged("post_install", "-at_install")
class TestBillingConcurrency(ConcurrencyCommon):
    def setUp(self):
        super().setUp()
        self.addCleanup(self.forget_invoices)

    def forget_invoices(self):
        with self.registry.cursor() as cr:
            env = self.environment(cr)
            runs = env["consortium.billing.run"].search(
                [("company_id", "=", self.company_id)]
            )
            runs.write({"state": "done"})
            env["account.move"].search([("company_id", "=", self.company_id)]).unlink()
            runs.line_ids.unlink()
            runs.unlink()

    def new_run(self, env):
        run = env["consortium.billing.run"].create(
            {"date_to": "2018-09-30", "company_id": self.company_id}
        )
        run.action_propose()
        return run

    def test_killed_between_two_invoices_and_resumed(self):
        with self.registry.cursor() as cr:
            run = self.new_run(self.environment(cr))
            run.state = "running"
            run_id = run.id
        killed = self.process(SCRIPT.format(invoices=3))
        self.assertEqual(killed.returncode, -signal.SIGKILL, killed.stderr)
        with self.registry.cursor() as cr:
            run = self.environment(cr)["consortium.billing.run"].browse(run_id)
            self.assertEqual((run.state, len(run.line_ids.move_id)), ("running", 2))
        resumed = self.process(SCRIPT.format(invoices=0))
        self.assertEqual(resumed.returncode, 0, resumed.stderr)
        with self.registry.cursor() as cr:
            env = self.environment(cr)
            run = env["consortium.billing.run"].browse(run_id)
            self.assertEqual((run.state, run.done_count), ("done", AGREEMENTS))
            moves = env["account.move"].search([("company_id", "=", self.company_id)])
            self.assertEqual(len(moves), AGREEMENTS)
            self.assertEqual(moves.mapped("amount_untaxed"), [141.67] * AGREEMENTS)
            entries = env["consortium.billing.entry"].search(
                [("company_id", "=", self.company_id)]
            )
            self.assertEqual(len(entries), 2 * AGREEMENTS)
            self.assertEqual(len(entries.timesheet_line_id), 2 * AGREEMENTS)

    def test_two_runs_at_once(self):
        """The second waits for the first, and bills nothing again."""
        with self.registry.cursor() as cr:
            env = self.environment(cr)
            first, second = self.new_run(env).id, self.new_run(env).id
        outcome = []

        def create(run):
            return lambda env: (
                env["consortium.billing.run"].browse(run).action_create(),
                env.flush_all(),
            )

        with self.registry.cursor() as cr:
            create(first)(self.environment(cr))
            thread = threading.Thread(target=self.other, args=(create(second), outcome))
            thread.start()
            time.sleep(2)
            self.assertFalse(outcome, "the second waits")
            cr.commit()  # pylint: disable=invalid-commit
            thread.join(60)
        # Odoo then tries again: everything is billed.
        self.assertEqual(outcome, ["SerializationFailure"])
        self.check_billed_once(first)
        with self.registry.cursor() as cr:
            create(second)(self.environment(cr))
        self.check_billed_once(first)
        with self.registry.cursor() as cr:
            lines = (
                self.environment(cr)["consortium.billing.run"].browse(second).line_ids
            )
            self.assertEqual(set(lines.mapped("state")), {"problem"})

    def check_billed_once(self, run):
        with self.registry.cursor() as cr:
            env = self.environment(cr)
            run = env["consortium.billing.run"].browse(run)
            self.assertEqual((run.state, run.done_count), ("done", AGREEMENTS))
            moves = env["account.move"].search([("company_id", "=", self.company_id)])
            self.assertEqual(set(moves), set(run.line_ids.move_id))
            self.assertEqual(moves.mapped("amount_untaxed"), [141.67] * AGREEMENTS)

    def test_while_a_run_is_creating(self):
        """Another one, that would create too, is refused by the database."""
        with self.registry.cursor() as cr:
            env = self.environment(cr)
            first, second = self.new_run(env), self.new_run(env)
            first._write_state("running")
            first.flush_recordset()
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(UniqueViolation),
                cr.savepoint(),
            ):
                second.action_create()
            cr.rollback()

    def test_an_agreement_that_somebody_bills_now(self):
        """A sentence on its line; the others are billed."""
        with self.registry.cursor() as cr:
            run_id = self.new_run(self.environment(cr)).id
        with self.registry.cursor() as cr, mute_logger("odoo.sql_db"):
            env = self.environment(cr)
            run = env["consortium.billing.run"].browse(run_id)
            held = run.line_ids[0].order_id
            with self.registry.cursor() as other:
                other.execute(
                    "SELECT id FROM sale_order WHERE id = %s FOR UPDATE", (held.id,)
                )
                run._create_batch(run._next_lines())
            problem = run.line_ids.filtered(lambda line: line.state == "problem")
            self.assertEqual(problem.order_id, held)
            self.assertEqual(len(run.line_ids.move_id), AGREEMENTS - 1)
            cr.rollback()

    def test_two_buttons_at_once(self):
        """The same hours by two people: one invoice."""
        outcome = []

        def button(env):
            order = env["sale.order"].search(
                [("company_id", "=", self.company_id)], order="id", limit=1
            )
            order._create_invoices()
            env.flush_all()
            return "billed"

        with self.registry.cursor() as cr:
            button(self.environment(cr))
            thread = threading.Thread(target=self.other, args=(button, outcome))
            thread.start()
            time.sleep(2)
            cr.commit()  # pylint: disable=invalid-commit
            thread.join(20)
        self.assertIn(outcome[0], ("UniqueViolation", "SerializationFailure"))
        with self.registry.cursor() as cr:
            moves = self.environment(cr)["account.move"].search(
                [("company_id", "=", self.company_id)]
            )
            self.assertEqual(len(moves), 1)
