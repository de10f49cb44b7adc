from datetime import timedelta

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL, mute_logger
from psycopg2.errors import CheckViolation, UniqueViolation

from .common_time import TimeCommon


@tagged("post_install", "-at_install")
class TestHoursRules(TimeCommon):
    """What nobody enters nor changes, whatever the way."""

    def sql(self, query, *args):
        self.env.flush_all()
        with mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.env.cr.execute(SQL(query, *args))

    def test_not_in_the_future(self):
        tomorrow = self.company._today() + timedelta(days=1)
        with self.assertRaisesRegex(ValidationError, "still to come"):
            self.time(60, date=tomorrow)
        line = self.time(60)
        with self.assertRaisesRegex(ValidationError, "still to come"):
            line.date = tomorrow

    def test_at_most_a_day(self):
        self.time(1000)
        self.time(440)
        with self.assertRaisesRegex(ValidationError, "24 hours on 2018-09-03"):
            self.time(1)
        other = self.time(60, date="2018-09-04")
        with self.assertRaisesRegex(ValidationError, "more than 24 hours"):
            other.date = "2018-09-03"
        self.time(60, employee_id=self.employee("Autre").id)

    def test_not_below_nothing(self):
        with self.assertRaisesRegex(ValidationError, "not less than nothing"):
            self.time(-60)
        with self.assertRaisesRegex(ValidationError, "not less than nothing"):
            self.time(60).minutes = -1

    def test_leave_goes_its_own_way(self):
        """Core writes public holidays in advance, and in locked periods."""
        self.env["consortium.timesheet.lock"].create(
            {"company_id": self.company.id, "date": "2018-12-31"}
        )
        leave = self.env["resource.calendar.leaves"].create(
            {
                "name": "Congé",
                "company_id": self.company.id,
                "date_from": "2018-09-05 00:00:00",
                "date_to": "2018-09-05 23:59:59",
            }
        )
        internal = self.env["project.project"].create(
            {"name": "Interne", "company_id": self.company.id}
        )
        task = self.env["project.task"].create(
            {"name": "Congés", "project_id": internal.id}
        )
        self.company.write(
            {"internal_project_id": internal.id, "leave_timesheet_task_id": task.id}
        )
        tomorrow = self.company._today() + timedelta(days=1)
        values = {
            "project_id": internal.id,
            "task_id": task.id,
            "global_leave_id": leave.id,
        }
        lines = self.time(480, date=tomorrow, **values) | self.time(
            480, date="2018-09-05", **values
        )
        self.assertTrue(all(line._is_leave() for line in lines))
        self.assertEqual(set(lines.nonchargeable_reason_id.mapped("code")), {"leave"})
        self.assertFalse(lines.search(lines._time_domain()) & lines)
        # As core does when the holiday is cancelled.
        lines.write({"global_leave_id": False})
        lines.unlink()

    def test_the_database_keeps_approved_time(self):
        line = self.time(60)
        self.approve(line)
        for column, value in (
            ("minutes", 61),
            ("date", "2018-09-04"),
            ("so_line", None),
            ("approval_state", "draft"),
            ("hourly_rate_id", None),
            ("employee_id", None),
        ):
            with self.assertRaises(CheckViolation) as caught:
                self.sql(
                    "UPDATE account_analytic_line SET %s = %s WHERE id = %s",
                    SQL.identifier(column),
                    value,
                    line.id,
                )
            self.assertEqual(
                caught.exception.diag.constraint_name, "account_analytic_line_frozen"
            )
        with self.assertRaises(CheckViolation):
            self.sql("DELETE FROM account_analytic_line WHERE id = %s", line.id)

    def test_billing_may_mark_approved_time(self):
        line = self.time(60)
        self.approve(line)
        self.sql(
            "UPDATE account_analytic_line SET timesheet_invoice_id = NULL, name = 'x' "
            "WHERE id = %s",
            line.id,
        )
        self.sql(
            "UPDATE account_analytic_line SET minutes = 5 WHERE id = %s",
            self.time(60).id,
        )

    def test_the_database_keeps_the_trace(self):
        self.time(60).minutes = 90
        table = "consortium_timesheet_change"
        for query in (
            f"UPDATE {table} SET old_value = 'x'",
            f"DELETE FROM {table}",
            f"TRUNCATE {table}",
        ):
            with self.assertRaises(CheckViolation) as caught:
                self.sql(query)
            self.assertEqual(caught.exception.diag.constraint_name, f"{table}_frozen")

    def test_another_agreement_is_traced_when_core_maps_it(self):
        line = self.time(60)
        # As if entered in an earlier transaction.
        self.sql(
            "UPDATE account_analytic_line SET create_date = '2018-09-03' WHERE id = %s",
            line.id,
        )
        line.invalidate_recordset()
        self.task.sale_line_id = self.agreement("Boréale")[1]
        self.env.flush_all()
        changes = self.env["consortium.timesheet.change"].search(
            [("line_ref", "=", line.id)]
        )
        self.assertEqual(
            changes.mapped("field_label"),
            [line._fields["so_line"]._description_string(self.env)],
        )

    def test_another_project_is_traced_when_its_task_moves(self):
        """Once; what is approved does not move."""
        line, approved = self.time(60), self.approve(self.time(30))
        self.sql(
            "UPDATE account_analytic_line SET create_date = '2018-09-03' WHERE id = %s",
            line.id,
        )
        self.env.invalidate_all()
        project = self.agreement("Boréale")[2]
        self.task.project_id = project
        self.env.flush_all()
        self.assertEqual(line.project_id, project)
        self.assertEqual(approved.project_id, self.project)
        label = line._fields["project_id"]._description_string(self.env)
        Change = self.env["consortium.timesheet.change"]
        changes = Change.search(
            [("line_ref", "in", (line + approved).ids), ("field_label", "=", label)]
        )
        self.assertEqual(
            changes.mapped(
                lambda each: (each.line_ref, each.old_value, each.new_value)
            ),
            [(line.id, self.project.display_name, project.display_name)],
        )
        # Written by people, with its task or alone: once too.
        other, _line, elsewhere, task = self.agreement("Cirrus")
        self.assertTrue(other)
        line.write({"task_id": task.id})
        self.env.flush_all()
        self.assertEqual(line.project_id, elsewhere)
        found = Change.search([("line_ref", "=", line.id), ("field_label", "=", label)])
        self.assertEqual(len(found), 2)

    @mute_logger("odoo.sql_db")
    def test_corrected_once_in_the_database(self):
        line = self.time(60)
        self.approve(line)
        back = line._correct("Erreur")
        with self.assertRaises(UniqueViolation), self.cr.savepoint():
            self.env.cr.execute(
                "INSERT INTO account_analytic_line (name, date, company_id, minutes, "
                "amount, approval_state, corrects_id) SELECT name, date, company_id, "
                "-1, 0, 'draft', corrects_id FROM account_analytic_line WHERE id = %s",
                (back.id,),
            )

    def test_locked_days_are_corrected_by_an_exception(self):
        line = self.time(60)
        self.approve(line)
        self.env["consortium.timesheet.lock"].create(
            {"company_id": self.company.id, "date": "2018-09-30"}
        )
        with self.assertRaises(UserError) as caught:
            line._correct("Erreur")
        self.assertIn("locked up to 2018-09-30", str(caught.exception))
        self.env["consortium.timesheet.exception"].create(
            {
                "company_id": self.company.id,
                "date_from": "2018-09-01",
                "date_to": "2018-09-30",
                "open_until": self.company._today(),
                "reason": "Erreur constatée à la facturation",
                "employee_id": self.expert.id,
            }
        )
        added = line._correct("Erreur", {"unit_amount": 0.5})
        self.assertEqual(sorted(added.mapped("minutes")), [-60, 30])
        self.assertEqual(set(added.mapped("is_late")), {True})

    def test_a_coordinator_changes_what_is_confirmed(self):
        line = self.time(60)
        line.action_submit()
        with self.assertRaisesRegex(UserError, "take it back first"):
            line.with_user(self.expert_user).minutes = 30
        with self.assertRaisesRegex(UserError, "take it back first"):
            line.with_user(self.expert_user).unlink()
        line.with_user(self.coordinator).minutes = 30
        self.assertEqual(line.minutes, 30)

    def test_confirmed_time_of_locked_days_stays_so(self):
        """Taken back, it could no longer be confirmed; it may still be approved."""
        line = self.time(60)
        line.action_submit()
        self.env["consortium.timesheet.lock"].create(
            {"company_id": self.company.id, "date": "2018-09-30"}
        )
        with self.assertRaisesRegex(UserError, "locked up to 2018-09-30"):
            line.with_user(self.expert_user).action_recall()
        self.assertEqual(line.approval_state, "submitted")
        line.action_approve()
        self.assertTrue(line.is_late)

    def test_reasons_are_data(self):
        reason = self.env["consortium.nonchargeable.reason"].create(
            {"name": "Bénévolat", "code": "volunteer"}
        )
        line = self.time(60, chargeable=False, nonchargeable_reason_id=reason.id)
        self.approve(line)
        self.assertEqual(line.nonchargeable_reason_id, reason)
        silent = self.time(60, chargeable=False, nonchargeable_reason_id=False)
        with self.assertRaisesRegex(UserError, "say why"):
            silent.action_submit()

    def test_what_keeps_a_year_from_closing(self):
        done, open_line = self.time(60), self.time(60)
        self.approve(done)
        found = done.search(done._approval_domain("2018-07-01", "2019-06-30"))
        self.assertIn(open_line, found)
        self.assertNotIn(done, found)

    def test_the_portal_gets_nothing_new(self):
        line = self.time(60)
        self.approve(line)
        user = new_test_user(self.env, "hours_portal", groups="base.group_portal")
        for name in ("amount", "minutes", "hourly_rate_id"):
            with self.assertRaises(AccessError):
                line.with_user(user).read([name])

    def test_approval_queries_do_not_grow(self):
        counts = []
        for size in (3, 3, 30):  # the first time, there is nothing to compare with
            lines = self.env["account.analytic.line"].create(
                [
                    self.time_values(10, date=f"2018-09-{1 + number:02}")
                    for number in range(size)
                ]
            )
            self.env.flush_all()
            for step in ("action_submit", "action_approve"):
                self.env.invalidate_all()
                before = self.cr.sql_log_count
                getattr(lines, step)()
                self.env.flush_all()
                counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[4], counts[2] + 2)
        self.assertLessEqual(counts[5], counts[3] + 2)

    def test_approval_screen_reads_only_what_is_confirmed(self):
        """Whatever the archive holds, the screen makes as many queries."""
        action = self.env.ref(
            "consortium_timesheet.account_analytic_line_action_approval"
        )
        domain = [
            ("approval_state", "=", "submitted"),
            ("project_id", "!=", False),
            ("holiday_id", "=", False),
            ("global_leave_id", "=", False),
        ]
        self.assertIn("search_default_to_approve", action.context)
        Line = self.env["account.analytic.line"].with_user(self.coordinator)
        self.time(60, name="/").action_submit()
        counts = []
        for size in (2, 40):
            self.approve(
                self.env["account.analytic.line"].create(
                    [self.time_values(5) for _each in range(size)]
                )
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            Line.web_search_read(
                domain,
                {"oddities": {}, "date": {}, "employee_id": {"fields": {}}},
                order="is_odd desc, date",
            )
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    @freeze_time("2018-09-10 12:00:00")
    def test_the_odd_ones_come_first(self):
        plain, silent = self.time(60), self.time(60, name="/")
        (plain + silent).action_submit()
        found = self.env["account.analytic.line"].search(
            [("id", "in", (plain + silent).ids)], order="is_odd desc, date, id"
        )
        self.assertEqual(found[0], silent)
