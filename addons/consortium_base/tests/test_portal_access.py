from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .common import GovernanceCommon


@tagged("post_install", "-at_install")
class TestPortalAccess(GovernanceCommon):
    def cron(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "consortium_base.ir_cron_portal_access"
            ).method_direct_trigger()

    def move_in_time(self, mandate, **dates):
        """Change dates behind the back of the ORM, as days that pass do."""
        for name, date in dates.items():
            self.env.cr.execute(
                f"UPDATE consortium_representation SET {name} = %s WHERE id = %s",
                (date, mandate.id),
            )
        self.env.invalidate_all()
        self.env.cr.cache.clear()

    def test_opens_with_the_mandate(self):
        mandate = self.mandate()
        user = self.user_of(self.person)
        self.assertTrue(user._is_portal())
        self.assertTrue(user.active)
        self.assertEqual(user.login, "aline@alize.example")
        self.assertTrue(mandate.access_open)

    def test_invites_in_french(self):
        self.person.lang = "fr_CA"
        self.mandate()
        mail = self.env["mail.mail"].search(
            [
                "|",
                ("email_to", "ilike", "aline@alize"),
                ("recipient_ids", "in", self.person.ids),
            ]
        )
        self.assertEqual(len(mail), 1)
        self.assertIn("Votre compte", mail.subject)
        self.assertIn("/web/signup", mail.body_html)

    def test_to_come_gives_nothing_until_its_day(self):
        mandate = self.mandate(date_start=self.day(2))
        self.assertFalse(self.user_of(self.person))
        self.move_in_time(mandate, date_start=self.today)
        self.cron()
        self.assertTrue(self.user_of(self.person).active)
        self.assertTrue(mandate.access_open)

    def test_expired_gives_nothing_before_the_cron(self):
        mandate = self.mandate(date_end=self.day(3))
        user = self.user_of(self.person)
        self.move_in_time(mandate, date_end=self.day(-1))
        self.assertTrue(user.active)
        self.assertFalse(user._acting_partner())
        partners = self.env["res.partner"].with_user(user)
        self.assertFalse(partners.search([("id", "=", self.organization_a.id)]))
        self.cron()
        self.assertFalse(user.active)
        self.assertFalse(mandate.access_open)

    def test_comes_back_with_a_new_mandate(self):
        self.mandate().revoke("Départ")
        user = self.user_of(self.person)
        self.assertFalse(user.active)
        self.mandate(organization=self.organization_b)
        self.assertTrue(user.active)
        self.assertEqual(len(self.user_of(self.person)), 1)

    def test_stays_open_for_the_other_organization(self):
        mandate = self.mandate()
        self.mandate(organization=self.organization_b)
        mandate.revoke("Départ")
        user = self.user_of(self.person)
        self.assertTrue(user.active)
        self.assertEqual(user._acting_partner(), self.organization_b)

    def test_without_email_says_so_and_opens_later(self):
        self.person.email = False
        mandate = self.mandate()
        self.assertFalse(self.user_of(self.person))
        self.assertIn(self.person.name, mandate.access_problem)
        self.person.email = "aline@alize.example"
        self.cron()
        self.assertTrue(self.user_of(self.person).active)
        self.assertFalse(mandate.access_problem)

    def test_email_of_another_user(self):
        self.portal_user(
            "aline@alize.example", self.env["res.partner"].create({"name": "X"})
        )
        mandate = self.mandate()
        self.assertIn(self.person.name, mandate.access_problem)
        self.assertFalse(mandate.access_open)

    def test_employee_keeps_its_access(self):
        employee = self.employee("expert")
        self.mandate(person=employee.partner_id).revoke("Fin")
        self.assertTrue(employee.active)
        self.assertTrue(employee._is_internal())

    def test_archived_employee_is_not_woken(self):
        employee = self.employee("expert")
        employee.active = False
        mandate = self.mandate(person=employee.partner_id)
        self.assertFalse(employee.active)
        self.assertFalse(mandate.access_open)
        self.assertIn(employee.name, mandate.access_problem)

    def test_only_a_portal_user_is_woken(self):
        user = self.portal_user("aline@alize.example", self.person)
        user.write(
            {
                "active": False,
                "group_ids": [(6, 0, self.env.ref("base.group_public").ids)],
            }
        )
        mandate = self.mandate()
        self.assertFalse(user.active)
        self.assertFalse(mandate.access_open)
        self.assertTrue(mandate.access_problem)

    def test_changing_the_person_gives_the_access_to_that_one(self):
        mandate = self.mandate(date_start=self.day(1))
        other = self.env["res.partner"].create(
            {"name": "Bruno Roy", "email": "bruno@alize.example"}
        )
        mandate.write({"person_id": other.id, "date_start": self.today})
        self.assertFalse(self.user_of(self.person))
        self.assertTrue(self.user_of(other).active)

    def test_nothing_is_received_after_the_revocation(self):
        mandate = self.mandate()
        address = self.env["res.partner"].create(
            {"name": "Entrepôt", "parent_id": self.organization_a.id, "type": "other"}
        )
        other = self.mandate(organization=self.organization_b)
        followed = self.organization_a + address + self.organization_b
        followed.message_subscribe(self.person.ids)
        mandate.revoke("Départ")

        def told(partner):
            return partner.message_post(
                body="Nouvelle", message_type="comment", subtype_xmlid="mail.mt_comment"
            ).notified_partner_ids

        self.assertNotIn(self.person, told(self.organization_a) + told(address))
        self.assertIn(self.person, told(self.organization_b))
        self.move_in_time(other, date_end=self.day(-1))
        self.cron()
        self.assertNotIn(self.person, told(self.organization_b))

    def test_an_employee_goes_on_following(self):
        person = self.employee("expert").partner_id
        mandate = self.mandate(person=person)
        self.organization_a.message_subscribe(person.ids)
        mandate.revoke("Fin")
        self.assertIn(person, self.organization_a.message_partner_ids)

    def test_core_wizard_needs_a_mandate(self):
        wizard = self.env["portal.wizard"].create(
            {"partner_ids": [(4, self.person.id)]}
        )
        with self.assertRaises(UserError):
            wizard.user_ids.action_grant_access()

    def test_cron_works_in_batches(self):
        persons = self.env["res.partner"].create(
            [{"name": f"P{n}", "email": f"p{n}@alize.example"} for n in range(5)]
        )
        mandates = self.env["consortium.representation"].concat(
            *[self.mandate(person=person, date_start=self.day(2)) for person in persons]
        )
        for mandate in mandates:
            self.move_in_time(mandate, date_start=self.today)
        model = self.env.registry["ir.cron"]
        with patch.object(model, "_commit_progress", return_value=1.0) as progress:
            mandates._cron_portal_access(batch=2)
        self.assertEqual(progress.call_args_list[0].kwargs, {"remaining": 5})
        self.assertEqual(
            [call.kwargs.get("processed") for call in progress.call_args_list[1:]],
            [2, 2, 1],
        )
        self.assertTrue(all(mandates.mapped("access_open")))


@tagged("post_install", "-at_install")
class TestActing(GovernanceCommon):
    def test_scopes(self):
        self.mandate(scope_billing=True)
        self.mandate(organization=self.organization_b)
        user = self.user_of(self.person)
        both = self.organization_a + self.organization_b
        self.assertEqual(user._represented_partners(), both)
        self.assertEqual(user._represented_partners("billing"), self.organization_a)
        self.assertFalse(user._represented_partners("vote"))

    def test_today_is_the_company_s(self):
        director = self.env["res.partner"].create({"name": "Denis Côté"})
        self.env["consortium.office"].create(
            {"person_id": director.id, "date_start": "2026-03-11"}
        )
        # It is the 10th in Québec, the 11th in Kiritimati.
        with freeze_time("2026-03-10 15:00:00"):
            self.env.company.partner_id.tz = "America/Toronto"
            mandate = self.mandate(date_start="2026-03-11")
            user = self.portal_user("aline", self.person)
            chief = self.portal_user("denis", director)
            far = {"tz": "Pacific/Kiritimati"}
            mandate = mandate.with_context(**far)
            self.assertEqual(mandate.state, "to_come")
            self.assertIn(mandate, mandate.search([("state", "=", "to_come")]))
            self.assertFalse(user.with_context(**far)._mandates())
            self.assertFalse(chief.with_context(**far)._holds_office())
        with freeze_time("2026-03-11 15:00:00"):
            self.assertTrue(user.with_context(**far)._mandates())
            self.assertTrue(chief.with_context(**far)._holds_office())

    def test_without_a_choice_the_oldest_mandate(self):
        self.mandate(date_start=self.day(-2))
        self.mandate(organization=self.organization_b, date_start=self.day(-3))
        user = self.user_of(self.person)
        self.assertEqual(user._acting_partner(), self.organization_b)
        self.assertFalse(user._acting_partner("billing"))

    def test_nobody(self):
        self.assertFalse(self.env.user._acting_partner())

    def test_asked_once_a_transaction(self):
        self.mandate()
        user = self.user_of(self.person)
        user._acting_partner()
        with self.assertQueryCount(0):
            user._acting_partner("billing")
            user._represented_partners()
