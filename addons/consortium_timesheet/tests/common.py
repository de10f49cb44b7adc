"""What the tests of models share: a company, its centers, its people, short ways."""

import base64

from odoo import Command
from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.tests import new_test_user

from .oracle import CENTRES, KEYS


class AtCostCommon(AccountTestInvoicingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls.env = cls.env(
            user=cls.env.ref("base.user_root"),
            context={
                **cls.env.context,
                "tracking_disable": True,
                "lang": "en_US",
                "allowed_company_ids": cls.company.ids,
            },
        )
        cls.company = cls.env["res.company"].browse(cls.company.id)
        cls.company.write({"fiscalyear_last_day": 30, "fiscalyear_last_month": "6"})
        cls.expense = cls.company_data["default_account_expense"].with_env(cls.env)
        cls.centers = cls.env["consortium.cost.center"].create(
            [
                {
                    "code": code,
                    "name": f"Centre {code}",
                    "kind": "expertise" if code in CENTRES else "support",
                    "company_id": cls.company.id,
                }
                for code in (*CENTRES, *KEYS)
            ]
        )
        cls.center = {center.code: center for center in cls.centers}

    @classmethod
    def employee(cls, name, *assignments, **values):
        """A person, and ``(center code, share, first day, last day)`` of each part."""
        employee = cls.env["hr.employee"].create(
            {"name": name, "company_id": cls.company.id, **values}
        )
        for code, share, start, end in assignments:
            cls.assign(employee, code, share, start, end)
        return employee

    @classmethod
    def assign(cls, employee, code, share=100, start="2018-07-01", end=False):
        return cls.env["consortium.cost.assignment"].create(
            {
                "employee_id": employee.id,
                "cost_center_id": cls.center[code].id,
                "share": share,
                "date_start": start,
                "date_end": end,
            }
        )

    @classmethod
    def team(cls, code, count=3, **values):
        """So many people who work in one center only."""
        return cls.env["hr.employee"].union(
            *(
                cls.employee(f"{code} {i}", (code, 100, "2018-07-01", False), **values)
                for i in range(1, count + 1)
            )
        )

    @classmethod
    def key(cls, code, shares=None, **values):
        """The key of a support center: that of the worked example by default."""
        shares = shares or {c: s * 100 for c, s in KEYS[code].items()}
        return cls.env["consortium.allocation.key"].create(
            {
                "cost_center_id": cls.center[code].id,
                "date_start": "2018-07-01",
                "line_ids": [
                    Command.create(
                        {"cost_center_id": cls.center[c].id, "quantity": float(share)}
                    )
                    for c, share in shares.items()
                ],
                **values,
            }
        )

    @classmethod
    def role(cls, role, **values):
        """A user with one role of the cooperative, speaking English."""
        return cls.env["res.users"].search(
            [("login", "=", f"at_cost_{role}")]
        ) or new_test_user(
            cls.env,
            f"at_cost_{role}",
            groups=f"consortium_base.group_{role}",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
            lang="en_US",
            **values,
        )

    @classmethod
    def set_pay_accounts(cls):
        payable = cls.company_data["default_account_tax_purchase"]
        cls.company.write(
            {
                "pay_journal_id": cls.company_data["default_journal_misc"].id,
                "pay_account_id": cls.expense.id,
                "pay_charges_account_id": cls.expense.copy().id,
                "pay_payable_account_id": payable.id,
            }
        )

    @classmethod
    def fed(cls, *codes):
        """What entries have brought to centers, in cents: costs above zero."""
        column = cls.company.cost_center_plan_id._column_name()
        accounts = [cls.center[code].analytic_account_id.id for code in codes]
        lines = cls.env["account.analytic.line"].search([(column, "in", accounts)])
        return -sum(round(line.amount * 100) for line in lines)

    @classmethod
    def pay(cls, text, **values):
        """A pay import whose file says ``text``."""
        return cls.env["consortium.pay.import"].create(
            {
                "name": "Paie régulière",
                "company_id": cls.company.id,
                "date_start": "2018-07-01",
                "date_end": "2018-07-14",
                "file_name": "paie.csv",
                "file": base64.b64encode(text.encode()),
                **values,
            }
        )
