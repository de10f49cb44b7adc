from datetime import date

from odoo.addons.consortium_base.tests.common_access import (
    BY_MANAGER,
    BY_OFFICER,
    STAFF,
    AccessMatrix,
)
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_members import MemberCommon

OFFICE = {"membership_officer": "crwu", "manager": "crwu", "auditor": "r"}
WIZARD = {"membership_officer": "crwu", "manager": "crwu"}
# What each group may do with each model of members; those of shares have a test of
# their own.
EXPECTED = {
    "consortium.member.category": {**BY_MANAGER, "portal": "r"},
    "consortium.member.category.counts.as": {**BY_MANAGER, "portal": "r"},
    "consortium.member.ground": {
        "membership_officer": "r",
        "auditor": "r",
        "manager": "crwu",
    },
    "consortium.member.qualifying": BY_MANAGER,
    "consortium.member.register": dict.fromkeys(STAFF, "crwu"),
    "consortium.member.request": {
        "membership_officer": "crw",
        "manager": "crw",
        "accountant": "r",
        "auditor": "r",
        "portal": "r",
    },
    "consortium.member.sanction": OFFICE,
    "consortium.membership": {**BY_OFFICER, "portal": "r"},
    "consortium.membership.application": OFFICE,
    "consortium.membership.bulk": WIZARD,
    "consortium.membership.bulk.line": WIZARD,
    "consortium.membership.change": WIZARD,
    "consortium.membership.decision": WIZARD,
    "consortium.membership.import": WIZARD,
    "consortium.membership.import.line": WIZARD,
    "consortium.membership.resignation": OFFICE,
    "consortium.suspension": BY_OFFICER,
}


@tagged("post_install", "-at_install")
class TestMemberAccess(AccessMatrix, MemberCommon):
    expected = EXPECTED

    def test_every_model_has_its_expectation(self):
        own = self.own_models("consortium_membership")
        shares = self.own_models("consortium_membership", "consortium.share")
        self.assertEqual(own - shares, set(EXPECTED))

    def test_a_member_sees_its_own(self):
        own = self.admit(self.alize, "2016-03-01")
        other = self.admit(self.boreale, "2016-03-01")
        user = self.representative(self.alize)
        self.assertEqual((own | other).with_user(user)._filtered_access("read"), own)
        with self.assertRaises(AccessError):
            other.with_user(user).read(["number"])
        for name in ("resolution_id", "end_resolution_id", "application_id"):
            with self.assertRaises(AccessError):
                own.with_user(user).read([name])
        with self.assertRaises(AccessError):
            own.with_user(user).write({"founding": True})

    def test_requests_of_a_member_are_its_own(self):
        self.admit(self.alize, "2016-03-01")
        self.admit(self.boreale, "2016-03-01")
        user = self.representative(self.alize)
        model = self.env["consortium.member.request"]
        own, other = (
            model._submit("resignation", partner, user.partner_id)
            for partner in (self.alize, self.boreale)
        )
        self.assertEqual((own | other).with_user(user)._filtered_access("read"), own)
        with self.assertRaises(AccessError):
            own.with_user(user).write({"details": "x"})
        with self.assertRaises(AccessError):
            own.with_user(user).read(["decided_by_id"])

    def test_status_of_contacts_is_not_for_everybody(self):
        user = self.representative(self.alize)
        with self.assertRaises(AccessError):
            self.alize.with_user(user).read(["member_status"])

    def test_each_company_its_members(self):
        company = self.env["res.company"].create({"name": "Autre coop"})
        member = self.membership_model.create(
            {
                "partner_id": self.alize.id,
                "company_id": company.id,
                "category_id": self.user_category.id,
                "date_start": "2016-01-01",
                "state": "admitted",
                "founding": True,
            }
        )
        officer = self.users["membership_officer"]
        self.assertFalse(member.with_user(officer)._filtered_access("read"))

    def test_an_officer_does_it_all(self):
        """From the application to the expulsion, with the rights of the role alone."""
        officer = self.users["membership_officer"]
        application = self.submitted(
            contact_name="Aline", contact_email="a@x.example"
        ).with_user(officer)
        board = self.resolution("admission", "2019-02-01")
        membership = application._admit(board.with_user(officer), "2019-02-01")
        self.assertEqual(membership.env.user, officer)
        membership._change_category(
            self.support.with_user(officer), "2019-03-01", board.with_user(officer)
        )

    def test_auditor_writes_nothing(self):
        member = self.admit(self.alize, "2016-03-01")
        auditor = self.users["auditor"]
        self.assertTrue(member.with_user(auditor).read(["number", "resolution_id"]))
        with self.assertRaises(AccessError):
            member.with_user(auditor)._end(date(2019, 1, 1), "other")
