from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2.errors import CheckViolation, UniqueViolation

from .common_members import MemberCommon


@tagged("post_install", "-at_install")
class TestMemberCategory(MemberCommon):
    def test_the_usual_ones_are_there(self):
        found = {
            code: self.env.ref(f"consortium_membership.member_category_{code}")
            for code in ("user", "support", "auxiliary", "worker")
        }
        self.assertEqual(found["user"].kind, "user")
        self.assertTrue(found["user"].has_vote)
        self.assertTrue(found["auxiliary"].is_auxiliary)
        self.assertFalse(found["auxiliary"].has_vote)
        self.assertTrue(found["auxiliary"].auxiliary_reason)
        self.assertEqual(found["worker"]._counts_as("2019-01-01"), "worker")

    def test_auxiliary_members_do_not_vote(self):
        self.assertFalse(self.auxiliary.has_vote)
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            with self.env.cr.savepoint():
                self.auxiliary.has_vote = True
                self.env.flush_all()

    def test_becoming_auxiliary_drops_the_vote(self):
        with Form(self.support) as form:
            form.is_auxiliary = True
            form.auxiliary_reason = "Une raison."
        self.assertFalse(self.support.has_vote)

    def test_auxiliary_says_why(self):
        with self.assertRaisesRegex(ValidationError, "Say why"):
            self.auxiliary.auxiliary_reason = " "

    def test_code_is_unique(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            with self.env.cr.savepoint():
                self.support.code = "t_user"
                self.env.flush_all()

    def test_counts_as_is_dated(self):
        self.user_category.counts_as_ids = [
            (0, 0, {"date_start": "2016-01-01", "counts_as": "none"}),
            (0, 0, {"date_start": "2018-07-01", "counts_as": "user"}),
        ]
        for day, expected in (
            ("2015-12-31", "none"),
            ("2018-06-30", "none"),
            ("2018-07-01", "user"),
            ("2026-01-01", "user"),
        ):
            self.assertEqual(self.user_category._counts_as(day), expected, day)
            category = self.user_category.with_context(consortium_date=day)
            self.assertEqual(category.counts_as, expected, day)

    def test_rights_of_members_stay(self):
        self.admit(self.alize, "2016-01-01")
        with self.assertRaisesRegex(UserError, "stay as they were"):
            self.user_category.kind = "support"
        self.user_category.name = "Autre nom"

    def test_rights_change_before_there_are_members(self):
        self.user_category.kind = "support"
        self.assertEqual(self.user_category.kind, "support")

    def test_used_category_is_not_deleted(self):
        self.admit(self.alize, "2016-01-01")
        with self.assertRaisesRegex(UserError, "archive it"):
            self.user_category.unlink()

    def test_kinds(self):
        self.assertTrue(self.user_category._accepts(self.kind))
        self.user_category.organization_kind_ids = self.kind_network
        self.assertFalse(self.user_category._accepts(self.kind))

    def test_member_count_of_a_date(self):
        self.admit(self.alize, "2016-01-01")
        category = self.user_category
        self.assertEqual(
            category.with_context(consortium_date="2015-01-01").member_count, 0
        )
        self.assertEqual(
            category.with_context(consortium_date="2016-01-01").member_count, 1
        )
