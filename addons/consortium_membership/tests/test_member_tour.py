from odoo.tests import HttpCase, tagged

from .common_members import MemberCommon


@tagged("post_install", "-at_install")
class TestMemberTour(MemberCommon, HttpCase):
    def test_from_the_application_to_the_admission(self):
        """What the online form gave (its own tour is below), until the membership."""
        self.resolution("admission", "2019-01-01", number="T-PARCOURS")
        officer = self.employee("membership_officer")
        self.env["consortium.membership.application"]._receive_online(
            {
                "organization_name": "Coopérative du parcours",
                "organization_kind_id": self.kind.id,
                "category_id": self.user_category.id,
                "email": "info@parcours.example",
                "contact_name": "Aline Tremblay",
                "contact_email": "aline@parcours.example",
                "need": "Comptabilité et paie",
                "has_undertaken": True,
            }
        )
        self.start_tour(
            "/odoo/applications", "consortium_membership_admit", login=officer.login
        )
        application = self.env["consortium.membership.application"].search(
            [("organization_name", "=", "Coopérative du parcours")]
        )
        self.assertEqual(application.state, "admitted")
        self.assertIn(application.membership_id, self.on(self.today))
        mandate = application.partner_id.representative_ids
        self.assertEqual(mandate.person_id.name, "Aline Tremblay")
        self.assertTrue(application.membership_id.message_ids)


@tagged("post_install", "-at_install")
class TestMemberPhoneTour(MemberCommon, HttpCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_resignation_on_a_phone(self):
        self.admit(self.alize, "2016-03-01")
        user = self.representative(self.alize)
        self.start_tour("/my", "consortium_membership_portal", login=user.login)
        request = self.env["consortium.member.request"].search(
            [("partner_id", "=", self.alize.id)]
        )
        self.assertEqual(request.kind, "resignation")

    def test_the_form_on_a_phone(self):
        self.start_tour("/membership/apply", "consortium_membership_apply")
