from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .agreement_common import AgreementCommon
from .common_requests import RequestCommon


@tagged("post_install", "-at_install")
class TestAgreementSteps(AgreementCommon):
    """What no hand writes, what goes back, and what was signed meanwhile."""

    def test_no_step_is_written_by_hand(self):
        running = self.running().with_user(self.coordinator)
        draft = self.agreement().with_user(self.coordinator)
        plain = self.env["sale.order"].create(
            {"partner_id": self.organization_a.id, "user_id": self.coordinator.id}
        )
        for order, vals in (
            (running, {"signed_on": False}),
            (running, {"signed_by": False, "countersigned_on": False}),
            (running, {"state": "draft"}),
            (running, {"state": "cancel"}),
            (running, {"is_service_agreement": False}),
            (running, {"consents_from": "2026-01-01 00:00:00"}),
            (draft, {"state": "sale"}),
            (draft, {"state": "sent"}),
            (
                plain.with_user(self.coordinator),
                {"is_service_agreement": True, "agreement_type": "service"},
            ),
        ):
            with self.assertRaisesRegex(UserError, "buttons"):
                order.write(vals)
        self.assertEqual(running.agreement_state, "running")
        running.write({"state": "sale", "signed_by": running.signed_by})

    def test_an_agreement_begins_at_its_beginning(self):
        orders = self.env["sale.order"].with_user(self.coordinator)
        vals = {
            "partner_id": self.organization_a.id,
            "is_service_agreement": True,
            "agreement_type": "service",
        }
        for forged in ({"state": "sale"}, {"signed_on": "2026-01-01 00:00:00"}):
            with self.assertRaisesRegex(UserError, "buttons"):
                orders.create({**vals, **forged})
        by_default = orders.with_context(default_state="sale")
        with self.assertRaisesRegex(UserError, "buttons"):
            by_default.create(vals)

    def test_what_runs_is_closed_not_cancelled(self):
        order = self.running()
        for user in (self.coordinator, self.manager, self.env.user):
            with self.assertRaisesRegex(UserError, "close it"):
                order.with_user(user).action_cancel()
        order.with_user(self.coordinator)._close("<p>Fini</p>")
        with self.assertRaisesRegex(UserError, "close it"):
            order.with_user(self.coordinator).action_cancel()
        self.assertEqual(order.agreement_state, "closed")

    def test_cancelled_by_a_coordinator_only(self):
        order = self.proposed()
        with self.assertRaises(AccessError):
            order.with_user(self.expert_user).action_cancel()
        order.with_user(self.coordinator).action_cancel()
        self.assertEqual(order.agreement_state, "cancelled")

    def test_what_is_written_again_is_signed_again(self):
        order = self.running()
        # As a database before this rule may hold it.
        order.sudo().state = "cancel"
        order.with_user(self.coordinator).action_draft()
        self.assertFalse(order.countersigned_on or order.signed_on or order.closed_on)
        self.assertEqual(order.version_ids.state, "replaced")
        order.order_line.planned_minutes = 300
        order.with_user(self.coordinator).action_propose()
        self.assertEqual(order._shown_content()["lines"][0]["minutes"], 300)
        with self.assertRaisesRegex(UserError, "countersigns"):
            order.sudo().action_confirm()
        self.sign(order)
        order.with_user(self.manager).action_countersign()
        self.assertEqual(order.agreement_state, "running")
        self.assertEqual(order._shown_content()["ceiling_minutes"], 300)

    def test_back_to_draft_leaves_what_runs(self):
        order = self.running()
        version = self.env["consortium.agreement.version"].create(
            {"order_id": order.id, "agreement_title": "Autre"}
        )
        version.with_user(self.coordinator).action_propose()
        order.with_user(self.coordinator).action_draft()
        self.assertEqual(version.state, "proposed")
        self.assertEqual(order.signatory_id, self.person)

    def test_all_that_is_signed_is_kept(self):
        order = self.agreement()
        order.order_line.create(
            {
                "order_id": order.id,
                "is_disbursement": True,
                "product_id": self.env.ref(
                    "consortium_services.product_disbursement"
                ).id,
                "name": "Déplacements",
                "price_unit": 250,
            }
        )
        framework = self.running(agreement_type="framework")
        order.with_user(self.coordinator).action_propose()
        self.sign(order)
        order.with_user(self.manager).action_countersign()
        mine = order.with_user(self.coordinator)
        for vals in (
            {"name": "ES-X"},
            {"parent_agreement_id": framework.id},
            {"sponsor_network_id": self.organization_b.id},
        ):
            with self.assertRaisesRegex(UserError, "amendment"):
                mine.write(vals)
        time = mine.order_line.filtered("expertise_id")
        disbursement = mine.order_line - time
        for line, vals in (
            (disbursement, {"price_unit": 9999}),
            (disbursement, {"name": "Autre chose"}),
            (time, {"name": "Autre chose"}),
        ):
            with self.assertRaisesRegex(UserError, "amendment"):
                line.write(vals)
        # The rate is provisional.
        time.price_unit = 120
        self.assertEqual(
            order._agreement_content()["disbursements"][0]["amount"], "250.00"
        )

    # The ceiling

    def test_a_ceiling_that_was_typed_stays(self):
        order = self.agreement(options=(120,))
        option = order.order_line.filtered("is_agreement_option")
        with Form(
            order.with_user(self.coordinator),
            "consortium_services.sale_order_view_form_agreement",
        ) as form:
            form.ceiling_hours = 20
            with form.order_line.edit(0) as line:
                line.planned_hours = 11
            self.assertEqual(form.ceiling_hours, 20)
        self.assertEqual(order.ceiling_minutes, 1200)
        option.option_state = "taken"
        self.assertEqual(order.ceiling_minutes, 1200)
        # Back to the sum: it follows again.
        order.ceiling_minutes = 780
        option.option_state = "left"
        self.assertEqual(order.ceiling_minutes, 660)

    def test_an_amended_ceiling_takes_the_place_of_the_consents(self):
        order = self.running(minutes=600)
        consents = self.env["consortium.agreement.consent"].with_user(self.coordinator)

        def consent(minutes, answered_on):
            asked = consents.create(
                {"order_id": order.id, "minutes": minutes, "reason": "x"}
            )
            asked.with_user(self.signatory)._answer(True)
            asked.sudo().answered_on = answered_on

        def amend(**values):
            version = self.env["consortium.agreement.version"].create(
                {"order_id": order.id, **values}
            )
            version.with_user(self.coordinator).action_propose()
            self.sign(order, version=version)
            version.with_user(self.manager).action_countersign()

        consent(120, "2020-01-01 12:00:00")
        self.assertEqual(order.allowed_minutes, 720)
        amend(agreement_title="Autre titre")
        self.assertEqual(order.allowed_minutes, 720, "the ceiling was not amended")
        amend(ceiling_minutes=900)
        self.assertEqual(order.allowed_minutes, 900)
        consent(60, "2999-01-01 12:00:00")
        self.assertEqual(order.allowed_minutes, 960)


@tagged("post_install", "-at_install")
class TestAgreementNeeds(AgreementCommon, RequestCommon):
    """What becomes of the needs when the agreement goes back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls.request(cls.legal, cls.finance)
        cls.asked, cls.trusted = cls.lead.request_line_ids
        cls.trusted.employee_id = cls.expert
        (cls.asked | cls.trusted).state = "taken"
        cls.trusted.state = "assigned"
        cls.option = cls.lead._recommend(cls.management, "Utile")
        action = cls.lead.action_propose_agreement()
        cls.order = cls.env["sale.order"].browse(action["res_id"])
        cls.order.write(
            {
                "agreement_start": cls.today,
                "agreement_end": cls.day(90),
                "user_id": cls.coordinator.id,
            }
        )
        cls.mine = cls.order.with_user(cls.coordinator)

    def states(self):
        return (self.asked | self.trusted | self.option).mapped("state")

    BEFORE = ["taken", "assigned", "recommended"]

    def choose(self, taken):
        line = self.order.order_line.filtered("is_agreement_option")
        line._choose_option(taken)

    def test_cancelled_then_written_again(self):
        self.assertEqual(self.states(), ["proposed"] * 3)
        self.mine.action_cancel()
        self.assertEqual(self.states(), self.BEFORE)
        self.assertEqual(self.lead.request_state, "in_progress")
        self.mine.action_draft()
        self.assertEqual(self.states(), ["proposed"] * 3)

    def test_declined(self):
        self.mine.action_propose()
        self.order.with_user(self.signatory)._decline_as_member("Non")
        self.assertEqual(self.states(), self.BEFORE)

    def test_deleted(self):
        self.order.order_line[0].unlink()
        self.assertEqual(self.states(), ["taken", "proposed", "proposed"])
        self.order.unlink()
        self.assertEqual(self.states(), self.BEFORE)

    def test_another_agreement_answers_them(self):
        self.mine.action_cancel()
        self.lead.action_propose_agreement()
        self.order.unlink()
        self.assertEqual(self.states(), ["proposed"] * 3)

    def test_an_option_left_then_taken(self):
        self.mine.action_propose()
        self.choose(False)
        self.sign(self.order)
        self.assertEqual(self.option.state, "proposed", "nothing is in force yet")
        self.mine.action_draft()
        self.mine.action_propose()
        self.choose(True)
        self.sign(self.order)
        self.order.with_user(self.manager).action_countersign()
        self.assertEqual(
            (self.option.state, self.option.option_answer), ("agreed", "taken")
        )

    def test_an_option_left(self):
        self.mine.action_propose()
        self.choose(False)
        self.sign(self.order)
        self.order.with_user(self.manager).action_countersign()
        self.assertEqual(
            (self.option.state, self.option.option_answer), ("left", "left")
        )
