"""What is corrected of a closed year counts in the next one, which closes."""

from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_true_up import TrueUpCommon
from .oracle import cells


@tagged("post_install", "-at_install")
class TestNextYear(TrueUpCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bill_all()
        cls.closed = cls.final()
        cls.env["consortium.timesheet.exception"].create(
            {
                "company_id": cls.company.id,
                "date_from": "2018-07-01",
                "date_to": "2019-06-30",
                "open_until": cls.company._today(),
                "reason": "Correction",
            }
        )

    def take_back(self, name, code):
        """Take a day of an agreement back, three months after the year is closed."""
        line = self.env["account.analytic.line"].search(
            [
                ("order_id", "=", self.agreements[name][0].id),
                ("cost_center_id", "=", self.center[code].id),
                ("approval_state", "=", "approved"),
            ],
            limit=1,
        )
        with freeze_time("2019-09-20 16:00:00"):
            return line._correct("Erreur")

    def work(self, name, code, *minutes):
        """Approved time of the year after, and what it costs."""
        self.entry(self.expense, code, 3_000_000, "2019-09-15")
        _order, _line, project, task = self.agreements[name]
        person = self.env["hr.employee"].search([("name", "=", f"Équipe {code}")])
        lines = self.env["account.analytic.line"].create(
            [
                self.time_values(
                    each,
                    employee_id=person.id,
                    project_id=project.id,
                    task_id=task.id,
                    date=f"2019-07-{day:02}",
                )
                for day, each in enumerate(minutes, 1)
            ]
        )
        return self.approve(lines)

    def bill_next_year(self):
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_context(active_model="sale.order", active_ids=self.orders.ids)
            .create(
                {
                    "advance_payment_method": "delivered",
                    "date_end_invoice_timesheet": "2020-06-30",
                }
            )
        )
        before = self.orders.invoice_ids
        wizard.create_invoices()
        moves = self.orders.invoice_ids - before
        moves.invoice_date = "2020-06-30"
        moves.action_post()
        return moves

    def test_time_taken_back_of_an_agreement_that_works_no_more(self):
        back = self.take_back("A1", "LEG")
        self.work("A3", "LEG", 1440, 1440, 1000)
        after = self.final(date_from="2019-07-01")
        shown = {cell.order_id: cell for cell in after.cell_ids}
        mine = shown[self.agreements["A1"][0]]
        other = shown[self.agreements["A3"][0]]
        self.assertEqual(mine.minutes, back.minutes)
        self.assertEqual(
            round(mine.cost * 100),
            round(3_000_000 * back.minutes / (3880 + back.minutes)),
        )
        self.assertEqual(round((mine.cost + other.cost) * 100), 3_000_000)
        self.assertEqual(
            round((mine.reserve + other.reserve) * 100),
            round(after.reserve_total * 100),
        )
        self.assertEqual((after.state, after._replay()), ("approved", after.hash))
        self.assertEqual(self.closed._replay(), self.closed.hash)
        moves = self.bill_next_year()
        self.assertEqual(set(moves.mapped("move_type")), {"out_invoice", "out_refund"})
        after.action_true_up()
        self.assertFalse(after.true_up_gaps)
        after.action_approve_true_up()
        self.assertEqual(sum(after.true_up_ids.mapped("cost_cents")), 3_000_000)

    def test_counted_with_another_from_the_next_year_on(self):
        """The year that is closed is trued up as it was computed."""
        self.center["COM"].merge_into_id = self.center["FIN"]
        self.closed.action_true_up()
        self.assertFalse(self.closed.true_up_gaps)
        self.assertEqual(
            self.by_cell(self.closed, "difference_cents"), cells("trueup_cost")
        )
        self.closed.action_approve_true_up()
        rows = {row.cost_center_id.code: row for row in self.closed.center_ids}
        lines = self.env["account.analytic.line"]
        for code in ("FIN", "COM"):
            found = lines.search(rows[code].action_open_hours()["domain"])
            self.assertEqual(sum(found.mapped("minutes")), rows[code].minutes)
        # A later run of that year counts them together: it gives the difference only.
        again = self.final()
        again.action_true_up()
        self.assertFalse(again.true_up_gaps)
        self.assertEqual(sum(again.true_up_ids.mapped("difference_cents")), 0)

    def test_a_small_center_counted_later_with_another_is_not_told(self):
        """The cost of its hour in the closed year stays that of two people."""
        people = self.env["consortium.cost.assignment"].search(
            [("employee_id.name", "in", ("FIN 2", "COM 2"))]
        )
        people.unlink()
        self.center["COM"].merge_into_id = self.center["FIN"]
        self.closed.action_true_up()
        rows = self.closed.true_up_ids
        told = {
            row["name"]: row["hour"]
            for statement in rows._statements()
            for row in statement["rows"]
        }
        self.assertTrue(told["Centre LEG"])
        self.assertFalse(told["Centre FIN"] or told["Centre COM"])

    def test_more_taken_back_than_worked(self):
        """In one sentence, that names the center; counted with another, it closes."""
        self.take_back("A1", "LEG")
        self.work("A4", "FIN", 1440, 1440, 1000)
        run = self.new_run(date_from="2019-07-01")
        with self.assertRaisesRegex(UserError, "LEG: no more hours were worked"):
            run.action_compute()
        self.center["LEG"].merge_into_id = self.center["FIN"]
        run.action_compute()
        run.action_approve()
        self.assertEqual(round(run.total * 100), 3_000_000)
