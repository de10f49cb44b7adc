from datetime import date

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation

from .common_members import MemberCommon


@tagged("post_install", "-at_install")
class TestApplication(MemberCommon):
    def board(self, **values):
        return self.resolution("admission", "2019-02-01", **values)

    def test_match_by_neq(self):
        self.alize.company_registry = "1142000000"
        application = self.application(neq="1142 000 000", email="autre@x.example")
        self.assertEqual(application.partner_id, self.alize)

    def test_match_by_email(self):
        self.alize.email = "Info@Alize.example"
        application = self.application(email="info@alize.example")
        self.assertEqual(application.partner_id, self.alize)

    def test_neq_comes_before_email(self):
        self.alize.company_registry = "1142000000"
        self.boreale.email = "info@b.example"
        application = self.application(neq="1142000000", email="info@b.example")
        self.assertEqual(application.partner_id, self.alize)

    def test_same_email_but_another_neq_is_another(self):
        self.alize.write(
            {"email": "info@alize.example", "company_registry": "1142000000"}
        )
        application = self.application(email="info@alize.example", neq="1142000018")
        self.assertFalse(application.partner_id)

    def test_an_email_of_two_organizations_matches_neither(self):
        (self.alize | self.boreale).write({"email": "info@fed.example"})
        self.assertFalse(self.application(email="info@fed.example").partner_id)

    def test_a_person_with_that_email_is_not_the_organization(self):
        self.env["res.partner"].create({"name": "Aline", "email": "aline@a.example"})
        self.assertFalse(self.application(email="aline@a.example").partner_id)

    def test_what_is_known_completes_the_form(self):
        self.alize.write({"company_registry": "1142000000", "city": "Rimouski"})
        application = self.application(organization_name=False, neq="1142000000")
        self.assertEqual(application.organization_name, "Coopérative Alizé")
        self.assertEqual(application.city, "Rimouski")

    def test_wrong_neq(self):
        with self.assertRaisesRegex(ValidationError, "is not a NEQ"):
            self.application(neq="1234567890")

    def test_match_when_the_neq_is_typed_later(self):
        self.alize.company_registry = "1142000000"
        application = self.application()
        application.neq = "1142000000"
        self.assertEqual(application.partner_id, self.alize)

    def test_submission_makes_the_contact_once(self):
        application = self.submitted(
            neq="1142000000", city="Rimouski", contact_name="Aline"
        )
        partner = application.partner_id
        self.assertEqual(partner.name, "Coopérative Nouvelle")
        self.assertEqual(partner.company_registry, "1142000000")
        self.assertTrue(partner.is_company)
        self.assertEqual(partner.organization_kind_id, self.kind)
        again = self.application(neq="1142000000")
        self.assertEqual(again.partner_id, partner)

    def test_submission_completes_the_contact_but_overwrites_nothing(self):
        self.alize.write({"company_registry": "1142000000", "city": "Matane"})
        self.submitted(neq="1142000000", city="Rimouski", phone="418 555-0101")
        self.assertEqual(self.alize.city, "Matane")
        self.assertEqual(self.alize.phone, "418 555-0101")

    def test_submission_finds_the_person(self):
        person = self.env["res.partner"].create(
            {"name": "Aline", "email": "aline@a.example"}
        )
        application = self.submitted(
            contact_name="Aline T.", contact_email="ALINE@a.example"
        )
        self.assertEqual(application.person_id, person)

    def test_submission_opens_an_applied_membership(self):
        application = self.submitted()
        self.assertEqual(application.membership_id.state, "applied")
        self.assertFalse(application.membership_id.number)
        self.assertNotIn(application.membership_id, self.on("2026-01-01"))

    def test_incomplete(self):
        application = self.application(has_undertaken=False, category_id=False)
        with self.assertRaisesRegex(UserError, "the category, the undertaking"):
            application.action_submit()
        self.assertEqual(application.state, "draft")

    def test_category_not_open_to_that_kind(self):
        self.user_category.organization_kind_ids = self.kind_network
        partners = self.env["res.partner"].search_count([])
        with self.assertRaises(UserError):
            self.submitted()
        self.assertEqual(self.env["res.partner"].search_count([]), partners)

    def test_archived_contact(self):
        self.alize.write({"company_registry": "1142000000", "active": False})
        application = self.application(neq="1142000000")
        with self.assertRaisesRegex(UserError, "restore it first"):
            application.action_submit()

    def test_admission(self):
        application = self.submitted(contact_name="Aline", contact_email="a@x.example")
        board = self.board()
        membership = application._admit(board, "2019-02-01", welcome="no")
        self.assertEqual(application.state, "admitted")
        self.assertEqual(application.decision_date, date(2019, 2, 1))
        self.assertEqual(membership.state, "admitted")
        self.assertEqual(membership.resolution_id, board)
        self.assertTrue(membership.number)
        self.assertIn(membership, self.on("2019-02-01"))
        mandate = application.partner_id.representative_ids
        self.assertEqual(mandate.person_id, application.person_id)
        self.assertTrue(mandate.scope_vote and mandate.scope_sign)

    def test_admission_of_an_auxiliary_gives_no_vote(self):
        application = self.submitted(
            category_id=self.auxiliary.id,
            contact_name="Aline",
            contact_email="a@x.example",
        )
        application._admit(self.board(), "2019-02-01", welcome="no")
        self.assertFalse(application.partner_id.representative_ids.scope_vote)

    def test_no_mandate_when_it_is_not_wanted(self):
        application = self.submitted(contact_name="Aline", give_mandate=False)
        application._admit(self.board(), "2019-02-01", welcome="no")
        self.assertFalse(application.partner_id.representative_ids)

    def test_admission_needs_an_adopted_resolution(self):
        application = self.submitted()
        with self.assertRaisesRegex(UserError, "has not been adopted"):
            application._admit(self.board(decide=False), "2019-02-01")
        with self.assertRaisesRegex(UserError, "must cite one resolution"):
            application._admit(self.env["consortium.resolution"], "2019-02-01")
        self.assertEqual(application.state, "submitted")

    def test_admission_twice(self):
        application = self.submitted()
        application._admit(self.board(), "2019-02-01", welcome="no")
        with self.assertRaisesRegex(UserError, "already been decided"):
            application._admit(self.board(), "2019-02-01")

    def test_admission_of_what_is_not_before_the_board(self):
        with self.assertRaisesRegex(UserError, "not before the board yet"):
            self.application()._admit(self.board(), "2019-02-01")

    def test_admission_of_a_member(self):
        self.alize.company_registry = "1142000000"
        self.admit(self.alize, "2016-01-01")
        application = self.submitted(neq="1142000000")
        with self.assertRaisesRegex(UserError, "is a member since"):
            application._admit(self.board(), "2019-02-01")

    def test_one_bad_application_of_several_admits_none(self):
        self.alize.company_registry = "1142000000"
        self.admit(self.alize, "2016-01-01")
        good = self.submitted()
        bad = self.submitted(neq="1142000000")
        last = self.env.company.member_number_last
        with self.assertRaises(UserError):
            (good | bad)._admit(self.board(), "2019-02-01")
        self.assertEqual(good.state, "submitted")
        self.env.company.invalidate_recordset()
        self.assertEqual(self.env.company.member_number_last, last)

    def test_refusal(self):
        application = self.submitted()
        application._refuse(self.board(), "Pas d'usage des services.")
        self.assertEqual(application.state, "refused")
        self.assertEqual(application.membership_id.state, "refused")
        self.assertFalse(self.on("2026-01-01"))

    def test_refusal_says_why(self):
        application = self.submitted()
        with self.assertRaisesRegex(UserError, "Say why"):
            application._refuse(self.board(), " ")

    def test_withdrawal(self):
        application = self.submitted()
        application.action_withdraw()
        self.assertEqual(application.state, "withdrawn")
        self.assertFalse(application.partner_id.membership_ids)

    def test_decided_application_stays(self):
        application = self.submitted()
        application._admit(self.board(), "2019-02-01", welcome="no")
        with self.assertRaisesRegex(UserError, "does not change"):
            application.need = "Autre"
        with self.assertRaisesRegex(UserError, "by its buttons"):
            application.state = "draft"
        with self.assertRaises(UserError):
            application.unlink()

    def test_two_applications_of_one_organization(self):
        self.alize.company_registry = "1142000000"
        self.submitted(neq="1142000000")
        second = self.application(neq="1142000000")
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.env.cr.savepoint(),
        ):
            second.action_submit()

    def test_wizard_admits(self):
        application = self.submitted()
        board = self.board()
        wizard = self.env["consortium.membership.decision"].create(
            {
                "application_ids": application.ids,
                "resolution_id": board.id,
                "send_welcome": False,
            }
        )
        self.assertEqual(wizard.date, date(2019, 2, 1))
        wizard.action_decide()
        self.assertEqual(application.state, "admitted")

    def test_wizard_refuses(self):
        application = self.submitted()
        self.env["consortium.membership.decision"].create(
            {
                "application_ids": application.ids,
                "resolution_id": self.board().id,
                "decision": "refuse",
                "reason": "Non admissible",
            }
        ).action_decide()
        self.assertEqual(application.refusal_reason, "Non admissible")

    def test_from_an_opportunity(self):
        lead = self.env["crm.lead"].create(
            {
                "name": "Prospect",
                "type": "opportunity",
                "partner_name": "Coopérative du Prospect",
                "contact_name": "Aline Roy",
                "email_from": "aline@prospect.example",
                "city": "Gaspé",
            }
        )
        action = lead.action_membership_application()
        application = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(application.organization_name, "Coopérative du Prospect")
        self.assertEqual(application.contact_name, "Aline Roy")
        self.assertEqual(application.city, "Gaspé")
        self.assertEqual(lead.action_membership_application()["res_id"], application.id)
        application.write(
            {
                "organization_kind_id": self.kind.id,
                "category_id": self.user_category.id,
                "has_undertaken": True,
            }
        )
        application.action_submit()
        application._admit(self.board(), "2019-02-01", welcome="no")
        self.assertTrue(lead.stage_id.is_won)

    def test_from_an_opportunity_of_a_known_organization(self):
        lead = self.env["crm.lead"].create(
            {"name": "Prospect", "type": "opportunity", "partner_id": self.alize.id}
        )
        action = lead.action_membership_application()
        application = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(application.partner_id, self.alize)

    def test_merged_opportunities_keep_their_application(self):
        leads = self.env["crm.lead"].create(
            [{"name": "A", "type": "lead"}, {"name": "B", "type": "opportunity"}]
        )
        application = self.application(lead_id=leads[0].id)
        kept = leads.merge_opportunity()
        self.assertEqual(application.lead_id, kept)

    def test_online_twice_is_one_application(self):
        values = {
            "organization_name": "Coop en ligne",
            "email": "info@enligne.example",
            "contact_name": "Aline",
            "contact_email": "aline@enligne.example",
            "need": "Comptabilité",
            "neq": "",
        }
        model = self.env["consortium.membership.application"]
        first = model._receive_online(dict(values))
        second = model._receive_online(dict(values, need="Droit"))
        self.assertEqual(first, second)
        self.assertEqual(first.source, "portal")
        self.assertIn("Droit", first.message_ids[0].body)

    def online(self, name, **values):
        return self.env["consortium.membership.application"]._receive_online(
            {
                "organization_name": name,
                "email": "gestion@partage.example",
                "contact_name": "Aline",
                "contact_email": "aline@partage.example",
                "need": "Comptabilité",
                "neq": "",
                **values,
            }
        )

    def test_online_two_organizations_of_one_address(self):
        """One manager applies for two organisations: both applications are kept."""
        first = self.online("Coop du Nord", neq="1142000000")
        self.assertNotEqual(self.online("Coop du Sud", neq="1142000018"), first)
        other = self.online("Coop de l'Est")
        self.assertNotEqual(other, first)
        # Sent again with or without its NEQ, it is the same one.
        self.assertEqual(self.online("Coop du Nord", neq="1142000000"), first)
        self.assertEqual(self.online("COOP DU NORD"), first)
        self.assertNotEqual(self.online("Coop du Nord", neq="1142000026"), first)
        note = first.message_ids[-1:].body + first.message_ids[0].body
        self.assertIn("COOP DU NORD", note)

    def test_welcome_letter_by_mail(self):
        application = self.submitted()
        membership = application._admit(self.board(), "2019-02-01")
        mail = self.env["mail.mail"].search(
            [("model", "=", membership._name), ("res_id", "=", membership.id)]
        )
        self.assertEqual(len(mail), 1)
        self.assertIn("info@nouvelle.example", mail.recipient_ids.mapped("email"))
        self.assertTrue(mail.attachment_ids)

    def test_welcome_letter_without_an_address_is_filed(self):
        application = self.submitted(email=False)
        membership = application._admit(self.board(), "2019-02-01")
        self.assertTrue(membership.message_ids.attachment_ids)

    def test_welcome_letters_of_many_are_sent_later(self):
        application = self.submitted()
        membership = application._admit(self.board(), "2019-02-01", welcome="later")
        self.assertTrue(membership.welcome_to_send)
        with self.enter_registry_test_mode():
            self.env.ref(
                "consortium_membership.ir_cron_send_welcome"
            ).method_direct_trigger()
        self.assertFalse(membership.welcome_to_send)
