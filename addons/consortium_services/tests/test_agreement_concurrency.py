import threading

from odoo import api, fields
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.orm.environments import Transaction
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger
from psycopg2.errors import SerializationFailure

from .common_requests import everybody_is_served

FREE = 120  # minutes of the ceiling; each of two experts enters 90


@tagged("post_install", "-at_install")
class TestAgreementConcurrency(BaseCase):
    """Two real connections, as two people at once; what the second sees."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.startPatcher(everybody_is_served(self.registry))
        self.made = []
        self.addCleanup(self.clean)
        with self.environment() as env:
            self.build(env)

    def environment(self):
        """A transaction of its own, committed at its end."""
        case = self

        class Opened:
            def __enter__(self):
                self.cr = db_connect(get_db_name()).cursor()
                # Odoo's own runner holds the lock of registries: none is asked for.
                self.cr.transaction = Transaction(case.registry)
                return api.Environment(self.cr, api.SUPERUSER_ID, {"lang": "en_US"})

            def __exit__(self, kind, _error, _trace):
                if kind:
                    self.cr.rollback()
                else:
                    self.cr.transaction and self.cr.flush()
                    self.cr.commit()  # pylint: disable=invalid-commit
                self.cr.close()

        return Opened()

    def build(self, env):
        """An agreement that waits for a signature, and one that runs."""
        member = env["res.partner"].create({"name": "Coop C.", "is_company": True})
        person = env["res.partner"].create(
            {"name": "Signataire C.", "email": "signataire.c@example.com"}
        )
        mandate = env["consortium.representation"].create(
            {
                "person_id": person.id,
                "organization_id": member.id,
                "date_start": fields.Date.subtract(env.company._today(), days=30),
                "scope_sign": True,
            }
        )
        expertise = env["consortium.expertise"].create(
            {"name": "Champ C.", "code": "T-CONC"}
        )
        employee = env["hr.employee"].create({"name": "Experte C."})
        today = env.company._today()
        values = {
            "partner_id": member.id,
            "is_service_agreement": True,
            "agreement_type": "service",
            "agreement_title": "Concurrence",
            "agreement_start": today,
            "agreement_end": fields.Date.add(today, days=30),
            "order_line": [
                (0, 0, {"expertise_id": expertise.id, "planned_minutes": FREE})
            ],
        }
        orders = env["sale.order"].create([values, values])
        orders.action_propose()
        running = orders[1]
        now = fields.Datetime.now()
        running.write({"signed_by": "x", "signed_on": now, "countersigned_on": now})
        running.action_confirm()
        self.proposed, self.running = orders.ids
        self.user = person.user_ids.id
        self.employee = employee.id
        self.made = [
            ("sale.order", orders.ids),
            ("consortium.representation", mandate.ids),
            ("consortium.expertise", expertise.ids),
            ("hr.employee", employee.ids),
            ("res.partner", (member | person).ids),
        ]

    def clean(self):
        """What was signed by SQL, as the owner of the table; the rest as Odoo does."""
        ids = dict(self.made)
        orders = ids.get("sale.order", [])
        with self.environment() as env:
            env.cr.execute(
                "ALTER TABLE consortium_agreement_version DISABLE TRIGGER frozen_rows"
            )
            for query in (
                "UPDATE sale_order SET state = 'cancel', project_id = NULL WHERE id = "
                "ANY(%s)",
                "DELETE FROM account_analytic_line WHERE order_id = ANY(%s)",
                "DELETE FROM consortium_agreement_version WHERE order_id = ANY(%s)",
                "UPDATE sale_order_line SET state = 'cancel' WHERE order_id = ANY(%s)",
            ):
                env.cr.execute(query, (orders,))
            env.cr.execute(
                "ALTER TABLE consortium_agreement_version ENABLE TRIGGER frozen_rows"
            )
            users = env["res.users"].browse(self.user)
            partners = users.partner_id
            projects = env["project.project"].search([("agreement_id", "in", orders)])
            accounts = projects.account_id
            projects.unlink()
            accounts.unlink()
            env["sale.order"].browse(orders).unlink()
            for model, records in self.made[1:]:
                if model in ("consortium.representation", "res.partner"):
                    continue
                env[model].browse(records).unlink()
            env.cr.execute(
                "DELETE FROM consortium_representation WHERE id = ANY(%s)",
                (ids["consortium.representation"],),
            )
            users.unlink()
            (partners | env["res.partner"].browse(ids["res.partner"])).unlink()

    def race(self, act):
        """``act`` in two transactions: the second begins before the first ends, and is
        tried again when PostgreSQL asks for it, as Odoo does."""
        outcome, seen = [], threading.Event()

        def other():
            for attempt in (1, 2):
                try:
                    with self.environment() as env:
                        env.cr.execute("SELECT count(*) FROM sale_order")  # snapshot
                        seen.set()
                        act(env)
                    outcome.append("done")
                    return
                except SerializationFailure:
                    outcome.append(f"again {attempt}")
                except UserError as problem:
                    outcome.append(str(problem.args[0]))
                    return

        thread = threading.Thread(target=other)
        thread.db_name = get_db_name()
        with mute_logger("odoo.sql_db"):
            with self.environment() as env:
                act(env)
                env.flush_all()
                thread.start()
                seen.wait(20)
                thread.join(0.5)
                waited = thread.is_alive()
            thread.join(30)
        return waited, outcome

    def test_double_click_on_sign(self):
        def sign(env):
            order = env["sale.order"].browse(self.proposed)
            digest = order._content_digest()
            user = env["res.users"].browse(self.user)
            order.with_user(user)._sign_as_member(user.name, digest)

        waited, outcome = self.race(sign)
        self.assertTrue(waited)
        self.assertEqual(outcome[0], "again 1")
        self.assertIn("not waiting for a signature", outcome[1])
        with self.environment() as env:
            order = env["sale.order"].browse(self.proposed)
            self.assertEqual(len(order.version_ids), 1)

    def test_double_click_on_countersign(self):
        with self.environment() as env:
            order = env["sale.order"].browse(self.proposed)
            user = env["res.users"].browse(self.user)
            order.with_user(user)._sign_as_member(user.name, order._content_digest())

        def countersign(env):
            admin = env.ref("base.user_admin")
            env["sale.order"].browse(self.proposed).with_user(
                admin
            ).action_countersign()

        waited, outcome = self.race(countersign)
        self.assertTrue(waited)
        self.assertEqual(outcome[0], "again 1")
        self.assertIn("no signature of the member", outcome[1])
        with self.environment() as env:
            projects = env["project.project"].search(
                [("agreement_id", "=", self.proposed)]
            )
            self.assertEqual(len(projects), 1)
            order = env["sale.order"].browse(self.proposed)
            self.assertEqual(order.version_ids.state, "in_force")

    def test_two_experts_reach_the_ceiling(self):
        def enter(env):
            order = env["sale.order"].browse(self.running)
            env["account.analytic.line"].create(
                {
                    "name": "x",
                    "project_id": order.project_id.id,
                    "task_id": order.order_line.task_id.id,
                    "employee_id": self.employee,
                    "unit_amount": 1.5,
                }
            )

        waited, outcome = self.race(enter)
        self.assertTrue(waited)
        self.assertEqual(outcome[0], "again 1")
        self.assertIn("ask for the member's consent", outcome[1])
        with self.environment() as env:
            spent = env["sale.order"].browse(self.running)._spent_minutes()
            self.assertEqual(sum(spent[self.running].values()), 90)
