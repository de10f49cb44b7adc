from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2.errors import CheckViolation

from .agreement_common import AgreementCommon


@tagged("post_install", "-at_install")
class TestAgreement(AgreementCommon):
    """What an agreement says, and what it needs to be proposed."""

    def test_number_of_the_series_of_its_type(self):
        service = self.agreement()
        framework = self.agreement(agreement_type="framework")
        self.assertRegex(service.name, r"^ES-\d{4}-\d{4}$")
        self.assertRegex(framework.name, r"^EC-\d{4}-\d{4}$")
        plain = self.env["sale.order"].create({"partner_id": self.organization_a.id})
        self.assertNotRegex(plain.name, r"^E")
        self.assertFalse(plain.agreement_state)

    def test_hours_are_integer_minutes(self):
        order = self.agreement(minutes=100)
        line = order.order_line
        self.assertEqual(line.planned_minutes, 100)
        self.assertAlmostEqual(line.product_uom_qty, 100 / 60, 2)
        line.planned_hours = 1.25
        self.assertEqual(line.planned_minutes, 75)
        self.assertEqual(order.ceiling_minutes, 75)

    def test_the_rate_that_was_typed_stays(self):
        order = self.agreement(options=(120,))
        order.order_line.price_unit = 98.5
        order.order_line[0].planned_minutes = 90
        order.order_line[1].option_state = "taken"
        self.assertEqual(order.order_line.mapped("price_unit"), [98.5, 98.5])
        rates = [line["rate"] for line in order._agreement_content()["lines"]]
        self.assertEqual(rates, ["98.50", "98.50"])
        created = self.agreement(order_line=False)
        line = created.order_line.create(
            {
                "order_id": created.id,
                "expertise_id": self.law.id,
                "planned_minutes": 60,
                "price_unit": 77.25,
            }
        )
        self.assertEqual(line.price_unit, 77.25)

    def test_ceiling_counts_what_is_taken(self):
        order = self.agreement(options=(120,))
        self.assertEqual(order.ceiling_minutes, 600)
        option = order.order_line.filtered("is_agreement_option")
        self.assertEqual(option.option_state, "offered")
        self.assertFalse(option.product_uom_qty)
        option.option_state = "taken"
        self.assertEqual(order.ceiling_minutes, 720)
        self.assertEqual(option.product_uom_qty, 2)

    def test_form(self):
        view = "consortium_services.sale_order_view_form_agreement"
        action = "consortium_services.sale_order_action_agreements"
        context = {
            "default_is_service_agreement": True,
            "default_agreement_type": "service",
        }
        self.assertTrue(self.env.ref(action))
        form = Form(
            self.env["sale.order"].with_user(self.coordinator).with_context(**context),
            view=view,
        )
        form.partner_id = self.organization_a
        form.agreement_title = "Appui"
        form.agreement_start = self.today
        form.agreement_end = self.day(30)
        with form.order_line.new() as line:
            line.expertise_id = self.law
            line.planned_hours = 12.5
        order = form.save()
        self.assertEqual(order.ceiling_minutes, 750)
        self.assertRegex(order.name, "^ES-")
        self.assertEqual(order.order_line.name, self.law.name)

    def test_what_a_proposal_needs(self):
        order = self.agreement(agreement_end=False)
        with self.assertRaisesRegex(UserError, "first and last days"):
            order.with_user(self.coordinator).action_propose()
        order = self.agreement(agreement_title=False)
        with self.assertRaisesRegex(UserError, "a title"):
            order.with_user(self.coordinator).action_propose()
        order = self.agreement()
        order.order_line.unlink()
        with self.assertRaisesRegex(UserError, "a field of expertise"):
            order.with_user(self.coordinator).action_propose()

    def test_somebody_may_sign(self):
        nobody = self.env["res.partner"].create({"name": "Coop N", "is_company": True})
        order = self.agreement(nobody)
        with self.assertRaisesRegex(UserError, "Nobody has a mandate to sign"):
            order.with_user(self.coordinator).action_propose()

    def test_proposal_takes_the_clauses_of_the_day(self):
        order = self.proposed()
        self.assertEqual(order.agreement_state, "proposed")
        codes = order.clause_version_ids.clause_id.mapped("code")
        self.assertIn("AT-COST", codes)
        self.assertIn("CONFIDENTIALITY", codes)
        self.assertIn("ENDING", codes)
        message = order.message_ids[:1]
        self.assertIn(self.person, message.partner_ids)
        self.assertIn(f"/my/agreements/{order.id}", message.body)

    def test_clauses_by_type(self):
        partnership = self.proposed(agreement_type="partnership")
        codes = partnership.clause_version_ids.clause_id.mapped("code")
        self.assertNotIn("CEILING", codes)

    def test_a_new_wording_is_for_later_agreements(self):
        before = self.proposed()
        clause = self.env.ref("consortium_services.clause_ending")
        old = clause.version_ids
        new = self.env["consortium.agreement.clause.version"].create(
            {"clause_id": clause.id, "body": "<p>Autrement</p>"}
        )
        self.assertEqual(new.number, old.number + 1)
        after = self.proposed()
        self.assertIn(old, before.clause_version_ids)
        self.assertIn(new, after.clause_version_ids)
        with self.assertRaisesRegex(UserError, "new version"):
            old.body = "<p>Réécrit</p>"
        with self.assertRaisesRegex(UserError, "new version"):
            old.unlink()

    def test_framework(self):
        framework = self.running(agreement_type="framework", ceiling_minutes=900)
        below = self.agreement(parent_agreement_id=framework.id)
        self.assertEqual(framework.child_agreement_ids, below)
        with self.assertRaisesRegex(ValidationError, "framework agreement only"):
            self.agreement(parent_agreement_id=below.id)

    def test_dates(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            self.agreement(agreement_end=self.day(-1))

    def test_payer_and_beneficiary(self):
        order = self.agreement(
            beneficiary_id=self.organization_b.id,
            partner_invoice_id=self.organization_b.id,
        )
        content = order._agreement_content()
        self.assertEqual(content["member"], "Coopérative Alizé")
        self.assertEqual(content["beneficiary"], "Mutuelle Boréale")
        self.assertEqual(content["payer"], "Mutuelle Boréale")
