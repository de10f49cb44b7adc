from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common_requests import RequestCommon

# The fields of the cooperative that this software is for.
CODES = set(
    "GRH JUR WEB RDP EVE FIN GRA SST REL FOR TIC MKG MEN DOR QUA AUD CAP".split()
)


@tagged("post_install", "-at_install")
class TestCatalogue(RequestCommon):
    def catalogue(self, query=""):
        return self.env["consortium.expertise"]._catalogue(query)

    def test_the_seventeen_fields_are_data(self):
        fields = (
            self.env["consortium.expertise"]
            .with_context(active_test=False)
            .search([("code", "in", list(CODES))])
        )
        self.assertEqual(set(fields.mapped("code")), CODES)
        for field in fields:
            self.assertTrue(field.description, field.code)
            self.assertTrue(field.solves, field.code)
        self.assertEqual(
            fields.filtered(lambda field: field.kind != "service").mapped("code"),
            ["FOR", "MEN"],
        )

    def test_a_new_field_is_there_at_once(self):
        form = Form(self.env["consortium.expertise"].with_user(self.coordinator))
        form.code, form.name = "NEUF", "Traduction"
        field = form.save()
        self.assertIn(field, self.catalogue("traduction"))

    def test_found_by_need_and_by_name(self):
        self.assertEqual(self.catalogue("comptabilite")[0], self.finance)
        self.assertEqual(
            self.catalogue("Fusion avec une coopérative voisine")[0], self.legal
        )
        self.assertEqual(self.catalogue("avocats")[0], self.legal)
        self.assertFalse(self.catalogue("zzzz"))

    def test_out_of_its_period_it_is_not_offered(self):
        self.legal.date_end = self.day(-1)
        self.assertFalse(self.legal.is_offered)
        self.assertNotIn(self.legal, self.catalogue())
        self.legal.date_end = self.today
        self.assertIn(self.legal, self.catalogue())
        self.legal.write({"date_end": False, "date_start": self.day(1)})
        self.assertNotIn(self.legal, self.catalogue())

    def test_archived_while_in_use(self):
        lead = self.request(self.legal)
        self.legal.active = False
        self.assertEqual(lead.request_line_ids.expertise_id, self.legal)
        lead.request_line_ids.with_user(self.coordinator).action_take()
        self.assertEqual(lead.request_line_ids.state, "taken")
        with self.assertRaisesRegex(UserError, "no longer offered"):
            self.request(self.legal)
        with self.assertRaisesRegex(UserError, "has been requested: archive it"):
            self.legal.unlink()

    def test_codes_are_unique(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.env["consortium.expertise"].create({"code": "tleg", "name": "Autre"})

    def test_a_pictogram_is_no_script(self):
        with self.assertRaises(ValidationError):
            self.legal.icon = 'fa-x" onclick="alert(1)'

    def test_a_field_is_no_part_of_itself(self):
        self.finance.parent_id = self.legal
        with self.assertRaises(UserError):
            self.legal.parent_id = self.finance

    def test_hours_in_order(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.legal.typical_hours_max = 5
            self.env.flush_all()

    def test_complementary_fields_are_listed(self):
        self.assertEqual(self.legal.complementary_ids, self.finance)

    def test_estimate_of_the_catalogue(self):
        estimate = (self.legal + self.finance)._estimates()
        self.assertEqual(list(estimate), [self.legal.id])
        self.assertEqual(estimate[self.legal.id]["estimate_min"], 600)
        self.assertEqual(estimate[self.legal.id]["estimate_max"], 1800)

    def test_queries_of_the_search_do_not_grow(self):
        self.env.flush_all()

        def queries():
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.catalogue("comptable").mapped("name")
            return self.cr.sql_log_count - before

        queries()
        few = queries()
        self.env["consortium.expertise"].create(
            [{"code": f"N{n}", "name": f"Champ {n}"} for n in range(60)]
        )
        self.env.flush_all()
        self.assertEqual(queries(), few)
        self.assertLessEqual(few, 5)

    def test_estimate_of_ended_mandates(self):
        """Hours entered on agreements that are closed, and on no other."""
        for number, hours in enumerate((10, 20, 30, 500)):
            order = self.env["sale.order"].create(
                {
                    "partner_id": self.organization_a.id,
                    "is_service_agreement": True,
                    "agreement_type": "service",
                    "order_line": [
                        (
                            0,
                            0,
                            {
                                "expertise_id": self.legal.id,
                                "planned_minutes": 60,
                                "opening_minutes": hours * 60,
                            },
                        )
                    ],
                }
            )
            if number < 3:
                self.env.cr.execute(
                    "UPDATE sale_order SET closed_on = %s WHERE id = %s",
                    (self.today, order.id),
                )
        self.assertEqual(
            sorted(self.legal._mandate_minutes()[self.legal.id]), [600, 1200, 1800]
        )
        estimate = self.legal._estimates()[self.legal.id]
        self.assertEqual(
            (estimate["estimate_min"], estimate["estimate_max"]), (600, 1800)
        )
