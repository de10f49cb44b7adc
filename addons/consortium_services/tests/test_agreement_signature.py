from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import CheckViolation

from .agreement_common import AgreementCommon


@tagged("post_install", "-at_install")
class TestAgreementSignature(AgreementCommon):
    """From the proposal to the project: who signs, and what is kept of it."""

    def test_signed_waits_for_the_countersignature(self):
        order = self.proposed()
        version = self.sign(order)
        self.assertEqual(order.agreement_state, "signed")
        self.assertEqual(order.state, "sent")
        self.assertFalse(order.project_id)
        self.assertEqual(order.signatory_id, self.person)
        self.assertEqual(version.state, "signed")
        self.assertEqual(version.signed_by, self.signatory.name)
        self.assertTrue(
            order.activity_ids.filtered(lambda a: "Countersign" in a.summary)
        )

    def test_countersignature_makes_the_project(self):
        order = self.proposed()
        self.sign(order)
        order.with_user(self.manager).action_countersign()
        self.assertEqual(order.agreement_state, "running")
        self.assertEqual(order.state, "sale")
        project = order.project_id
        self.assertEqual(project.agreement_id, order)
        self.assertTrue(project.account_id)
        self.assertEqual(project.task_ids.mapped("name"), [self.law.name])
        self.assertEqual(project.task_ids.user_ids, self.expert_user)
        self.assertEqual(project.task_ids.sale_line_id, order.order_line)
        self.assertEqual(order.version_ids.state, "in_force")
        self.assertFalse(order.activity_ids)

    def test_project_from_a_template(self):
        role = self.env["project.role"].create({"name": "Juriste"})
        template = self.env["project.project"].create(
            {
                "name": "Gabarit",
                "is_template": True,
                "allow_billable": True,
                "task_ids": [
                    (0, 0, {"name": "Rencontre de départ", "role_ids": [(4, role.id)]})
                ],
            }
        )
        order = self.agreement(agreement_project_template_id=template.id)
        order.order_line.role_id = role
        order.with_user(self.coordinator).action_propose()
        self.sign(order)
        order.with_user(self.manager).action_countersign()
        tasks = order.project_id.task_ids
        self.assertEqual(
            set(tasks.mapped("name")), {"Rencontre de départ", self.law.name}
        )
        self.assertEqual(tasks.user_ids, self.expert_user)
        self.assertFalse(order.project_id.is_template)

    def test_countersigned_by_whom(self):
        order = self.proposed()
        self.sign(order)
        for user in (self.coordinator, self.expert_user):
            with self.assertRaises(AccessError):
                order.with_user(user).action_countersign()
        self.coordinator.group_ids |= self.env.ref(
            "consortium_services.group_countersigner"
        )
        order.with_user(self.coordinator).action_countersign()
        self.assertEqual(order.countersigned_by_id, self.coordinator)

    def test_nobody_signs_for_both_sides(self):
        self.mandate(self.manager.partner_id, scope_sign=True)
        order = self.proposed()
        self.sign(order, self.manager)
        with self.assertRaisesRegex(UserError, "somebody else"):
            order.with_user(self.manager).action_countersign()

    def test_no_countersignature_before_the_signature(self):
        order = self.proposed()
        with self.assertRaisesRegex(UserError, "no signature of the member"):
            order.with_user(self.manager).action_countersign()

    def test_core_does_not_confirm_an_agreement(self):
        order = self.proposed()
        for user in (self.coordinator, self.manager, self.env.user):
            with self.assertRaisesRegex(UserError, "countersigns"):
                order.with_user(user).action_confirm()
        self.assertFalse(order._has_to_be_signed())
        self.assertFalse(order._has_to_be_paid())

    def test_without_a_mandate_to_sign(self):
        order = self.proposed()
        self.sign_mandate.scope_sign = False
        with self.assertRaisesRegex(AccessError, "no mandate to sign"):
            self.sign(order)
        self.assertFalse(order.signed_on)

    def test_the_mandate_of_another_member(self):
        order = self.proposed()
        with self.assertRaisesRegex(AccessError, "no mandate to sign"):
            self.sign(order.sudo(), self.other_signatory)

    def test_an_expired_mandate(self):
        order = self.proposed()
        self.env.cr.execute(
            "UPDATE consortium_representation SET date_end = %s WHERE id = %s",
            (self.day(-1), self.sign_mandate.id),
        )
        self.env.invalidate_all()
        self.env.cr.cache.clear()
        with self.assertRaises(AccessError):
            self.sign(order)

    def test_a_forged_name(self):
        order = self.proposed()
        with self.assertRaisesRegex(UserError, "your own name"):
            self.sign(order, name="Présidente de la coop")
        self.assertFalse(order.signed_on)
        self.sign(order, name="aline  tremblay ")

    def test_what_was_read_is_what_is_signed(self):
        order = self.proposed()
        digest = order._content_digest()
        order.order_line.planned_minutes = 6000
        with self.assertRaisesRegex(UserError, "has changed"):
            order.with_user(self.signatory)._sign_as_member(self.signatory.name, digest)
        self.assertFalse(order.signed_on)

    def test_each_option_is_chosen_first(self):
        order = self.proposed(options=(120,))
        with self.assertRaisesRegex(UserError, "Take or leave"):
            self.sign(order)
        option = order.order_line.filtered("is_agreement_option")
        option._choose_option(True)
        self.sign(order)
        self.assertEqual(order.ceiling_minutes, 720)
        with self.assertRaisesRegex(UserError, "nothing to choose"):
            option._choose_option(False)

    def test_signed_twice(self):
        order = self.proposed()
        self.sign(order)
        with self.assertRaisesRegex(UserError, "not waiting"):
            self.sign(order)
        self.assertEqual(len(order.version_ids), 1)

    def test_countersigned_twice(self):
        order = self.proposed()
        self.sign(order)
        order.with_user(self.manager).action_countersign()
        project, count = order.project_id, len(order.message_ids)
        with self.assertRaisesRegex(UserError, "no signature of the member"):
            order.with_user(self.manager).action_countersign()
        self.assertEqual(len(order.message_ids), count)
        self.assertEqual(
            self.env["project.project"].search([("agreement_id", "=", order.id)]),
            project,
        )

    def test_mail_server_down(self):
        order = self.agreement()
        before = self.env["mail.mail"].search([])
        server = self.env.registry["ir.mail_server"]
        with (
            patch.object(server, "_connect__", side_effect=ConnectionRefusedError),
            mute_logger("odoo.addons.mail.models.mail_mail"),
        ):
            order.with_user(self.coordinator).action_propose()
            self.assertEqual(order.agreement_state, "proposed", "the proposal is kept")
            mail = self.env["mail.mail"].search([]) - before
            self.assertEqual(mail.state, "outgoing", "it goes by the queue")
            mail.send()
        self.assertEqual(mail.state, "exception")
        self.assertFalse(order.activity_ids)
        for _turn in range(2):
            with self.enter_registry_test_mode():
                self.env.ref(
                    "consortium_services.ir_cron_retry_requests"
                ).method_direct_trigger()
            self.env.invalidate_all()
            self.assertEqual(mail.state, "outgoing", "nothing is lost")
            mail.write({"state": "exception", "failure_type": "mail_smtp"})
        self.assertEqual(len(order.activity_ids), 1, "somebody is told, once")
        self.assertEqual(order.activity_ids.user_id, self.coordinator)

    def test_end_is_told_once(self):
        order = self.running(agreement_end=self.day(50))
        for _turn in range(2):
            self.env["sale.order"]._cron_agreement_ends()
        self.assertEqual(len(order.activity_ids), 1)

    def test_declined(self):
        order = self.proposed()
        order.with_user(self.signatory)._decline_as_member("Trop tard")
        self.assertEqual(order.agreement_state, "cancelled")
        self.assertIn("Trop tard", order.message_ids[:1].body)

    def test_written_again(self):
        order = self.proposed()
        version = self.sign(order)
        order.with_user(self.coordinator).action_draft()
        self.assertEqual(order.agreement_state, "draft")
        self.assertEqual(version.state, "refused")
        order.order_line.planned_minutes = 300
        order.with_user(self.coordinator).action_propose()
        again = self.sign(order)
        self.assertEqual(again.number, 2)
        self.assertEqual(again.content["lines"][0]["minutes"], 300)

    # What was signed stays

    def test_signed_content_does_not_change(self):
        order = self.running()
        mine = order.with_user(self.coordinator)
        for vals in (
            {"agreement_end": self.day(300)},
            {"ceiling_minutes": 6000},
            {"agreement_title": "Autre"},
            {"partner_id": self.organization_b.id},
            {"clause_version_ids": [(5,)]},
        ):
            with self.assertRaisesRegex(UserError, "amendment"):
                mine.write(vals)
        line = mine.order_line
        for vals in ({"planned_minutes": 6000}, {"product_uom_qty": 100}):
            with self.assertRaisesRegex(UserError, "amendment"):
                line.write(vals)
        with self.assertRaisesRegex(UserError, "amendment"):
            line.create(
                {
                    "order_id": order.id,
                    "expertise_id": self.finance.id,
                    "planned_minutes": 60,
                }
            )
        mine.write({"agreement_title": order.agreement_title, "note": "Libre"})

    def test_a_plain_line_does_not_become_content(self):
        order = self.running()
        other = self.agreement()
        lines = self.env["sale.order.line"].with_user(self.coordinator)
        product = self.env.ref("consortium_services.product_disbursement")
        plain = lines.create(
            {"order_id": order.id, "product_id": product.id, "name": "Libre"}
        )
        plain.name = "Libre encore"
        for vals in (
            {"expertise_id": self.finance.id, "planned_minutes": 60},
            {"is_disbursement": True, "price_unit": 900},
        ):
            with self.assertRaisesRegex(UserError, "amendment"):
                with self.env.cr.savepoint():
                    plain.write(vals)
        with self.assertRaisesRegex(UserError, "amendment"):
            with self.env.cr.savepoint():
                other.with_user(self.coordinator).order_line.order_id = order
        with self.assertRaisesRegex(UserError, "amendment"):
            with self.env.cr.savepoint():
                order.with_user(self.coordinator).order_line.order_id = other
        with self.assertRaisesRegex(UserError, "amendment"):
            with self.env.cr.savepoint():
                lines.with_context(default_expertise_id=self.finance.id).create(
                    {"order_id": order.id, "product_id": product.id, "name": "x"}
                )
        self.assertEqual(
            order.order_line.filtered("expertise_id").mapped("name"), [self.law.name]
        )

    def test_time_spent_before_is_signed_too(self):
        order = self.agreement()
        line = order.order_line.with_user(self.coordinator)
        line.opening_minutes = 30
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            with self.env.cr.savepoint():
                line.opening_minutes = -600
                line.flush_recordset()
        order.with_user(self.coordinator).action_propose()
        self.sign(order)
        for minutes in (0, 60):
            with self.assertRaisesRegex(UserError, "amendment"):
                line.opening_minutes = minutes

    def test_steps_are_taken_by_buttons(self):
        order = self.proposed().with_user(self.coordinator)
        for vals in (
            {"signed_on": "2026-01-01 00:00:00"},
            {"countersigned_on": "2026-01-01 00:00:00"},
            {"closed_on": self.today},
        ):
            with self.assertRaisesRegex(UserError, "buttons"):
                order.write(vals)

    def test_version_is_frozen_in_the_database(self):
        version = self.running().version_ids
        for query in (
            "UPDATE consortium_agreement_version SET signed_by = 'x' WHERE id = %s",
            "UPDATE consortium_agreement_version SET content = '{}' WHERE id = %s",
            "DELETE FROM consortium_agreement_version WHERE id = %s",
        ):
            with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
                with self.env.cr.savepoint():
                    self.env.cr.execute(query, (version.id,))

    def test_the_addon_stays_while_it_keeps_what_was_signed(self):
        self.running()
        addon = self.env.ref("base.module_consortium_services")
        with self.assertRaises(UserError):
            addon.button_uninstall()

    def test_document_and_digests(self):
        version = self.running().version_ids
        self.assertTrue(version.document_sha256)
        self.assertTrue(version.final_sha256)
        self.assertTrue(version._is_intact())
        attachment = self.env["ir.attachment"].search(
            [
                ("res_model", "=", version._name),
                ("res_id", "=", version.id),
                ("res_field", "=", "document"),
            ]
        )
        with self.assertRaisesRegex(UserError, "neither replaced nor deleted"):
            attachment.raw = b"autre"
        with self.assertRaisesRegex(UserError, "neither replaced nor deleted"):
            attachment.unlink()
        for vals in (
            {"type": "url", "url": "https://ailleurs.example/faux.pdf"},
            {"url": "https://ailleurs.example/faux.pdf"},
            {"res_id": version.id + 1},
        ):
            with self.assertRaisesRegex(UserError, "neither replaced nor deleted"):
                attachment.with_user(self.coordinator).write(vals)

    def test_no_second_document(self):
        """By anybody, where one is signed; by whoever signs alone, where none is."""
        signed = self.running().version_ids
        waiting = self.sign(self.proposed())
        running = self.running()
        draft = self.env["consortium.agreement.version"].create(
            {"order_id": running.id, "ceiling_minutes": 900}
        )
        attachments = self.env["ir.attachment"].with_user(self.coordinator)
        loose = attachments.create({"name": "faux.pdf", "raw": b"faux"})
        for version in signed | waiting | draft:
            for field in ("document", "final_document"):
                key = {
                    "res_model": version._name,
                    "res_id": version.id,
                    "res_field": field,
                }
                with self.assertRaisesRegex(UserError, "neither replaced nor deleted"):
                    attachments.create({"name": "faux.pdf", "raw": b"faux", **key})
                with self.assertRaisesRegex(UserError, "neither replaced nor deleted"):
                    loose.write(key)
        with self.assertRaisesRegex(UserError, "neither replaced nor deleted"):
            self.env["ir.attachment"].create(
                {
                    "name": "faux.pdf",
                    "raw": b"faux",
                    "res_model": signed._name,
                    "res_id": signed.id,
                    "res_field": "document",
                }
            )
        for vals in ({"final_document": b"ZmF1eA=="}, {"final_sha256": "x"}):
            with self.assertRaisesRegex(UserError, "buttons"):
                draft.with_user(self.coordinator).write(vals)
        waiting.order_id.with_user(self.manager).action_countersign()
        self.assertTrue(waiting._is_intact())

    def test_document_is_a_pdf(self):
        order = self.proposed()
        self.sign(order)
        version = order.version_ids
        report = self.env["ir.actions.report"].with_context(
            force_report_rendering=True, lang="fr_CA"
        )
        pdf, kind = report._render_qweb_pdf(
            "consortium_services.action_report_agreement_version", version.ids
        )
        self.assertEqual(kind, "pdf")
        self.assertTrue(pdf.startswith(b"%PDF"))

    def test_who_signed_is_not_merged(self):
        self.running()
        other = self.env["res.partner"].create({"name": "Aline T."})
        wizard = self.env["base.partner.merge.automatic.wizard"]
        with self.assertRaises(UserError):
            wizard._merge((self.person | other).ids, other)
