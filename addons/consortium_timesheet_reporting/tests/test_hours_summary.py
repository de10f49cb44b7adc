import random
from datetime import date, timedelta

from odoo.addons.consortium_timesheet.tests.common_time import TimeCommon
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

FIRST = date(2018, 8, 1)
CELLS = """
    SELECT company_id, month, center_key, partner_key, mode, SUM(minutes), SUM(amount)
      FROM (%s) cells GROUP BY 1, 2, 3, 4, 5
    HAVING SUM(minutes) <> 0 OR SUM(amount) <> 0 ORDER BY 1, 2, 3, 4, 5
"""
KEPT = "SELECT * FROM consortium_hours_summary"
ANEW = """
    SELECT company_id, date_trunc('month', date)::date AS month,
           CASE kind WHEN 1 THEN COALESCE(cost_center_id, 0) ELSE -1 END AS center_key,
           CASE kind WHEN 2 THEN COALESCE(partner_id, 0) ELSE -1 END AS partner_key,
           CASE kind WHEN 1 THEN COALESCE(intervention_mode, '') ELSE '' END AS mode,
           minutes, amount
      FROM account_analytic_line, generate_series(1, 2) kind
     WHERE project_id IS NOT NULL AND approval_state = 'approved' AND chargeable
"""
OF_LINE = "FROM account_analytic_line WHERE id = %s"
MOVED = "account_analytic_line SET date = %s WHERE id = %s"
# Triggers that refuse TRUNCATE, of other tables.
REFUSING = """
    SELECT tgrelid::regclass::text, tgname FROM pg_trigger
     WHERE tgtype & 32 > 0 AND tgrelid <> 'account_analytic_line'::regclass
"""


@tagged("post_install", "-at_install")
class TestHoursSummary(TimeCommon):
    """Whatever is done to time, the kept summary is what adding it up again gives."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.summary = cls.env["consortium.hours.summary"]
        cls.indicators = cls.env["consortium.indicator"]
        # Other tests delete what they committed with the triggers off.
        cls.summary._rebuild()

    def cells(self, source):
        self.env.flush_all()
        self.env.cr.execute(CELLS % source)
        return self.env.cr.fetchall()

    def assert_exact(self):
        self.assertEqual(self.cells(KEPT), self.cells(ANEW))

    def rows(self):
        self.env.cr.execute("SELECT COUNT(*) FROM consortium_hours_summary")
        return self.env.cr.fetchone()[0]

    def some_time(self, dice):
        day = FIRST + timedelta(days=dice.randrange(200))
        return self.time(
            dice.choice([1, 15, 60, 95]),
            date=day,
            intervention_mode=dice.choice(["remote", "on_site"]),
            chargeable=True,
        )

    def drop_guards(self):
        """The triggers that refuse to change or delete approved time, off: what the
        summary keeps, it keeps whoever passes them."""
        self.env.flush_all()
        for what in ("update", "delete"):
            self.env.cr.execute(
                "ALTER TABLE account_analytic_line "
                f"DISABLE TRIGGER consortium_approved_time_{what}"
            )

    def by_sql(self, statement, *parameters):
        self.env.flush_all()
        self.env.cr.execute(statement, parameters)
        self.env.invalidate_all()

    def test_random_edits(self):
        self.drop_guards()
        for seed in range(4):
            dice = random.Random(seed)
            lines = self.env["account.analytic.line"]
            for _step in range(15):
                act = dice.choice(["time", "approve", "approve", "delete", "move"])
                drafts = lines.filtered(lambda line: line.approval_state == "draft")
                if act == "time" or not drafts:
                    lines |= self.some_time(dice)
                elif act == "approve":
                    self.approve(drafts[: dice.randrange(1, 3)])
                else:
                    # Whatever is in the summary too, not drafts alone.
                    line = dice.choice(lines)
                    if act == "delete":
                        lines -= line
                        self.by_sql(f"DELETE {OF_LINE}", line.id)
                    else:
                        day = FIRST + timedelta(days=dice.randrange(200))
                        self.by_sql(f"UPDATE {MOVED}", day, line.id)
                self.assert_exact()
            self.summary._cron_compact()
            self.assert_exact()
        self.assertTrue(self.cells(KEPT))

    def test_each_statement_on_what_counts(self):
        """Each trigger by itself: several lines, then all of them."""
        self.drop_guards()
        lines = self.approve(
            self.time(60, date="2018-12-03")
            | self.time(30, date="2018-12-04")
            | self.time(15, date="2019-01-04")
        )
        own = self.cells(KEPT)
        self.assert_exact()
        self.by_sql(f"UPDATE {MOVED}", date(2019, 2, 1), lines[0].id)
        self.assertNotEqual(self.cells(KEPT), own)
        self.assert_exact()
        self.by_sql(f"DELETE {OF_LINE}", lines[1].id)
        self.assert_exact()
        # What refers to time goes with it, and refuses to: that is not tested here.
        self.env.cr.execute(REFUSING)
        for table, trigger in self.env.cr.fetchall():
            self.env.cr.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER "{trigger}"')
        self.by_sql("TRUNCATE account_analytic_line CASCADE")
        self.assertFalse(self.cells(KEPT))

    def test_a_correction_and_another_organization(self):
        line = self.approve(self.time(60, date="2018-12-03"))
        wizard = (
            self.env["consortium.time.correction"]
            .with_user(self.coordinator)
            .with_context(default_line_id=line.id)
            .create({"reason": "Mauvaise durée", "unit_amount": 1.5})
        )
        wizard.action_confirm()
        self.assertEqual(sum((line | line.correction_ids).mapped("minutes")), 90)
        self.assert_exact()
        # What merging contacts does, by SQL.
        other = self.env["res.partner"].create({"name": "Autre", "is_company": True})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_analytic_line SET partner_id = %s WHERE id = %s",
            (other.id, line.id),
        )
        self.env.invalidate_all()
        self.assert_exact()
        self.assertIn(other.id, [row[3] for row in self.cells(KEPT)])

    def test_compacted_there_is_a_row_a_cell(self):
        for day in range(3, 8):
            self.approve(self.time(60, date=f"2018-12-{day:02}"))
        before = self.cells(KEPT)
        self.summary._cron_compact()
        self.assertEqual(self.cells(KEPT), before)
        self.assertEqual(self.rows(), len(before))
        self.summary._cron_compact()
        self.assertEqual(self.rows(), len(before))

    def test_added_up_again(self):
        self.approve(self.time(60, date="2018-12-03"))
        before = self.cells(KEPT)
        self.env.cr.execute("DELETE FROM consortium_hours_summary")
        self.summary._rebuild()
        self.assertEqual(self.cells(KEPT), before)

    def test_any_period_is_that_of_its_entries(self):
        dice = random.Random(8)
        lines = self.env["account.analytic.line"].union(
            *(self.some_time(dice) for _each in range(30))
        )
        self.approve(lines)
        periods = [
            (date(2018, 8, 1), date(2018, 12, 31)),
            (date(2018, 8, 5), date(2018, 8, 20)),
            (date(2018, 8, 5), date(2018, 9, 20)),
            (date(2018, 8, 5), date(2018, 12, 31)),
            (date(2018, 8, 1), date(2018, 8, 1)),
            (date(2018, 8, 31), date(2018, 10, 1)),
            (date(2018, 12, 1), date(2019, 2, 28)),
        ]
        for start, end in periods:
            found = self.indicators._compute_hours(["hours"], start, end)
            found = found.get("hours", {"value": 0, "by": {}})
            own = lines.filtered(
                lambda line, start=start, end=end: start <= line.date <= end
            )
            self.assertEqual(found["value"], sum(own.mapped("minutes")), (start, end))
            months = {}
            for line in own:
                key = line.date.strftime("%Y-%m")
                months[key] = months.get(key, 0) + line.minutes
            self.assertEqual(found["by"].get("month", {}), dict(sorted(months.items())))

    def test_who_reads_it(self):
        self.approve(self.time(60, date="2018-12-03"))
        for role in ("accountant", "manager", "auditor"):
            rows = self.summary.with_user(self.role(role))
            self.assertTrue(rows.search([("minutes", ">", 0)]))
            with self.assertRaises(AccessError):
                rows.search([("minutes", ">", 0)], limit=1).unlink()
        with mute_logger("odoo.addons.base.models.ir_rule"):
            with self.assertRaises(AccessError):
                self.summary.with_user(self.role("expert")).search([("id", ">", 0)])
