from unittest.mock import patch

from odoo.addons.mail.tests.common import MailCommon
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_requests import RequestCommon

MESSAGE = """MIME-Version: 1.0
Message-ID: <{number}@alize.example>
From: {sender}
To: demandes@{domain}
Subject: {subject}
Content-Type: text/plain; charset=utf-8

{text}
"""
FAILURE = "consortium_services.mail_activity_type_mail_failure"


@tagged("post_install", "-at_install")
class TestRequestMail(RequestCommon, MailCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref(
            "consortium_services.mail_alias_service_request"
        ).alias_domain_id = cls.mail_alias_domain

    def receive(self, sender, text="Nous cherchons un avocat.", number=1):
        before = self.env["crm.lead"].search([])
        with mute_logger("odoo.addons.mail.models.mail_thread"):
            self.env["mail.thread"].message_process(
                "crm.lead",
                MESSAGE.format(
                    sender=sender,
                    domain=self.alias_domain,
                    subject="Besoin d'aide",
                    text=text,
                    number=number,
                ),
            )
        return self.env["crm.lead"].search([]) - before

    def mails(self, lead):
        return (
            self.env["mail.mail"]
            .sudo()
            .search([("model", "=", "crm.lead"), ("res_id", "=", lead.id)])
        )

    def test_acknowledged_in_french_with_the_number(self):
        lead = self.request(self.legal)
        self.env["res.lang"]._activate_lang("fr_CA")
        self.person.lang = "fr_CA"
        lead._acknowledge()
        mail = self.mails(lead)
        self.assertEqual(mail.subject, f"Votre demande {lead.request_number}")
        self.assertIn("Nous avons bien reçu votre demande", mail.body_html)
        self.assertIn("Besoin TLEG", mail.body_html)
        self.assertEqual(mail.recipient_ids, self.person)
        self.assertEqual(mail.state, "outgoing", "sent by the queue, not now")

    def test_what_a_coordinator_enters_is_acknowledged(self):
        values = {
            "name": "Par téléphone",
            "is_service_request": True,
            "partner_id": self.organization_a.id,
            "request_line_ids": [
                (0, 0, {"expertise_id": need.id, "need": f"Besoin {need.code}"})
                for need in (self.legal, self.finance)
            ],
        }
        leads = self.env["crm.lead"].with_user(self.coordinator)
        lead = leads.create({**values, "request_person_id": self.person.id})
        mail = self.mails(lead)
        self.assertEqual(len(mail), 1)
        self.assertIn(lead.request_number, mail.subject)
        self.assertIn("Besoin TFIN", mail.body_html)
        self.assertFalse(lead.first_answer_at, "a machine answered")
        self.assertFalse(self.mails(leads.create(values)), "nobody to write to")
        other = lead._split(lead.request_line_ids[1])
        self.assertFalse(self.mails(other), "they know of it already")

    def test_scripts_in_a_need_stay_text(self):
        lead = self.request(self.legal)
        lead.request_line_ids.need = "<script>alert(1)</script>"
        lead._acknowledge()
        self.assertNotIn("<script>", self.mails(lead).body_html)

    def test_by_e_mail_from_a_representative(self):
        self.representative()
        lead = self.receive(self.person.email)
        self.assertTrue(lead.is_service_request)
        self.assertEqual(lead.request_channel, "email")
        self.assertEqual(lead.partner_id, self.organization_a)
        self.assertEqual(lead.request_person_id, self.person)
        self.assertEqual(lead.request_line_ids.need, "Nous cherchons un avocat.")
        self.assertFalse(lead.request_line_ids.manager_id)
        self.assertIn(lead.request_number, self.mails(lead).subject)

    def test_by_e_mail_from_who_represents_two(self):
        self.representative()
        self.mandate(organization=self.organization_b, scope_request=True)
        lead = self.receive(self.person.email)
        self.assertFalse(lead.partner_id, "a coordinator says which")

    def test_by_e_mail_from_a_stranger(self):
        lead = self.receive("inconnu@ailleurs.example")
        self.assertTrue(lead.is_service_request)
        self.assertFalse(lead.partner_id)
        self.assertEqual(self.mails(lead).email_to, "inconnu@ailleurs.example")

    def test_nothing_received_is_lost_when_one_may_not_be_served(self):
        self.representative()
        partners = type(self.env["res.partner"])
        self.patch(partners, "_why_not_served", lambda _self, _date: "Pas membre.")
        lead = self.receive(self.person.email)
        self.assertTrue(lead.request_line_ids)
        self.assertFalse(lead.partner_id)

    def test_the_mail_server_is_down(self):
        """The request is kept, its acknowledgement sent later, somebody is told."""
        lead = self.request(self.legal)
        lead._acknowledge()
        mail = self.mails(lead)

        def down(*_args, **_kwargs):
            raise ConnectionRefusedError("serveur arrêté")

        servers = type(self.env["ir.mail_server"])
        with (
            patch.object(servers, "_connect__", down),
            mute_logger("odoo.addons.mail.models.mail_mail"),
        ):
            mail.send()
        self.assertEqual(mail.state, "exception")
        self.assertTrue(lead.exists().request_line_ids)
        self.run_cron("ir_cron_retry_requests")
        self.run_cron("ir_cron_retry_requests")
        self.assertEqual(mail.state, "outgoing")
        activities = lead.activity_search([FAILURE])
        self.assertEqual(activities.user_id, self.coordinator)
        self.assertEqual(len(activities), 1)
        with self.mock_mail_gateway():
            mail.send()
        self.assertEqual(mail.state, "sent")

    def test_an_answer_is_received_by_the_person(self):
        lead = self.request(self.legal)
        self.settle(lead.request_line_ids.with_user(self.coordinator))
        message = lead.message_ids[0]
        self.assertIn(self.person, message.notified_partner_ids)
