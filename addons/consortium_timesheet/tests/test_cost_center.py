from fractions import Fraction

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import AtCostCommon
from .oracle import KEYS


@tagged("post_install", "-at_install")
class TestCostCenter(AtCostCommon):
    def test_each_center_has_its_account(self):
        accounts = self.centers.analytic_account_id
        self.assertEqual(len(accounts), 5)
        self.assertEqual(accounts.plan_id, self.company.cost_center_plan_id)
        self.center["LEG"].write({"name": "Juridique", "code": " jur "})
        account = self.center["LEG"].analytic_account_id
        self.assertEqual((account.name, account.code), ("Juridique", "JUR"))

    def test_one_plan_for_all_companies(self):
        other = self.env["res.company"].create({"name": "Autre coop"})
        center = self.env["consortium.cost.center"].create(
            {"code": "LEG", "name": "Juridique", "company_id": other.id}
        )
        self.assertEqual(
            center.analytic_account_id.plan_id, self.company.cost_center_plan_id
        )

    @mute_logger("odoo.sql_db")
    def test_code_once(self):
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self.env["consortium.cost.center"].create(
                {"code": "leg", "name": "x", "company_id": self.company.id}
            )

    def test_accountant_makes_a_center(self):
        user = self.role("accountant")
        center = (
            self.env["consortium.cost.center"]
            .with_user(user)
            .create({"code": "WEB", "name": "Web"})
        )
        self.assertTrue(center.analytic_account_id)

    def test_counted_together(self):
        leg, fin, com = (self.center[code] for code in ("LEG", "FIN", "COM"))
        leg.merge_into_id = fin
        self.assertEqual((leg + fin)._pool(), fin + fin)
        with self.assertRaises(ValidationError):
            fin.merge_into_id = com
        with self.assertRaises(ValidationError):
            com.merge_into_id = leg
        with self.assertRaises(ValidationError):
            com.merge_into_id = self.center["ADM"]

    def test_too_few_people(self):
        self.team("LEG", 2)
        leg = self.center["LEG"]
        self.assertEqual((leg.people_count, leg.is_small), (2, True))
        self.employee("Troisième", ("FIN", 100, "2018-07-01", False))
        self.center["FIN"].merge_into_id = leg
        self.centers.invalidate_recordset()
        self.assertEqual((leg.people_count, leg.is_small), (3, False))

    def test_kept_when_used(self):
        self.team("LEG", 1)
        with self.assertRaises(UserError):
            self.center["LEG"].unlink()
        self.center["COM"].unlink()

    def test_form(self):
        with Form(self.env["consortium.cost.center"]) as form:
            form.code = "web"
            form.name = "Développement Web"
        self.assertEqual(form.record.code, "WEB")


@tagged("post_install", "-at_install")
class TestAssignment(AtCostCommon):
    def test_at_most_the_whole(self):
        person = self.employee("Aline", ("LEG", 60, "2018-07-01", False))
        self.assign(person, "FIN", 40, "2018-08-01")
        with self.assertRaisesRegex(ValidationError, "2018-09-01"):
            self.assign(person, "COM", 1, "2018-09-01", "2018-09-01")

    def test_end_then_begin(self):
        person = self.employee("Aline", ("LEG", 100, "2018-07-01", "2018-08-31"))
        self.assign(person, "FIN", 100, "2018-09-01")
        periods = self.env["consortium.cost.assignment"]._periods(person)
        self.assertEqual(len(periods[person.id]), 2)

    @mute_logger("odoo.sql_db")
    def test_a_center_once_at_a_time(self):
        person = self.employee("Aline", ("LEG", 10, "2018-07-01", False))
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self.assign(person, "LEG", 10, "2018-09-01")

    @mute_logger("odoo.sql_db")
    def test_share_in_bounds(self):
        person = self.employee("Aline")
        for share in (0, -5, 100.5):
            with self.assertRaises(IntegrityError), self.cr.savepoint():
                self.assign(person, "LEG", share)


@tagged("post_install", "-at_install")
class TestAllocationKey(AtCostCommon):
    def test_exact_shares(self):
        for code in KEYS:
            self.assertEqual(self.key(code)._shares({}), KEYS[code])

    def test_thirds_by_a_driver(self):
        key = self.key("ADM", {"LEG": 1, "FIN": 1, "COM": 1}, driver="fte")
        self.assertEqual(set(key._shares({}).values()), {Fraction(1, 3)})

    def test_measured_driver(self):
        key = self.env["consortium.allocation.key"].create(
            {
                "cost_center_id": self.center["ADM"].id,
                "date_start": "2018-07-01",
                "driver": "minutes",
            }
        )
        measured = {"minutes": {"LEG": 60, "FIN": 180}}
        self.assertEqual(key._shares(measured)["LEG"], Fraction(1, 4))
        with self.assertRaises(UserError):
            key._shares({"minutes": {}})

    def test_percentages_make_a_hundred(self):
        with self.assertRaises(ValidationError) as caught:
            self.key("ADM", {"LEG": 99.5})
        self.assertIn("99.5 %", str(caught.exception))
        with self.assertRaises(ValidationError):
            self.key("ADM", {"LEG": 0}, driver="fte")

    def test_support_centers_only(self):
        with self.assertRaises(ValidationError):
            self.key("LEG", {"FIN": 100})

    @mute_logger("odoo.sql_db")
    def test_one_key_at_a_time(self):
        self.key("ADM")
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self.key("ADM", date_start="2019-01-01")

    def test_counted_together(self):
        self.center["LEG"].merge_into_id = self.center["FIN"]
        shares = self.key("ADM")._shares({})
        self.assertEqual(shares["FIN"], Fraction(70, 100))
        self.assertNotIn("LEG", shares)

    def test_in_force(self):
        key = self.key("ADM", date_end="2019-06-30")
        Key = self.env["consortium.allocation.key"]
        self.assertEqual(Key._on("2019-06-30", self.company), key)
        self.assertFalse(Key._on("2019-07-01", self.company))

    def test_experts_do_not_see_keys(self):
        key = self.key("ADM")
        with self.assertRaises(AccessError):
            key.with_user(self.role("expert")).read(["driver"])


@tagged("post_install", "-at_install")
class TestRoles(AtCostCommon):
    def test_expenses_are_costs(self):
        self.assertEqual(self.expense.at_cost_role, "cost")
        revenue = self.company_data["default_account_revenue"]
        self.assertFalse(revenue.at_cost_role)

    def test_a_choice_stays(self):
        self.expense.at_cost_role = "disbursement"
        self.expense.account_type = "expense_direct_cost"
        self.assertEqual(self.expense.at_cost_role, "disbursement")
