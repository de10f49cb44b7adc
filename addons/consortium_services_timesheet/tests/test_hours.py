from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import AtCostAgreementCommon


@tagged("post_install", "-at_install")
class TestHours(AtCostAgreementCommon):
    """The ceiling of an agreement, in whole minutes, approved or not, if charged."""

    def goodwill(self, line):
        reason = self.env.ref("consortium_timesheet.nonchargeable_goodwill")
        line.write({"chargeable": False, "nonchargeable_reason_id": reason.id})

    def test_approved_and_pending_count(self):
        order = self.running(minutes=600)
        self.approve(self.enter(order, 50))
        self.enter(order, 25)
        self.assertEqual(order._spent_minutes(), {order.id: {self.law.id: 75}})
        self.assertAlmostEqual(order.approved_hours, 50 / 60)
        self.assertAlmostEqual(order.pending_hours, 25 / 60)
        self.assertAlmostEqual(order.spent_hours, 75 / 60)

    def test_what_is_not_charged_does_not(self):
        order = self.running(minutes=120)
        self.goodwill(self.enter(order, 120))
        self.assertFalse(order._spent_minutes())
        self.enter(order, 120)

    def test_beyond_the_ceiling_once_charged(self):
        order = self.running(minutes=120)
        free = self.enter(order, 60)
        self.goodwill(free)
        self.enter(order, 100)
        with self.assertRaises(UserError) as problem:
            free.write({"chargeable": True, "nonchargeable_reason_id": False})
        self.assertIn("ask for the member's consent", str(problem.exception))

    def test_beyond_the_ceiling_in_minutes(self):
        order = self.running(minutes=120)
        line = self.enter(order, 60)
        with self.assertRaises(UserError):
            line.minutes = 121
        line.minutes = 120

    def test_warned_at_each_mark(self):
        order = self.running(minutes=100)
        line = self.enter(order, 40)
        self.assertEqual(order.ceiling_warned, 0)
        self.approve(line)
        self.enter(order, 10)
        self.assertEqual(order.ceiling_warned, 50)

    def test_a_correction_frees_the_ceiling(self):
        order = self.running(minutes=120)
        line = self.approve(self.enter(order, 120))
        line.with_user(self.coordinator)._correct("Trop", {"unit_amount": 1})
        self.assertEqual(order._spent_minutes()[order.id], {self.law.id: 60})
        self.enter(order, 60)

    def test_rendered_to_who_is_served(self):
        """Whoever signed: where hours are counted by organization, they are of the
        beneficiary."""
        order = self.running(beneficiary_id=self.organization_b.id)
        line = self.enter(order, 60)
        self.assertEqual(order.project_id.partner_id, self.organization_a)
        self.assertEqual(line.partner_id, self.organization_b)
        own = self.running()
        plain = self.enter(own, 60)
        self.assertEqual(plain.partner_id, self.organization_a)
        self.approve(line)
        # Another one, signed so by both sides: what is approved stays.
        waiting = self.enter(order, 30)
        order.sudo().beneficiary_id = own.sudo().beneficiary_id = self.person
        self.env.flush_all()
        self.assertEqual(line.partner_id, self.organization_b)
        self.assertEqual((waiting | plain).partner_id, self.person)

    def test_who_signed_and_who_is_served_follow_the_hours(self):
        order = self.running(beneficiary_id=self.organization_b.id)
        order.project_id.privacy_visibility = "portal"
        line = self.approve(self.enter(order, 60))
        lines = self.env["account.analytic.line"]

        def shown(user):
            domain = lines.with_user(user)._timesheet_get_portal_domain()
            return lines.sudo().search(domain) & line

        for user in (self.signatory, self.other_signatory):
            self.assertEqual(shown(user), line)
        self.sign_mandate.scope_request = False
        self.env.cr.cache.clear()
        self.env.invalidate_all()
        self.assertFalse(shown(self.signatory))

    def test_no_agreement_no_query(self):
        self.assertEqual(self.env["sale.order"]._charged_minutes(), {})

    def test_roles(self):
        order = self.running(minutes=600)
        self.approve(self.enter(order, 50))
        for role in ("accountant", "auditor"):
            user = self.employee(role)
            self.assertAlmostEqual(order.with_user(user).approved_hours, 50 / 60)
        for user in (self.expert_user, self.coordinator, self.manager):
            self.assertAlmostEqual(order.with_user(user).approved_hours, 50 / 60)

    def test_screens_show_them(self):
        for model, view in (
            ("sale.order", "consortium_services.sale_order_view_form_agreement"),
            (
                "consortium.expertise",
                "consortium_services.consortium_expertise_view_form",
            ),
        ):
            arch = self.env[model].get_view(self.env.ref(view).id, "form")["arch"]
            for name in ("approved_hours", "agreement_center_id", "cost_center_id"):
                if name in self.env[model]._fields:
                    self.assertIn(name, arch)
