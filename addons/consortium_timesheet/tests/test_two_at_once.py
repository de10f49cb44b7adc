"""Two real connections: the same rate or week approved by two people at once."""

import threading

from odoo import api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.orm.environments import Transaction
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger
from psycopg2.errors import ExclusionViolation, SerializationFailure

DAY = "2018-09-03"


@tagged("post_install", "-at_install")
class TestTwoAtOnce(BaseCase):
    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.addCleanup(self.clean)
        with self.environment() as env:
            self.build(env)

    def environment(self):
        """A transaction of its own, committed at its end."""
        registry = self.registry

        class Opened:
            def __enter__(self):
                self.cr = db_connect(get_db_name()).cursor()
                context = {"lang": "en_US", "tracking_disable": True}
                # The native runner holds the lock of registries: threads ask for none.
                self.cr.transaction = Transaction(registry)
                return api.Environment(self.cr, api.SUPERUSER_ID, context)

            def __exit__(self, kind, _error, _trace):
                if kind:
                    self.cr.rollback()
                else:
                    self.cr.flush()
                    self.cr.commit()  # pylint: disable=invalid-commit
                self.cr.close()

        return Opened()

    def build(self, env):
        """A center without analytic account, so that no plan is made; two rates to
        approve, an entry of time that is confirmed."""
        self.company = env.company.id
        env.cr.execute(
            "INSERT INTO consortium_cost_center (code, name, kind, active, company_id) "
            "VALUES ('T2', jsonb_build_object('en_US', 'Two'), 'expertise', true, %s) "
            "RETURNING id",
            (self.company,),
        )
        self.center = env.cr.fetchone()[0]
        resolution = env["consortium.resolution"].create(
            {"subject": "Two", "kind": "rates", "date": "2018-05-15", "unanimous": True}
        )
        resolution.action_decide()
        values = {
            "cost_center_id": self.center,
            "date_start": "2018-07-01",
            "resolution_id": resolution.id,
        }
        rates = env["consortium.hourly.rate"].create(
            [{**values, "rate_cents": cents} for cents in (10_000, 11_000)]
        )
        employee = env["hr.employee"].create({"name": "Two at Once"})
        project = env["project.project"].create(
            {"name": "Two", "allow_timesheets": True}
        )
        line = env["account.analytic.line"].create(
            {
                "name": "Travail",
                "date": DAY,
                "employee_id": employee.id,
                "project_id": project.id,
                "unit_amount": 1,
            }
        )
        line.action_submit()
        self.rates, self.line = rates.ids, line.id
        self.made = [
            ("consortium.hourly.rate", "consortium_hourly_rate", rates.ids),
            ("consortium.resolution", "consortium_resolution", resolution.ids),
            ("project.project", "project_project", project.ids),
            ("hr.employee", "hr_employee", employee.ids),
        ]

    def clean(self):
        """What is frozen, as the owner of the table; the rest as Odoo does."""
        ids = {model: records for model, _table, records in self.made}
        with self.environment() as env:
            cr = env.cr
            cr.execute("ALTER TABLE account_analytic_line DISABLE TRIGGER USER")
            cr.execute(
                "DELETE FROM account_analytic_line WHERE project_id = ANY(%s)",
                (ids["project.project"],),
            )
            cr.execute("ALTER TABLE account_analytic_line ENABLE TRIGGER USER")
            for model, table, records in self.made[:2]:
                cr.execute(
                    "DELETE FROM mail_message WHERE model = %s AND res_id = ANY(%s)",
                    (model, records),
                )
                cr.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
                cr.execute(f"DELETE FROM {table} WHERE id = ANY(%s)", (records,))
                cr.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            cr.execute(
                "DELETE FROM consortium_cost_center WHERE id = %s", (self.center,)
            )
            for model, _table, records in self.made[2:]:
                env[model].browse(records).unlink()

    def race(self, first, second=None):
        """Two transactions; the second begins before the first ends, and is tried again
        when PostgreSQL asks for it, as Odoo does."""
        outcome, seen = [], threading.Event()

        def other():
            for attempt in (1, 2):
                try:
                    with self.environment() as env:
                        env.cr.execute("SELECT 1 FROM res_company")  # its snapshot
                        seen.set()
                        (second or first)(env)
                    outcome.append("done")
                    return
                except SerializationFailure:
                    outcome.append(f"again {attempt}")
                except (ExclusionViolation, UserError) as problem:
                    outcome.append(getattr(problem, "pgcode", None) or problem.args[0])
                    return

        thread = threading.Thread(target=other)
        thread.dbname = get_db_name()
        with mute_logger("odoo.sql_db"):
            with self.environment() as env:
                first(env)
                env.flush_all()
                thread.start()
                seen.wait(20)
                thread.join(0.5)
                waited = thread.is_alive()
            thread.join(30)
        return waited, outcome

    def test_a_week_approved_twice(self):
        def approve(env):
            env["account.analytic.line"].browse(self.line).action_approve()

        waited, outcome = self.race(approve)
        self.assertTrue(waited)
        self.assertEqual(outcome[0], "again 1")
        self.assertIn("already approved", outcome[1])
        with self.environment() as env:
            line = env["account.analytic.line"].browse(self.line)
            self.assertEqual(line.approval_state, "approved")

    def test_two_rates_of_a_center(self):
        def approve(index):
            return lambda env: (
                env["consortium.hourly.rate"].browse(self.rates[index]).action_approve()
            )

        waited, outcome = self.race(approve(0), approve(1))
        self.assertTrue(waited)
        self.assertEqual(outcome, ["23P01"])
        with self.environment() as env:
            rates = env["consortium.hourly.rate"].browse(self.rates)
            self.assertEqual(rates.mapped("state"), ["approved", "draft"])

    def test_the_same_rate_twice(self):
        def approve(env):
            env["consortium.hourly.rate"].browse(self.rates[0]).action_approve()

        waited, outcome = self.race(approve)
        self.assertTrue(waited)
        self.assertEqual(outcome[0], "again 1")
        self.assertIn("already approved", outcome[1])
