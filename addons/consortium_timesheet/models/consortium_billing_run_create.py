import logging

import psycopg2
from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

_logger = logging.getLogger(__name__)
BATCH = 50


class ConsortiumBillingRun(models.Model):
    """Creating the invoices of a run: small transactions, each done or not at all."""

    _inherit = "consortium.billing.run"  # pylint: disable=R8180

    @api.model
    def _cron_run(self):
        """Go on with the run that is creating its invoices, batch by batch.

        Killed anywhere, the batch that was not committed is done again by the next
        turn; what was committed has its invoice, and is not billed again.
        """
        Cron = self.env["ir.cron"]
        for run in self.search([("state", "=", "running")], order="id"):
            Cron._commit_progress(remaining=len(run._todo()))
            while lines := run._next_lines():
                run._create_batch(lines)
                if not Cron._commit_progress(len(lines)):
                    self.env.ref("consortium_timesheet.ir_cron_billing_run")._trigger()
                    return
            run._finish()
            Cron._commit_progress()

    def _todo(self):
        return self.line_ids.filtered(
            lambda line: line.state in ("proposed", "created") and not line.leave_out
        )

    def _next_lines(self):
        """The next lines to bill, all those of a payer together; then those whose
        invoice has no detail of its hours yet."""
        Line = self.env["consortium.billing.run.line"].sudo()
        base = [("run_id", "=", self.id), ("leave_out", "=", False)]
        lines = Line.search([*base, ("state", "=", "proposed")], limit=BATCH)
        if lines and self.grouping == "payer":
            lines = Line.search(
                [
                    *base,
                    ("state", "=", "proposed"),
                    ("payer_id", "in", lines.payer_id.ids),
                ]
            )
        return lines or Line.search([*base, ("state", "=", "created")], limit=BATCH)

    def _finish(self):
        self.line_ids.filtered(
            lambda line: line.leave_out and line.state == "proposed"
        ).sudo().state = "left"
        self._write_state("done")

    def _create_batch(self, lines):
        """Bill these lines; one that can't be says why, and the others go on."""
        if lines[0].state == "created":
            lines._attach_hours()
            return
        parts = [lines]
        if len(lines) > 1:
            by_payer = self.grouping == "payer"
            parts += lines.grouped("payer_id").values() if by_payer else list(lines)
        for part in parts:
            todo = part.filtered(lambda line: line.state == "proposed")
            if not todo:
                return
            try:
                with self.env.cr.savepoint():
                    self._bill(todo)
            except psycopg2.errors.LockNotAvailable:
                problem = self.env._("Somebody else is billing it now: run again.")
            except psycopg2.OperationalError:
                raise  # a conflict or a lost connection: nothing of this batch
            except UserError as error:
                problem = str(error)
            except Exception:
                _logger.exception("Billing run %s, agreements %s", self.id, todo.ids)
                problem = self.env._("An error of the system: see its log.")
            else:
                continue
            if part is not lines or len(lines) == 1:
                todo.write({"state": "problem", "problem": problem})

    def _bill(self, lines):
        """The invoices of these lines, in draft."""
        orders = lines.order_id.sorted("id")
        self.env.execute_query(
            SQL(
                "SELECT id FROM sale_order WHERE id = ANY(%s) ORDER BY id "
                "FOR NO KEY UPDATE NOWAIT",
                list(orders.ids),
            )
        )
        orders._lock_reserve()
        orders = orders.with_company(self.company_id).with_context(
            timesheet_end_date=self.date_to,
            expenses_end_date=self.date_to,
            billing_date=self.invoice_date,
            billing_proposal=orders._propose_time(date_to=self.date_to),
            billing_sections=self.grouping == "payer",
            raise_if_nothing_to_invoice=False,
            # The run says it on all of them at once: ``_log_billing_run``.
            mail_create_nolog=True,
        )
        orders.order_line._recompute_qty_to_invoice(None, self.date_to)
        for line, quantity in orders.order_line._expenses_due(self.date_to).items():
            line.qty_to_invoice = quantity
        moves = orders._create_invoices(
            grouped=self.grouping == "agreement", final=True
        )
        moves._log_billing_run(self)
        billed = lines._billed_by(moves)
        for line in lines:
            line.write(
                # What the invoice says: others may have approved or billed meanwhile.
                {"state": "created", "problem": False, **billed[line.order_id]}
                if line.order_id in billed
                else {
                    "state": "problem",
                    "problem": self.env._(
                        "Nothing is left to be billed: it was billed or corrected "
                        "meanwhile."
                    ),
                }
            )
