from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..models import consortium_billing_run
from .common_billing import BillingRunCommon


@tagged("post_install", "-at_install")
class TestBillingRun(BillingRunCommon):
    """Proposed, reviewed, created: by an accountant who sells nothing."""

    def test_an_invoice_an_agreement(self):
        self.worked(90)
        self.other_time(60)
        later = self.worked(30, date="2018-10-02")
        self.time(45)
        run = self.new_billing()
        run.action_propose()
        self.assertEqual(run.line_count, 2)
        self.assertEqual(run.total, 183 + 122)
        line = run.line_ids.filtered(lambda each: each.order_id == self.order)
        self.assertEqual((line.hours, line.open_hours), (1.5, 0.75))
        self.assertEqual(run.open_count, 1)
        run.action_create()
        self.assertEqual((run.state, run.progress), ("done", 100))
        invoices = run.line_ids.move_id
        self.assertEqual(len(invoices), 2)
        self.assertEqual(set(invoices.mapped("state")), {"draft"})
        self.assertEqual(str(invoices[0].invoice_date), "2018-09-30")
        opened = run.action_open_invoices()
        self.assertEqual(self.env["account.move"].search(opened["domain"]), invoices)
        self.assertFalse(later.timesheet_invoice_id)
        self.post(invoices.sudo())
        self.check_truth()
        self.check_truth(self.other)
        again = self.new_billing()
        with self.refused("Nothing is to be billed"):
            again.action_propose()

    def test_the_detail_of_hours_is_attached(self):
        self.worked(90, name="Bail commercial")
        run = self.new_billing()
        run.action_propose()
        run.with_context(force_report_rendering=True).action_create()
        move = run.line_ids.move_id
        attachment = self.env["ir.attachment"].search(
            [("res_model", "=", "account.move"), ("res_id", "=", move.id)]
        )
        self.assertEqual(attachment.mimetype, "application/pdf")
        self.assertTrue(attachment.raw.startswith(b"%PDF"))
        (order,) = move._billed_hours()
        (part,) = order["parts"]
        self.assertEqual(
            (part["rate"], part["time"], part["amount"]), (122, "1:30", 183)
        )
        self.assertEqual(part["rows"][0]["what"], "Bail commercial")
        self.assertEqual(part["rows"][0]["who"], "Édith Expert")

    def attached(self, move):
        return self.env["ir.attachment"].search(
            [
                ("res_model", "=", "account.move"),
                ("res_id", "=", move.id),
                ("mimetype", "=", "application/pdf"),
            ]
        )

    def test_the_detail_of_hours_follows_the_draft(self):
        """A line taken away: the detail goes, and is made again when it is posted."""
        self.worked(90)
        self.worked(60, date="2018-09-04", employee_id=self.team("FIN", 1).id)
        self.other_time(60, date="2018-09-05")
        run = self.new_billing()
        run.action_propose()
        run.with_context(force_report_rendering=True).action_create()
        move, same = self.order.invoice_ids, self.other.invoice_ids
        kept = self.attached(same)
        self.assertEqual(len(self.attached(move) + kept), 2)
        before = move._hours_fingerprint()
        self.hours(move)[0].unlink()
        self.assertFalse(self.attached(move))
        (move + same).with_context(force_report_rendering=True).action_post()
        renewed = self.attached(move)
        self.assertTrue(renewed.raw.startswith(b"%PDF"))
        self.assertNotIn(before, renewed.description)
        self.assertIn(move.name.replace("/", "-"), renewed.name)
        # What still says what is billed is the same file, and takes its number.
        self.assertEqual(self.attached(same), kept)
        self.assertIn(same.name.replace("/", "-"), kept.name)

    def test_due_from_the_date_of_the_invoice(self):
        """Not from the day that it was made; by the term of payment if there is one."""
        self.other.payment_term_id = self.env["account.payment.term"].create(
            {
                "name": "30 jours",
                "line_ids": [Command.create({"value_amount": 100, "nb_days": 30})],
            }
        )
        self.worked(60)
        self.other_time(60)
        run = self.new_billing()
        run.action_propose()
        run.action_create()
        due = {line.order_id: line.move_id.invoice_date_due for line in run.line_ids}
        self.assertEqual(due[self.order], fields.Date.to_date("2018-09-30"))
        self.assertEqual(due[self.other], fields.Date.to_date("2018-10-30"))

    def test_an_invoice_a_payer(self):
        self.other.partner_invoice_id = self.order.partner_id
        self.worked(90)
        self.other_time(60)
        run = self.new_billing(grouping="payer")
        run.action_propose()
        run.action_create()
        move = run.line_ids.move_id
        self.assertEqual(len(move), 1)
        sections = move.invoice_line_ids.filtered(
            lambda line: line.display_type == "line_section"
        )
        self.assertEqual(
            sections.mapped("name"), [self.order.name, f"{self.other.name} – Bise"]
        )
        kinds = move.invoice_line_ids.sorted("sequence").mapped("display_type")
        self.assertEqual(kinds, ["line_section", "product"] * 2)
        self.assertEqual(move.amount_untaxed, 305)

    def test_left_out(self):
        lines = self.worked(90)
        self.other_time(60)
        run = self.new_billing()
        run.action_propose()
        with Form(run) as form, form.line_ids.edit(0) as line:
            line.leave_out = True
        left = run.line_ids.filtered("leave_out").order_id
        run.action_propose()
        self.assertEqual(run.line_ids.filtered("leave_out").order_id, left)
        run.action_create()
        self.assertEqual(len(run.line_ids.move_id), 1)
        self.assertEqual(run.line_ids.filtered("leave_out").state, "left")
        with self.refused("has created them"):
            run.line_ids.write({"leave_out": True})
        with self.refused("has created them"):
            run.action_create()
        with self.refused("made invoices"):
            run.unlink()
        self.assertTrue(lines)

    def test_billed_by_somebody_else_meanwhile(self):
        self.worked(90)
        self.other_time(60)
        run = self.new_billing()
        run.action_propose()
        self.post(self.bill())
        run.action_create()
        line = run.line_ids.filtered(lambda each: each.order_id == self.order)
        self.assertEqual(line.state, "problem")
        self.assertIn("meanwhile", line.problem)
        self.assertEqual(len(run.line_ids.move_id), 1)
        self.check_truth()

    def test_without_payer(self):
        self.worked(90)
        self.other_time(60)
        self.order.partner_invoice_id = self.env["res.partner"].create(
            {"name": "Disparu", "active": False}
        )
        run = self.new_billing()
        run.action_propose()
        self.assertEqual(run.problem_count, 1)
        run.action_create()
        line = run.line_ids.filtered(lambda each: each.order_id == self.order)
        self.assertIn("no payer", line.problem)
        self.assertEqual(len(run.line_ids.move_id), 1)

    def test_a_payer_without_province(self):
        self.company.account_fiscal_country_id = self.env.ref("base.ca")
        self.worked(90)
        run = self.new_billing()
        run.action_propose()
        self.assertIn("no province", run.line_ids.problem)
        with self.refused("left out"):
            run.action_create()

    def test_one_that_fails_leaves_the_others(self):
        self.worked(90)
        self.other_time(60)
        run = self.new_billing()
        run.action_propose()
        self.env.cr.execute(
            "ALTER TABLE account_analytic_line DISABLE TRIGGER "
            "consortium_approved_time_update"
        )
        line = self.order.order_line.timesheet_ids
        line._write_approval({"hourly_rate_id": False})
        run.action_create()
        by_state = run.line_ids.grouped("state")
        self.assertIn("no approved rate", by_state["problem"].problem)
        self.assertEqual(by_state["done"].order_id.id, self.other.id)
        again = self.new_billing()
        again.action_propose()
        self.assertIn("no approved rate", again.line_ids.problem)

    def test_late_time_is_on_the_next_run_and_marked(self):
        self.worked(90)
        first = self.new_billing()
        first.action_propose()
        first.action_create()
        self.post(first.line_ids.move_id.sudo())
        late = self.time(30)
        self.env["consortium.timesheet.lock"].create(
            {"company_id": self.company.id, "date": "2018-09-30"}
        )
        self.env["consortium.timesheet.exception"].create(
            {
                "company_id": self.company.id,
                "employee_id": self.expert.id,
                "date_from": "2018-09-01",
                "date_to": "2018-09-30",
                "open_until": "2099-12-31",
                "reason": "Absence",
            }
        )
        self.approve(late)
        self.assertTrue(late.is_late)
        run = self.new_billing(date_to="2018-10-31")
        run.action_propose()
        self.assertEqual(run.line_ids.late_hours, 0.5)
        run.action_create()
        self.assertIn("0:30 h", self.hours(run.line_ids.move_id).name)

    def test_a_change_of_period_proposes_again(self):
        self.worked(90)
        run = self.new_billing()
        run.action_propose()
        run.date_to = "2018-10-31"
        self.assertEqual(run.state, "draft")
        self.assertFalse(run.line_ids)
        self.assertEqual(str(run.invoice_date), "2018-10-31")
        with self.refused("Propose the invoices first"):
            run.action_create()

    def test_many_go_by_the_scheduled_action(self):
        self.worked(90)
        self.other_time(60)
        run = self.new_billing()
        run.action_propose()
        cron = self.env.ref("consortium_timesheet.ir_cron_billing_run")
        triggers = self.env["ir.cron.trigger"].search_count
        before = triggers([("cron_id", "=", cron.id)])
        with patch.object(consortium_billing_run, "AT_ONCE", 1):
            run.action_create()
        self.assertEqual((run.state, run.done_count), ("running", 0))
        self.assertFalse(run.line_ids.move_id)
        self.assertEqual(triggers([("cron_id", "=", cron.id)]), before + 1)
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual((run.state, run.done_count), ("done", 2))
        self.assertEqual(len(run.line_ids.move_id), 2)

    def test_as_many_as_one_waits_for(self):
        self.worked(90)
        self.other_time(60)
        run = self.new_billing()
        run.action_propose()
        with patch.object(consortium_billing_run, "AT_ONCE", 2):
            run.action_create()
        self.assertEqual((run.state, run.done_count), ("done", 2))

    @mute_logger("odoo.addons.consortium_timesheet.models.consortium_billing_run_line")
    def test_a_detail_that_fails_leaves_the_others(self):
        """The invoice is made, the run goes to its end, and posting makes it again."""
        self.worked(90)
        self.other_time(60)
        run = self.new_billing()
        run.action_propose()
        kind = type(self.env["account.move"])
        attach, failing = kind._attach_hours, self.order

        def attached(moves):
            if failing in moves.line_ids.sale_line_ids.order_id:
                self.env.cr.execute("SELECT 1/0")
            return attach(moves)

        with (
            mute_logger("odoo.sql_db"),
            patch.object(kind, "_attach_hours", attached),
        ):
            run.with_context(force_report_rendering=True).action_create()
        self.assertEqual((run.state, run.done_count), ("done", 2))
        line = run.line_ids.filtered(lambda each: each.order_id == self.order)
        self.assertIn("without the detail of its hours", line.problem)
        self.assertFalse((run.line_ids - line).problem)
        self.assertFalse(self.attached(line.move_id))
        self.assertTrue(self.attached((run.line_ids - line).move_id))
        moves = run.line_ids.move_id.sudo()
        moves.with_context(force_report_rendering=True).action_post()
        self.assertTrue(self.attached(line.move_id))
        self.assertFalse(line.problem)

    def test_hours_billed_otherwise_are_not_proposed(self):
        """Milestones, and what somebody says is delivered: not by the hour."""
        for kind in ("milestones", "manual"):
            product = self.env["product.product"].create(
                {
                    "name": "Forfait",
                    "type": "service",
                    "invoice_policy": "delivery",
                    "service_type": kind,
                    "service_tracking": "no",
                    "list_price": 500,
                    "taxes_id": [Command.clear()],
                }
            )
            order, line, project, task = self.agreement(
                kind,
                order_line=[Command.create({"product_id": product.id})],
            )
            self.assertNotEqual(line.qty_delivered_method, "timesheet")
            time = self.worked(60, project_id=project.id, task_id=task.id)
            self.assertEqual((time.so_line, time.chargeable), (line, True))
            self.assertFalse(order._unbilled_time())
            run = self.new_billing()
            with self.refused("Nothing is to be billed"):
                run.action_propose()
        self.other_time(60, date="2018-09-04")
        run.action_propose()
        self.assertEqual(run.line_ids.order_id.id, self.other.id)

    def test_the_auditor_only_looks(self):
        self.worked(90)
        run = self.new_billing()
        auditor = run.with_user(self.role("auditor"))
        self.assertEqual(auditor.name, run.name)
        with self.assertRaises(AccessError):
            auditor.action_propose()
        with self.assertRaises(AccessError):
            run.with_user(self.expert_user).read(["name"])

    def test_queries_do_not_grow_with_hours(self):
        """As many for thirty entries as for three."""
        counts = []
        for number in (3, 30):
            self.worked(*[15] * number)
            run = self.new_billing()
            run.action_propose()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            lines = run._next_lines()
            run._create_batch(lines)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.post(run.line_ids.move_id.sudo())
        self.assertLessEqual(counts[1], counts[0] + 5)
