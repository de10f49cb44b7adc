import io
from fractions import Fraction

import openpyxl
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, HttpCase, tagged
from odoo.tools import mute_logger
from psycopg2.errors import ExclusionViolation

from .common import GovernanceCommon


class OfficeCommon(GovernanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The register of another company than the one of a demonstration.
        cls.company = cls.env["res.company"].create({"name": "Coop d'essai"})
        cls.env.user.company_ids |= cls.company
        cls.env = cls.env(
            context={**cls.env.context, "allowed_company_ids": cls.company.ids}
        )
        groups = cls.env["consortium.seat.group"]
        cls.users, cls.support = groups.create(
            [
                {"name": "Utilisateurs", "seats": 2, "electorate": "user"},
                {
                    "name": "Soutien",
                    "seats": 1,
                    "is_outside": True,
                    "reserved_for": "OBNL",
                },
            ]
        )

    @classmethod
    def office(cls, name, group=None, **values):
        person = cls.env["res.partner"].create(
            {"name": name, "domicile": f"1, rue {name}"}
        )
        return cls.env["consortium.office"].create(
            {
                "person_id": person.id,
                "seat_group_id": group and group.id,
                "date_start": "2026-01-01",
                "term_months": 12,
                **values,
            }
        )

    @classmethod
    def board(cls):
        """A board of three, with one seat of the support members."""
        return (
            cls.office("Aubin", cls.users, role="president")
            + cls.office("Bélanger", cls.users)
            + cls.office("Côté", cls.support, organization_id=cls.organization_a.id)
        )

    def register(self, date="2026-06-30"):
        day = self.env["consortium.office"]._fields["date_start"].to_date(date)
        return self.env["consortium.office"]._register_on(day)

    def check(self, code, date="2026-06-30"):
        return [
            check["ok"]
            for check in self.register(date)["checks"]
            if check["code"] == code
        ]


@tagged("post_install", "-at_install")
class TestOffice(OfficeCommon):
    def refused(self, error, *args, **values):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(error),
            self.cr.savepoint(),
        ):
            self.office(*args, **values)
            self.env.flush_all()

    def test_states(self):
        office = self.office("Aubin", date_start=self.day(-400), term_months=12)
        self.assertEqual(office.state, "expired")
        self.assertIn(office, office.search([("state", "=", "expired")]))
        office.action_end_today()
        self.assertEqual(office.date_end, self.today)
        self.assertEqual(office.end_reason, "replaced")
        office.date_end = self.day(-1)
        self.assertEqual(office.state, "ended")
        with self.assertRaises(UserError):
            office.action_end_today()
        self.assertEqual(self.office("B", date_start=self.day(1)).state, "to_come")
        serving = self.office("C", date_start=self.today)
        self.assertEqual(serving.state, "in_office")
        self.assertIn(serving, office.search([("state", "=", "in_office")]))

    def test_end_of_term(self):
        office = self.office("Aubin", date_start="2024-02-29", term_months=24)
        self.assertEqual(str(office.term_end), "2026-02-27")
        office.term_months = 0
        self.assertFalse(office.term_end)

    def test_term_is_bounded_by_law(self):
        self.office("Aubin", term_months=36)
        self.refused(ValidationError, "Bélanger", term_months=37)
        officer = self.office("Côté", role="officer", term_months=60)
        self.assertFalse(officer.is_director)

    def test_default_term_is_the_law_s(self):
        form = Form(self.env["consortium.office"])
        self.assertEqual(form.term_months, 12)

    def test_one_president_at_a_time(self):
        first = self.office("Aubin", role="president", date_end="2026-03-31")
        self.refused(
            ExclusionViolation, "Bélanger", role="president", date_start="2026-03-31"
        )
        self.office("Bélanger", role="president", date_start="2026-04-01")
        self.assertTrue(first.is_director)

    def test_same_office_once(self):
        office = self.office("Aubin")
        self.refused(ExclusionViolation, "x", person_id=office.person_id.id)
        self.office("x", person_id=office.person_id.id, role="treasurer")

    def test_an_organization_holds_no_office(self):
        self.refused(ValidationError, "x", person_id=self.organization_a.id)

    def test_group_of_seats_is_for_directors(self):
        self.refused(ValidationError, "x", self.users, role="officer")

    def test_election_is_an_adopted_appointment(self):
        company = {"company_id": self.company.id, "date": "2025-12-01"}
        election = self.resolution(kind="appointment", **company)
        self.office("Aubin", resolution_id=election.id)
        other = self.resolution(kind="rates", **company)
        self.refused(UserError, "x", resolution_id=other.id)

    def test_what_has_begun_stays_in_the_register(self):
        office = self.office("Aubin")
        other = self.office("Bélanger", date_start=self.day(9))
        for values in (
            {"person_id": other.person_id.id},
            {"organization_id": self.organization_a.id},
            {"date_start": "2026-01-02"},
        ):
            with self.assertRaisesRegex(UserError, "has begun"):
                office.write(values)
            other.write(values)
        office.write({"person_id": office.person_id.id, "date_start": "2026-01-01"})
        office.write({"date_end": "2026-06-30", "end_reason": "resigned"})

    def test_only_what_is_to_come_is_deleted(self):
        with self.assertRaises(UserError):
            self.office("Aubin").unlink()
        self.office("Bélanger", date_start=self.day(1)).unlink()

    def test_register_as_of_any_date(self):
        self.board()
        late = self.office("Dubé", self.users, date_start="2026-07-01")
        self.assertEqual(
            [row["name"] for row in self.register()["rows"]],
            ["Aubin", "Bélanger", "Côté"],
        )
        self.assertFalse(self.register("2025-12-31")["rows"])
        self.assertEqual(len(self.register("2026-07-01")["rows"]), 4)
        late.date_end = "2026-07-31"
        self.assertEqual(len(self.register("2026-08-01")["rows"]), 3)

    def test_register_row(self):
        self.board()
        row = self.register()["rows"][2]
        self.assertEqual(row["organization"], self.organization_a.name)
        self.assertEqual(row["group"], "Soutien – OBNL")
        self.assertEqual(row["domicile"], "1, rue Côté")
        self.assertFalse(row["expired"])
        self.assertTrue(self.register("2027-01-01")["rows"][2]["expired"])

    def test_checks_in_order(self):
        self.board()
        for code in ("number", "outside", "expired"):
            self.assertEqual(self.check(code), [True])
        self.assertEqual(self.check("seats"), [True, True])

    def test_check_of_the_number(self):
        self.assertEqual(self.check("number"), [False])
        for number in range(16):
            self.office(f"Personne {number}", date_start=f"2026-01-{number + 1:02}")
        self.assertEqual(self.check("number", "2026-01-02"), [False])
        self.assertEqual(self.check("number", "2026-01-03"), [True])
        self.assertEqual(self.check("number", "2026-01-15"), [True])
        self.assertEqual(self.check("number", "2026-01-16"), [False])

    def test_check_of_the_outsiders_is_exact(self):
        self.board()
        self.assertEqual(self.check("outside"), [True], "one of three is a third")
        self.office("Dubé", self.support)
        self.assertEqual(self.check("outside"), [False])
        self.assertEqual(self.check("seats"), [True, False])
        value = self.env["consortium.legal.parameter"]._value(
            "outside_directors_max_share", self.today
        )
        self.assertEqual(value, Fraction(1, 3))

    def test_two_offices_are_one_director(self):
        board = self.board()
        self.office("x", self.users, person_id=board[0].person_id.id, role="director")
        self.assertEqual(self.check("outside"), [True])
        self.assertEqual(self.check("seats"), [True, True])

    def test_expired_terms_are_named(self):
        self.board()
        self.assertEqual(self.check("expired", "2027-01-01"), [False])

    def test_query_count_does_not_grow_with_the_board(self):
        self.board()
        self.env.invalidate_all()
        self.register()
        self.env.invalidate_all()
        with self.assertQueryCount(99):
            before = self.cr.sql_log_count
            self.register()
            few = self.cr.sql_log_count - before
        for number in range(12):
            self.office(f"Personne {number}", self.users)
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        self.register()
        self.assertLessEqual(self.cr.sql_log_count - before, few)


@tagged("post_install", "-at_install")
class TestDomicile(OfficeCommon):
    def columns(self, user):
        register = (
            self.env["consortium.office"].with_user(user)._register_on(self.today)
        )
        return [key for key, _label in register["columns"]], register

    def test_who_reads_the_domicile(self):
        self.board()
        for group in ("membership_officer", "manager", "auditor"):
            user = self.employee(group)
            user.company_ids |= self.company
            self.assertIn("domicile", self.columns(user)[0])
        for group in ("expert", "coordinator", "accountant"):
            user = self.employee(group)
            user.company_ids |= self.company
            columns, register = self.columns(user)
            self.assertNotIn("domicile", columns)
            self.assertNotIn("1, rue", str(register))

    def test_an_employee_on_the_board_reads_it(self):
        user = self.employee("expert")
        user.company_ids |= self.company
        self.env["consortium.office"].create(
            {"person_id": user.partner_id.id, "date_start": self.day(-1)}
        )
        self.assertIn("domicile", self.columns(user)[0])

    def test_the_field_is_closed(self):
        board = self.board()
        person = board[0].person_id.with_user(self.employee("expert"))
        self.assertNotIn("domicile", person.fields_get())


@tagged("post_install", "-at_install")
class TestRegisterRenderings(OfficeCommon, HttpCase):
    def open(self, login, date="2026-06-30"):
        self.authenticate(login, login)
        return self.url_open(
            f"/consortium/offices.xlsx?date={date}&company={self.company.id}"
        )

    def user_with(self, group):
        user = self.employee(group)
        user.password = user.login
        user.company_ids |= self.company
        return user

    def test_screen(self):
        self.board()
        register = self.env["consortium.office.register"].create(
            {"date": "2026-06-30", "company_id": self.company.id}
        )
        for text in ("Aubin", "1, rue Côté", "Soutien – OBNL"):
            self.assertIn(text, register.body)
        self.assertEqual(register.action_print()["type"], "ir.actions.report")
        register.date = "2020-01-01"
        self.assertNotIn("Aubin", register.body)

    def test_document(self):
        self.board()
        register = self.env["consortium.office.register"].create(
            {"date": "2026-06-30", "company_id": self.company.id}
        )
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html("consortium_base.report_office_register", register.ids)[
                0
            ]
            .decode()
        )
        for text in ("Aubin", "1, rue Côté", "Soutien – OBNL", "Coop d&#39;essai"):
            self.assertIn(text, html)

    def test_spreadsheet(self):
        self.board()
        evil = self.office("=1+1", self.users, date_start="2026-02-01")
        user = self.user_with("membership_officer")
        answer = self.open(user.login)
        self.assertEqual(answer.status_code, 200)
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        rows = list(sheet.iter_rows(min_row=4, values_only=True))
        self.assertEqual(rows[1][0], "Aubin")
        self.assertEqual(rows[1][1], "1, rue Aubin")
        names = [cell for cell in sheet["A"] if cell.value == evil.person_id.name]
        self.assertEqual([cell.data_type for cell in names], ["s"])

    def test_spreadsheet_without_domiciles(self):
        self.board()
        answer = self.open(self.user_with("expert").login)
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        cells = [cell for row in sheet.iter_rows(values_only=True) for cell in row]
        self.assertIn("Aubin", cells)
        self.assertFalse([cell for cell in cells if "rue" in str(cell)])

    def test_spreadsheet_is_for_employees(self):
        self.mandate()
        user = self.user_of(self.person)
        user.password = user.login
        self.assertEqual(self.open(user.login).status_code, 404)

    def test_forged_parameters(self):
        user = self.user_with("expert")
        self.assertEqual(self.open(user.login, "hier").status_code, 404)
        answer = self.url_open("/consortium/offices.xlsx?company=987654")
        self.assertEqual(answer.status_code, 404)
