"""What the tests of billing share: approved time, invoices, what the ledger says."""

from contextlib import contextmanager

from odoo.exceptions import UserError

from .common_time import TimeCommon


class BillingCommon(TimeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Entry = cls.env["consortium.billing.entry"]

    @classmethod
    def worked(cls, *minutes, **values):
        """Approved entries of the expert on the agreement."""
        lines = cls.env["account.analytic.line"].create(
            [cls.time_values(each, **values) for each in minutes]
        )
        return cls.approve(lines)

    @classmethod
    def bill(cls, orders=None, **values):
        """Invoices by the order's own button."""
        orders = orders or cls.order
        wizard = (
            cls.env["sale.advance.payment.inv"]
            .with_context(active_ids=orders.ids, active_model="sale.order")
            .create({"advance_payment_method": "delivered", **values})
        )
        before = orders.invoice_ids
        wizard.create_invoices()
        return orders.invoice_ids - before

    @classmethod
    def post(cls, moves, day="2018-09-30"):
        moves.invoice_date = day
        moves.action_post()
        return moves

    @classmethod
    def reverse(cls, move, modify=False, day="2018-10-15"):
        wizard = (
            cls.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=move.ids)
            .create({"date": day, "journal_id": move.journal_id.id, "reason": "Erreur"})
        )
        wizard.reverse_moves(is_modify=modify)
        return wizard.new_move_ids

    def ledger(self, order=None, at=None):
        """``(minutes, cents)`` billed for an agreement, as posted."""
        billed = self.Entry._billed_by_order(self.company, at=at)
        return billed.get((order or self.order).id, (0, 0, 0))[:2]

    def hours(self, moves):
        """The lines of invoices that bill time."""
        return moves.invoice_line_ids.filtered("billing_rate_id")

    def check_truth(self, order=None):
        """No minute twice; core's views say what the ledger says."""
        order = order or self.order
        lines = self.env["account.analytic.line"].search(
            [("order_id", "=", order.id), ("approval_state", "=", "approved")]
        )
        standing = self.Entry._standing(lines)
        for line in lines:
            invoice = standing.get(line.id, self.Entry).invoice_id
            self.assertEqual(line.timesheet_invoice_id, invoice)
        minutes = sum(entry.minutes for entry in standing.values())
        sold = order.order_line._time_lines()
        self.assertEqual(
            round(sum(sold.mapped("qty_invoiced")) * 60), minutes, "qty_invoiced"
        )
        left = sum(lines.filtered("chargeable").mapped("minutes")) - minutes
        groups = order._propose_time().groups
        self.assertEqual(
            sum(group.minutes for line in sold for group in groups[line.id].values()),
            left,
        )
        # Core's own figure is the difference of hours of two decimals.
        to_invoice = sum(sold.mapped("qty_to_invoice")) * 60
        self.assertLessEqual(abs(to_invoice - left), 0.6 * len(sold))

    @contextmanager
    def refused(self, text):
        """Nothing is changed, and one sentence says why."""
        with self.assertRaises(UserError) as caught:
            yield
        self.assertIn(text, str(caught.exception))


class BillingRunCommon(BillingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls.role("accountant")
        cls.other, cls.other_line, cls.other_project, cls.other_task = cls.agreement(
            "Bise"
        )

    @classmethod
    def other_time(cls, *minutes, **values):
        return cls.worked(
            *minutes,
            project_id=cls.other_project.id,
            task_id=cls.other_task.id,
            **values,
        )

    @classmethod
    def new_billing(cls, **values):
        return (
            cls.env["consortium.billing.run"]
            .with_user(cls.accountant)
            .with_company(cls.company)
            .create({"date_to": "2018-09-30", "company_id": cls.company.id, **values})
        )
