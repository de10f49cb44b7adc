from odoo.tests import tagged

from .common_time import TimeCommon


@tagged("post_install", "-at_install")
class TestDelivered(TimeCommon):
    """What core's own invoicing takes: approved chargeable time."""

    def test_delivered_is_what_is_approved(self):
        line, open_line = self.time(90), self.time(60)
        goodwill = self.env.ref("consortium_timesheet.nonchargeable_goodwill")
        free = self.time(30, chargeable=False, nonchargeable_reason_id=goodwill.id)
        self.assertEqual(self.order_line.qty_delivered, 0)
        self.approve(line + free)
        self.assertEqual(self.order_line.qty_delivered, 1.5)
        self.assertEqual(self.order_line.qty_to_invoice, 1.5)
        self.approve(open_line)
        self.assertEqual(self.order_line.qty_delivered, 2.5)

    def test_an_invoice_is_linked_to_what_it_bills(self):
        line, open_line = self.time(90), self.time(60)
        self.approve(line)
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_context(active_ids=self.order.ids, active_model="sale.order")
            .create({"advance_payment_method": "delivered"})
        )
        wizard.create_invoices()
        invoice = self.order.invoice_ids
        # Whole minutes: hours of two decimals lose cents.
        self.assertEqual(invoice.invoice_line_ids.quantity, 90)
        self.assertEqual(invoice.invoice_line_ids.billed_time, "1:30")
        self.assertEqual(line.timesheet_invoice_id, invoice)
        self.assertFalse(open_line.timesheet_invoice_id)

    def test_a_correction_is_delivered_too(self):
        line = self.time(90)
        self.approve(line)
        line.with_user(self.coordinator)._correct("Trop", {"unit_amount": 1})
        self.assertEqual(self.order_line.qty_delivered, 1)
