from odoo import Command
from odoo.addons.consortium_base.tests.common_access import (
    READ_ALL,
    STAFF,
    AccessMatrix,
)
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_time import TimeCommon

AT_COST = {"accountant": "crwu", "manager": "crwu", "auditor": "r"}
# What each role may do with each model: c(reate), r(ead), w(rite), u(nlink). A new
# model fails this test until its line is added.
EXPECTED = {
    "consortium.cost.center": {**READ_ALL, **AT_COST},
    "consortium.cost.assignment": {"expert": "r", "coordinator": "r", **AT_COST},
    "consortium.allocation.key": AT_COST,
    "consortium.allocation.key.line": AT_COST,
    # Invoices alone write the ledger.
    "consortium.billing.entry": {
        "coordinator": "r",
        "accountant": "r",
        "manager": "r",
        "auditor": "r",
    },
    "consortium.billing.run": AT_COST,
    # The run makes its lines; people leave some out.
    "consortium.billing.run.line": {
        "accountant": "rw",
        "manager": "rw",
        "auditor": "r",
    },
    "consortium.billing.credit": {"accountant": "crwu", "manager": "crwu"},
    "consortium.billing.credit.line": {"accountant": "crwu", "manager": "crwu"},
    # The accountant keeps envelopes and reports on them.
    "consortium.funding": {"accountant": "crwu", "manager": "r", "auditor": "r"},
    "consortium.funding.cap": {"accountant": "crwu", "manager": "r", "auditor": "r"},
    "consortium.funding.claim": {"accountant": "crwu", "manager": "r", "auditor": "r"},
    # The buttons of the report write them.
    "consortium.funding.claim.line": {
        "accountant": "r",
        "manager": "r",
        "auditor": "r",
    },
    "consortium.hourly.rate": {**READ_ALL, **AT_COST},
    "consortium.hours.import": {
        "coordinator": "crwu",
        "accountant": "r",
        "manager": "crwu",
        "auditor": "r",
    },
    # The import alone writes its rows.
    "consortium.hours.import.line": {
        "coordinator": "r",
        "accountant": "r",
        "manager": "r",
        "auditor": "r",
    },
    "consortium.nonchargeable.reason": {**READ_ALL, "manager": "crwu"},
    "consortium.pay.import": {"accountant": "crwu", "manager": "r", "auditor": "r"},
    "consortium.pay.import.line": {"accountant": "r", "manager": "r", "auditor": "r"},
    "consortium.rate.run": AT_COST,
    # Computing the run makes them.
    "consortium.rate.run.cell": {"accountant": "r", "manager": "r", "auditor": "r"},
    "consortium.rate.run.center": AT_COST,
    "consortium.time.correction": {"coordinator": "crwu", "manager": "crwu"},
    "consortium.time.week": {
        "expert": "crwu",
        "coordinator": "crwu",
        "manager": "crwu",
    },
    "consortium.timesheet.change": {
        "coordinator": "r",
        "accountant": "r",
        "manager": "r",
        "auditor": "r",
    },
    # Its end is brought forward: why time was let in stays.
    "consortium.timesheet.exception": {
        "coordinator": "r",
        "accountant": "crw",
        "manager": "crw",
        "auditor": "r",
    },
    "consortium.timesheet.lock": {"accountant": "cr", "manager": "cr", "auditor": "r"},
    # The buttons of the run write it.
    "consortium.true.up": {"accountant": "r", "manager": "r", "auditor": "r"},
}
PAY = 87.65


@tagged("post_install", "-at_install")
class TestAccess(AccessMatrix, TimeCommon):
    expected = EXPECTED

    def test_every_model_has_its_expectation(self):
        self.assertEqual(self.own_models("consortium_timesheet"), set(EXPECTED))

    def test_each_company_its_own(self):
        other = self.env["res.company"].create({"name": "Autre coop"})
        center = self.env["consortium.cost.center"].create(
            {"code": "X", "name": "X", "company_id": other.id}
        )
        accountant = self.role("accountant")
        self.assertFalse(center.with_user(accountant)._filtered_access("read"))

    def test_an_expert_sees_its_own_time(self):
        own = self.time(60)
        colleague = self.employee("Collègue", ("LEG", 100, "2018-07-01", False))
        other = self.time(60, employee_id=colleague.id)
        mine = (own + other).with_user(self.expert_user)
        self.assertEqual(mine._filtered_access("read"), own.with_user(self.expert_user))
        with self.assertRaises(AccessError):
            other.with_user(self.expert_user).write({"unit_amount": 2})

    def test_the_auditor_reads_all_time(self):
        line = self.time(60).with_user(self.role("auditor"))
        self.assertEqual(line.minutes, 60)
        with self.assertRaises(AccessError):
            line.write({"name": "x"})


@tagged("post_install", "-at_install")
class TestNoPay(TimeCommon):
    """What each role reads of one's time never gives what one earns."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team("LEG", 2)
        cls.expert.hourly_cost = PAY
        cls.project.write(
            {
                "sale_line_employee_ids": [
                    Command.create(
                        {
                            "employee_id": cls.expert.id,
                            "sale_line_id": cls.order_line.id,
                        }
                    )
                ]
            }
        )
        cls.line = cls.time(60)
        cls.approve(cls.line)
        cls.open = cls.time(90)

    def test_the_amount_is_the_center_s(self):
        self.assertEqual((self.line.amount, self.open.amount), (-122.0, -183.0))

    def test_no_model_shows_it(self):
        """Every number of every record that a role reads, about that person."""
        models = (
            "account.analytic.line",
            "timesheets.analysis.report",
            "project.sale.line.employee.map",
            "hr.employee.public",
            "consortium.cost.center",
            "consortium.cost.assignment",
            "consortium.timesheet.change",
        )
        self.env.flush_all()
        for role in STAFF:
            user = self.role(role)
            for name in models:
                model = self.env[name].with_user(user)
                if not model.has_access("read"):
                    continue
                found = model.search([])
                readable = [
                    field
                    for field, definition in model._fields.items()
                    if definition.type in ("float", "monetary", "integer")
                    and model._has_field_access(definition, "read")
                ]
                for values in found.read(readable):
                    for field, value in values.items():
                        self.assertNotIn(
                            abs(value or 0), (PAY, PAY * 1.5), (role, name, field)
                        )

    def test_not_by_division(self):
        """Two people of a center who earn differently cost the same an hour."""
        colleague = self.env["hr.employee"].search([("name", "=", "LEG 1")])
        colleague.hourly_cost = 20
        other = self.time(60, employee_id=colleague.id)
        self.assertEqual(other.amount, self.line.amount)

    def test_the_employee_s_cost_stays_closed(self):
        for role in STAFF:
            field = self.expert.with_user(self.role(role))
            with self.assertRaises(AccessError):
                field.read(["hourly_cost"])
