"""Nobody's pay follows from a true-up: what each role reads, and what a member pays."""

import re

from odoo import Command
from odoo.addons.consortium_base.models.consortium_representation import SCOPES
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .common_true_up import TrueUpCommon
from .oracle import ORACLE
from .test_access import EXPECTED

# Who keeps or audits the books reads the entries of pay of a center anyway.
KEEPERS = ("accountant", "manager", "auditor")
OTHERS = ("expert", "coordinator", "membership_officer")
CORE = (
    "account.analytic.line",
    "account.move",
    "account.move.line",
    "hr.employee.public",
    "ir.attachment",
    "mail.activity",
    "mail.message",
    "mail.tracking.value",
    "project.project",
    "project.sale.line.employee.map",
    "project.task",
    "sale.order",
    "sale.order.line",
    "timesheets.analysis.report",
)
READ = ("char", "float", "html", "integer", "monetary", "text")
PAY = 87.65
TIME = {  # how many make an hour
    "billed_minutes": 60,
    "hours": 1,
    "minutes": 60,
    "planned_hours": 1,
    "quantity": 1,
    "unit_amount": 1,
}


@tagged("post_install", "-at_install")
class TestTrueUpPrivacy(TrueUpCommon):
    """FIN and COM have two people each; LEG three."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        assignments = cls.env["consortium.cost.assignment"]
        for code in ("FIN", "COM"):
            assignments.search([("employee_id.name", "=", f"{code} 2")]).unlink()
        people = cls.env["hr.employee"].search([("company_id", "=", cls.company.id)])
        people.hourly_cost = PAY
        cls.bill_all()

    def approved(self, **values):
        run = self.final(**values)
        run.action_true_up()
        run.action_approve_true_up()
        return run

    def alone(self, run):
        """What each cell of the centers of two people costs, were it told."""
        return {
            (cell.order_id, cell.cost_center_id): cell
            for cell in run.cell_ids
            if cell.cost_center_id.code in ("FIN", "COM")
        }

    def test_small_centers_are_counted_together(self):
        run = self.approved()
        rows = run.true_up_ids
        together = rows.filtered("is_together")
        self.assertEqual(set(together.cost_center_id.mapped("code")), {"FIN", "COM"})
        pool = ORACLE["pool_total"]
        self.assertEqual(sum(together.mapped("cost_cents")), pool["FIN"] + pool["COM"])
        self.assertEqual(sum(rows.mapped("cost_cents")), 126_000_000)
        self.assertEqual(sum(rows.mapped("reserve_cents")), 2_520_000)
        # One ratio for both: the cost of neither follows from what is paid.
        ratio = (pool["FIN"] + pool["COM"]) / sum(together.mapped("billed_cents"))
        for row in together:
            alone = self.alone(run)[row.order_id, row.cost_center_id]
            self.assertLess(abs(row.cost_cents - ratio * row.billed_cents), 2)
            self.assertNotEqual(row.cost_cents, round(alone.cost * 100))
            self.assertNotEqual(row.reserve_cents, round(alone.reserve * 100))
        for row in rows - together:
            cell = run.cell_ids.filtered(
                lambda each, row=row: (
                    each.order_id == row.order_id
                    and each.cost_center_id == row.cost_center_id
                )
            )
            self.assertEqual(row.cost_cents, round(cell.cost * 100))

    def test_the_letter_and_the_invoice_tell_none_of_them(self):
        run = self.approved()
        moves = self.env["account.move"].search(run.action_settle()["domain"])
        moves.action_post()
        html = self.env["ir.actions.report"]._render_qweb_html(
            "consortium_timesheet.report_true_up", run.true_up_ids.ids
        )[0]
        said = html.decode() + " ".join(moves.invoice_line_ids.mapped("name"))
        self.assertIn("o_together", said)
        for cell in self.alone(run).values():
            for amount in (cell.cost, cell.difference):
                self.assertNotIn(run.currency_id.format(amount), said)
        for row in run.center_ids:
            if row.cost_center_id.code in ("FIN", "COM"):
                self.assertNotIn(run.currency_id.format(row.rate), said)

    def test_too_few_even_together(self):
        self.team("COM", 1)
        run = self.final()
        run.action_true_up()
        self.assertIn("FIN: fewer than three people", run.true_up_gaps)
        (statement, *_others) = run.true_up_ids._statements()
        self.assertEqual((statement["rows"], statement["total"]), ([], ""))
        with self.assertRaisesRegex(UserError, "what one of them earns"):
            run.action_approve_true_up()
        # Counted with another: a new run closes.
        self.center["FIN"].merge_into_id = self.center["COM"]
        again = self.approved()
        self.assertFalse(again.true_up_ids.filtered("is_together"))
        self.assertEqual(sum(again.true_up_ids.mapped("cost_cents")), 126_000_000)

    def readable(self, model):
        """The fields that the user of the model reads: of those that core works out on
        the spot, some rest on what not every role may read."""
        return [
            field
            for field, definition in model._fields.items()
            if model._has_field_access(definition, "read")
            and (definition.store or "consortium" in (definition._module or ""))
        ]

    def numbers(self, user, models):
        """Every number, and every number in a text, of every record that a user reads,
        with where it is."""
        for name in models:
            model = self.env[name].with_user(user)
            if not model.has_access("read"):
                continue
            fields = [
                field
                for field in self.readable(model)
                if model._fields[field].type in READ
                and field not in ("id", "res_id", "display_name")
            ]
            for values in model.search([]).read(fields):
                for field, value in values.items():
                    if isinstance(value, str):
                        for text in re.findall(r"\d[\d,\u00a0\u202f]*\.?\d*", value):
                            yield self.number(text), (name, field)
                    elif value and field != "id":
                        yield abs(value), (name, field)

    def hours_priced(self, user, models):
        """What an hour comes to in each record that a user reads, and in all those of a
        model together: every amount divided by every time beside it."""
        for name in models:
            model = self.env[name].with_user(user)
            if not model.has_access("read"):
                continue
            readable = self.readable(model)
            times = [field for field in readable if field in TIME]
            amounts = [
                field
                for field in readable
                if model._fields[field].type in ("monetary", "float", "integer")
                and (field.endswith("_cents") or model._fields[field].type != "integer")
                and field not in TIME
            ]
            if not (times and amounts):
                continue
            records = model.search([])
            for field in times:
                for amount in amounts:
                    unit = 100 if amount.endswith("_cents") else 1
                    pairs = [
                        (row[amount] / unit, row[field] / TIME[field])
                        for row in records
                    ]
                    pairs.append(tuple(map(sum, zip(*pairs, strict=True))) or (0, 0))
                    for cost, hours in pairs:
                        if hours:
                            yield abs(cost / hours), (name, amount, field)

    def number(self, text):
        try:
            return float(re.sub("[,\u00a0\u202f]", "", text))
        except ValueError:
            return 0

    def representative(self):
        """A user of the portal, with every mandate of a member of the small centers."""
        user = new_test_user(
            self.env,
            "true_up_portal",
            groups="base.group_portal",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
            lang="en_US",
        )
        self.env["consortium.representation"].create(
            {
                "person_id": user.partner_id.id,
                "organization_id": self.agreements["A4"][0].partner_id.id,
                "date_start": "2018-07-01",
                **{f"scope_{scope}": True for scope in SCOPES},
            }
        )
        return user

    def own_time(self):
        """Something that the expert reads, and that nobody pays."""
        goodwill = self.env.ref("consortium_timesheet.nonchargeable_goodwill")
        self.approve(
            self.time(60, chargeable=False, nonchargeable_reason_id=goodwill.id)
        )

    def check_priced(self, role, hours, rates):
        """No hour is that of a person, nor that of a center of two people."""
        rates = {PAY} if role in KEEPERS else {PAY, *rates}
        found = 0
        for hour, where in hours:
            found += 1
            for rate in rates:
                self.assertGreater(abs(hour - rate), 0.005, (role, where))
        self.assertTrue(found or role == "membership_officer", role)

    def test_what_each_role_reads(self):
        """Neither a person's hour, nor what a center of two people costs."""
        self.own_time()
        run = self.approved()
        run.action_accrue()
        moves = self.env["account.move"].search(run.action_settle()["domain"])
        moves.action_post()
        billing = self.env["consortium.billing.run"].create(
            {"date_to": "2019-06-30", "company_id": self.company.id}
        )
        self.assertTrue(billing)
        small = set()
        for cell in self.alone(run).values():
            small |= {round(cell.cost, 2), round(cell.difference, 2)}
        for row in run.center_ids:
            if row.cost_center_id.code in ("FIN", "COM"):
                small |= {row.rate, round(row.total, 2), round(row.difference, 2)}
        rates = {
            row.rate
            for row in run.center_ids
            if row.cost_center_id.code in ("FIN", "COM")
        }
        secrets = {abs(n) for n in small} | {abs(round(n * 100)) for n in small}
        users = {role: self.role(role) for role in (*OTHERS, *KEEPERS)}
        users["portal"] = self.representative()
        models = [*EXPECTED, *CORE]
        self.env.flush_all()
        self.env.invalidate_all()
        for role, user in users.items():
            seen = 0
            for value, where in self.numbers(user, models):
                seen += 1
                self.assertNotEqual(value, PAY, (role, where))
                if role not in KEEPERS:
                    self.assertNotIn(value, secrets, (role, where))
            self.assertTrue(seen or role == "membership_officer", role)
            self.check_priced(role, self.hours_priced(user, models), rates)
        for name in ("account.move", "account.move.line"):
            found = self.env[name].with_user(users["portal"]).search([])
            self.assertTrue(found, name)
