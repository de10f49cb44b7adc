from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import ServedCommon


@tagged("post_install", "-at_install")
class TestServed(ServedCommon):
    def test_a_member_is_served_by_its_own_membership(self):
        served = self.member._served_through(self.today)
        self.assertEqual(served, self.membership)
        self.assertEqual(self.member._why_not_served(self.today), "")

    def test_a_member_of_a_network_is_served_through_it(self):
        served = self.affiliated._served_through(self.today)
        self.assertEqual(served, self.network_membership)

    def test_the_primary_network_comes_first(self):
        other = self.network.copy({"name": "Réseau Suroît"})
        first = self.admit(other, self.user_category, -550)
        self.env["consortium.affiliation"].create(
            {
                "organization_id": self.affiliated.id,
                "network_id": other.id,
                "date_start": self.day(-400),
            }
        )
        self.assertEqual(
            self.affiliated._served_through(self.today), self.network_membership
        )
        self.affiliation.is_primary = False
        numbered = (first + self.network_membership).sorted("number")[0]
        self.assertEqual(self.affiliated._served_through(self.today), numbered)

    def test_a_stranger_is_refused_in_one_sentence(self):
        with self.assertRaises(ValidationError) as raised:
            self.request(self.stranger)
        self.assertIn("Ateliers Inconnus", raised.exception.args[0])
        self.assertIn("exception", raised.exception.args[0])

    def test_before_the_admission_nobody_was_served(self):
        self.assertFalse(self.member._served_through(self.day(-501)))
        self.assertTrue(self.member._served_through(self.day(-500)))

    def test_on_the_last_day_still_served(self):
        self.membership._end(self.day(-10), "resignation")
        self.assertTrue(self.member._served_through(self.day(-10)))
        self.assertFalse(self.member._served_through(self.day(-9)))

    def test_an_affiliation_that_ended_serves_no_more(self):
        self.affiliation.date_end = self.day(-1)
        self.assertTrue(self.affiliated._why_not_served(self.today))

    def test_a_request_keeps_the_category_of_its_day(self):
        old = self.request(self.member, days=-30)
        decision = self.resolution(kind="admission", date=self.day(-20))
        self.membership._change_category(self.support_category, self.day(-20), decision)
        new = self.request(self.member)
        self.assertEqual(old.member_category_id, self.user_category)
        self.assertEqual(new.member_category_id, self.support_category)
        old.name = "Besoin revu"
        self.env.flush_all()
        self.assertEqual(old.member_category_id, self.user_category)

    def test_a_request_keeps_its_sponsoring_network(self):
        request = self.request(self.affiliated, days=-5)
        self.assertEqual(request.sponsor_network_id, self.network)
        self.assertEqual(request.member_category_id, self.support_category)
        self.affiliation.date_end = self.day(-1)
        self.env.flush_all()
        self.assertEqual(request.sponsor_network_id, self.network)

    def test_an_agreement_made_with_its_sponsor_has_its_category(self):
        given = self.agreement(self.member, sponsor_network_id=False)
        self.assertEqual(given.member_category_id, self.user_category)
        through = self.agreement(self.affiliated, sponsor_network_id=self.network.id)
        self.assertEqual(through.member_category_id, self.support_category)

    def test_a_member_has_no_sponsor(self):
        self.assertFalse(self.request(self.member).sponsor_network_id)

    def test_an_agreement_keeps_the_category_of_who_is_served(self):
        order = self.agreement(self.network, beneficiary_id=self.affiliated.id)
        self.assertEqual(order.member_category_id, self.support_category)
        self.assertEqual(order.sponsor_network_id, self.network)
        own = self.agreement(self.network, beneficiary_id=self.member.id)
        self.assertEqual(own.member_category_id, self.user_category)
        self.assertFalse(own.sponsor_network_id)

    def test_the_network_that_was_written_is_the_one_signed(self):
        other = self.network.copy({"name": "Réseau Suroît"})
        order = self.agreement(self.network, beneficiary_id=self.affiliated.id)
        order.sponsor_network_id = other
        order.date_order = f"{self.day(-1)} 15:00:00"
        order.sudo().signed_on = f"{self.today} 15:00:00"
        self.env.flush_all()
        self.assertEqual(order.sponsor_network_id, other)
        self.assertEqual(order._agreement_content()["network"], "Réseau Suroît")
        order.sudo().signed_on = False
        order.beneficiary_id = self.member
        self.assertFalse(order.sponsor_network_id, "that of who is served")

    def test_a_plain_order_has_neither(self):
        order = self.env["sale.order"].create({"partner_id": self.member.id})
        self.assertFalse(order.member_category_id)

    def test_an_agreement_is_not_proposed_to_a_stranger(self):
        order = self.agreement(self.stranger)
        with self.assertRaises(UserError) as raised:
            order._check_served()
        self.assertIn("Ateliers Inconnus", raised.exception.args[0])
        self.agreement(self.member)._check_served()

    def test_what_runs_is_shortened_for_a_member_that_left(self):
        """Nothing more is given to it; less, or something else said, is."""
        order = self.running(self.member)
        version = self.env["consortium.agreement.version"].create(
            {"order_id": order.id, "agreement_end": self.day(5)}
        )
        self.membership._end(self.day(-1), "resignation")
        manager = self.employee("manager")
        mine = order.with_user(manager)
        other = self.expertise.copy({"code": "TEST-AUTRE"})

        def check():
            mine._check_countersigner(version)

        check()
        version.agreement_title = "Autre titre"
        version.line_ids.planned_minutes = version.ceiling_minutes = 30
        check()
        for vals in (
            {"agreement_end": self.day(91)},
            {"ceiling_minutes": 61},
            {"ceiling_minutes": 0},
            {"line_ids": [(1, version.line_ids.id, {"planned_minutes": 61})]},
            {"line_ids": [(0, 0, {"expertise_id": other.id, "planned_minutes": 1})]},
        ):
            with self.subTest(vals), self.cr.savepoint() as savepoint:
                version.write(vals)
                with self.assertRaisesRegex(UserError, "Coop du Fjord"):
                    check()
                with self.assertRaisesRegex(UserError, "Coop du Fjord"):
                    version.with_user(manager).action_propose()
                self.env.flush_all()
                self.env.invalidate_all()
                savepoint.rollback()
            self.env.invalidate_all()
        check()

    def test_the_agreement_itself_is_countersigned_for_who_is_served(self):
        order = self.agreement(self.member)
        order.sudo().write(
            {"state": "sent", "signed_by": "x", "signed_on": f"{self.today} 15:00:00"}
        )
        version = self.env["consortium.agreement.version"].create(
            {"order_id": order.id}
        )
        mine = order.with_user(self.employee("manager"))
        mine._check_countersigner(version)
        self.membership._end(self.day(-1), "resignation")
        with self.assertRaisesRegex(UserError, "Coop du Fjord"):
            mine._check_countersigner(version)

    def test_a_running_agreement_is_told_at_a_resignation(self):
        self.agreement(self.member)
        self.assertEqual(self.membership._running_contracts(self.today), [])
        order = self.running(self.member)
        self.assertEqual(
            self.membership._running_contracts(self.today),
            [(order.name, self.day(90))],
        )
        self.assertEqual(self.membership._running_contracts(self.day(90)), [])
        # The secretary, who reads no agreement, is warned too.
        officer = self.employee("membership_officer")
        self.assertEqual(
            len(self.membership.with_user(officer)._running_contracts(self.today)), 1
        )

    def test_agreements_of_a_beneficiary_and_of_a_network_are_told(self):
        served = self.running(self.network, beneficiary_id=self.member.id)
        self.assertEqual(
            self.membership._running_contracts(self.today),
            [(served.name, self.day(90))],
        )
        sponsored = self.agreement(self.affiliated)
        sponsored.sudo().signed_on = f"{self.today} 15:00:00"
        self.assertEqual(sponsored.agreement_state, "signed")
        self.assertEqual(
            {
                name
                for name, _end in self.network_membership._running_contracts(self.today)
            },
            {served.name, sponsored.name},
        )

    def test_others_agreements_are_not_told(self):
        self.running(self.network)
        self.assertEqual(self.membership._running_contracts(self.today), [])

    def test_queries_do_not_grow_with_the_members(self):
        self.member._why_not_served(self.today)
        self.env.invalidate_all()
        with self.assertQueryCount(8):
            self.affiliated._why_not_served(self.today)
        partners = self.env["res.partner"].create(
            [{"name": f"Coop {n}", "is_company": True} for n in range(60)]
        )
        for partner in partners:
            self.admit(partner, self.user_category)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(8):
            self.affiliated._why_not_served(self.today)
