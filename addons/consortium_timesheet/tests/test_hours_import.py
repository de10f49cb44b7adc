import base64
import io
from fractions import Fraction

import openpyxl
from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, tagged

from ..tools.clock import read_minutes, to_minutes
from .common_time import TimeCommon

HEADER = "Date;Employé;Projet;Tâche;Heures;Description;Non facturable;Mode"


@tagged("post_install", "-at_install")
class TestClock(BaseCase):
    def test_read(self):
        for text, minutes in (
            ("1:30", 90),
            ("0h05", 5),
            ("2 h", 120),
            ("1,25", 75),
            ("1.25", 75),
            ("0.33", Fraction(198, 10)),
        ):
            self.assertEqual(read_minutes(text), minutes)

    def test_half_away_from_zero(self):
        self.assertEqual(to_minutes(0.0083333333), 0)
        self.assertEqual(to_minutes("0.025"), 2)
        self.assertEqual(to_minutes("-0.025"), -2)


@tagged("post_install", "-at_install")
class TestHoursImport(TimeCommon):
    def file(self, *rows, header=HEADER, **values):
        text = "\n".join((header, *rows))
        return (
            self.env["consortium.hours.import"]
            .with_user(self.coordinator)
            .create(
                {
                    "name": "heures.csv",
                    "file": base64.b64encode(text.encode()),
                    "company_id": self.company.id,
                    **values,
                }
            )
        )

    def row(self, time="1:30", **cells):
        values = {
            "date": "2018-09-04",
            "employee": "Édith Expert",
            "project": self.project.name,
            "task": self.task.name,
            "time": time,
            "name": "Bail",
            "reason": "",
            "mode": "",
            **cells,
        }
        return ";".join(values.values())

    def lines(self):
        return self.env["account.analytic.line"].search(
            [("employee_id", "=", self.expert.id), ("project_id", "!=", False)]
        )

    def test_dry_run_then_all(self):
        file = self.file(self.row(), self.row("0,33", mode="sur place"))
        file.action_check()
        self.assertFalse(self.lines())
        self.assertEqual((file.row_count, file.refused_count), (2, 0))
        self.assertEqual(file.rounded_count, 1)
        rounded = file.line_ids
        self.assertEqual(
            (rounded.number, rounded.said, rounded.written), (3, "0,33", "0:20")
        )
        file.action_run()
        lines = self.lines()
        self.assertEqual(sorted(lines.mapped("minutes")), [20, 90])
        self.assertEqual(set(lines.mapped("approval_state")), {"draft"})
        self.assertEqual(lines.so_line, self.order_line)
        self.assertIn("on_site", lines.mapped("intervention_mode"))

    def test_all_or_nothing(self):
        file = self.file(
            self.row(),
            self.row(employee="Personne"),
            self.row(project="Rien"),
            self.row(task="Rien"),
            self.row("25:00"),
            self.row("deux"),
            self.row(date="4 septembre"),
            self.row(reason="humeur"),
        )
        file.action_check()
        self.assertEqual(file.refused_count, 7)
        self.assertEqual(file.line_ids.mapped("number"), [3, 4, 5, 6, 7, 8, 9])
        self.assertTrue(all(file.line_ids.mapped("message")))
        with self.assertRaisesRegex(UserError, "Row 3 is refused"):
            file.action_run()
        self.assertFalse(self.lines())

    def test_two_of_one_name(self):
        self.employee("Édith Expert")
        file = self.file(self.row())
        file.action_check()
        self.assertIn("or several", file.line_ids.message)

    def test_by_e_mail_with_a_reason(self):
        self.expert.work_email = "edith@coop.example"
        file = self.file(
            self.row(employee="EDITH@coop.example", reason="Formation personnelle"),
            self.row(reason="internal"),
        )
        self.env.ref(
            "consortium_timesheet.nonchargeable_training"
        ).name = "Formation personnelle"
        file.action_check()
        file.action_run()
        self.assertEqual(set(self.lines().mapped("chargeable")), {False})
        self.assertEqual(
            set(self.lines().nonchargeable_reason_id.mapped("code")),
            {"training", "internal"},
        )

    def test_the_same_file_once(self):
        first, second = self.file(self.row()), self.file(self.row())
        for file in (first, second):
            file.action_check()
        first.action_run()
        with self.assertRaisesRegex(UserError, "Check the file first"):
            first.action_run()
        with self.assertRaisesRegex(UserError, "already imported"):
            second.action_run()
        self.assertEqual(len(self.lines()), 1)

    def test_kept_once_done(self):
        file = self.file(self.row())
        with self.assertRaisesRegex(UserError, "Check the file first"):
            file.action_run()
        file.action_check()
        file.file = base64.b64encode(b"x")
        self.assertEqual(file.state, "draft")
        with self.assertRaises(UserError):
            file.state = "done"
        other = self.file(self.row())
        other.action_check()
        other.action_run()
        with self.assertRaises(UserError):
            other.unlink()
        with self.assertRaises(UserError):
            other.file = base64.b64encode(b"x")

    def test_xlsx(self):
        workbook = openpyxl.Workbook()
        workbook.active.append(["Date", "Employé", "Projet", "Minutes"])
        workbook.active.append(["2018-09-04", "Édith Expert", self.project.name, 75])
        content = io.BytesIO()
        workbook.save(content)
        file = self.file(file=base64.b64encode(content.getvalue()), name="h.xlsx")
        file.action_check()
        file.action_run()
        self.assertEqual(self.lines().minutes, 75)

    def test_useless_file(self):
        with self.assertRaises(UserError):
            self.file(header="").action_check()
        with self.assertRaises(UserError):
            self.file("a;b", header="Une;Autre").action_check()

    def test_rules_hold(self):
        file = self.file(self.row("23:00"), self.row("2:00"))
        file.action_check()
        with self.assertRaisesRegex(UserError, "more than 24 hours"):
            file.action_run()

    def test_coordinators_only(self):
        for role in ("expert", "membership_officer"):
            with self.assertRaises(AccessError):
                self.env["consortium.hours.import"].with_user(self.role(role)).create(
                    {"name": "x"}
                )

    def test_queries_do_not_grow_with_the_rows(self):
        counts = []
        for size in (5, 50):
            rows = [self.row("0:10", name=f"{size}-{n}") for n in range(size)]
            file = self.file(*rows)
            file.action_check()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            file.action_run()
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 5)
