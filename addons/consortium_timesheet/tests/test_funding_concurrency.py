"""An accountability report approved by two people at once."""

import threading
import time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_concurrency import ConcurrencyCommon


@tagged("post_install", "-at_install")
class TestFundingConcurrency(ConcurrencyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addClassCleanup(cls.forget)
        with cls.registry.cursor() as cr:
            env = cls.environment(cls, cr)
            cls.funding_id, cls.run_id, cls.claim_ids = cls.computed(env)

    @classmethod
    def computed(cls, env):
        """An envelope of one agreement, and its report that two people computed."""
        order = env["sale.order"].search([("company_id", "=", cls.company_id)])[:1]
        center = env["consortium.cost.center"].search(
            [("company_id", "=", cls.company_id)]
        )
        run = env["consortium.rate.run"].create(
            {"kind": "final", "company_id": cls.company_id, "date_from": "2018-07-01"}
        )
        env["consortium.true.up"].create(
            {
                "run_id": run.id,
                "company_id": cls.company_id,
                "order_id": order.id,
                "partner_id": order.partner_id.id,
                "cost_center_id": center.id,
                "minutes": 85,
                "cost_cents": 10_000,
                "difference_cents": 10_000,
                "state": "approved",
                "settlement": "settle",
            }
        )
        run._write_run({"true_up_state": "approved"})
        funding = env["consortium.funding"].create(
            {
                "name": "Enveloppe interrompue",
                "funder_id": order.partner_id.id,
                "company_id": cls.company_id,
                "date_start": "2018-07-01",
                "date_end": "2019-06-30",
                "amount": 1_000,
                "order_ids": [(6, 0, order.ids)],
            }
        )
        claims = env["consortium.funding.claim"].create(
            [{"funding_id": funding.id, "run_id": run.id}] * 2
        )
        claims.action_compute()
        return funding.id, run.id, claims.ids

    @classmethod
    def forget(cls):
        tables = (
            ("consortium_funding_claim_line", "claim_id", cls.claim_ids),
            ("consortium_funding_claim", "id", cls.claim_ids),
            ("consortium_true_up", "run_id", [cls.run_id]),
        )
        with cls.registry.cursor() as cr:
            for table, column, ids in tables:
                cr.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
                cr.execute(f"DELETE FROM {table} WHERE {column} = ANY(%s)", (ids,))
                cr.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            env = cls.environment(cls, cr)
            env["consortium.funding"].browse(cls.funding_id).unlink()
            env["consortium.rate.run"].browse(cls.run_id).unlink()

    def at_once(self, first, second):
        """The second begins while the first has not ended; what became of it."""
        outcome = []
        with self.registry.cursor() as cr:
            first(self.environment(cr))
            self.environment(cr).flush_all()
            thread = threading.Thread(target=self.other, args=(second, outcome))
            thread.start()
            time.sleep(2)
            self.assertFalse(outcome, "the second waits")
            cr.commit()  # pylint: disable=invalid-commit
            thread.join(20)
        return outcome

    def approve(self, number):
        """One of the two reports, approved by somebody."""
        return lambda env: (
            env["consortium.funding.claim"]
            .browse(self.claim_ids[number])
            .action_approve()
        )

    def leave(self, env):
        """Take the agreement out of the envelope."""
        orders = env["sale.order"].search([("funding_id", "=", self.funding_id)])
        orders.funding_id = False

    def test_approved_by_two_people_at_once(self):
        """The second waits; it is then tried again, and sees what the first did."""
        outcome = self.at_once(self.approve(0), self.approve(1))
        self.assertEqual(outcome, ["SerializationFailure"])
        with self.registry.cursor() as cr:
            env = self.environment(cr)
            env = env(context={**env.context, "lang": "en_US"})
            both = env["consortium.funding.claim"].browse(self.claim_ids)
            self.approve(0)(env)
            self.assertEqual(both.mapped("state"), ["approved", "computed"])
            with self.assertRaisesRegex(UserError, "changed since it was computed"):
                self.approve(1)(env)
            with self.assertRaisesRegex(UserError, "it stays in this envelope"):
                self.leave(env)

    def test_an_agreement_that_leaves_meanwhile(self):
        """What a report rests on does not change while it is approved."""
        outcome = self.at_once(
            lambda env: env["consortium.funding"].browse(self.funding_id)._lock(),
            self.leave,
        )
        self.assertEqual(outcome, ["SerializationFailure"])
