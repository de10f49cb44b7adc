from datetime import date

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_time import TimeCommon


@tagged("post_install", "-at_install")
class TestApproval(TimeCommon):
    def test_confirm_then_approve(self):
        line = self.time(60)
        line.with_user(self.expert_user).action_submit()
        self.assertEqual(line.approval_state, "submitted")
        line.with_user(self.coordinator).action_approve()
        self.assertEqual(line.approval_state, "approved")
        self.assertEqual(line.approved_by_id, self.coordinator)
        self.assertEqual(line.hourly_rate_id.rate_cents, 12_200)
        self.assertEqual(line.cost_date, line.date)
        self.assertFalse(line.is_late)

    def test_take_back(self):
        line = self.time(60).with_user(self.expert_user)
        line.action_submit()
        line.action_recall()
        self.assertEqual(line.approval_state, "draft")

    def test_only_coordinators_approve(self):
        line = self.time(60)
        line.action_submit()
        with self.assertRaises(AccessError):
            line.with_user(self.expert_user).action_approve()

    def test_not_one_s_own(self):
        own = self.employee(
            "Coordo", ("LEG", 100, "2018-07-01", False), user_id=self.coordinator.id
        )
        line = self.time(60, employee_id=own.id)
        line.action_submit()
        with self.assertRaisesRegex(UserError, "somebody else"):
            line.with_user(self.coordinator).action_approve()

    def test_not_confirmed(self):
        with self.assertRaisesRegex(UserError, "not confirmed"):
            self.time(60).with_user(self.coordinator).action_approve()

    def test_pressed_twice(self):
        line = self.time(60)
        self.approve(line)
        with self.assertRaises(UserError):
            line.action_approve()

    def test_no_time(self):
        with self.assertRaisesRegex(UserError, "has no time"):
            self.time(0).action_submit()

    def test_no_rate_on_the_day(self):
        line = self.time(60, date="2018-06-30")
        self.assign(self.expert, "LEG", 100, "2018-06-01", "2018-06-30")
        line.cost_center_id = self.center["LEG"]
        line.action_submit()
        with self.assertRaisesRegex(UserError, "no approved rate on 2018-06-30"):
            line.action_approve()

    def test_no_center(self):
        person = self.employee("Nulle Part")
        line = self.time(60, employee_id=person.id)
        line.action_submit()
        self.assertIn("no cost center", line.oddities)
        with self.assertRaisesRegex(UserError, "no cost center"):
            line.action_approve()

    def test_chargeable_to_nobody(self):
        internal = self.env["project.project"].create({"name": "Interne"})
        line = self.time(60, project_id=internal.id, task_id=False, chargeable=True)
        line.action_submit()
        with self.assertRaisesRegex(UserError, "to no agreement"):
            line.action_approve()

    def test_internal_time_needs_no_rate(self):
        internal = self.env["project.project"].create({"name": "Interne"})
        line = self.time(60, project_id=internal.id, task_id=False, date="2018-06-01")
        self.approve(line)
        self.assertEqual(line.approval_state, "approved")

    def test_all_or_nothing(self):
        good, bad = self.time(60), self.time(60, date="2018-06-01")
        bad.cost_center_id = self.center["LEG"]
        (good + bad).action_submit()
        with self.assertRaises(UserError):
            (good + bad).action_approve()
        self.env.invalidate_all()
        self.assertEqual(good.approval_state, "submitted")

    def test_approved_is_locked(self):
        line = self.time(60)
        self.approve(line)
        for values in (
            {"unit_amount": 2},
            {"minutes": 5},
            {"date": "2018-09-05"},
            {"employee_id": self.employee("Autre").id},
            {"project_id": self.project.copy().id},
            {"so_line": False},
            {"chargeable": False},
            {"amount": 0},
            {"cost_center_id": self.center["FIN"].id},
        ):
            with self.assertRaises(UserError):
                line.write(values)
        with self.assertRaises(UserError):
            line.unlink()
        line.name = "Une précision"

    def test_by_buttons_only(self):
        line = self.time(60).with_user(self.expert_user)
        for values in ({"approval_state": "approved"}, {"is_late": True}):
            with self.assertRaises(UserError):
                line.write(values)
        with self.assertRaises(UserError):
            self.env["account.analytic.line"].with_user(self.expert_user).create(
                {**self.time_values(60), "approval_state": "approved"}
            )

    def test_frozen_against_what_core_maps_anew(self):
        line = self.time(60)
        self.approve(line)
        other = self.order_line.copy({"order_id": self.order.id})
        self.task.sale_line_id = other
        self.task.project_id = self.project.copy()
        self.product.cost_center_id = self.center["FIN"]
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(line.so_line, self.order_line)
        self.assertEqual(line.project_id, self.project)
        self.assertEqual(line.cost_center_id, self.center["LEG"])

    def test_odd_ones(self):
        plain = self.time(60, date="2018-09-03")
        long_day = self.time(601, date="2018-09-04")
        silent = self.time(60, date="2018-09-03", name="/")
        with freeze_time("2018-09-10 12:00:00"):
            (plain + long_day + silent).action_submit()
        self.assertFalse(plain.is_odd)
        self.assertEqual(long_day.oddities, "long day")
        self.assertEqual(silent.oddities, "no description")
        late = self.time(60, date="2018-09-05")
        self.task.state = "1_done"
        self.order_line.product_uom_qty = 1
        with freeze_time("2018-09-30 12:00:00"):
            late.action_submit()
        self.assertEqual(late.oddities, "over the ceiling, closed task, late")


@tagged("post_install", "-at_install")
class TestCorrection(TimeCommon):
    def correct(self, line, **values):
        wizard = (
            self.env["consortium.time.correction"]
            .with_user(self.coordinator)
            .with_context(default_line_id=line.id)
            .create({"reason": "Mauvaise durée", **values})
        )
        wizard.action_confirm()
        return line.correction_ids

    def test_keeps_both(self):
        line = self.time(60)
        self.approve(line)
        added = self.correct(line, unit_amount=1.5)
        self.assertEqual(sorted(added.mapped("minutes")), [-60, 90])
        self.assertEqual(set(added.mapped("approval_state")), {"approved"})
        self.assertEqual(line.minutes, 60)
        total = line + added
        self.assertEqual(sum(total.mapped("minutes")), 90)
        self.assertEqual(round(sum(total.mapped("amount")), 2), -183.0)
        self.assertEqual(set(added.mapped("correction_reason")), {"Mauvaise durée"})
        self.assertEqual(added.so_line, self.order_line)

    def test_take_back_only(self):
        line = self.time(60)
        self.approve(line)
        self.assertEqual(self.correct(line, cancel_only=True).minutes, -60)

    def test_at_the_rate_it_had(self):
        line = self.time(60)
        self.approve(line)
        added = self.correct(line, date="2019-02-01")
        back = added.filtered(lambda each: each.minutes < 0)
        self.assertEqual(
            (back.date, back.hourly_rate_id), (line.date, line.hourly_rate_id)
        )
        self.assertEqual(back.amount, 122)

    def test_once(self):
        line = self.time(60)
        self.approve(line)
        added = self.correct(line, unit_amount=1.5)
        with self.assertRaises(UserError):
            self.correct(line, unit_amount=2)
        with self.assertRaises(UserError):
            self.correct(added.filtered(lambda each: each.minutes < 0))
        again = added.filtered(lambda each: each.minutes > 0)
        self.assertEqual(len(self.correct(again, unit_amount=2)), 2)

    def test_with_a_reason_by_a_coordinator(self):
        line = self.time(60)
        with self.assertRaisesRegex(UserError, "just change it"):
            line._correct("x")
        self.approve(line)
        with self.assertRaisesRegex(UserError, "has a reason"):
            line._correct(" ")
        with self.assertRaises(AccessError):
            line.with_user(self.expert_user)._correct("x")


@tagged("post_install", "-at_install")
class TestTraceAndLock(TimeCommon):
    def test_every_change_is_traced(self):
        line = self.time(60).with_user(self.expert_user)
        line.unit_amount = 1.5
        line.date = "2018-09-04"
        number = line.id
        changes = self.env["consortium.timesheet.change"].search(
            [("line_ref", "=", number)]
        )
        self.assertEqual(
            changes.sorted("id").mapped("old_value"), ["1:00", "2018-09-03"]
        )
        self.assertEqual(changes.user_id, self.expert_user)
        line.unlink()
        last = self.env["consortium.timesheet.change"].search(
            [("line_ref", "=", number)], limit=1
        )
        self.assertEqual((last.old_value, last.new_value), ("1:30", ""))
        with self.assertRaises(UserError):
            last.write({"old_value": "x"})
        with self.assertRaises(UserError):
            last.unlink()

    def test_what_does_not_count_is_not_traced(self):
        line = self.time(60)
        line.name = "Autre mot"
        self.assertFalse(
            self.env["consortium.timesheet.change"].search([("line_ref", "=", line.id)])
        )

    def lock(self, day, **values):
        return self.env["consortium.timesheet.lock"].create(
            {"company_id": self.company.id, "date": day, **values}
        )

    def test_locked_period(self):
        line, later = self.time(60), self.time(60, date="2018-10-02")
        self.lock("2018-09-30")
        for change in (
            lambda: line.write({"unit_amount": 2}),
            lambda: line.unlink(),
            lambda: later.write({"date": "2018-09-30"}),
            lambda: line.write({"date": "2018-10-01"}),
            lambda: self.time(60),
            lambda: line.action_submit(),
        ):
            with self.assertRaises(UserError) as caught:
                change()
            self.assertIn("locked up to 2018-09-30", str(caught.exception))
        later.unit_amount = 2

    def test_exception(self):
        self.lock("2018-09-30")
        values = {
            "company_id": self.company.id,
            "date_from": "2018-09-01",
            "date_to": "2018-09-10",
            "open_until": self.company._today(),
            "reason": "Retour de maladie",
            "employee_id": self.expert.id,
        }
        exception = self.env["consortium.timesheet.exception"].create(values)
        line = self.time(60)
        line.action_submit()
        line.action_approve()
        self.assertTrue(line.is_late)
        self.assertIn("late", line.oddities)
        with self.assertRaises(UserError):
            self.time(60, date="2018-09-11")
        with self.assertRaises(UserError):
            self.time(60, employee_id=self.employee("Autre").id)
        exception.open_until = "2018-12-31"
        with self.assertRaises(UserError):
            self.time(60)

    def test_open_again(self):
        self.lock("2018-09-30")
        with self.assertRaisesRegex(UserError, "say why"):
            self.lock("2018-08-31")
        self.lock("2018-08-31", reason="Verrou d'un mois de trop")
        self.assertEqual(self.company.timesheet_lock_date, date(2018, 8, 31))
        self.time(60)

    def test_the_accountant_locks(self):
        Lock = self.env["consortium.timesheet.lock"]
        Lock.with_user(self.role("accountant")).create({"date": "2018-09-30"})
        with self.assertRaises(AccessError):
            Lock.with_user(self.coordinator).create({"date": "2018-10-31"})
        with self.assertRaises(UserError):
            Lock.search([], limit=1).date = "2018-01-01"
