from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .agreement_common import AgreementCommon


@tagged("post_install", "-at_install")
class TestAgreementCeiling(AgreementCommon):
    """Hours against the ceiling, consents, warnings."""

    def test_hours_spent_by_field(self):
        order = self.running(minutes=600)
        self.enter(order, 50)
        self.enter(order, 25)
        self.assertEqual(order._spent_minutes(), {order.id: {self.law.id: 75}})
        self.assertAlmostEqual(order.spent_hours, 1.25)
        self.assertAlmostEqual(order.remaining_hours, 8.75)

    def test_each_line_is_a_whole_number_of_minutes(self):
        order = self.running(minutes=600)
        for minutes in (15, 50, 225, 75, 35):
            self.enter(order, minutes)
        self.assertEqual(order._spent_minutes()[order.id], {self.law.id: 400})

    def test_no_query_for_no_agreement(self):
        self.assertEqual(self.env["sale.order"]._spent_minutes(), {})

    def test_beyond_the_ceiling(self):
        order = self.running(minutes=120)
        self.enter(order, 120)
        with self.assertRaises(UserError) as problem:
            self.enter(order, 1)
        self.assertIn("ask for the member's consent", str(problem.exception))
        self.assertEqual(order._spent_minutes()[order.id][self.law.id], 120)

    def test_beyond_the_ceiling_by_correction(self):
        order = self.running(minutes=120)
        line = self.enter(order, 60)
        with self.assertRaises(UserError):
            line.unit_amount = 2.5
        line.unit_amount = 2
        line.unit_amount = 0.5

    def test_beyond_the_ceiling_by_moving(self):
        order = self.running(minutes=120)
        other = self.running(minutes=6000)
        line = self.enter(other, 180)
        with self.assertRaises(UserError):
            line.write(
                {
                    "project_id": order.project_id.id,
                    "task_id": order.order_line.task_id.id,
                }
            )

    def test_beyond_the_ceiling_by_moving_the_task(self):
        """No entry is written: core follows the task, and the project, by itself."""
        other = self.running(minutes=6000)
        task = other.order_line.task_id
        self.enter(other, 180)
        order = self.running(minutes=120)
        for record, vals in (
            (task, {"sale_line_id": order.order_line.id}),
            (
                task,
                {
                    "project_id": order.project_id.id,
                    "sale_line_id": order.order_line.id,
                },
            ),
        ):
            with self.assertRaises(UserError) as problem:
                with self.env.cr.savepoint():
                    record.sudo().write(vals)
                    self.env.flush_all()
            self.assertIn("ask for the member's consent", str(problem.exception))
            self.env.invalidate_all()
        self.assertFalse(order._spent_minutes())

    def test_the_marks_are_told_of_time_that_follows_its_task(self):
        other = self.running(minutes=6000)
        self.enter(other, 60)
        order = self.running(minutes=120)
        other.order_line.task_id.sale_line_id = order.order_line
        self.env.flush_all()
        self.assertEqual(order.ceiling_warned, 50)

    def test_less_time_is_never_refused(self):
        order = self.running(minutes=120)
        line = self.enter(order, 120)
        order.sudo().ceiling_minutes = 60
        line.unit_amount = 1.75
        with self.assertRaises(UserError):
            line.unit_amount = 1.8
        line.unlink()

    def test_without_a_ceiling(self):
        order = self.running(minutes=60)
        order.sudo().ceiling_minutes = 0
        self.enter(order, 600)
        self.assertFalse(order.ceiling_warned)

    def test_plain_orders_have_none(self):
        project = self.env["project.project"].create(
            {"name": "Interne", "allow_timesheets": True}
        )
        self.env["account.analytic.line"].create(
            {
                "name": "x",
                "project_id": project.id,
                "employee_id": self.expert.id,
                "unit_amount": 20,
            }
        )

    def test_framework_ceiling(self):
        framework = self.agreement(agreement_type="framework")
        framework.ceiling_minutes = 100
        framework.with_user(self.coordinator).action_propose()
        self.sign(framework)
        framework.with_user(self.manager).action_countersign()
        self.assertEqual(framework.ceiling_minutes, 100)
        one = self.running(minutes=90, parent_agreement_id=framework.id)
        two = self.running(minutes=90, parent_agreement_id=framework.id)
        self.enter(one, 60)
        with self.assertRaises(UserError) as problem:
            self.enter(two, 50)
        self.assertIn(framework.name, str(problem.exception))
        self.enter(two, 40)
        self.assertAlmostEqual(framework.spent_hours, 100 / 60)

    def test_warnings_at_each_mark_once(self):
        order = self.running(minutes=100)
        before = order.message_ids

        def told():
            return len(
                (order.message_ids - before).filtered(
                    lambda message: self.person in message.partner_ids
                )
            )

        for minutes, mark, messages in (
            (49, 0, 0),
            (1, 50, 1),
            (10, 50, 1),
            (15, 75, 2),
            (15, 90, 3),
            (10, 90, 3),
        ):
            self.enter(order, minutes)
            self.assertEqual((order.ceiling_warned, told()), (mark, messages))
        self.assertEqual(
            order.activity_ids.user_id, self.coordinator, "both sides are told"
        )

    def test_several_marks_at_once_are_one_warning(self):
        order = self.running(minutes=100)
        count = len(order.message_ids)
        self.enter(order, 95)
        self.assertEqual(order.ceiling_warned, 90)
        told = order.message_ids[: len(order.message_ids) - count]
        self.assertEqual(
            len(told.filtered(lambda message: self.person in message.partner_ids)), 1
        )

    def test_the_last_mark_is_the_one_to_deal_with(self):
        order = self.running(minutes=100)

        def marks():
            kind = self.env.ref("consortium_services.activity_ceiling")
            return order.activity_ids.filtered(
                lambda activity: activity.activity_type_id == kind
            )

        self.enter(order, 50)
        self.assertIn("50 %", marks().summary)
        self.enter(order, 40)
        self.assertEqual(len(marks()), 1)
        self.assertIn("90 %", marks().summary)
        order.with_user(self.coordinator)._close("<p>Fini</p>")
        self.assertFalse(marks())

    # Consent

    def test_asked_from_the_agreement(self):
        order = self.running(minutes=120)
        action = order.with_user(self.coordinator).action_ask_consent()
        consents = self.env[action["res_model"]].with_user(self.coordinator)
        with Form(consents.with_context(**action["context"])) as form:
            form.hours = 2.5
            form.reason = "Le dossier s'allonge"
        self.assertEqual(order.consent_ids.minutes, 150)
        self.assertEqual(order.consent_ids.state, "asked")
        with self.assertRaises(AccessError):
            order.with_user(self.expert_user).action_ask_consent()

    def ask(self, order, minutes=60):
        return (
            self.env["consortium.agreement.consent"]
            .with_user(self.coordinator)
            .create({"order_id": order.id, "minutes": minutes, "reason": "Le dossier"})
        )

    def test_consent_lets_go_on(self):
        order = self.running(minutes=120)
        self.enter(order, 120)
        consent = self.ask(order)
        with self.assertRaises(UserError):
            self.enter(order, 30)
        consent.with_user(self.signatory)._answer(True)
        self.assertEqual(order.allowed_minutes, 180)
        self.assertEqual(consent.partner_id, self.person)
        self.enter(order, 60)
        with self.assertRaises(UserError):
            self.enter(order, 1)

    def test_consent_refused(self):
        order = self.running(minutes=120)
        self.ask(order).with_user(self.signatory)._answer(False)
        self.assertEqual(order.allowed_minutes, 120)

    def test_consent_once(self):
        consent = self.ask(self.running(minutes=120))
        consent.with_user(self.signatory)._answer(False)
        with self.assertRaisesRegex(UserError, "already answered"):
            consent.with_user(self.signatory)._answer(True)

    def test_consent_by_whom(self):
        consent = self.ask(self.running(minutes=120))
        self.sign_mandate.scope_sign = False
        with self.assertRaises(AccessError):
            consent.with_user(self.signatory)._answer(True)
        with self.assertRaises(AccessError):
            consent.sudo().with_user(self.other_signatory).sudo()._answer(True)
        mine = consent.with_user(self.coordinator)
        with self.assertRaises(UserError):
            mine.write({"state": "given"})
        with self.assertRaisesRegex(UserError, "member alone"):
            mine.create(
                {
                    "order_id": consent.order_id.id,
                    "minutes": 60,
                    "reason": "x",
                    "state": "given",
                }
            )

    def test_what_was_answered_stays(self):
        consent = self.ask(self.running(minutes=120))
        consent.with_user(self.signatory)._answer(True)
        with self.assertRaisesRegex(UserError, "stays"):
            consent.with_user(self.coordinator).unlink()

    def test_consent_of_a_running_agreement_only(self):
        with self.assertRaisesRegex(UserError, "running"):
            self.ask(self.proposed())

    # Promised hours

    def test_promised_minutes(self):
        order = self.running(minutes=600)
        promised = self.expert._promised_minutes(self.today, self.day(200))
        self.assertEqual(sum(promised[self.expert.id].values()), 600)
        self.enter(order, 60)
        promised = self.expert._promised_minutes(self.today, self.day(200))
        self.assertEqual(sum(promised[self.expert.id].values()), 540)
        self.assertTrue(all(week.weekday() == 0 for week in promised[self.expert.id]))

    def test_promised_minutes_of_what_runs(self):
        self.proposed(minutes=600)
        self.assertFalse(self.expert._promised_minutes(self.today, self.day(200)))
        self.running(minutes=300, agreement_start=self.day(60))
        self.assertFalse(self.expert._promised_minutes(self.today, self.day(20)))
