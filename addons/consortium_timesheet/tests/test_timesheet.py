from datetime import date

from freezegun import freeze_time
from hypothesis import given
from hypothesis import strategies as st
from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from ..hooks import post_init_hook
from .common_time import TimeCommon


@tagged("post_install", "-at_install")
class TestMinutes(TimeCommon):
    def test_hours_become_whole_minutes(self):
        line = self.time(0, unit_amount=6.67)
        self.assertEqual(line.minutes, 400)
        self.assertEqual(line.unit_amount, 400 / 60)

    def test_minutes_become_hours(self):
        line = self.time(50)
        self.assertEqual(line.unit_amount, 50 / 60)
        line.minutes = 75
        self.assertEqual(line.unit_amount, 1.25)
        line.unit_amount = 0.5
        self.assertEqual(line.minutes, 30)

    @given(st.integers(0, 24 * 60))
    def test_every_minute_reads_back(self, minutes):
        self.assertEqual(
            self.env["account.analytic.line"]._to_minutes(minutes / 60), minutes
        )

    def test_form(self):
        view = "consortium_timesheet.account_analytic_line_view_form_week"
        user = self.expert_user
        model = self.env["account.analytic.line"].with_user(user)
        with Form(model.with_context(is_timesheet=True), view=view) as form:
            form.date = "2018-09-03"
            form.project_id = self.project
            form.task_id = self.task
            form.name = "Contrat"
            form.unit_amount = 1.1
        self.assertEqual(form.record.minutes, 66)
        self.assertEqual(form.record.so_line, self.order_line)

    def test_query_count_of_a_batch(self):
        few = [self.time_values(10) for _each in range(5)]
        many = [self.time_values(10) for _each in range(25)]
        self.env["account.analytic.line"].create(few)
        self.env.flush_all()
        counts = []
        for rows in (few, many):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.env["account.analytic.line"].create(rows)
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 3)


@tagged("post_install", "-at_install")
class TestCenterOfTime(TimeCommon):
    def test_main_center_of_the_day(self):
        self.assertEqual(self.time(60).cost_center_id, self.center["LEG"])
        person = self.employee(
            "Mixte", ("LEG", 40, "2018-07-01", False), ("FIN", 60, "2018-07-01", False)
        )
        line = self.time(60, employee_id=person.id)
        self.assertEqual(line.cost_center_id, self.center["FIN"])

    def test_center_of_what_is_sold(self):
        self.product.cost_center_id = self.center["COM"]
        self.assertEqual(self.time(60).cost_center_id, self.center["COM"])

    def test_counted_together(self):
        self.center["LEG"].merge_into_id = self.center["FIN"]
        self.assertEqual(self.time(60).cost_center_id, self.center["FIN"])

    def test_nowhere(self):
        person = self.employee("Nulle Part")
        self.assertFalse(self.time(60, employee_id=person.id).cost_center_id)

    def test_chargeable(self):
        self.assertTrue(self.time(60).chargeable)
        internal = self.env["project.project"].create({"name": "Interne"})
        line = self.time(60, project_id=internal.id, task_id=False)
        self.assertFalse(line.chargeable)
        self.assertEqual(line.nonchargeable_reason_id.code, "internal")


@tagged("post_install", "-at_install")
class TestPrice(TimeCommon):
    def test_rate_of_the_center_on_the_day(self):
        self.expert.hourly_cost = 87.65
        line = self.time(90)
        self.assertEqual(line.amount, -183.0)
        self.assertEqual(line._hourly_cost(), 0)

    def test_old_time_is_never_priced_anew(self):
        old = self.time(60)
        self.approve(old)
        late = self.time(60, date="2018-10-01")
        self.team("LEG", 2)
        self.rate("LEG", 13_000, "2019-01-01")
        self.expert.hourly_cost = 50
        late.unit_amount = 2
        self.assertEqual((old.amount, late.amount), (-122.0, -244.0))
        late.date = "2019-02-01"
        self.assertEqual(late.amount, -260.0)

    def test_without_a_rate(self):
        self.assertEqual(self.time(60, date="2018-06-01").amount, 0)

    def test_installed_over_the_time_of_core(self):
        """Its amount is the pay of the person: none is left, as without a rate; what
        comes from an entry of the books keeps its own."""
        line = self.time(50)
        booked = self.env["account.analytic.line"].create(
            {"name": "Achat", "amount": -87.65, "company_id": self.company.id}
        )
        self.env.flush_all()
        self.cr.execute(
            "UPDATE account_analytic_line SET amount = -87.65, minutes = 0, "
            "unit_amount = 0.83 WHERE id = %s",
            (line.id,),
        )
        self.env.invalidate_all()
        post_init_hook(self.env)
        self.assertEqual((line.minutes, line.unit_amount), (50, 50 / 60))
        self.assertEqual((line.amount, booked.amount), (0, -87.65))

    def test_split_lines_share_the_quantity(self):
        """Core gives each part of a split line the whole quantity."""
        accounts = self.centers.analytic_account_id
        move = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.partner_a.id,
                "invoice_date": "2018-09-01",
                "invoice_line_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Loyer",
                            "quantity": 3,
                            "price_unit": 100,
                            "account_id": self.expense.id,
                            "analytic_distribution": {
                                accounts[0].id: 50,
                                accounts[1].id: 50,
                            },
                        },
                    )
                ],
            }
        )
        move.action_post()
        lines = move.line_ids.analytic_line_ids
        self.assertEqual(sum(lines.mapped("unit_amount")), 3)


@tagged("post_install", "-at_install")
class TestTimer(TimeCommon):
    def test_adds_what_went_by(self):
        line = self.time(10).with_user(self.expert_user)
        with freeze_time("2018-09-03 13:00:00"):
            line.action_timer()
        with freeze_time("2018-09-03 13:25:31"):
            line.action_timer()
        self.assertEqual((line.minutes, line.timer_start), (36, False))

    def test_one_at_a_time(self):
        first, second = self.time(0), self.time(0)
        with freeze_time("2018-09-03 13:00:00"):
            first.action_timer()
        with freeze_time("2018-09-03 13:10:00"):
            second.action_timer()
        self.assertEqual((first.minutes, first.timer_start), (10, False))
        self.assertTrue(second.timer_start)


@tagged("post_install", "-at_install")
class TestRate(TimeCommon):
    def test_a_revision_ends_the_one_before(self):
        before = self.env["consortium.hourly.rate"].search(
            [("cost_center_id", "=", self.center["LEG"].id)]
        )
        self.team("LEG", 2)
        new = self.rate("LEG", 13_050, "2019-01-01")
        self.assertEqual(before.date_end, date(2018, 12, 31))
        self.assertEqual(new.rate, 130.5)
        rates = new._in_force(
            [
                (self.center["LEG"], date(2018, 12, 31)),
                (self.center["LEG"], date(2019, 1, 1)),
            ]
        )
        self.assertEqual(
            {day: rate.rate_cents for (_c, day), rate in rates.items()},
            {date(2018, 12, 31): 12_200, date(2019, 1, 1): 13_050},
        )

    def test_not_before_the_last_one(self):
        with self.assertRaisesRegex(UserError, "comes after the last one"):
            self.rate("LEG", 100, "2018-06-01")

    def test_not_under_approved_hours(self):
        self.approve(self.time(60))
        with self.assertRaisesRegex(UserError, "already approved"):
            self.rate("LEG", 100, "2018-09-01")

    def test_fewer_than_three_people(self):
        """Refused, or counted with another; a center without anybody tells nothing."""
        self.team("LEG", 1)
        with self.assertRaisesRegex(UserError, "LEG.*fewer than three people on 2019"):
            self.rate("LEG", 13_000, "2019-01-01")
        self.team("FIN", 1)
        self.center["FIN"].merge_into_id = self.center["LEG"]
        self.assertEqual(self.rate("LEG", 13_000, "2019-01-01").state, "approved")
        self.assertEqual(self.rate("COM", 13_000, "2019-01-01").state, "approved")

    def test_resolution(self):
        rate = self.env["consortium.hourly.rate"].create(
            {
                "cost_center_id": self.center["LEG"].id,
                "date_start": "2019-01-01",
                "rate_cents": 1,
            }
        )
        with self.assertRaisesRegex(UserError, "must cite one resolution"):
            rate.action_approve()
        rate.unlink()

    def test_adopted_stays(self):
        rate = self.env["consortium.hourly.rate"].search([], limit=1)
        for values in (
            {"rate_cents": 5},
            {"rate": 5},
            {"date_end": "2019-01-01"},
            {"state": "draft"},
        ):
            with self.assertRaises(UserError):
                rate.write(values)
        with self.assertRaises(UserError):
            rate.unlink()
        with self.assertRaises(UserError):
            rate.action_approve()
        with self.assertRaises(UserError):
            rate.copy({"state": "approved"})

    @mute_logger("odoo.sql_db")
    def test_adopted_stays_for_whoever_writes_sql(self):
        rate = self.env["consortium.hourly.rate"].search([], limit=1)
        self.env.flush_all()
        for query in (
            "UPDATE consortium_hourly_rate SET rate_cents = 1 WHERE id = %s",
            "UPDATE consortium_hourly_rate SET state = 'draft' WHERE id = %s",
            "UPDATE consortium_hourly_rate SET run_id = 1 WHERE id = %s",
            "DELETE FROM consortium_hourly_rate WHERE id = %s",
        ):
            with self.assertRaises(IntegrityError), self.cr.savepoint():
                self.cr.execute(query, [rate.id])

    @mute_logger("odoo.sql_db")
    def test_no_overlap_whoever_writes(self):
        rate = self.env["consortium.hourly.rate"].search([], limit=1)
        other = rate.copy({"date_start": "2018-08-01"})
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            other._write_state({"state": "approved"})
            other.flush_recordset()
