from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2.errors import CheckViolation, ExclusionViolation

from .common import GovernanceCommon


@tagged("post_install", "-at_install")
class TestRepresentation(GovernanceCommon):
    def refused(self, error, **values):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(error) as caught,
            self.cr.savepoint(),
        ):
            self.mandate(**values)
            self.env.flush_all()
        return caught.exception

    def test_state_follows_the_date(self):
        self.assertEqual(self.mandate().state, "in_force")
        to_come = self.mandate(organization=self.organization_b, date_start=self.day(1))
        self.assertEqual(to_come.state, "to_come")
        ended = self.mandate(
            organization=self.organization_b,
            date_start=self.day(-9),
            date_end=self.day(-1),
        )
        self.assertEqual(ended.state, "ended")
        for mandate in to_come + ended + self.person.mandate_ids:
            found = mandate.search([("state", "=", mandate.state)])
            self.assertIn(mandate, found)
            found = mandate.search([("state", "!=", mandate.state)])
            self.assertNotIn(mandate, found)

    def test_last_day_is_included(self):
        mandate = self.mandate(date_end=self.today)
        self.assertEqual(mandate.state, "in_force")
        user = self.user_of(self.person)
        self.assertEqual(user._represented_partners(), self.organization_a)
        self.assertFalse(user._represented_partners(date=self.day(1)))
        self.assertFalse(user._represented_partners(date=self.day(-31)))

    def test_no_overlap_of_a_scope(self):
        self.mandate(date_end=self.day(10))
        error = self.refused(ExclusionViolation, date_start=self.day(10))
        self.assertEqual(
            error.diag.constraint_name, "consortium_representation_request_overlap"
        )

    def test_overlap_in_one_sentence(self):
        constraint = self.env["ir.model.constraint"].search(
            [("name", "=", "consortium_representation_request_overlap")]
        )
        self.assertIn("request services", constraint.with_context(lang=None).message)

    def test_same_scope_one_after_the_other(self):
        self.mandate(date_end=self.day(10))
        self.assertEqual(self.mandate(date_start=self.day(11)).state, "to_come")

    def test_other_scope_may_overlap(self):
        self.mandate(scope_request=True)
        other = self.mandate(scope_request=False, scope_vote=True)
        user = self.user_of(self.person)
        self.assertEqual(user._mandates()[self.organization_a.id], {"request", "vote"})
        self.assertEqual(
            other.scope_summary,
            other.fields_get(["scope_vote"])["scope_vote"]["string"],
        )

    def test_overlap_of_each_scope(self):
        for scope in ("vote", "sign", "billing"):
            values = {"scope_request": False, f"scope_{scope}": True}
            self.mandate(**values)
            self.refused(ExclusionViolation, **values)

    def test_at_least_one_scope(self):
        self.refused(CheckViolation, scope_request=False)

    def test_end_before_start(self):
        self.refused(CheckViolation, date_end=self.day(-31))

    def test_an_organization_does_not_represent(self):
        self.refused(ValidationError, person=self.organization_b)

    def test_a_mandate_is_nobody_s_but_a_person_s(self):
        for name in ("public_user", "template_portal_user_id", "user_root"):
            person = self.env.ref(f"base.{name}").partner_id
            self.refused(ValidationError, person=person)

    def test_a_contact_is_not_an_organization(self):
        contact = self.env["res.partner"].create(
            {"name": "Comptabilité", "parent_id": self.organization_a.id}
        )
        self.refused(ValidationError, organization=contact)

    def test_a_person_may_act_for_itself(self):
        self.mandate(organization=self.person)
        self.assertEqual(self.user_of(self.person)._acting_partner(), self.person)

    def test_representative_is_detached(self):
        self.person.parent_id = self.organization_a
        self.mandate()
        self.assertFalse(self.person.parent_id)
        self.assertEqual(self.person.commercial_partner_id, self.person)

    def test_representative_stays_detached(self):
        mandate = self.mandate(date_start=self.day(5))
        with self.assertRaises(ValidationError):
            self.person.parent_id = self.organization_b
        mandate.unlink()
        self.person.parent_id = self.organization_b

    def test_merging_contacts_moves_no_mandate_nor_office(self):
        other = self.env["res.partner"].create(
            {"name": "Berthe Roy", "email": self.person.email}
        )
        copy = self.env["res.partner"].create(
            {"name": "Alizé", "is_company": True, "email": self.organization_a.email}
        )
        director = self.env["res.partner"].create(
            {"name": "Denis Côté", "email": other.email}
        )
        mandate = self.mandate(date_end=self.day(-1))
        office = self.env["consortium.office"].create(
            {
                "person_id": director.id,
                "organization_id": self.organization_b.id,
                "date_start": self.day(-30),
            }
        )
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(
            self.employee("coordinator")
        )
        for source, kept in (
            (self.person, other),
            (self.organization_a, copy),
            (director, other),
            (self.organization_b, copy),
        ):
            with self.assertRaisesRegex(UserError, source.name):
                wizard._merge((source | kept).ids, kept)
        wizard.with_user(self.env.user)._merge((self.person | other).ids, self.person)
        self.assertFalse(other.exists())
        self.assertEqual(mandate.person_id, self.person)
        self.assertEqual(office.person_id, director)

    def test_who_is_represented_stays_by_itself(self):
        baker = self.env["res.partner"].create({"name": "Boulangerie Roy"})
        mandate = self.mandate(organization=baker)
        with self.assertRaisesRegex(ValidationError, "has representatives"):
            baker.parent_id = self.organization_b
        self.organization_a.parent_id = self.organization_b
        self.mandate(organization=self.organization_a)
        with self.assertRaisesRegex(ValidationError, "has representatives"):
            self.organization_a.is_company = False
        mandate.revoke("Fin")
        baker.parent_id = self.organization_b

    def test_two_votes_warn_and_do_not_refuse(self):
        vote = {"scope_vote": True}
        first = self.mandate(**vote)
        self.assertFalse(first.vote_warning)
        second = self.mandate(organization=self.organization_b, **vote)
        self.assertIn(self.organization_a.name, second.vote_warning)
        first.invalidate_recordset()
        self.assertIn(self.organization_b.name, first.vote_warning)

    def test_two_votes_one_after_the_other(self):
        self.mandate(scope_vote=True, date_end=self.day(-1))
        second = self.mandate(
            organization=self.organization_b, scope_vote=True, date_start=self.today
        )
        self.assertFalse(second.vote_warning)

    def test_form_warns_before_saving(self):
        self.mandate(scope_vote=True)
        with Form(self.env["consortium.representation"]) as form:
            form.person_id = self.person
            form.organization_id = self.organization_b
            self.assertFalse(form.vote_warning)
            form.scope_vote = True
            self.assertIn(self.organization_a.name, form.vote_warning)

    def test_revocation_acts_at_once(self):
        mandate = self.mandate()
        user = self.user_of(self.person)
        self.assertTrue(user._acting_partner())
        wizard = self.env["consortium.representation.revoke"].create(
            {"representation_id": mandate.id, "reason": "Départ"}
        )
        wizard.action_revoke()
        self.assertEqual(mandate.date_end, self.today)
        self.assertEqual(mandate.revocation_reason, "Départ")
        self.assertEqual(mandate.state, "ended")
        self.assertFalse(user._acting_partner())
        self.assertFalse(user.active)
        self.assertTrue(user._represented_partners(date=self.day(-1)))

    def test_after_a_revocation_the_day_is_free(self):
        self.mandate().revoke("Erreur")
        again = self.mandate(date_start=self.today)
        self.assertEqual(again.state, "in_force")

    def test_what_has_begun_stays_in_the_register(self):
        mandate = self.mandate()
        other = self.env["res.partner"].create({"name": "Berthe Roy"})
        for values in (
            {"person_id": other.id},
            {"organization_id": self.organization_b.id},
            {"date_start": self.day(-31)},
            {"date_start": self.day(1)},
        ):
            with self.assertRaisesRegex(UserError, "has begun"):
                mandate.write(values)
        mandate.write(
            {
                "person_id": self.person.id,
                "date_start": mandate.date_start,
                "date_end": self.day(9),
                "scope_vote": True,
            }
        )
        to_come = self.mandate(organization=self.organization_b, date_start=self.day(2))
        to_come.write({"person_id": other.id, "date_start": self.day(3)})

    def test_a_revocation_stays_in_the_register(self):
        mandate = self.mandate()
        with self.assertRaisesRegex(UserError, "Revoke"):
            mandate.write({"revocation_date": self.today, "date_end": self.today})
        mandate.revoke("Départ")
        for values in (
            {"revocation_date": False},
            {"revocation_reason": "Autre"},
            {"date_end": self.day(30)},
        ):
            with self.assertRaisesRegex(UserError, "Revoke"):
                mandate.write(values)
        self.assertEqual(mandate.revocation_reason, "Départ")

    def test_only_what_is_in_force_is_revoked(self):
        with self.assertRaises(UserError):
            self.mandate(date_start=self.day(1)).revoke("")
        with self.assertRaises(UserError):
            self.mandate(date_end=self.day(-1)).revoke("")

    def test_only_what_is_to_come_is_deleted(self):
        with self.assertRaises(UserError):
            self.mandate().unlink()
        self.mandate(organization=self.organization_b, date_start=self.day(1)).unlink()

    def test_counts(self):
        self.mandate()
        self.mandate(organization=self.organization_b, date_start=self.day(3))
        self.assertEqual(self.organization_a.representative_count, 1)
        self.assertEqual(self.organization_b.representative_count, 0)
        self.assertEqual(self.person.mandate_count, 1)
        action = self.organization_a.action_view_representatives()

        domain = [("organization_id", "=", self.organization_a.id)]
        self.assertEqual(action["domain"], domain)


@tagged("post_install", "-at_install")
class TestReminders(GovernanceCommon):
    def reminders(self, mandate):
        with self.enter_registry_test_mode():
            self.env.ref(
                "consortium_base.ir_cron_remind_expiry"
            ).method_direct_trigger()
        return mandate.activity_ids

    def test_reminded_at_sixty_then_thirty_days(self):
        mandate = self.mandate(date_end=self.day(61))
        self.assertFalse(self.reminders(mandate))
        mandate.date_end = self.day(60)
        self.assertEqual(len(self.reminders(mandate)), 1)
        self.assertEqual(len(self.reminders(mandate)), 1, "once a delay")
        self.assertEqual(mandate.reminded_days, 60)
        mandate.reminded_days = 60
        self.env.cr.execute(
            "UPDATE consortium_representation SET date_end = %s WHERE id = %s",
            (self.day(30), mandate.id),
        )
        mandate.invalidate_recordset()
        self.assertEqual(len(self.reminders(mandate)), 2)
        self.assertEqual(mandate.activity_ids[0].date_deadline, self.day(30))

    def test_delays_are_settings(self):
        self.env["res.config.settings"].create(
            {"mandate_first_reminder": 10, "mandate_second_reminder": 5}
        ).execute()
        mandate = self.mandate(date_end=self.day(20))
        self.assertFalse(self.reminders(mandate))
        mandate.date_end = self.day(10)
        self.assertEqual(len(self.reminders(mandate)), 1)

    def test_jobs_write_in_their_user_s_language(self):
        job = self.env.ref("consortium_base.ir_cron_remind_expiry")
        mandate = self.mandate(date_end=self.day(60))
        for lang, words in (("fr_CA", "Le mandat de"), (False, "The mandate of")):
            job.user_id.partner_id.lang = lang
            mandate.write({"reminded_days": 0})
            mandate.activity_ids.unlink()
            self.assertIn(words, self.reminders(mandate).summary)

    def test_a_late_mandate_is_reminded_once(self):
        mandate = self.mandate(date_end=self.day(3))
        self.assertEqual(len(self.reminders(mandate)), 1)
        self.assertEqual(mandate.reminded_days, 30)

    def test_the_officer_is_reminded(self):
        officer = self.employee("membership_officer")
        mandate = self.mandate(date_end=self.day(3))
        self.assertEqual(self.reminders(mandate).user_id, officer)
