from odoo import Command
from odoo.tests import tagged

from .common_billing import BillingRunCommon


@tagged("post_install", "-at_install")
class TestBillingRunMixed(BillingRunCommon):
    """What is reviewed is what is invoiced, whatever else an agreement has."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.price = cls.env["product.product"].create(
            {
                "name": "Forfait",
                "type": "service",
                "invoice_policy": "order",
                "list_price": 500,
                "taxes_id": [Command.clear()],
            }
        )
        cls.hotel = cls.env["product.product"].create(
            {
                "name": "Hébergement",
                "type": "service",
                "expense_policy": "cost",
                "invoice_policy": "delivery",
                "taxes_id": [Command.clear()],
                "supplier_taxes_id": [Command.clear()],
            }
        )
        plan, _others = cls.env["account.analytic.plan"]._get_all_plans()
        cls.project.account_id = cls.env["account.analytic.account"].create(
            {"name": "Entente", "plan_id": plan.id, "company_id": cls.company.id}
        )
        cls.order.project_id = cls.project

    @classmethod
    def night(cls, price, day):
        bill = cls.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": cls.partner_a.id,
                "invoice_date": day,
                "date": day,
                "company_id": cls.company.id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": cls.hotel.id,
                            "quantity": 1,
                            "price_unit": price,
                            "tax_ids": [Command.clear()],
                            "analytic_distribution": {cls.project.account_id.id: 100},
                        }
                    )
                ],
            }
        )
        bill.action_post()

    def run_of(self, date_to="2018-09-30"):
        run = self.new_billing(date_to=date_to)
        run.action_propose()
        return run

    def check(self, run):
        """The run says what its invoices say."""
        proposed = run.total
        run.action_create()
        self.assertEqual(run.total, proposed)
        self.assertEqual(run.total, sum(run.line_ids.move_id.mapped("amount_untaxed")))

    def test_a_fixed_price_beside_hours(self):
        tax = self.env["account.tax"].create(
            {"name": "Incluse", "amount": 25, "price_include_override": "tax_included"}
        )
        self.order.order_line = [
            Command.create({"product_id": self.price.id, "product_uom_qty": 1}),
            Command.create(
                {
                    "product_id": self.price.id,
                    "product_uom_qty": 2,
                    "discount": 10,
                    "tax_ids": [Command.set(tax.ids)],
                }
            ),
        ]
        self.worked(90)
        run = self.run_of()
        line = run.line_ids
        self.assertEqual((line.amount, line.others), (183, 500 + 720))
        self.assertEqual(run.total, 183 + 1220)
        self.check(run)
        self.assertEqual((line.amount, line.others), (183, 500 + 720))

    def test_hours_of_a_fixed_price_are_not_billed(self):
        fixed = self.agreement(
            "Forfait",
            order_line=[
                Command.create({"product_id": self.price.id, "product_uom_qty": 1})
            ],
        )
        self.worked(60, project_id=fixed[2].id, task_id=fixed[3].id)
        with self.refused("Nothing is to be billed"):
            self.run_of()

    def test_a_down_payment_is_deducted(self):
        self.bill(advance_payment_method="fixed", fixed_amount=100)
        self.post(self.order.invoice_ids)
        self.worked(90)
        run = self.run_of()
        self.assertEqual(run.line_ids.others, -100)
        self.check(run)

    def test_disbursements_up_to_the_day(self):
        self.worked(90)
        self.night(140, "2018-09-20")
        self.night(75.35, "2018-10-03")
        run = self.run_of()
        self.assertEqual(run.line_ids.expenses, 140)
        self.check(run)
        self.post(run.line_ids.move_id.sudo())
        with self.refused("Nothing is to be billed"):
            self.run_of("2018-10-02")
        later = self.run_of("2018-10-31")
        self.assertEqual(later.line_ids.expenses, 75.35)
        self.check(later)

    def test_later_nights_on_the_same_line(self):
        """Sold at one price, core keeps a single order line for all of them."""
        self.hotel.write({"expense_policy": "sales_price", "list_price": 150})
        self.worked(90)
        self.night(140, "2018-09-20")
        self.night(140, "2018-10-03")
        self.assertEqual(len(self.order.order_line.filtered("is_expense")), 1)
        run = self.run_of()
        self.assertEqual(run.line_ids.expenses, 150)
        self.check(run)
        later = self.run_of("2018-10-31")
        self.assertEqual(later.line_ids.expenses, 150)
        self.check(later)

    def test_approved_meanwhile(self):
        """It is on the invoice, and the run says so."""
        self.worked(90)
        run = self.run_of()
        self.worked(60)
        run.action_create()
        self.assertEqual((run.line_ids.hours, run.line_ids.amount), (2.5, 305))
        self.assertEqual(run.total, run.line_ids.move_id.amount_untaxed)

    def test_more_taken_back_than_worked(self):
        line = self.worked(90)
        self.post(self.bill())
        line._correct("Erreur")
        run = self.run_of()
        self.assertEqual(run.total, -183)
        run.action_create()
        self.assertEqual(run.line_ids.move_id.move_type, "out_refund")
        self.assertEqual((run.total, run.line_ids.hours), (-183, -1.5))

    def test_corrections_that_cancel_out_are_not_proposed(self):
        line = self.worked(90)
        line._correct("Jamais travaillé")
        with self.refused("Nothing is to be billed"):
            self.run_of()
        self.other_time(60)
        run = self.run_of()
        self.assertEqual(run.line_ids.order_id, self.other)
        self.check(run)
        self.worked(30)
        later = self.run_of()
        self.assertEqual((later.line_ids.order_id, later.total), (self.order, 61))
        self.check(later)
        self.post(later.line_ids.move_id.sudo())
        self.check_truth()

    def test_corrected_meanwhile(self):
        line = self.worked(90)
        self.other_time(60)
        run = self.run_of()
        line._correct("Jamais travaillé")
        run.action_create()
        row = run.line_ids.filtered(lambda each: each.order_id == self.order)
        self.assertEqual(row.state, "problem")
        self.assertIn("billed or corrected meanwhile", row.problem)
