from datetime import date
from decimal import Decimal
from fractions import Fraction

import psycopg2
from hypothesis import given
from hypothesis import strategies as st
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..tools import legal_value
from .common_organization import OrganizationCase

CODE = "test_delay"


@tagged("post_install", "-at_install")
class TestLegalParameter(OrganizationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Parameter = cls.env["consortium.legal.parameter"]
        cls.Value = cls.env["consortium.legal.parameter.value"]
        cls.parameter = cls.Parameter.create(
            {"code": CODE, "name": "Delay", "value_type": "days"}
        )
        cls.first = cls.Value.create(
            {
                "parameter_id": cls.parameter.id,
                "date_from": "2015-01-01",
                "value": "30",
                "reference": "art. 55",
                "recorded_at": "2020-01-01 00:00:00",
            }
        )

    def add(self, date_from, value, **values):
        return self.Value.create(
            {
                "parameter_id": self.parameter.id,
                "date_from": date_from,
                "value": value,
                **values,
            }
        )

    def correct(self, value, **values):
        return self.add(
            self.first.date_from,
            value,
            corrects_id=self.first.id,
            correction_reason="Mal lu",
            **values,
        )

    def test_data_are_exact(self):
        on = "2019-06-30"
        for code, expected in {
            "directors_min": 3,
            "directors_max": 15,
            "outside_directors_max_share": Fraction(1, 3),
            "director_term_max_years": 3,
            "board_notice_days": 5,
            "expulsion_vote_min_share": Fraction(2, 3),
            "common_share_par_value": Decimal("10.00"),
            "members_business_min_share": Fraction(1, 2),
            "auditor_revenue_threshold": Decimal("250000.00"),
            "common_share_interest_allowed": False,
        }.items():
            with self.subTest(code):
                value = self.Parameter._value(code, on)
                self.assertEqual(value, expected)
                self.assertIs(type(value), type(expected))

    def test_data_have_a_reference_or_a_source(self):
        values = self.env["consortium.legal.parameter"].search([]).value_ids
        for value in values - self.first:
            with self.subTest(value.parameter_id.code):
                self.assertTrue(value.reference or value.source)
                self.assertEqual(value.to_confirm, value.confidence != "verified")

    def test_reference(self):
        self.assertEqual(
            self.Parameter._reference("directors_max", date(2019, 6, 30)),
            "C-67.2, art. 80",
        )

    def test_unknown_code(self):
        with self.assertRaisesRegex(UserError, "no legal parameter « nothing »"):
            self.Parameter._value("nothing", "2019-06-30")
        french = self.Parameter.with_context(lang="fr_CA")
        with self.assertRaisesRegex(UserError, "pas de paramètre légal « nothing »"):
            french._value("nothing", "2019-06-30")

    def test_before_the_first_value(self):
        with self.assertRaisesRegex(UserError, "2014-12-31.*2015-01-01"):
            self.Parameter._value(CODE, "2014-12-31")
        self.assertEqual(self.Parameter._value(CODE, "2015-01-01"), 30)
        with self.assertRaisesRegex(UserError, "no value"):
            self.Parameter._value("general_meeting_notice_days_min", "2019-06-30")

    def test_no_date(self):
        with self.assertRaisesRegex(UserError, "on a date"):
            self.Parameter._value(CODE, False)

    def test_a_later_value_leaves_the_past(self):
        self.add("2026-02-17", "45")
        self.assertEqual(self.Parameter._value(CODE, "2026-02-16"), 30)
        self.assertEqual(self.Parameter._value(CODE, "2026-02-17"), 45)

    def test_no_value_slipped_in_between(self):
        with self.assertRaisesRegex(ValidationError, "later value"):
            self.add("2014-01-01", "45")

    @mute_logger("odoo.sql_db")
    def test_two_values_from_a_date(self):
        with self.assertRaises(psycopg2.errors.UniqueViolation):
            self.add("2015-01-01", "45")

    def test_correction_with_trace(self):
        correction = self.correct("45", recorded_at="2021-01-01 00:00:00")
        self.assertEqual(self.Parameter._value(CODE, "2019-06-30"), 45)
        self.assertEqual(
            self.Parameter._value(CODE, "2019-06-30", known_at="2020-06-30 00:00:00"),
            30,
        )
        self.assertEqual(
            self.Parameter._value(CODE, "2019-06-30", known_at="2021-01-01 00:00:00"),
            45,
        )
        self.assertEqual(self.first.corrected_by_ids, correction)
        self.assertEqual(self.first.value, "30")
        self.assertFalse(self.first.to_confirm)
        self.assertEqual(self.parameter.current_value_id, correction)

    @mute_logger("odoo.sql_db")
    def test_correction_needs_a_reason(self):
        with self.assertRaises(psycopg2.errors.CheckViolation):
            self.add(
                "2015-01-01", "45", corrects_id=self.first.id, correction_reason=""
            )

    @mute_logger("odoo.sql_db")
    def test_corrected_once(self):
        self.correct("45")
        with self.assertRaises(psycopg2.errors.UniqueViolation):
            self.correct("46")

    def test_correction_keeps_the_date(self):
        with self.assertRaisesRegex(ValidationError, "date of what it corrects"):
            self.add(
                "2016-01-01",
                "45",
                corrects_id=self.first.id,
                correction_reason="Mal lu",
            )

    def test_never_changed(self):
        for values in (
            {"value": "45"},
            {"date_from": "2016-01-01"},
            {"parameter_id": self.Parameter.search([("code", "!=", CODE)])[0].id},
        ):
            with (
                self.subTest(values),
                self.assertRaisesRegex(UserError, "never changed"),
            ):
                self.first.write(values)
        self.first.write({"value": "30", "source": "Guide"})
        self.assertEqual(self.first.source, "Guide")

    def test_never_deleted(self):
        with self.assertRaisesRegex(UserError, "never changed nor deleted"):
            self.first.unlink()
        with self.assertRaisesRegex(UserError, "figures rest on"):
            self.parameter.unlink()

    @mute_logger("odoo.sql_db")
    def test_nor_by_sql(self):
        self.env.flush_all()
        for query in (
            "UPDATE consortium_legal_parameter_value SET value = '45' WHERE id = %s",
            "DELETE FROM consortium_legal_parameter_value WHERE id = %s",
            "TRUNCATE consortium_legal_parameter_value CASCADE -- %s",
        ):
            with self.subTest(query):
                with (
                    self.assertRaises(psycopg2.errors.CheckViolation) as caught,
                    self.env.cr.savepoint(flush=False),
                ):
                    self.env.cr.execute(query, [self.first.id])
                self.assertIn(
                    "n'est jamais modifiée",
                    self.Value.with_context(lang="fr_CA")._sql_error_to_message(
                        caught.exception
                    ),
                )

    def test_unit_is_kept(self):
        with self.assertRaisesRegex(UserError, "code and unit stay"):
            self.parameter.value_type = "months"
        with self.assertRaisesRegex(UserError, "code and unit stay"):
            self.parameter.code = "another"
        self.parameter.write({"code": CODE, "name": "Délai"})

    @mute_logger("odoo.sql_db")
    def test_unit_is_kept_by_sql_too(self):
        self.env.flush_all()
        for column, value in (("value_type", "months"), ("code", "another")):
            with (
                self.subTest(column),
                self.assertRaises(psycopg2.errors.CheckViolation) as caught,
                self.env.cr.savepoint(flush=False),
            ):
                self.env.cr.execute(
                    SQL(
                        "UPDATE consortium_legal_parameter SET %s = %s WHERE id = %s",
                        SQL.identifier(column),
                        value,
                        self.parameter.id,
                    )
                )
            self.assertIn(
                "code and unit stay",
                self.Parameter._sql_error_to_message(caught.exception),
            )

    def test_nobody_dates_a_value_back(self):
        manager = self.user("manager_of_test", "manager")
        value = (
            self.Value.with_user(manager)
            .with_context(
                default_recorded_at="2016-01-01 00:00:00",
                default_confirmed_by_id=manager.id,
                default_confirmed_on="2016-01-01 00:00:00",
            )
            .create(
                {
                    "parameter_id": self.parameter.id,
                    "date_from": "2016-01-01",
                    "value": "45",
                }
            )
        )
        self.assertEqual(value.recorded_at, self.env.cr.now())
        self.assertFalse(value.confirmed_by_id or value.confirmed_on)
        later = self.Value.with_user(manager).create(
            {
                "parameter_id": self.parameter.id,
                "date_from": "2017-01-01",
                "value": "45",
                "recorded_at": "2017-01-01 00:00:00",
            }
        )
        self.assertEqual(later.recorded_at, value.recorded_at)

    def test_the_reason_of_a_correction_stays(self):
        correction = self.correct("45")
        with self.assertRaisesRegex(UserError, "never changed"):
            correction.correction_reason = "Autre"
        self.env.flush_all()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.CheckViolation),
            self.env.cr.savepoint(flush=False),
        ):
            self.env.cr.execute(
                "UPDATE consortium_legal_parameter_value SET correction_reason = 'A'"
                " WHERE id = %s",
                [correction.id],
            )

    def test_bad_values(self):
        for value_type, text in (
            ("days", "trente"),
            ("fraction", "0.33"),
            ("fraction", "1/0"),
            ("percent", "50 pour cent"),
            ("money", "10.001"),
            ("integer", "-3"),
            ("boolean", "peut-être"),
        ):
            parameter = self.Parameter.create(
                {"code": f"{value_type}{text}", "name": "A", "value_type": value_type}
            )
            with self.subTest(text), self.assertRaises(ValidationError):
                self.Value.create({"parameter_id": parameter.id, "value": text})

    def test_confirmation(self):
        manager = self.user("manager_of_test", "manager")
        self.assertTrue(self.parameter.to_confirm)
        value = self.first.with_user(manager)
        with self.assertRaisesRegex(UserError, "by its button"):
            value.write({"confirmed_on": "2020-01-01 00:00:00"})
        value.action_confirm()
        self.assertEqual(self.first.confirmed_by_id, manager)
        self.assertTrue(self.first.confirmed_on)
        self.assertFalse(self.parameter.to_confirm)
        self.assertNotIn(
            self.parameter, self.Parameter.search([("to_confirm", "=", True)])
        )
        with self.assertRaisesRegex(UserError, "confirmed"):
            value.reference = "art. 56"

    def test_who_writes(self):
        for group in (
            "expert",
            "coordinator",
            "membership_officer",
            "accountant",
            "auditor",
        ):
            user = self.user(f"{group}_of_test", group)
            with self.subTest(group):
                self.assertEqual(
                    self.Parameter.with_user(user)._value(CODE, "2019-06-30"), 30
                )
                with self.assertRaises(AccessError):
                    self.first.with_user(user).action_confirm()
                with self.assertRaises(AccessError):
                    self.parameter.with_user(user).name = "A"

    def test_shown_as_people_read_it(self):
        french = self.Value.with_context(lang="fr_CA")
        shown = {
            "board_notice_days": "5 jours",
            "common_share_par_value": "10,00 $",
            "members_business_min_share": "50 %",
            "outside_directors_max_share": "1/3",
            "remote_meetings_allowed": "Oui",
        }
        for code, text in shown.items():
            value = french.search([("parameter_id.code", "=", code)])
            self.assertEqual(value.display_value, text)

    def test_query_count(self):
        self.Parameter._value("directors_max", "2019-06-30")
        with self.assertQueryCount(0):
            for year in range(2010, 2030):
                self.Parameter._value("directors_max", date(year, 1, 1))


@tagged("post_install", "-at_install")
class TestLegalValue(OrganizationCase):
    @given(st.integers(0, 10**9 - 1), st.integers(1, 10**9 - 1))
    def test_fractions_are_exact(self, over, under):
        text = legal_value.canonical("fraction", f" {over} / {under} ")
        self.assertEqual(legal_value.read("fraction", text), Fraction(over, under))

    @given(st.integers(0, 10**12 - 1))
    def test_money_is_exact(self, cents):
        written = f"{cents // 100},{cents % 100:02d} $"
        text = legal_value.canonical("money", written)
        self.assertEqual(legal_value.read("money", text), Decimal(cents) / 100)

    @given(st.sampled_from(sorted(legal_value._PATTERNS)), st.text(max_size=20))
    def test_canonical_is_stable(self, value_type, text):
        once = legal_value.canonical(value_type, text)
        if once is not None:
            self.assertEqual(legal_value.canonical(value_type, once), once)
            legal_value.read(value_type, once)

    def test_percentages(self):
        self.assertEqual(legal_value.canonical("percent", "9,975 %"), "9.975")
        self.assertEqual(legal_value.read("percent", "9.975"), Fraction(399, 4000))
