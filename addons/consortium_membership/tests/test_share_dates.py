from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_shares import ShareCommon

CLOSED = "closed up to 2018-06-30"


@tagged("post_install", "-at_install")
class TestShareDates(ShareCommon):
    """Operations and the days that the books have closed, or that have not come."""

    def close(self, **locks):
        self.company.sudo().write(locks)

    def prepared(self, day):
        """One operation of each kind, each of a holder of its own, to confirm."""
        partners = self.env["res.partner"].create(
            [{"name": f"Coop {index}", "is_company": True} for index in range(4)]
        )
        for partner in partners:
            self.paid_issue(partner, 4)
        request = self.request(2, partners[2])
        request._sign_tests(
            "resolution", {"insolvent": "no", "unstable": "no", "unmet": "no"}, day
        )
        given = self.transfer(1, "2018-02-01", partners[3])
        reversal = self.operations.browse(given.action_reverse()["res_id"])
        reversal.date = day
        issue, transfer, conversion, redemption = (
            self.prepare(kind, 2, day, partner, **values)
            for kind, partner, values in (
                ("issue", self.alize, {}),
                ("transfer", partners[0], {"counterparty_id": self.boreale.id}),
                ("conversion", partners[1], {"target_class_id": self.preferred.id}),
                ("redemption", partners[2], {"redemption_id": request.id}),
            )
        )
        return issue, transfer, conversion, redemption, reversal

    def test_nothing_is_dated_in_a_closed_period(self):
        """Core would move the account entry alone to the first open day."""
        operations = self.prepared("2018-06-30")
        before = self.entries.search_count([])
        self.close(fiscalyear_lock_date="2018-06-30")
        for operation in operations:
            with self.assertRaisesRegex(UserError, CLOSED):
                operation.action_confirm()
            self.assertEqual(operation.state, "draft")
        self.assertEqual(self.entries.search_count([]), before)
        for operation in operations:
            operation.date = "2018-07-01"
            operation.action_confirm()
            self.assertEqual(
                set(operation.move_ids.mapped("date")), {self.day("2018-07-01")}
            )
        self.assertBooks()

    def test_sales_that_are_closed_stop_invoices_alone(self):
        operations = self.prepared("2018-06-30")
        self.close(sale_lock_date="2018-06-30")
        for operation in operations:
            if operation.kind in ("transfer", "conversion"):
                operation.action_confirm()
                self.assertEqual(operation.move_ids.date, self.day("2018-06-30"))
                continue
            with self.assertRaisesRegex(UserError, CLOSED):
                operation.action_confirm()

    def test_an_officer_reads_the_same_sentence(self):
        officer = self.member_user("membership_officer")
        self.close(hard_lock_date="2018-06-30")
        with self.assertRaisesRegex(UserError, CLOSED):
            self.operations.with_user(officer)._subscribe(
                self.alize, self.common, 3, "2018-06-30", self.board
            )
        self.assertFalse(self.held())

    # A first day to come

    def application(self, partner, category):
        application = self.env["consortium.membership.application"].create(
            {
                "partner_id": partner.id,
                "organization_kind_id": self.env.ref(
                    "consortium_base.organization_kind_cooperative"
                ).id,
                "category_id": category.id,
                "has_undertaken": True,
            }
        )
        application.action_submit()
        return application

    def category(self, code, quantity):
        self.common.is_qualifying = True
        line = {"share_class_id": self.common.id, "quantity": quantity}
        return self.env["consortium.member.category"].create(
            {"name": code, "code": code, "qualifying_ids": [(0, 0, line)]}
        )

    def setUp(self):
        super().setUp()
        self.today = self.company._today()
        self.to_come = self.today + timedelta(days=30)

    def test_an_admission_from_a_day_to_come(self):
        """The shares are subscribed on the day of the decision."""
        application = self.application(self.alize, self.category("t_first", 3))
        wizard = self.env["consortium.membership.decision"].create(
            {
                "application_ids": [(6, 0, application.ids)],
                "resolution_id": self.resolution(self.today, "admission").id,
                "send_welcome": False,
            }
        )
        wizard.date = self.to_come
        wizard.action_decide()
        membership = application.membership_id
        self.assertEqual(membership.date_start, self.to_come)
        self.assertFalse(membership._is_on(self.today))
        issue = self.entries.search([("partner_id", "=", self.alize.id)])
        self.assertEqual((issue.quantity, issue.date), (3, self.today))
        self.assertEqual(self.invoice(issue.operation_id).date, self.today)
        self.assertTrue(
            membership.with_context(consortium_date=self.to_come).qualifying_ok
        )
        self.assertBooks()

    def test_a_change_of_category_from_a_day_to_come(self):
        admission = self.resolution("2018-01-10", "admission")
        application = self.application(self.alize, self.category("t_small", 3))
        membership = application._admit(admission, "2018-02-01", welcome="no")
        new = membership._change_category(
            self.category("t_large", 5), self.to_come, admission
        )
        self.assertEqual(new.date_start, self.to_come)
        issues = self.entries.search([("partner_id", "=", self.alize.id)], order="id")
        self.assertEqual(
            [(issue.quantity, issue.date) for issue in issues],
            [(3, self.day("2018-02-01")), (2, self.today)],
        )

    def test_a_bulk_admission_from_a_day_to_come(self):
        kind = self.env.ref("consortium_base.organization_kind_network")
        network = self.env["res.partner"].create(
            {"name": "Fédération", "is_company": True, "organization_kind_id": kind.id}
        )
        for partner in self.alize | self.boreale:
            self.env["consortium.affiliation"].create(
                {
                    "organization_id": partner.id,
                    "network_id": network.id,
                    "date_start": "2015-01-01",
                }
            )
        bulk = self.env["consortium.membership.bulk"].create(
            {
                "network_id": network.id,
                "category_id": self.category("t_bulk", 2).id,
                "date": self.to_come,
                "resolution_id": self.resolution(self.today, "admission").id,
                "has_undertaken": True,
            }
        )
        bulk.action_check()
        bulk.action_admit()
        members = self.env["consortium.membership"]._on(self.to_come)
        self.assertEqual(members.partner_id, self.alize | self.boreale)
        issues = self.entries.search([("partner_id", "in", members.partner_id.ids)])
        self.assertEqual(set(issues.mapped("date")), {self.today})
        self.assertEqual(issues.mapped("quantity"), [2, 2])
