from odoo.tests import tagged

from .common_billing import BillingCommon
from .common_true_up import TrueUpCommon


@tagged("post_install", "-at_install")
class TestProfitability(BillingCommon):
    """What core shows of a project, once approved time was corrected."""

    def figures(self, project=None):
        """``(invoiced, to invoice, cost)`` of the hours of a project."""
        self.env.flush_all()
        items = (project or self.project)._get_profitability_items(False)
        revenues = [r for r in items["revenues"]["data"] if r["id"] == "billable_time"]
        costs = [r for r in items["costs"]["data"] if r["id"] == "billable_time"]
        found = (
            sum(row["invoiced"] for row in revenues),
            sum(row["to_invoice"] for row in revenues),
            sum(row["billed"] for row in costs),
        )
        total = items["revenues"]["total"]
        self.assertEqual(
            found, (total["invoiced"], total["to_invoice"], self.total_cost(items))
        )
        return tuple(round(each, 2) for each in found)

    def total_cost(self, items):
        return items["costs"]["total"]["billed"]

    def test_a_billed_correction(self):
        line = self.worked(90)
        self.assertEqual(self.figures(), (0, 183, -183))
        self.post(self.bill())
        self.assertEqual(self.figures(), (183, 0, -183))
        line._correct("Une heure", {"unit_amount": 1})
        self.assertEqual(self.figures(), (183, -61, -122))
        credit = self.order._create_invoices(final=True)
        self.assertEqual(credit.move_type, "out_refund")
        self.post(credit)
        self.assertEqual(self.figures(), (122, 0, -122))

    def test_all_taken_back(self):
        line = self.worked(90)
        self.post(self.bill())
        line._correct("Jamais travaillé")
        self.post(self.order._create_invoices(final=True))
        self.assertEqual(self.figures(), (0, 0, 0))


@tagged("post_install", "-at_install")
class TestSettlementOfOrder(TrueUpCommon):
    def test_settled_and_reversed(self):
        """The order and its project show the true-up; its quantities stay."""
        self.bill_all()
        order, line, project = self.agreements["A4"][:3]
        self.env.flush_all()
        hours, invoiced = line.qty_invoiced, line.untaxed_amount_invoiced
        to_invoice, known = line.untaxed_amount_to_invoice, order.invoice_ids
        run = self.final()
        run.action_true_up()
        run.action_approve_true_up()
        run.action_settle()
        move = order.invoice_ids - known
        self.assertEqual(len(move), 1)
        self.assertTrue(all(move.invoice_line_ids.mapped("is_true_up")))
        self.assertEqual(line.qty_invoiced, hours)
        move.action_post()
        self.assertEqual(line.qty_invoiced_posted, hours)
        self.assertAlmostEqual(line.untaxed_amount_invoiced, invoiced + 499.38)
        self.assertAlmostEqual(line.untaxed_amount_to_invoice, to_invoice)
        items = project._get_profitability_items(False)["revenues"]["total"]
        self.assertAlmostEqual(items["invoiced"], invoiced + 499.38)
        back = move._reverse_moves([{"date": "2019-10-15"}], cancel=True)
        self.assertTrue(all(back.invoice_line_ids.mapped("is_true_up")))
        self.assertEqual(line.qty_invoiced, hours)
        self.assertAlmostEqual(line.untaxed_amount_invoiced, invoiced)
        self.assertAlmostEqual(line.untaxed_amount_to_invoice, to_invoice)
        self.assertEqual(run.to_settle_count, 1)
