from odoo import Command
from odoo.tests import tagged

from .common_billing import BillingRunCommon


@tagged("post_install", "-at_install")
class TestBillingMoney(BillingRunCommon):
    """Taxes of the payer, the reserve apart, disbursements at cost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team("LEG", 2)
        canada = cls.env.ref("base.ca")
        cls.province = {
            code: cls.env["res.country.state"].search(
                [("country_id", "=", canada.id), ("code", "=", code)], limit=1
            )
            for code in ("QC", "ON", "NB", "AB")
        }
        cls.tax = {}
        for code, percent in (("QC", 14.975), ("ON", 13), ("NB", 15), ("AB", 5)):
            cls.tax[code] = cls.env["account.tax"].create(
                {
                    "name": f"Taxe {code}",
                    "amount": percent,
                    "type_tax_use": "sale",
                    "company_id": cls.company.id,
                    "country_id": cls.company.account_fiscal_country_id.id,
                }
            )
        for code in ("ON", "NB", "AB"):
            position = cls.env["account.fiscal.position"].create(
                {
                    "name": f"Position {code}",
                    "company_id": cls.company.id,
                    "auto_apply": True,
                    "country_id": canada.id,
                    "state_ids": [Command.set(cls.province[code].ids)],
                }
            )
            cls.tax[code].write(
                {
                    "fiscal_position_ids": [Command.set(position.ids)],
                    "original_tax_ids": [Command.set(cls.tax["QC"].ids)],
                }
            )
        cls.product.taxes_id = cls.tax["QC"]

    def party(self, name, code):
        return self.env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "country_id": self.province[code].country_id.id,
                "state_id": self.province[code].id,
            }
        )

    def taxed(self, payer, beneficiary, **values):
        """The taxes of an invoice that one pays for the other."""
        order, _line, project, task = self.agreement(
            "Entente",
            partner_shipping_id=self.party("Bénéficiaire", beneficiary).id,
            partner_invoice_id=self.party("Payeur", payer).id,
            **values,
        )
        self.worked(60, project_id=project.id, task_id=task.id)
        run = self.new_billing()
        run.action_propose()
        run.action_create()
        move = run.line_ids.filtered(lambda line: line.order_id == order).move_id
        return move.amount_tax

    def test_taxes_follow_the_payer(self):
        self.assertEqual(self.taxed("QC", "ON"), 18.27)
        self.assertEqual(self.taxed("ON", "QC"), 15.86)
        self.assertEqual(self.taxed("NB", "QC"), 18.3)
        self.assertEqual(self.taxed("AB", "ON"), 6.1)

    def test_unless_a_reason_is_given(self):
        position = self.env["account.fiscal.position"].search(
            [("name", "=", "Position ON")]
        )
        with self.refused("Say why"):
            self.order.billing_position_id = position
        self.order.write(
            {
                "billing_position_id": position.id,
                "billing_position_reason": "Établissement de Toronto",
            }
        )
        self.worked(60)
        self.assertEqual(self.bill().amount_tax, 15.86)

    def with_reserve(self, percent=2.0, basis="cost", cap=0):
        resolution = self.env["consortium.resolution"].create(
            {
                "subject": "Réserve",
                "kind": "reserve",
                "date": "2018-05-15",
                "unanimous": True,
                "company_id": self.company.id,
            }
        )
        resolution.action_decide()
        run = self.env["consortium.rate.run"].create(
            {
                "kind": "target",
                "company_id": self.company.id,
                "date_from": "2019-07-01",
                "resolution_id": self.resolution.id,
                "reserve_percent": percent,
                "reserve_basis": basis,
                "reserve_cap": cap,
                "reserve_resolution_id": resolution.id,
                "center_ids": [
                    Command.create(
                        {
                            "cost_center_id": self.center["LEG"].id,
                            "cost": 100_000,
                            "planned_hours": 1000,
                        }
                    )
                ],
            }
        )
        run.action_compute()
        run.action_approve()

    def test_the_entry_is_the_one_that_core_makes(self):
        """Amounts and boxes of the tax report, as of the same lines typed by hand."""
        self.with_reserve()
        self.product.taxes_id = self.order_line.tax_ids = self.group_of_taxes()
        self.product.account_tag_ids = self.tag("Produit")
        self.worked(50, 35, date="2019-09-03")
        billed = self.post(self.bill(), "2019-09-30")
        typed = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": billed.partner_id.id,
                "invoice_date": "2019-09-30",
                "fiscal_position_id": billed.fiscal_position_id.id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": line.product_id.id,
                            "quantity": line.quantity,
                            "price_unit": line.price_unit,
                            "account_id": line.account_id.id,
                            "tax_ids": [Command.set(line.tax_ids.ids)],
                        }
                    )
                    for line in billed.invoice_line_ids
                ],
            }
        )
        said = [
            sorted(
                (line.display_type, line.account_id.id, line.balance, line.credit,
                 line.amount_currency, line.tax_tag_ids.ids, line.tax_base_amount)
                for line in move.line_ids
            )
            for move in (billed, typed)
        ]  # fmt: skip
        self.assertEqual(*said)
        self.assertEqual(len(self.hours(billed).tax_tag_ids), 3)

    def tag(self, name):
        return self.env["account.account.tag"].create(
            {"name": name, "applicability": "taxes"}
        )

    def group_of_taxes(self):
        """Two taxes in one, each with its box of the tax report."""
        taxes = self.env["account.tax"]
        for name, percent in (("TPS", 5), ("TVQ", 9.975)):
            taxes |= self.tax["QC"].copy({"name": name, "amount": percent})
            parts = taxes[-1].invoice_repartition_line_ids
            for part in parts:
                part.tag_ids = self.tag(f"{name} {part.repartition_type}")
        return taxes[0].copy(
            {
                "name": "TPS et TVQ",
                "amount_type": "group",
                "children_tax_ids": [Command.set(taxes.ids)],
            }
        )

    def test_the_reserve_is_a_line_of_its_own(self):
        self.with_reserve()
        self.product.taxes_id = self.tax["QC"]
        reserves = []
        for minutes in (15, 50, 225, 75, 35):
            self.worked(minutes, date="2019-09-03")
            move = self.post(self.bill(), "2019-09-30")
            line = move.invoice_line_ids.filtered("is_at_cost_reserve")
            self.assertEqual(line.tax_ids, self.hours(move).tax_ids)
            reserves.append(line.price_subtotal)
        self.assertEqual(reserves, [0.5, 1.67, 7.5, 2.5, 1.16])
        billed = self.Entry._billed_by_order(self.company)[self.order.id]
        self.assertEqual(billed, (400, 66667, 1333))
        self.assertEqual(self.order_line.untaxed_amount_to_invoice, 0)
        credit = self.reverse(move)
        credit.action_post()
        self.assertEqual(credit.amount_total, move.amount_total)
        billed = self.Entry._billed_by_order(self.company)[self.order.id]
        self.assertEqual(billed, (365, 60833, 1217))
        again = self.post(self.bill(), "2019-10-31")
        self.assertEqual(again.amount_total, move.amount_total)

    def test_the_reserve_in_its_own_account(self):
        self.with_reserve(basis="price")
        account = self.company_data["default_account_revenue"].copy()
        self.company.reserve_account_id = account
        self.worked(600, date="2019-09-03")
        line = self.bill().invoice_line_ids.filtered("is_at_cost_reserve")
        self.assertEqual(line.account_id, account)
        self.assertEqual(line.price_subtotal, 20.41)

    def test_the_cap_of_the_reserve(self):
        """2 % of 100 $ an hour, 30 $ a year at most: 20, 10, then nothing; a credit
        makes room, and the year after begins again."""
        self.with_reserve(cap=30)
        taken = []
        for day in ("2019-09-03", "2019-09-04", "2019-09-05", "2020-07-06"):
            self.worked(600, date=day)
            move = self.post(self.bill(), day)
            reserve = move.invoice_line_ids.filtered("is_at_cost_reserve")
            taken.append(sum(reserve.mapped("price_subtotal")))
            if len(taken) == 3:
                self.assertEqual(self.order_line.untaxed_amount_to_invoice, 0)
        # What the cap kept from a year is not billed in the next one.
        self.assertEqual(taken, [20, 10, 0, 20])
        first = self.order.invoice_ids.sorted("invoice_date")[0]
        self.reverse(first, day="2020-08-01").action_post()
        self.assertEqual(self.year_taken(), 1000)
        again = self.post(self.bill(), "2020-08-02")
        self.assertEqual(
            again.invoice_line_ids.filtered("is_at_cost_reserve").price_subtotal, 20
        )
        self.assertEqual(self.year_taken(), 3000)

    def year_taken(self):
        return self.Entry._reserve_taken(
            self.company, self.env["account.move"]._fields["date"].to_date("2019-09-03")
        )

    def test_a_cap_of_everybody(self):
        """The run shows what it bills: an agreement has what the one before left."""
        self.with_reserve(cap=30)
        self.worked(600, date="2019-09-03")
        self.other_time(600, 600, date="2019-09-04")
        run = self.new_billing(date_to="2019-09-30")
        run.action_propose()
        self.assertEqual(sum(run.line_ids.mapped("reserve")), 30)
        run.action_create()
        shown = {line.order_id: line.reserve for line in run.line_ids}
        for order in (self.order, self.other):
            lines = order.invoice_ids.invoice_line_ids
            reserve = lines.filtered("is_at_cost_reserve").price_subtotal
            self.assertEqual(shown[order], reserve)
        self.assertEqual(self.year_taken(), 3000)

    def test_what_took_the_room_is_not_passed(self):
        """A cancelled invoice doesn't take back a reserve that others have since."""
        self.with_reserve(cap=30)
        self.worked(900, date="2019-09-03")
        move = self.bill()
        move.button_cancel()
        self.other_time(900, date="2019-09-04")
        self.bill(self.other)
        with self.refused("has reached its cap"):
            move.button_draft()

    def test_a_reserve_changed_by_hand_is_refused(self):
        self.with_reserve()
        self.worked(600, date="2019-09-03")
        move = self.bill()
        move.invoice_line_ids.filtered("is_at_cost_reserve").price_unit = 5
        with self.refused("reserve"):
            self.post(move, "2019-09-30")

    def test_disbursements_at_cost(self):
        """Three nights that cost 100 $: 100.00 $, where core bills 99.99 $."""
        plan, _others = self.env["account.analytic.plan"]._get_all_plans()
        self.project.account_id = self.env["account.analytic.account"].create(
            {
                "name": "Entente",
                "plan_id": plan.id,
                "company_id": self.company.id,
            }
        )
        product = self.env["product.product"].create(
            {
                "name": "Hébergement",
                "type": "service",
                "expense_policy": "cost",
                "invoice_policy": "delivery",
                "taxes_id": [Command.clear()],
                "supplier_taxes_id": [Command.clear()],
            }
        )
        self.order.project_id = self.project
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.partner_a.id,
                "invoice_date": "2018-09-10",
                "company_id": self.company.id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "quantity": 3,
                            "price_unit": 100 / 3,
                            "tax_ids": [Command.clear()],
                            "analytic_distribution": {self.project.account_id.id: 100},
                        }
                    )
                ],
            }
        )
        bill.action_post()
        self.worked(60)
        run = self.new_billing()
        run.action_propose()
        self.assertEqual(run.line_ids.expenses, 100)
        run.action_create()
        move = run.line_ids.move_id
        line = move.invoice_line_ids.filtered(lambda each: each.product_id == product)
        self.assertEqual(line.price_subtotal, 100)
        self.assertEqual(move.amount_untaxed, 222)

    def test_in_the_currency_of_the_cooperative(self):
        """Another currency on the draft would say the same figures of other money."""
        self.worked(60)
        move = self.bill()
        other = self.env["res.currency"].search(
            [("id", "!=", move.currency_id.id), ("active", "in", (True, False))],
            limit=1,
        )
        other.active = True
        own, move.currency_id = move.currency_id, other
        with self.refused(f"it is in {own.name}"):
            self.post(move)
        move.currency_id = own
        self.post(move)
        self.check_truth()
