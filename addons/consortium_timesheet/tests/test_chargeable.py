from freezegun import freeze_time
from odoo.tests import tagged

from .common_time import TimeCommon


@tagged("post_install", "-at_install")
@freeze_time("2018-09-13 15:00:00")
class TestChargeable(TimeCommon):
    """Time that somebody said is not charged stays so, whatever core maps anew."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.training = cls.env.ref("consortium_timesheet.nonchargeable_training")
        cls.internal = cls.env["project.project"].create(
            {"name": "Interne", "company_id": cls.company.id}
        )

    @classmethod
    def waived(cls, minutes=120, **values):
        return cls.time(
            minutes,
            chargeable=False,
            nonchargeable_reason_id=cls.training.id,
            **values,
        )

    def before(self, lines):
        """As if entered in an earlier transaction."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_analytic_line SET create_date = '2018-09-03' "
            "WHERE id = ANY(%s)",
            (lines.ids,),
        )
        lines.invalidate_recordset()

    def traced(self, line):
        changes = self.env["consortium.timesheet.change"].search(
            [("line_ref", "=", line.id)]
        )
        return sorted(changes.mapped("field_label"))

    def label(self, name):
        field = self.env["account.analytic.line"]._fields[name]
        return field._description_string(self.env)

    def test_another_order_line_does_not_charge_it(self):
        line, charged = self.waived(), self.time(60)
        line.action_submit()
        other = self.agreement("Boréale")[1]
        self.task.sale_line_id = other
        self.assertEqual((line + charged).so_line, other)
        self.assertFalse(line.chargeable)
        self.assertEqual(line.nonchargeable_reason_id, self.training)
        self.assertTrue(charged.chargeable)
        line.action_approve()
        self.assertFalse(self.order._unbilled_time() + other.order_id._unbilled_time())

    def test_said_afterwards_and_taken_back(self):
        line = self.time(60)
        line.write({"chargeable": False, "nonchargeable_reason_id": self.training.id})
        self.task.sale_line_id = self.agreement("Boréale")[1]
        self.assertFalse(line.chargeable)
        line.chargeable = True
        self.task.sale_line_id = self.order_line
        self.assertTrue(line.chargeable)

    def test_internal_time_given_an_agreement_is_charged(self):
        """Nobody chose: there was no agreement to charge."""
        line = self.time(60, project_id=self.internal.id, task_id=False)
        typed = self.time(
            60, project_id=self.internal.id, task_id=False, chargeable=False
        )
        for each in line + typed:
            self.assertFalse(each.chargeable)
            each.write({"project_id": self.project.id, "task_id": self.task.id})
            self.assertTrue(each.chargeable)
            self.assertFalse(each.nonchargeable_reason_id)

    def test_what_core_changes_is_traced_once(self):
        line = self.time(60)
        self.before(line)
        self.task.sale_line_id = False
        self.env.flush_all()
        self.assertFalse(line.chargeable)
        names = sorted(map(self.label, ("chargeable", "so_line")))
        self.assertEqual(self.traced(line), names)
        moved = self.time(60, project_id=self.internal.id, task_id=False)
        self.before(moved)
        self.project.sale_line_id = self.order_line
        moved.project_id = self.project
        self.env.flush_all()
        names = sorted(map(self.label, ("chargeable", "project_id", "so_line")))
        self.assertEqual(self.traced(moved), names)

    def test_copied_with_the_week(self):
        self.waived()
        week = (
            self.env["consortium.time.week"]
            .with_user(self.expert_user)
            .create({"date_start": "2018-09-10"})
        )
        copied = week.action_copy_last()
        self.assertFalse(copied.chargeable)
        self.assertEqual(copied.nonchargeable_reason_id, self.training)
        self.task.sale_line_id = self.agreement("Boréale")[1]
        self.assertFalse(copied.chargeable)

    def test_duplicated(self):
        line = self.waived()
        copied = line.copy()
        self.assertFalse(copied.chargeable)
        self.assertEqual(copied.nonchargeable_reason_id, self.training)

    def test_corrected_to_internal_work(self):
        """Approved on an agreement by error: taken back, and charged to nobody."""
        line = self.time(60)
        self.approve(line)
        task = self.env["project.task"].create(
            {"name": "Réunion d’équipe", "project_id": self.internal.id}
        )
        self.env["consortium.time.correction"].create(
            {
                "line_id": line.id,
                "reason": "Mauvaise tâche",
                "unit_amount": 1,
                "date": line.date,
                "name": line.name,
                "task_id": task.id,
            }
        ).action_confirm()
        back, right = line.correction_ids.sorted("minutes")
        self.assertTrue(back.chargeable)
        self.assertFalse(right.chargeable)
        self.assertEqual(right.nonchargeable_reason_id.code, "internal")
        self.assertEqual(right.approval_state, "approved")
