"""Two real connections: two coordinators, one need; one form, sent twice."""

import psycopg2
from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

from .common_requests import everybody_is_served


@tagged("post_install", "-at_install")
class TestRequestConcurrency(BaseCase):
    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.startPatcher(everybody_is_served(self.registry))
        with self.registry.cursor() as cr:
            env = self.env_of(cr)
            partner = env["res.partner"].create({"name": "Concurrente"})
            lead = env["crm.lead"].create(
                {
                    "name": "Demande concurrente",
                    "is_service_request": True,
                    "partner_id": partner.id,
                    "request_line_ids": [(0, 0, {"need": "Besoin disputé"})],
                }
            )
            self.partner_id, self.lead_id = partner.id, lead.id
            self.line_id = lead.request_line_ids.id
        self.addCleanup(self.clean)

    def clean(self):
        with self.registry.cursor() as cr:
            env = self.env_of(cr)
            leads = env["crm.lead"].search([("partner_id", "=", self.partner_id)])
            cr.execute(
                "DELETE FROM consortium_service_request_line WHERE lead_id = ANY(%s)",
                (leads.ids,),
            )
            env.invalidate_all()
            leads.unlink()
            env["res.partner"].browse(self.partner_id).unlink()

    def env_of(self, cr):
        return api.Environment(
            cr, SUPERUSER_ID, {"tracking_disable": True, "lang": "en_US"}
        )

    def line(self, cr):
        return self.env_of(cr)["consortium.service.request.line"].browse(self.line_id)

    def test_while_one_takes_it_the_other_is_told(self):
        with self.registry.cursor() as one, self.registry.cursor() as other:
            self.line(one).action_take()
            one.flush()
            with self.assertRaisesRegex(UserError, "Somebody else"):
                self.line(other).action_take()
            other.rollback()
            one.rollback()

    @mute_logger("odoo.sql_db")
    def test_both_had_read_it_before_one_took_it(self):
        """The second fails in the way that Odoo tries again; then it is told."""
        with self.registry.cursor() as one, self.registry.cursor() as other:
            self.assertEqual(self.line(other).state, "new")
            self.line(one).action_take()
            one.commit()
            with self.assertRaises(psycopg2.errors.SerializationFailure):
                self.line(other).action_take()
            other.rollback()
            self.assertEqual(self.line(other).state, "taken")
            other.rollback()

    @mute_logger("odoo.sql_db")
    def test_one_form_sent_twice_at_the_same_moment(self):
        values = {
            "name": "Double",
            "is_service_request": True,
            "partner_id": self.partner_id,
            "submission_key": "clef-du-formulaire",
        }
        with self.registry.cursor() as one, self.registry.cursor() as other:
            for cr in (one, other):
                cr.execute("SELECT count(*) FROM crm_lead")
            self.env_of(one)["crm.lead"].create(values)
            one.flush()
            one.commit()
            with self.assertRaises(psycopg2.IntegrityError) as caught:
                self.env_of(other)["crm.lead"].create(values)
                other.flush()
            self.assertEqual(
                caught.exception.diag.constraint_name, "crm_lead_submission_once"
            )
            other.rollback()
