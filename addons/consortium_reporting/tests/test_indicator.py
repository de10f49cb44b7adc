from datetime import date
from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import CheckViolation, UniqueViolation

from .common_figures import LAST_YEAR, YEAR, FiguresCase

LOGGER = "odoo.addons.consortium_reporting.models.consortium_indicator"


@tagged("post_install", "-at_install")
class TestIndicator(FiguresCase):
    def values(self, *codes, year=YEAR):
        return self.indicators._values(list(codes), *year)

    def history(self, code, value, year=LAST_YEAR, **values):
        indicator = self.indicators.search([("code", "=", code)])
        return self.env["consortium.indicator.value"].create(
            {
                "indicator_id": indicator.id,
                "date_from": year[0],
                "date_to": year[1],
                "value": value,
                "source": "Rapport annuel 2017-2018",
                **values,
            }
        )

    def test_income_expenses_surplus(self):
        self.earn("2018-07-01", 100.10)
        self.earn("2019-06-30", 50.05)
        self.earn("2019-07-01", 999)
        self.earn("2018-06-30", 75)
        self.spend("2018-08-15", 120)
        found = self.values("income", "expenses", "surplus", "surplus_share")
        self.assertEqual(
            list(found), ["income", "expenses", "surplus", "surplus_share"]
        )
        self.assertEqual(found["income"]["value"], 150_15)
        self.assertEqual(found["income"]["previous"], 75_00)
        self.assertEqual(found["income"]["unit"], "money")
        self.assertEqual(
            found["income"]["by"]["month"], {"2018-07": 100_10, "2019-06": 50_05}
        )
        self.assertEqual(found["expenses"]["value"], 120_00)
        self.assertEqual(found["surplus"]["value"], 30_15)
        self.assertEqual(found["surplus_share"]["value"], 200_799)
        self.assertFalse(found["income"]["imported"])

    def test_drafts_and_other_companies_are_not_counted(self):
        self.entry("2018-08-01", "bank", "services", 10, post=False)
        other = self.env["res.company"].create({"name": "Autre"})
        self.earn("2018-08-01", 5)
        found = self.indicators.with_company(other)._values(["income"], *YEAR)
        self.assertIsNone(found["income"]["value"])
        self.assertEqual(self.values("income")["income"]["value"], 5_00)

    def test_parts_add_up_to_the_total(self):
        self.earn("2018-08-01", 10)
        self.earn("2018-09-01", 20, "grants")
        income = self.values("income")["income"]
        for parts in income["by"].values():
            self.assertEqual(sum(parts.values()), income["value"])
        self.assertEqual(
            sorted(income["by"]["account"]), ["411230 services", "413100 grants"]
        )

    def test_accounts_are_called_the_same_whoever_computes(self):
        """Core hides the code from who keeps no books: the secretary adopts a report
        that the management computed."""
        self.earn("2018-08-01", 10)
        for group in ("membership_officer", "accountant"):
            self.env.invalidate_all()
            indicators = self.indicators.with_user(self.employee(group)).sudo()
            income = indicators._values(["income"], *YEAR)["income"]
            self.assertEqual(income["by"]["account"], {"411230 services": 10_00})

    def test_a_year_without_data_has_zeros_and_no_shares(self):
        self.earn("2016-08-01", 1)
        found = self.values("income", "surplus_share", "user_business_share")
        self.assertEqual(found["income"]["value"], 0)
        self.assertIsNone(found["surplus_share"]["value"])
        self.assertIsNone(found["user_business_share"]["value"])
        self.assertFalse([v["error"] for v in found.values() if v["error"]])

    def test_equity_debts_reserve(self):
        self.entry("2018-01-01", "bank", "common", 1_000)
        self.entry("2018-01-01", "bank", "reserve", 500)
        self.entry("2018-01-01", "bank", "debt", 4_000)
        self.earn("2018-12-01", 40)
        found = self.values("equity", "debts", "reserve", "equity_debt_share")
        self.assertEqual(found["equity"]["value"], 1_540_00)
        self.assertEqual(found["debts"]["value"], 4_000_00)
        self.assertEqual(found["reserve"]["value"], 500_00)
        self.assertEqual(found["equity_debt_share"]["value"], 385_000)
        self.assertEqual(sum(found["equity"]["by"]["section"].values()), 1_540_00)

    def test_invoiced_by_network_on_the_last_day(self):
        kind = self.env.ref("consortium_base.organization_kind_network")
        network = self.organization("Réseau", organization_kind_id=kind.id)
        member, other = self.organization("Membre"), self.organization("Autre")
        self.env["consortium.affiliation"].create(
            {
                "organization_id": member.id,
                "network_id": network.id,
                "date_start": "2019-01-01",
                "is_primary": True,
            }
        )
        self.invoice(member, "2018-08-01", 100)
        self.invoice(member, "2018-09-01", -30)
        self.invoice(other, "2018-08-01", 40)
        self.invoice(other, "2018-09-01", -40)
        found = self.values("invoiced", "organizations_invoiced")
        self.assertEqual(found["invoiced"]["value"], 70_00)
        self.assertEqual(
            found["invoiced"]["by"]["network"], {"Réseau": 70_00, "No network": 0}
        )
        self.assertEqual(found["organizations_invoiced"]["value"], 1)

    def test_directors_on_the_last_day(self):
        people = self.env["res.partner"].create([{"name": "A"}, {"name": "B"}])
        for person, start in zip(people, ("2018-09-01", "2019-09-01"), strict=True):
            self.env["consortium.office"].create(
                {
                    "person_id": person.id,
                    "role": "director",
                    "date_start": start,
                    "company_id": self.company.id,
                }
            )
        self.assertEqual(self.values("directors")["directors"]["value"], 1)

    def test_before_the_books_there_is_no_figure(self):
        """After the first entry, a year without any is a year of zero."""
        codes = ("income", "surplus", "invoiced", "equity", "reserve")
        self.entry("2018-06-30", "bank", "reserve", 5)  # what was there before
        self.earn("2018-08-01", 10)
        for year, values in (
            (("2016-07-01", "2017-06-30"), (None,) * 5),
            (LAST_YEAR, (None, None, None, 5_00, 5_00)),
            (YEAR, (10_00, 10_00, 0, 15_00, 5_00)),
            (("2019-07-01", "2020-06-30"), (0, 0, 0, 15_00, 5_00)),
        ):
            found = self.indicators._values(codes, *year)
            self.assertEqual(tuple(found[c]["value"] for c in codes), values)
        self.assertIsNone(
            next(
                row["last"]
                for row in self.company._financial_table(*YEAR)["rows"]
                if row["code"] == "income"
            )
        )

    def test_imported_figures_come_first_and_are_marked(self):
        self.earn("2017-09-01", 1)
        self.history("income", 3_222_029)
        self.history("income", 2_000_000, dimension="region", key="Mauricie")
        found = self.values("income", year=LAST_YEAR)["income"]
        self.assertEqual(found["value"], 3_222_029_00)
        self.assertTrue(found["imported"])
        self.assertEqual(found["source"], "Imported: Rapport annuel 2017-2018")
        self.assertEqual(found["by"], {"region": {"Mauricie": 2_000_000_00}})
        self.assertEqual(self.values("income")["income"]["previous"], 3_222_029_00)

    def test_units_of_imported_figures(self):
        for code, value, kept in (
            ("surplus_share", 12.3, 123_000),
            ("employees", 48, 48),
        ):
            self.assertEqual(self.history(code, value)._exact(), kept)
            self.assertEqual(self.values(code, year=LAST_YEAR)[code]["value"], kept)

    def test_another_period_is_not_the_imported_one(self):
        self.history("employees", 48)
        found = self.values("employees", year=("2017-07-01", "2018-05-31"))
        self.assertIsNone(found["employees"]["value"])

    def test_a_figure_is_there_once(self):
        self.history("employees", 48)
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self.history("employees", 49)

    def test_a_part_needs_both_names(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            self.history("employees", 4, dimension="region")

    def test_people_are_whole(self):
        with self.assertRaises(ValidationError):
            self.history("employees", 4.5)

    def test_an_indicator_that_fails_says_so_and_the_others_go_on(self):
        self.earn("2018-08-01", 10)

        def fail(records, codes, date_from, date_to):
            records.env.cr.execute("SELECT 1 / 0")

        mapping = {**self.indicators._computations(), "employees": "_compute_failing"}
        model = self.env.registry["consortium.indicator"]
        with (
            patch.object(model, "_compute_failing", fail, create=True),
            patch.object(model, "_computations", lambda records: mapping),
            mute_logger("odoo.sql_db"),
            self.assertLogs(LOGGER, "WARNING"),
        ):
            found = self.values("income", "employees")
        self.assertEqual(found["income"]["value"], 10_00)
        self.assertIsNone(found["employees"]["value"])
        self.assertIn("DivisionByZero", found["employees"]["error"])

    def test_of_a_batch_only_the_one_that_fails(self):
        def half(records, codes, date_from, date_to):
            if "debts" in codes:
                raise UserError("Pas de dettes.")  # pylint: disable=translation-required
            return {code: {"value": 1} for code in codes}

        model = self.env.registry["consortium.indicator"]
        with patch.object(model, "_compute_sheet", half):
            found = self.values("equity", "debts", "reserve")
        self.assertEqual([v["value"] for v in found.values()], [1, None, 1])
        self.assertEqual(found["debts"]["error"], "Pas de dettes.")

    def test_an_unknown_code_and_a_wrong_period_are_refused(self):
        with self.assertRaisesRegex(UserError, "« nothing »"):
            self.values("nothing")
        with self.assertRaisesRegex(UserError, "first day"):
            self.values("income", year=tuple(reversed(YEAR)))

    def test_every_computation_has_its_indicator(self):
        codes = set(self.indicators.search([]).mapped("code"))
        self.assertLessEqual(set(self.indicators._computations()), codes)
        self.assertEqual(set(self.indicators._values(None, *YEAR)), codes)

    def test_the_year_before_a_leap_february(self):
        before = self.indicators._year_before
        self.assertEqual(before(date(2021, 2, 28)), date(2020, 2, 29))
        self.assertEqual(before(date(2020, 2, 29)), date(2019, 2, 28))
        self.assertEqual(before(date(2019, 6, 30)), date(2018, 6, 30))

    def test_queries_do_not_grow_with_the_records(self):
        partners = [self.organization(f"Organisation {i}") for i in range(12)]

        def count():
            self.env.invalidate_all()
            self.env.registry.clear_all_caches()
            before = self.env.cr.sql_log_count
            self.indicators._values(None, *YEAR)
            return self.env.cr.sql_log_count - before

        self.invoice(partners[0], "2018-08-01", 10)
        one = count()
        for index, partner in enumerate(partners):
            self.invoice(partner, f"2018-{9 + index % 4:02}-01", 10)
        self.assertEqual(count(), one)
