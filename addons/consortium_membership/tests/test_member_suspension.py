from datetime import date

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_members import MemberCommon


@tagged("post_install", "-at_install")
class TestVoteSuspension(MemberCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2019-06-15 16:00:00"))
        cls.member = cls.admit(cls.alize, "2016-03-01")
        cls.decision = cls.resolution("expulsion", "2019-05-20")

    def suspension(self, **values):
        return self.env["consortium.suspension"].create(
            {
                "partner_id": self.alize.id,
                "notice_date": "2019-05-01",
                "date_start": "2019-06-01",
                "resolution_id": self.decision.id,
                **values,
            }
        )

    def test_after_the_time_to_object(self):
        suspension = self.suspension()
        self.assertEqual(suspension.objection_limit, date(2019, 5, 16))
        suspension.action_decide()
        self.assertIn(suspension, suspension._on("2019-06-15"))
        self.assertTrue(suspension.in_force)

    def test_not_before(self):
        with self.assertRaisesRegex(UserError, "may object until 2019-05-16"):
            self.suspension(date_start="2019-05-16").action_decide()

    def test_the_member_has_its_time_to_object(self):
        """Decided early, the objection could not be entered any more."""
        suspension = self.suspension(
            notice_date="2019-06-01",
            date_start="2019-07-01",
            resolution_id=self.resolution("expulsion", "2019-06-10").id,
        )
        self.assertEqual(suspension.objection_limit, date(2019, 6, 16))
        with self.assertRaisesRegex(UserError, "may object until 2019-06-16"):
            suspension.action_decide()
        with freeze_time("2019-06-17 16:00:00"):
            suspension.action_decide()
        self.assertEqual(suspension.state, "decided")

    def test_an_objection_answered_is_not_waited_for(self):
        suspension = self.suspension(
            notice_date="2019-06-01",
            date_start="2019-07-01",
            resolution_id=self.resolution("expulsion", "2019-06-10").id,
            objection_date="2019-06-05",
            objection_answer="Aucune opération depuis 2017.",
        )
        suspension.action_decide()
        self.assertEqual(suspension.state, "decided")

    def test_the_notice_comes_before_the_decision(self):
        for day in ("2019-04-30", "2019-05-01"):
            decided = self.resolution("expulsion", day)
            with self.assertRaisesRegex(UserError, "comes before the decision"):
                self.suspension(resolution_id=decided.id).action_decide()

    def test_what_the_member_writes_is_for_those_who_keep_the_register(self):
        suspension = self.suspension(objection_date="2019-05-10", objection="Privé")
        for group in ("membership_officer", "auditor", "manager"):
            user = self.employee(group)
            self.assertEqual(suspension.with_user(user).objection, "Privé")
        for group in ("expert", "accountant"):
            found = suspension.with_user(self.employee(group))
            self.assertTrue(found.partner_id)
            for name in ("objection", "objection_answer"):
                with self.assertRaises(AccessError):
                    found.read([name])

    def test_an_objection_is_answered(self):
        suspension = self.suspension(objection_date="2019-05-10")
        with self.assertRaisesRegex(UserError, "write the answer"):
            suspension.action_decide()
        suspension.objection_answer = "Aucune opération depuis 2017."
        suspension.action_decide()

    def test_an_objection_that_is_right(self):
        suspension = self.suspension(objection_date="2019-05-10")
        suspension.action_give_up()
        self.assertFalse(suspension._on("2019-06-15"))
        with self.assertRaises(UserError):
            suspension.action_decide()

    def test_needs_a_resolution(self):
        with self.assertRaisesRegex(UserError, "must cite one resolution"):
            self.suspension(resolution_id=False).action_decide()

    def test_of_a_member_only(self):
        with self.assertRaisesRegex(UserError, "is not a member"):
            self.suspension(partner_id=self.boreale.id).action_decide()

    def test_lifted(self):
        suspension = self.suspension()
        suspension.action_decide()
        suspension.action_lift()
        self.assertEqual(suspension.date_end, date(2019, 6, 15))
        with self.assertRaisesRegex(UserError, "is over"):
            suspension.action_lift()

    def test_decided_stays(self):
        suspension = self.suspension()
        suspension.action_decide()
        with self.assertRaises(UserError):
            suspension.date_start = "2018-01-01"
        with self.assertRaises(UserError):
            suspension.unlink()

    def test_officers_do_not_write_the_state(self):
        officer = self.employee("membership_officer")
        model = self.env["consortium.suspension"].with_user(officer)
        with self.assertRaises(UserError):
            model.create({"partner_id": self.alize.id, "state": "decided"})
