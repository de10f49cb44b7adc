from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation

from .agreement_common import AgreementCommon


@tagged("post_install", "-at_install")
class TestAgreementAmendment(AgreementCommon):
    """A new version shows what changes, and asks the signature of that only."""

    def amendment(self, order, **values):
        return (
            self.env["consortium.agreement.version"]
            .with_user(self.coordinator)
            .create({"order_id": order.id, "reason": "Le besoin grandit", **values})
        )

    def amend(self, order, **values):
        version = self.amendment(order, **values)
        version.action_propose()
        self.sign(order, version=version)
        version.with_user(self.manager).action_countersign()
        return version

    def test_it_begins_as_the_agreement_stands(self):
        order = self.running()
        version = self.amendment(order)
        self.assertEqual(version.number, 2)
        self.assertEqual(version.agreement_end, order.agreement_end)
        self.assertEqual(version.line_ids.mapped("planned_minutes"), [600])
        self.assertFalse(version._changes())
        with self.assertRaisesRegex(UserError, "changes nothing"):
            version.action_propose()

    def test_its_ceiling_follows_the_hours_if_it_was_their_sum(self):
        order = self.running(minutes=600)
        versions = self.env["consortium.agreement.version"].with_user(self.coordinator)
        version = versions.create({"order_id": order.id})
        with Form(version) as form, form.line_ids.new() as line:
            line.expertise_id = self.finance
            line.planned_hours = 2.5
        self.assertEqual(version.ceiling_minutes, 750)
        version.action_withdraw()
        order.sudo().ceiling_minutes = 900
        version = versions.create({"order_id": order.id})
        with Form(version) as form, form.line_ids.new() as line:
            line.expertise_id = self.finance
            line.planned_hours = 2.5
        self.assertEqual(version.ceiling_minutes, 900)

    def test_it_shows_what_changes_and_no_more(self):
        order = self.running()
        version = self.amendment(order, agreement_end=self.day(200))
        version.line_ids.planned_minutes = 660
        names = [name for name, _before, _after in version._changes()]
        self.assertEqual(names, ["Ends On", self.law.name])
        self.assertEqual(version._changes()[1][1:], ("10 h", "11 h"))
        self.assertIn("11 h", version.changes)

    def test_a_rate_that_moves_is_no_change(self):
        order = self.running()
        order.sudo().order_line.price_unit = 120
        version = self.amendment(order, ceiling_minutes=660)
        self.assertEqual(len(version._changes()), 1)

    def test_nothing_changes_before_both_have_signed(self):
        order = self.running()
        version = self.amendment(order, ceiling_minutes=900)
        version.action_propose()
        self.assertEqual(order.ceiling_minutes, 600)
        self.sign(order, version=version)
        self.assertEqual(order.ceiling_minutes, 600)
        self.assertEqual(order.agreement_state, "running")
        version.with_user(self.manager).action_countersign()
        self.assertEqual(order.ceiling_minutes, 900)
        self.assertEqual(
            order.version_ids.sorted("number").mapped("state"),
            ["replaced", "in_force"],
        )

    def test_a_field_is_added_and_one_taken_away(self):
        order = self.running()
        version = self.amendment(order, ceiling_minutes=300)
        version.write(
            {
                "line_ids": [
                    fields.Command.delete(version.line_ids.id),
                    fields.Command.create(
                        {"expertise_id": self.finance.id, "planned_minutes": 300}
                    ),
                ]
            }
        )
        version.action_propose()
        self.assertEqual(len(version.with_user(self.manager)._changes()), 3)
        self.sign(order, version=version)
        version.with_user(self.manager).action_countersign()
        lines = {line.expertise_id: line for line in order.order_line}
        self.assertEqual(lines[self.law].planned_minutes, 0)
        self.assertEqual(lines[self.finance].planned_minutes, 300)
        self.assertTrue(lines[self.finance].task_id)
        self.assertEqual(
            lines[self.finance].task_id.project_id, order.project_id, "same project"
        )
        again = self.amendment(order, ceiling_minutes=360)
        self.assertEqual([name for name, _b, _a in again._changes()], ["Hour Ceiling"])

    def test_signed_in_its_turn_only(self):
        order = self.running()
        version = self.amendment(order, ceiling_minutes=900)
        with self.assertRaisesRegex(UserError, "nothing to sign"):
            order.with_user(self.signatory)._sign_as_member(
                self.signatory.name, "x", version.sudo()
            )
        version.action_propose()
        with self.assertRaises(AccessError):
            order.sudo().with_user(self.other_signatory).sudo()._sign_as_member(
                self.other_signatory.name, version.content_sha256, version.sudo()
            )

    def test_proposed_is_not_written_again(self):
        version = self.amendment(self.running(), ceiling_minutes=900)
        version.action_propose()
        with self.assertRaisesRegex(UserError, "withdraw"):
            version.ceiling_minutes = 9000
        with self.assertRaisesRegex(UserError, "withdraw"):
            version.line_ids.planned_minutes = 9000
        with self.assertRaisesRegex(UserError, "buttons"):
            version.content = {}
        version.action_withdraw()
        self.assertEqual(version.state, "refused")

    def test_signed_then_withdrawn(self):
        order = self.running()
        version = self.amendment(order, ceiling_minutes=900)
        version.action_propose()
        self.sign(order, version=version)
        with self.assertRaisesRegex(UserError, "write first why"):
            version.action_withdraw()
        with self.assertRaisesRegex(UserError, "withdraw it"):
            version.ceiling_minutes = 6000
        version.withdrawal_reason = "Le budget <b>manque</b>"
        with self.assertRaises(AccessError):
            version.with_user(self.expert_user).action_withdraw()
        count = len(order.message_ids)
        version.action_withdraw()
        self.assertEqual(version.state, "refused")
        told = order.message_ids[: len(order.message_ids) - count]
        self.assertIn("Le budget &lt;b&gt;manque", "".join(told.mapped("body")))
        self.assertIn(self.person, told.partner_ids)
        self.assertFalse(order.activity_ids, "nobody is to countersign it any more")
        self.assertEqual(order.ceiling_minutes, 600)
        self.assertTrue(version._is_intact())
        with self.assertRaisesRegex(UserError, "no signature of the member"):
            order.with_user(self.manager).action_countersign()
        self.assertEqual(self.amend(order, ceiling_minutes=660).state, "in_force")
        order.with_user(self.coordinator).action_close_agreement()

    def test_what_is_in_force_is_not_withdrawn(self):
        version = self.amend(self.running(), ceiling_minutes=900)
        with self.assertRaisesRegex(UserError, "not withdrawn"):
            version.action_withdraw()
        order = self.proposed()
        first = self.sign(order).with_user(self.coordinator)
        first.withdrawal_reason = "Non"
        with self.assertRaisesRegex(UserError, "not withdrawn"):
            first.action_withdraw()

    def test_signed_and_countersigned_once(self):
        order = self.running()
        version = self.amendment(order, ceiling_minutes=900)
        version.action_propose()
        self.sign(order, version=version)
        signed_on = version.signed_on
        with self.assertRaisesRegex(UserError, "nothing to sign"):
            self.sign(order, version=version)
        self.assertEqual(version.signed_on, signed_on)
        version.with_user(self.manager).action_countersign()
        with self.assertRaisesRegex(UserError, "no signature of the member"):
            version.with_user(self.manager).action_countersign()
        self.assertEqual(order.version_ids.mapped("state"), ["in_force", "replaced"])

    def test_a_line_does_not_move_into_what_was_proposed(self):
        order, other = self.running(), self.running()
        signed = self.amendment(order, ceiling_minutes=900)
        signed.action_propose()
        self.sign(order, version=signed)
        draft = self.amendment(other)
        lines = self.env["consortium.agreement.version.line"].with_user(
            self.coordinator
        )
        line = lines.create(
            {
                "version_id": draft.id,
                "expertise_id": self.finance.id,
                "planned_minutes": 6000,
            }
        )
        with self.assertRaisesRegex(UserError, "withdraw it"):
            with self.env.cr.savepoint():
                line.version_id = signed
        self.assertEqual(signed.line_ids.expertise_id, self.law)

    def test_it_changes_the_lines_of_its_own_agreement(self):
        order, other = self.running(), self.running()
        line = self.amendment(order).line_ids
        for vals in (
            {"sale_line_id": other.order_line.id},
            {"expertise_id": self.finance.id},
        ):
            with self.assertRaisesRegex(ValidationError, "its own"):
                with self.env.cr.savepoint():
                    line.write(vals)

    def test_confirmed_orders_may_be_locked(self):
        self.env["res.config.settings"].create(
            {"group_auto_done_setting": True}
        ).execute()
        order = self.running()
        self.assertTrue(order.locked)
        version = self.amendment(order, ceiling_minutes=960)
        version.line_ids.planned_minutes = 660
        version.write(
            {
                "line_ids": [
                    fields.Command.create(
                        {"expertise_id": self.finance.id, "planned_minutes": 300}
                    )
                ]
            }
        )
        version.action_propose()
        self.sign(order, version=version)
        version.with_user(self.manager).action_countersign()
        self.assertEqual(order.order_line.mapped("product_uom_qty"), [11, 5])
        self.assertTrue(order.locked)

    def test_one_at_a_time(self):
        order = self.running()
        self.amendment(order)
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self.amendment(order)
        action = order.with_user(self.coordinator).action_amend()
        self.assertEqual(action["res_id"], order.version_ids[0].id)

    def test_declined(self):
        order = self.running()
        version = self.amendment(order, ceiling_minutes=900)
        version.action_propose()
        order.with_user(self.signatory)._decline_as_member(
            "Non", version.with_user(self.signatory)
        )
        self.assertEqual(version.state, "refused")
        self.assertEqual(order.agreement_state, "running")

    def test_old_versions_stay_readable(self):
        order = self.running()
        first = order.version_ids
        content = first.content
        self.amend(order, agreement_scope="<p>Plus large</p>")
        self.assertEqual(first.content, content)
        self.assertTrue(first._is_intact())
        self.assertEqual(
            first.with_user(self.signatory).read(["state"])[0]["state"], "replaced"
        )

    def test_only_a_running_agreement_is_amended(self):
        with self.assertRaisesRegex(UserError, "running"):
            self.amendment(self.proposed())

    def test_only_drafts_are_deleted(self):
        version = self.amendment(self.running(), ceiling_minutes=900)
        version.action_propose()
        with self.assertRaisesRegex(UserError, "stays"):
            version.unlink()
