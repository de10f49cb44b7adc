from odoo.tests import tagged

from .common import AtCostAgreementCommon


@tagged("post_install", "-at_install")
class TestCenters(AtCostAgreementCommon):
    """A field of expertise says the cost center and the rate of its hours."""

    def test_hours_are_of_the_center_of_the_field(self):
        line = self.enter(self.running(), 60)
        self.assertEqual(line.cost_center_id, self.legal_center)
        self.assertEqual(line.amount, -122)

    def test_of_the_field_above(self):
        self.law.cost_center_id = False
        self.law.parent_id = self.finance
        line = self.enter(self.running(), 60)
        self.assertEqual(line.cost_center_id, self.money_center)

    def test_of_the_product_then_of_the_person(self):
        self.law.cost_center_id = False
        order = self.running()
        self.assertFalse(self.enter(order, 60).cost_center_id)
        self.env["consortium.cost.assignment"].create(
            {
                "employee_id": self.expert.id,
                "cost_center_id": self.legal_center.id,
                "date_start": self.day(-30),
            }
        )
        self.assertEqual(self.enter(order, 60).cost_center_id, self.legal_center)
        order.order_line.product_id.cost_center_id = self.money_center
        self.assertEqual(self.enter(order, 60).cost_center_id, self.money_center)

    def test_counted_with_another(self):
        self.legal_center.merge_into_id = self.money_center
        order = self.running()
        self.assertEqual(self.enter(order, 60).cost_center_id, self.money_center)
        self.assertEqual(order.order_line.price_unit, 108)

    def test_the_rate_in_force_is_shown_and_signed(self):
        order = self.agreement(options=(120,))
        self.assertEqual(order.order_line.mapped("price_unit"), [122, 108])
        content = order._agreement_content()
        self.assertEqual(
            [line["rate"] for line in content["lines"]], ["122.00", "108.00"]
        )
        self.assertEqual(order.amount_untaxed, 1_220)

    def test_the_rate_of_the_first_and_last_days(self):
        self.rate(self.legal_center, 13_000, self.day(10))
        later = self.agreement(agreement_start=self.day(20))
        self.assertEqual(self.shown(later), 130)
        self.assertEqual(self.shown(self.agreement()), 122)
        self.team(self.money_center, 1)
        self.rate(self.money_center, 11_000, self.day(-5))
        ended = self.agreement(
            agreement_start=self.day(-50), agreement_end=self.day(-20), options=(60,)
        )
        option = ended.order_line.filtered("is_agreement_option")
        self.assertEqual(option._provisional_rate()[option.id], 108)

    def test_no_rate_yet(self):
        self.law.cost_center_id = self.env["consortium.cost.center"].create(
            {"code": "TNEW", "name": "Nouveau"}
        )
        order = self.agreement()
        order.order_line.price_unit = 95
        self.assertEqual(self.shown(order), 95)

    def shown(self, order):
        line = order.order_line.filtered(lambda line: line.expertise_id == self.law)
        return line._provisional_rate()[line.id]

    def test_one_query_for_all_rates(self):
        order = self.agreement(options=(60, 60, 60))
        lines = order.order_line.browse(order.order_line.ids)
        lines._provisional_rate()
        self.env.flush_all()
        counts = []
        for some in (lines[:2], lines):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            some._provisional_rate()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    def test_estimates_from_approved_hours(self):
        for minutes in (120, 180, 240, 300):
            order = self.running(minutes=600)
            self.approve(self.enter(order, minutes))
            self.enter(order, 60)
            order.with_user(self.coordinator)._close("<p>Fait</p>")
        self.assertEqual(
            sorted(self.law._mandate_minutes()[self.law.id]), [120, 180, 240, 300]
        )

    def test_the_center_is_not_in_the_catalogue(self):
        field = self.law._fields["cost_center_id"]
        member = self.law.with_user(self.signatory)
        self.assertFalse(member._has_field_access(field, "read"))
