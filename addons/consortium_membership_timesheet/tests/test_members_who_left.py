from odoo.addons.consortium_timesheet.tests.common_true_up import TrueUpCommon
from odoo.fields import Date
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestMembersWhoLeft(TrueUpCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        admission = cls.env["consortium.resolution"].create(
            {
                "subject": "Admissions",
                "kind": "admission",
                "date": "2015-01-15",
                "unanimous": True,
                "company_id": cls.company.id,
            }
        )
        admission.action_decide()
        cls.admission = admission
        category = cls.category = cls.env["consortium.member.category"].create(
            {"name": "Soutien", "code": "t_left", "kind": "support"}
        )
        cls.membership = {}
        for name in ("A1", "A2", "A3", "A4"):
            partner = cls.agreements[name][0].partner_id
            cls.env["consortium.membership"].with_company(cls.company)._admit(
                partner, category, "2016-07-01", resolution_id=admission.id
            )
            cls.membership[name] = cls.env["consortium.membership"].search(
                [("partner_id", "=", partner.id)]
            )

    def end(self, name, day):
        """As a resignation does, at its end."""
        self.membership[name]._close(Date.to_date(day), "resignation")

    def left(self, day):
        names = self.names()
        found = self.orders._members_who_left(Date.to_date(day))
        return {names[order] for order in found}

    def test_who_left(self):
        self.end("A4", "2019-03-31")
        self.end("A2", "2019-12-31")
        # G1 was never a member: it has not left.
        self.assertEqual(self.left("2019-03-31"), set())
        self.assertEqual(self.left("2019-04-01"), {"A4"})
        self.assertEqual(self.left("2020-01-01"), {"A2", "A4"})
        self.agreements["G1"][0].partner_id.active = False
        self.assertEqual(self.left("2019-04-01"), {"A4", "G1"})

    def test_always_settled(self):
        """Whatever the policy: tomorrow's members don't pay yesterday's cost."""
        self.bill_all()
        self.end("A4", "2019-03-31")
        run = self.final(settlement_policy="carry").with_user(self.role("accountant"))
        run.action_true_up()
        run.action_approve_true_up()
        names = self.names()
        found = {names[row.order_id]: row.settlement for row in run.true_up_ids}
        self.assertEqual(
            found, dict.fromkeys(("A1", "A2", "A3", "G1"), "carry") | {"A4": "settle"}
        )

    def admit(self, name, day):
        self.env["consortium.membership"].with_company(self.company)._admit(
            self.agreements[name][0].partner_id,
            self.category,
            day,
            resolution_id=self.admission.id,
        )

    def test_new_in_the_year(self):
        """Settled too; who comes back, or comes the year after, is not new."""
        self.bill_all()
        self.admit("G1", "2018-10-01")
        self.end("A3", "2018-08-31")
        self.admit("A3", "2018-11-01")
        names = self.names()
        for days, expected in (
            (("2018-07-01", "2019-06-30"), {"G1"}),
            (("2018-10-01", "2018-10-01"), {"G1"}),
            (("2017-07-01", "2018-09-30"), set()),
            (("2018-10-02", "2019-06-30"), set()),
        ):
            found = self.orders._members_new(*map(Date.to_date, days))
            self.assertEqual({names[order] for order in found}, expected)
        run = self.final(settlement_policy="carry").with_user(self.role("accountant"))
        run.action_true_up()
        run.action_approve_true_up()
        found = {names[row.order_id]: row.settlement for row in run.true_up_ids}
        self.assertEqual(
            found, dict.fromkeys(("A1", "A2", "A3", "A4"), "carry") | {"G1": "settle"}
        )

    def test_queries_do_not_grow(self):
        counts = []
        for orders in (self.orders[:1], self.orders):
            self.env.flush_all()
            self.env.invalidate_all()
            orders.mapped("partner_id.commercial_partner_id.active")
            before = self.cr.sql_log_count
            orders._members_who_left(Date.to_date("2019-06-30"))
            orders._members_new(*map(Date.to_date, ("2018-07-01", "2019-06-30")))
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
