"""Hours sold at a fixed price: they carry their cost, and nobody else pays for them."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_true_up import TrueUpCommon


@tagged("post_install", "-at_install")
class TestTrueUpFixedPrice(TrueUpCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.package = cls.env["product.product"].create(
            {
                "name": "Forfait",
                "type": "service",
                "invoice_policy": "order",
                "service_type": "timesheet",
                "service_tracking": "no",
                "uom_id": cls.env.ref("uom.product_uom_unit").id,
                "taxes_id": [Command.clear()],
            }
        )
        cls.fixed, _line, cls.fixed_project, cls.fixed_task = cls.agreement(
            "Forfait",
            order_line=[
                Command.create(
                    {
                        "product_id": cls.package.id,
                        "product_uom_qty": 1,
                        "price_unit": 1_000,
                    }
                )
            ],
        )
        cls.work(cls.fixed_project, cls.fixed_task, 600)

    @classmethod
    def work(cls, project, task, minutes, day="2018-09-03"):
        cls.approve(cls.time(minutes, project_id=project.id, task_id=task.id, date=day))

    def invoice(self, order, day="2019-05-31"):
        move = order._create_invoices()
        move.invoice_date = day
        move.action_post()
        return move

    def rows(self, run):
        return run.true_up_ids.filtered("is_fixed_price")

    def approved(self, **values):
        run = self.final(**values)
        run.action_true_up()
        run.action_approve_true_up()
        return run

    def test_closes_with_a_source(self):
        self.bill_all()
        move = self.invoice(self.fixed)
        self.assertFalse(move.bills_hours)
        run = self.final()
        run.action_true_up()
        row = self.rows(run)
        self.assertEqual((row.order_id, row.minutes), (self.fixed, 600))
        self.assertEqual((row.billed_cents, row.billed_minutes), (100_000, 600))
        left = row.cost_cents + row.reserve_cents - 100_000
        self.assertEqual(row._cents(), left)
        self.assertGreater(left, 0)
        self.assertIn("say which source bears it", run.true_up_gaps)
        with self.assertRaisesRegex(UserError, "Fixed prices leave"):
            run.action_approve_true_up()
        run.fixed_price_source = "Fonds de développement"
        self.assertFalse(run.true_up_gaps)
        run.action_approve_true_up()
        self.assertEqual(row.settlement, "fixed")
        self.assertEqual(sum(run.true_up_ids.mapped("cost_cents")), 126_000_000)
        # The others pay for none of it, and nobody is asked for it.
        others = run.true_up_ids - row
        self.assertEqual(sum(others.mapped("cost_cents")), 126_000_000 - row.cost_cents)
        moves = self.env["account.move"].search(run.action_settle()["domain"])
        self.assertNotIn(self.fixed.name, moves.mapped("invoice_origin"))
        run.action_accrue()
        self.assertNotIn(self.fixed.name, run.accrual_move_ids.line_ids.mapped("name"))
        self.assertFalse(self.fixed._told_true_ups())
        self.assertFalse(row._statements())
        with self.assertRaises(UserError):
            run.fixed_price_source = "Autre"

    def test_whatever_the_policy(self):
        """It is not carried forward into the rates of the others."""
        self.bill_all()
        run = self.approved(settlement_policy="carry", fixed_price_source="Réserve")
        self.assertEqual(self.rows(run).settlement, "fixed")
        # Nothing was invoiced: the source bears the whole of it.
        self.assertEqual(self.rows(run).difference_cents, self.rows(run).cost_cents)
        target = self.carried_run()
        target.action_compute()
        carried = sum(round(row.carried * 100) for row in target.center_ids)
        others = run.true_up_ids - self.rows(run)
        self.assertEqual(carried, others._cents())

    def test_of_another_year(self):
        """What the year brings: its invoices and credit notes, by their date."""
        self.bill_all()
        self.invoice(self.fixed, "2019-07-01")
        run = self.final()
        run.action_true_up()
        self.assertEqual(self.rows(run).billed_cents, 0)

    def test_an_order_of_both(self):
        """Each part has the cost of its own minutes; that at cost is settled."""
        order, _lines, project, task = self.agreement(
            "Mixte",
            order_line=[
                Command.create({"product_id": self.product.id, "product_uom_qty": 10}),
                Command.create(
                    {
                        "product_id": self.package.id,
                        "product_uom_qty": 1,
                        "price_unit": 50,
                    }
                ),
            ],
        )
        hours, package = order.order_line
        project.sale_line_id = task.sale_line_id = hours
        self.work(project, task, 90, "2018-09-04")
        other = task.copy({"sale_line_id": package.id})
        self.work(project, other, 30, "2018-09-04")
        self.bill_all()
        self.invoice(order)
        run = self.approved(fixed_price_source="Réserve")
        rows = run.true_up_ids.filtered(lambda row: row.order_id == order)
        fixed = rows.filtered("is_fixed_price")
        at_cost = rows - fixed
        self.assertEqual((at_cost.minutes, fixed.minutes), (90, 30))
        self.assertEqual((at_cost.billed_minutes, at_cost.billed_cents), (90, 18_300))
        self.assertEqual(fixed.billed_cents, 5_000)
        cell = run.cell_ids.filtered(lambda each: each.order_id == order)
        self.assertEqual(sum(rows.mapped("cost_cents")), round(cell.cost * 100))
        self.assertAlmostEqual(at_cost.cost_cents, fixed.cost_cents * 3, delta=3)
        self.assertEqual((at_cost.settlement, fixed.settlement), ("settle", "fixed"))
        moves = self.env["account.move"].search(run.action_settle()["domain"])
        settled = moves.filtered(lambda move: move.invoice_origin == order.name)
        self.assertEqual(round(settled.amount_untaxed_signed * 100), at_cost._cents())
