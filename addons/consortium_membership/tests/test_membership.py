from contextlib import suppress
from datetime import date, timedelta
from itertools import pairwise

from freezegun import freeze_time
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import CheckViolation, ExclusionViolation, ForeignKeyViolation

from .common_members import MemberCommon


@tagged("post_install", "-at_install")
class TestMembership(MemberCommon):
    def test_on_includes_first_and_last_days(self):
        member = self.admit(self.alize, "2016-03-01")
        member._end(date(2017, 6, 30), "resignation")
        for day, expected in (
            ("2016-02-29", False),
            ("2016-03-01", True),
            ("2017-06-30", True),
            ("2017-07-01", False),
        ):
            self.assertEqual(member in self.on(day), expected, day)

    def test_on_is_of_one_company(self):
        member = self.admit(self.alize, "2016-03-01")
        other = self.env["res.company"].create({"name": "Autre coop"})
        self.assertIn(member, self.membership_model._on("2016-03-01"))
        self.assertNotIn(member, self.membership_model._on("2016-03-01", other))

    def test_numbers_follow(self):
        first = self.admit(self.alize, "2016-03-01")
        second = self.admit(self.boreale, "2016-03-01")
        self.assertEqual(second.number, first.number + 1)

    def test_number_after_that_of_the_history(self):
        self.admit(self.alize, "2016-03-01", number=700)
        self.assertEqual(self.admit(self.boreale, "2016-03-01").number, 701)

    def test_a_missing_number_of_the_history_is_not_given(self):
        self.admit(self.alize, "2016-03-01", number=9001)
        other = self.organization("Autre")
        self.admit(other, "2016-03-01", number=9003)
        self.assertEqual(self.admit(self.boreale, "2016-03-01").number, 9004)

    def test_number_is_that_of_one_organization(self):
        first = self.admit(self.alize, "2016-03-01")
        with mute_logger("odoo.sql_db"), self.assertRaises(ExclusionViolation):
            with self.env.cr.savepoint():
                self.admit(self.boreale, "2016-03-01", number=first.number)

    def test_a_rollback_gives_the_number_back(self):
        first = self.admit(self.alize, "2016-03-01")
        with self.assertRaises(ZeroDivisionError):
            self.membership_model._next_numbers(self.env.company, 1)
            raise ZeroDivisionError
        self.assertEqual(
            self.admit(self.boreale, "2016-03-01").number, first.number + 1
        )

    def test_no_overlap(self):
        self.admit(self.alize, "2016-03-01")
        with mute_logger("odoo.sql_db"), self.assertRaises(ExclusionViolation):
            with self.env.cr.savepoint():
                self.membership_model.create(
                    {
                        "partner_id": self.alize.id,
                        "category_id": self.support.id,
                        "date_start": "2018-01-01",
                        "state": "admitted",
                        "resolution_id": self.admission.id,
                    }
                )

    def test_an_admission_without_a_date_is_refused(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            with self.env.cr.savepoint():
                self.membership_model.create(
                    {
                        "partner_id": self.alize.id,
                        "category_id": self.support.id,
                        "state": "admitted",
                        "founding": True,
                    }
                )

    def test_admission_of_a_member_is_refused_in_a_sentence(self):
        self.admit(self.alize, "2016-03-01")
        with self.assertRaisesRegex(UserError, "is a member since 2016-03-01, no"):
            self.admit(self.alize, "2018-01-01")

    def test_admission_before_the_last_entry_is_refused(self):
        self.admit(self.alize, "2016-03-01")._end(date(2017, 1, 1), "other")
        with self.assertRaisesRegex(UserError, "was a member until 2017-01-01"):
            self.admit(self.alize, "2015-06-01")

    def test_admission_needs_a_resolution(self):
        with self.assertRaisesRegex(UserError, "must cite one resolution"):
            self.admit(self.alize, "2016-03-01", resolution_id=False)

    def test_admission_by_a_resolution_of_another_kind(self):
        other = self.resolution("rates", "2015-01-01")
        with self.assertRaisesRegex(UserError, "of the kind"):
            self.admit(self.alize, "2016-03-01", resolution_id=other.id)

    def test_admission_before_its_resolution(self):
        late = self.resolution("admission", "2016-06-01")
        with self.assertRaisesRegex(UserError, "is later than"):
            self.admit(self.alize, "2016-03-01", resolution_id=late.id)

    def test_a_founder_needs_no_resolution(self):
        member = self.admit(
            self.alize, "2013-01-01", resolution_id=False, founding=True
        )
        self.assertTrue(member.founding)

    def test_the_history_cites_its_register(self):
        member = self.admit(
            self.alize, "2013-01-01", resolution_id=False, resolution_reference="CA-12"
        )
        self.assertEqual(member.state, "admitted")

    def test_a_period_stays_as_written(self):
        member = self.admit(self.alize, "2016-03-01")
        for values in (
            {"date_start": "2015-01-01"},
            {"number": 999},
            {"category_id": self.support.id},
            {"partner_id": self.boreale.id},
            {"date_end": "2020-01-01"},
            {"state": "ended"},
            {"founding": True},
        ):
            with self.assertRaisesRegex(UserError, "stays in the register"):
                member.write(values)

    def test_writing_the_same_is_harmless(self):
        member = self.admit(self.alize, "2016-03-01")
        member.write({"number": member.number, "date_start": "2016-03-01"})
        self.assertEqual(member.date_start, date(2016, 3, 1))

    def test_applied_is_not_admitted_by_writing(self):
        row = self.membership_model.create(
            {"partner_id": self.alize.id, "category_id": self.support.id}
        )
        with self.assertRaisesRegex(UserError, "by its admission"):
            row.write({"state": "admitted", "date_start": "2016-01-01", "number": 5})

    def test_a_period_is_not_deleted(self):
        with self.assertRaisesRegex(UserError, "is not deleted"):
            self.admit(self.alize, "2016-03-01").unlink()

    def test_a_contact_of_an_organization_is_not_a_member(self):
        contact = self.env["res.partner"].create(
            {"name": "Service", "parent_id": self.alize.id}
        )
        with self.assertRaisesRegex(ValidationError, "choose the organization itself"):
            self.admit(contact, "2016-03-01")

    def test_an_organization_with_a_period_is_not_deleted(self):
        self.admit(self.alize, "2016-03-01")
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(ForeignKeyViolation) as caught,
            self.env.cr.savepoint(),
        ):
            self.alize.unlink()
        self.assertEqual(caught.exception.diag.table_name, "consortium_membership")
        self.assertTrue(self.alize.exists())

    def test_a_member_is_not_merged_into_another(self):
        self.admit(self.alize, "2016-03-01")
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        with self.assertRaisesRegex(UserError, "keep this contact"):
            wizard._merge((self.alize | self.boreale).ids, self.boreale)

    def test_change_of_category(self):
        member = self.admit(self.alize, "2016-03-01", founding=True)
        new = member._change_category(self.support, "2018-01-01", self.admission)
        self.assertEqual(member.date_end, date(2017, 12, 31))
        self.assertEqual(member.end_reason, "category_change")
        self.assertEqual(new.number, member.number)
        self.assertTrue(new.founding)
        self.assertEqual(self.on("2017-12-31").category_id, self.user_category)
        self.assertEqual(self.on("2018-01-01").category_id, self.support)

    def test_change_to_the_same_category_is_refused(self):
        member = self.admit(self.alize, "2016-03-01")
        with self.assertRaisesRegex(UserError, "already in the category"):
            member._change_category(self.user_category, "2018-01-01", self.admission)

    def test_change_on_the_first_day_is_refused(self):
        member = self.admit(self.alize, "2016-03-01")
        with self.assertRaisesRegex(UserError, "after that day"):
            member._change_category(self.support, "2016-03-01", self.admission)

    def test_change_of_who_leaves_is_refused(self):
        member = self.admit(self.alize, "2016-03-01")
        member._end(date(2030, 1, 1), "resignation")
        with self.assertRaisesRegex(UserError, "is leaving"):
            member._change_category(self.support, "2018-01-01", self.admission)

    def test_change_to_a_category_that_is_not_open(self):
        member = self.admit(self.alize, "2016-03-01")
        self.support.organization_kind_ids = self.kind_network
        with self.assertRaisesRegex(UserError, "is not open to"):
            member._change_category(self.support, "2018-01-01", self.admission)
        self.assertFalse(member.date_end)

    def test_coming_back_with_the_same_number(self):
        first = self.admit(self.alize, "2016-03-01")
        first._end(date(2017, 1, 1), "resignation")
        self.admit(self.boreale, "2017-02-01")
        again = self.admit(self.alize, "2018-01-01")
        self.assertEqual(again.number, first.number)
        self.assertEqual(self.alize.membership_ids, first | again)

    def test_end_twice_is_refused(self):
        member = self.admit(self.alize, "2016-03-01")
        member._end(date(2017, 1, 1), "resignation")
        with self.assertRaisesRegex(UserError, "ends on 2017-01-01 already"):
            member._end(date(2018, 1, 1), "resignation")

    def test_end_before_the_first_day_is_refused(self):
        member = self.admit(self.alize, "2016-03-01")
        with self.assertRaisesRegex(UserError, "doesn't end before"):
            member._end(date(2016, 2, 1), "resignation")

    @freeze_time("2019-06-01 16:00:00")
    def test_the_state_follows_the_last_day(self):
        member = self.admit(self.alize, "2016-03-01")
        member._end(date(2019, 6, 30), "resignation")
        self.assertEqual(member.state, "admitted")
        with freeze_time("2019-07-01 16:00:00"):
            self.membership_model._cron_end_periods()
        self.assertEqual(member.state, "ended")

    def test_losing_the_membership_warns_of_the_seat(self):
        member = self.admit(self.alize, "2016-03-01")
        person = self.env["res.partner"].create({"name": "Aline"})
        self.env["consortium.office"].create(
            {
                "person_id": person.id,
                "organization_id": self.alize.id,
                "date_start": "2018-01-01",
            }
        )
        member._end(date(2018, 6, 30), "resignation")
        self.assertIn("office of director", member.activity_ids.summary)

    def test_probation(self):
        self.user_category.probation_months = 6
        member = self.admit(self.alize, "2016-03-01")
        self.assertEqual(member.probation_end, date(2016, 8, 31))

    def test_status_of_the_contact(self):
        partner = self.alize.with_context(consortium_date="2016-05-01")
        self.assertEqual(partner.member_status, "none")
        member = self.admit(self.alize, "2016-03-01")
        self.assertEqual(partner.member_status, "member")
        self.assertEqual(partner.member_category_id, self.user_category)
        self.assertEqual(partner.member_number, member.number)
        member._end(date(2017, 1, 1), "resignation")
        self.assertEqual(self.alize.member_status, "former")
        self.assertFalse(self.alize.member_category_id)

    def test_search_by_status_on_another_date(self):
        member = self.admit(self.alize, "2016-03-01")
        member._end(date(2017, 1, 1), "resignation")
        both = [("id", "in", (self.alize | self.boreale).ids)]
        for day, status, expected in (
            ("2016-06-01", "member", self.alize),
            ("2018-01-01", "former", self.alize),
            ("2018-01-01", "none", self.boreale),
            ("2015-01-01", "none", self.alize | self.boreale),
        ):
            partners = self.env["res.partner"].with_context(consortium_date=day)
            found = partners.search([*both, ("member_status", "=", status)])
            self.assertEqual(found, expected.with_context(consortium_date=day), day)

    def test_search_by_category_and_number(self):
        member = self.admit(self.alize, "2016-03-01", category=self.support)
        partners = self.env["res.partner"]
        self.assertEqual(
            partners.search([("member_category_id", "=", self.support.id)]), self.alize
        )
        self.assertEqual(
            partners.search([("member_number", "=", member.number)]), self.alize
        )
        empty = partners.search(
            [("member_category_id", "=", False), ("id", "=", self.boreale.id)]
        )
        self.assertEqual(empty, self.boreale)

    def test_query_budget_of_lists(self):
        """Statuses of one organisation or of thirty: as many queries."""

        def queries(partners):
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            partners.mapped("member_status")
            partners.mapped("member_category_id.name")
            return self.env.cr.sql_log_count - start

        many = self.env["res.partner"]
        for index in range(30):
            partner = self.organization(f"Org {index}")
            self.admit(partner, "2016-03-01")
            many |= partner
        queries(many)
        self.assertEqual(queries(many[:1]), queries(many))
        self.assertLess(queries(many), 10)


@tagged("post_install", "-at_install")
class TestPeriods(MemberCommon):
    """Whatever is done, in whatever order."""

    DAYS = [date(2016, 1, 1) + timedelta(days=i) for i in range(0, 400, 7)]

    def known(self, until):
        """Who is a member of what, each day until a date."""
        return {
            day: {(m.partner_id.id, m.category_id.id, m.number) for m in self.on(day)}
            for day in self.DAYS
            if day < until
        }

    @settings(
        deadline=None,
        max_examples=25,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["admit", "change", "leave"]),
                st.integers(0, 1),
                st.integers(0, 2),
                st.integers(1, 40),
            ),
            max_size=8,
        )
    )
    def test_periods_never_overlap_and_the_past_stays(self, operations):
        savepoint = self.env.cr.savepoint(flush=True)
        try:
            self.apply(operations)
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    def apply(self, operations):
        partners = (self.alize, self.boreale)
        categories = (self.user_category, self.auxiliary, self.support)
        day = date(2016, 1, 1)
        for operation, who, what, days in operations:
            day += timedelta(days=days)
            before = self.known(day)
            current = self.on(day).filtered(
                lambda m, who=who: m.partner_id == partners[who]
            )
            with suppress(UserError), self.env.cr.savepoint():
                if operation == "admit":
                    self.admit(partners[who], day, categories[what])
                elif operation == "change" and current:
                    current._change_category(categories[what], day, self.admission)
                elif current:
                    current._end(day, "resignation")
            self.assertEqual(self.known(day), before)
            for partner in partners:
                self.check(partner)

    def check(self, partner):
        periods = self.membership_model.search(
            [("partner_id", "=", partner.id)], order="date_start"
        )
        self.assertLessEqual(len(set(periods.mapped("number"))), 1)
        for first, second in pairwise(periods):
            self.assertTrue(first.date_end and first.date_end < second.date_start)
