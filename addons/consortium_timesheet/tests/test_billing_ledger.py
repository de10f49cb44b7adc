from odoo.tests import tagged
from odoo.tools import SQL, mute_logger
from psycopg2.errors import CheckViolation

from .common_billing import BillingCommon


@tagged("post_install", "-at_install")
class TestBillingLedger(BillingCommon):
    """Whatever makes an invoice, each entry of time is billed once."""

    def test_button_of_the_order(self):
        lines = self.worked(15, 50)
        invoice = self.bill()
        line = self.hours(invoice)
        self.assertEqual((line.quantity, line.price_subtotal), (65, 132.17))
        self.assertEqual((line.billed_time, line.billed_rate), ("1:05", 122))
        self.assertEqual(lines.timesheet_invoice_id, invoice)
        self.assertEqual(self.ledger(), (0, 0))
        self.check_truth()
        self.post(invoice)
        self.assertEqual(self.ledger(), (65, 13217))
        self.assertEqual(invoice.amount_untaxed, 132.17)
        self.check_truth()

    def test_successive_invoices_sum_to_the_whole(self):
        self.team("LEG", 2)
        self.rate("LEG", 10_000, "2018-12-01")
        amounts = []
        for minutes in (15, 50, 225, 75, 35):
            self.worked(minutes, date="2018-12-03")
            invoice = self.post(self.bill(), "2018-12-31")
            amounts.append(invoice.amount_untaxed)
        self.assertEqual(amounts, [25.00, 83.33, 375.00, 125.00, 58.34])
        self.assertEqual(self.ledger(), (400, 66667))

    def test_a_line_for_each_center_and_rate(self):
        self.team("LEG", 2)
        self.rate("LEG", 13_000, "2018-10-01")
        other = self.employee("Fiona", ("FIN", 100, "2018-07-01", False))
        self.worked(60)
        self.worked(60, date="2018-10-01")
        self.worked(60, employee_id=other.id)
        invoice = self.bill()
        self.assertEqual(
            sorted(self.hours(invoice).mapped("price_subtotal")), [108, 122, 130]
        )

    def test_a_draft_deleted_gives_the_time_back(self):
        lines = self.worked(15, 50)
        self.bill().unlink()
        self.assertFalse(lines.timesheet_invoice_id)
        self.assertFalse(self.Entry.search([("order_id", "=", self.order.id)]))
        self.check_truth()
        invoice = self.post(self.bill())
        self.assertEqual(invoice.amount_untaxed, 132.17)

    def test_a_line_of_a_draft_deleted(self):
        self.team("LEG", 2)
        self.rate("LEG", 13_000, "2018-10-01")
        first, second = self.worked(60), self.worked(60, date="2018-10-01")
        invoice = self.bill()
        self.hours(invoice).filtered(lambda line: line.price_subtotal == 130).unlink()
        self.assertEqual(first.timesheet_invoice_id, invoice)
        self.assertFalse(second.timesheet_invoice_id)
        self.check_truth()
        self.post(invoice)
        self.assertEqual(self.bill().amount_untaxed, 130)

    def test_cancelled_then_billed_again(self):
        lines = self.worked(15, 50)
        first = self.post(self.bill())
        first.button_cancel()
        self.assertFalse(lines.timesheet_invoice_id)
        self.assertEqual(self.ledger(), (0, 0))
        self.check_truth()
        second = self.post(self.bill())
        self.assertEqual(lines.timesheet_invoice_id, second)
        self.assertEqual(self.ledger(), (65, 13217))
        with self.refused(second.name):
            first.button_draft()

    def test_a_cancelled_draft_takes_its_time_back(self):
        lines = self.worked(15, 50)
        invoice = self.bill()
        invoice.button_cancel()
        self.assertFalse(lines.timesheet_invoice_id)
        invoice.button_draft()
        self.assertEqual(lines.timesheet_invoice_id, invoice)
        self.post(invoice)
        self.assertEqual(self.ledger(), (65, 13217))
        self.check_truth()

    def test_reset_to_draft_keeps_the_time(self):
        lines = self.worked(15, 50)
        invoice = self.post(self.bill())
        for _each in range(2):
            invoice.button_draft()
            self.assertEqual(lines.timesheet_invoice_id, invoice)
            self.assertEqual(self.ledger(), (0, 0))
            self.check_truth()
            invoice.action_post()
            self.assertEqual(self.ledger(), (65, 13217))
            self.check_truth()

    def test_reversed_then_billed_again(self):
        lines = self.worked(15, 50)
        invoice = self.post(self.bill())
        credit = self.reverse(invoice)
        self.assertEqual(credit.amount_untaxed, 132.17)
        self.assertEqual(lines.timesheet_invoice_id, invoice, "a draft frees nothing")
        self.check_truth()
        credit.action_post()
        self.assertFalse(lines.timesheet_invoice_id)
        self.assertEqual(self.ledger(), (0, 0))
        self.assertEqual(self.ledger(at="2018-10-01"), (65, 13217))
        self.check_truth()
        again = self.post(self.bill(), "2018-10-31")
        self.assertEqual(lines.timesheet_invoice_id, again)
        self.assertEqual(self.ledger(), (65, 13217))
        self.check_truth()
        with self.refused(again.name):
            credit.button_draft()

    def test_a_credit_note_reset_or_cancelled_bills_again(self):
        lines = self.worked(15, 50)
        invoice = self.post(self.bill())
        credit = self.reverse(invoice)
        credit.action_post()
        with self.refused(credit.name):
            invoice.button_draft()
        credit.button_draft()
        self.assertEqual(lines.timesheet_invoice_id, invoice)
        self.assertEqual(self.ledger(), (65, 13217))
        credit.action_post()
        self.assertEqual(self.ledger(), (0, 0))
        credit.button_cancel()
        self.assertEqual(lines.timesheet_invoice_id, invoice)
        self.assertEqual(self.ledger(), (65, 13217))
        self.check_truth()
        invoice.button_draft()
        self.assertEqual(self.ledger(), (0, 0))
        invoice.action_post()
        self.assertEqual(self.ledger(), (65, 13217))
        self.check_truth()

    def test_reversed_and_replaced(self):
        lines = self.worked(15, 50)
        invoice = self.post(self.bill())
        replacement = self.reverse(invoice, modify=True)
        self.assertEqual(lines.timesheet_invoice_id, replacement)
        self.post(replacement, "2018-10-31")
        self.assertEqual(replacement.amount_untaxed, 132.17)
        self.assertEqual(self.ledger(), (65, 13217))
        self.check_truth()

    def test_a_correction_is_billed_by_its_difference(self):
        line = self.worked(90)
        self.post(self.bill())
        line.with_user(self.coordinator)._correct("Trop", {"unit_amount": 1})
        credit = self.bill()
        self.assertEqual(credit.move_type, "out_refund")
        self.assertEqual(credit.amount_untaxed, 61)
        self.post(credit, "2018-10-31")
        self.assertEqual(self.ledger(), (60, 12200))
        self.check_truth()

    def test_a_period(self):
        self.worked(60)
        later = self.worked(30, date="2018-10-02")
        invoice = self.bill(date_end_invoice_timesheet="2018-09-30")
        self.assertEqual(self.hours(invoice).quantity, 60)
        self.assertFalse(later.timesheet_invoice_id)
        self.check_truth()
        self.assertEqual(self.hours(self.bill()).quantity, 30)

    def test_two_orders_of_a_payer_on_one_invoice(self):
        other, _line, project, task = self.agreement("Bise")
        other.partner_invoice_id = other.partner_id = self.order.partner_id
        self.worked(60)
        self.worked(30, project_id=project.id, task_id=task.id)
        invoices = self.bill(self.order + other)
        self.assertEqual(len(invoices), 1)
        self.assertEqual(sorted(self.hours(invoices).mapped("quantity")), [30, 60])
        self.post(invoices)
        self.assertEqual(self.ledger(), (60, 12200))
        self.assertEqual(self.ledger(other), (30, 6100))
        self.check_truth()
        self.check_truth(other)

    def test_what_a_line_says_is_what_it_bills(self):
        self.worked(60)
        for values in ({"quantity": 50}, {"price_unit": 3}):
            invoice = self.bill()
            self.hours(invoice).write(values)
            with self.refused("60 minutes"):
                self.post(invoice)
            invoice.unlink()

    def test_the_value_to_invoice_is_at_the_rate(self):
        self.worked(90)
        self.assertEqual(self.order_line.untaxed_amount_to_invoice, 183)
        self.post(self.bill())
        self.assertEqual(self.order_line.untaxed_amount_to_invoice, 0)
        self.assertEqual(self.order_line.untaxed_amount_invoiced, 183)
        self.assertEqual(self.order_line.qty_invoiced_posted, 1.5)

    def test_a_time_without_rate_is_named(self):
        line = self.worked(90)
        self.env.cr.execute(
            "ALTER TABLE account_analytic_line DISABLE TRIGGER "
            "consortium_approved_time_update"
        )
        line._write_approval({"hourly_rate_id": False})
        line.flush_recordset()
        with self.refused("no approved rate"):
            self.bill()

    def test_posted_rows_stay(self):
        self.worked(90)
        self.post(self.bill())
        entry = self.Entry.search([("order_id", "=", self.order.id)])
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            entry.cents = 1
            entry.flush_recordset()
        entry.invalidate_recordset()
        with self.refused("never changes"):
            entry.unlink()
        for query in ("DELETE FROM %s", "TRUNCATE %s CASCADE"):
            with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
                self.env.cr.execute(SQL(query, SQL.identifier(self.Entry._table)))
