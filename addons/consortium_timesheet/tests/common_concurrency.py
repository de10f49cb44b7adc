"""What the tests of two people share: a cooperative that is really committed."""

import os
import subprocess
import sys
import time

import psycopg2
from odoo import SUPERUSER_ID, Command, api
from odoo.modules.registry import Registry
from odoo.orm.environments import Transaction
from odoo.tests import BaseCase, get_db_name
from odoo.tools import SQL, config, mute_logger

AGREEMENTS = 4


class ConcurrencyCommon(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())
        with cls.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            cls.company_id = cls.make(env).id
        cls.addClassCleanup(cls.clean)

    @classmethod
    def make(cls, env):
        """A cooperative of its own, four agreements, two approved entries each."""
        company = env["res.company"].create(
            {"name": f"Coop interrompue {time.time_ns()}"}
        )
        env["account.chart.template"].try_loading("generic_coa", company, False)
        env = env(context={**env.context, "allowed_company_ids": company.ids})
        company = company.with_env(env)
        resolution = env["consortium.resolution"].create(
            {
                "subject": "Tarifs",
                "kind": "rates",
                "date": "2018-05-15",
                "unanimous": True,
                "company_id": company.id,
            }
        )
        resolution.action_decide()
        center = env["consortium.cost.center"].create(
            {"code": "INT", "name": "Interrompu", "company_id": company.id}
        )
        rate = env["consortium.hourly.rate"].create(
            {
                "cost_center_id": center.id,
                "date_start": "2018-07-01",
                "rate_cents": 10_000,
                "resolution_id": resolution.id,
            }
        )
        rate.action_approve()
        employee = env["hr.employee"].create(
            {"name": "Iris Interrompue", "company_id": company.id}
        )
        env["consortium.cost.assignment"].create(
            {
                "employee_id": employee.id,
                "cost_center_id": center.id,
                "share": 100,
                "date_start": "2018-07-01",
            }
        )
        product = env["product.product"].create(
            {
                "name": "Heures interrompues",
                "type": "service",
                "invoice_policy": "delivery",
                "service_type": "timesheet",
                "service_tracking": "no",
                "uom_id": env.ref("uom.product_uom_hour").id,
                "taxes_id": [Command.clear()],
                "company_id": company.id,
            }
        )
        for number in range(AGREEMENTS):
            cls.make_agreement(env, company, product, employee, number)
        return company

    @classmethod
    def make_agreement(cls, env, company, product, employee, number):
        order = env["sale.order"].create(
            {
                "partner_id": env["res.partner"]
                .create({"name": f"Interrompue {number}", "is_company": True})
                .id,
                "company_id": company.id,
                "order_line": [
                    Command.create({"product_id": product.id, "product_uom_qty": 100})
                ],
            }
        )
        order.action_confirm()
        project = env["project.project"].create(
            {
                "name": f"Interrompue {number}",
                "allow_billable": True,
                "partner_id": order.partner_id.id,
                "company_id": company.id,
                "sale_line_id": order.order_line.id,
            }
        )
        lines = env["account.analytic.line"].create(
            [
                {
                    "name": "Travail",
                    "date": "2018-09-03",
                    "employee_id": employee.id,
                    "project_id": project.id,
                    "unit_amount": minutes / 60,
                }
                for minutes in (50, 35)
            ]
        )
        lines.action_submit()
        lines.action_approve()

    @classmethod
    def clean(cls):
        """What can go goes; the cooperative, which adopted a rate, is archived."""
        company = cls.company_id
        with cls.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["consortium.billing.run"].search(
                [("company_id", "=", company)]
            ).sudo().write({"state": "done"})
            moves = env["account.move"].search([("company_id", "=", company)])
            moves.with_context(force_delete=True).unlink()
            env.flush_all()
            for table in ("consortium_billing_run_line", "consortium_billing_run"):
                cr.execute(
                    SQL(
                        "DELETE FROM %s WHERE company_id = %s",
                        SQL.identifier(table),
                        company,
                    )
                )
            cr.execute("ALTER TABLE account_analytic_line DISABLE TRIGGER USER")
            cr.execute(
                "DELETE FROM account_analytic_line WHERE company_id = %s", (company,)
            )
            cr.execute("ALTER TABLE account_analytic_line ENABLE TRIGGER USER")
            env.invalidate_all()
            env["project.project"].with_context(active_test=False).search(
                [("company_id", "=", company)]
            ).unlink()
            orders = env["sale.order"].search([("company_id", "=", company)])
            partners = orders.partner_id
            orders._action_cancel()
            orders.unlink()
            partners.active = False
            env["hr.employee"].search([("company_id", "=", company)]).active = False
            env["product.product"].search([("company_id", "=", company)]).active = False
            env["res.company"].browse(company).active = False

    def environment(self, cr):
        # The native runner holds the lock of registries: threads ask for none.
        cr.transaction = cr.transaction or Transaction(self.registry)
        return api.Environment(
            cr, SUPERUSER_ID, {"allowed_company_ids": [self.company_id]}
        )

    def process(self, script):
        """Run a script in another process, in Odoo's shell."""
        command = [
            sys.executable, "-m", "odoo", "shell", "--no-http", "-d", get_db_name(),
            "--addons-path", ",".join(config["addons_path"]),
        ]  # fmt: skip
        if config["config"] and os.path.exists(config["config"]):
            command += ["-c", config["config"]]
        return subprocess.run(
            command,
            input=script,
            capture_output=True,
            text=True,
            check=False,
        )

    def other(self, work, outcome):
        """What happens to somebody else, on another connection."""
        with mute_logger("odoo.sql_db"), self.registry.cursor() as cr:
            try:
                outcome.append(work(self.environment(cr)))
                cr.commit()  # pylint: disable=invalid-commit
            except psycopg2.Error as error:
                cr.rollback()
                outcome.append(type(error).__name__)
