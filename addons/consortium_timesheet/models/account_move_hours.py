import hashlib

from odoo import models

REPORT = "consortium_timesheet.action_report_billed_hours"
MARK = "consortium_timesheet:hours:"  # in the description of the attachments


class AccountMove(models.Model):
    """The detail of the hours of an invoice, as it is printed and credited."""

    _inherit = "account.move"  # pylint: disable=R8180

    def _billed_entries(self):
        """The rows of the ledger that a document is of, drafts included.

        Those that it took back itself, when it was reset to draft, are left out.
        """
        rows = (
            self.env["consortium.billing.entry"]
            .sudo()
            .search(
                [("move_id", "in", self.ids), ("state", "!=", "released")], order="id"
            )
        )
        last = {(row.move_id, row.timesheet_line_id): row for row in rows}
        return rows.browse().concat(
            *(
                row
                for row in last.values()
                if (row.kind == "bill") == (row.invoice_id == row.move_id)
            )
        )

    def _billed_hours(self):
        """What the detail of hours shows, as a plain structure.

        :return: a list of agreements: ``name``, ``beneficiary``, ``time``, ``amount``
            and ``parts``, by center and rate: ``center``, ``rate``, ``time``,
            ``amount``, ``rows`` of ``date``, ``who``, ``what``, ``time``, ``late``,
            ``amount``; amounts in units of money
        """
        self.ensure_one()
        entries = self._billed_entries().sorted(
            lambda entry: (
                entry.order_id.id,
                entry.cost_center_id.code,
                entry.rate_id.date_start,
                entry.timesheet_line_id.date,
                entry.id,
            )
        )
        found = []
        for order, mine in entries.grouped("order_id").items():
            parts = []
            for (center, rate), some in mine.grouped(
                lambda entry: (entry.cost_center_id, entry.rate_id)
            ).items():
                parts.append(
                    {
                        "center": center.name,
                        "rate": rate.rate,
                        "rows": [entry._printed() for entry in some],
                        **some._printed_sums(),
                    }
                )
            found.append(
                {
                    "name": order.name,
                    "beneficiary": order.partner_shipping_id.commercial_partner_id.name,
                    "parts": parts,
                    **mine._printed_sums(),
                }
            )
        return found

    def _attach_hours(self):
        """The detail of the hours of each invoice, as a PDF attached to it.

        One that still says what the invoice bills is kept, and takes its number.
        """
        # Whoever bills may attach to what was just made.
        attachments = self._hours_attachments()
        Report = self.env["ir.actions.report"].sudo()
        for move in self:
            mark = MARK + move._hours_fingerprint()
            mine = attachments.filtered(lambda each, move=move: each.res_id == move.id)
            values = {"name": move._hours_file_name(), "description": mark}
            if mine.mapped("description") == [mark]:
                mine.write(values)
                continue
            mine.unlink()
            content, _kind = Report._render_qweb_pdf(REPORT, move.ids)
            attachments.create(
                {
                    **values,
                    "res_model": "account.move",
                    "res_id": move.id,
                    "raw": content,
                    "mimetype": "application/pdf",
                }
            )

    def _hours_attachments(self):
        return (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", "account.move"),
                    ("res_id", "in", self.ids),
                    ("description", "=like", f"{MARK}%"),
                ]
            )
        )

    def _hours_fingerprint(self):
        """Of what the detail says, in the language that it is said in."""
        move = self.with_context(lang=self.partner_id.lang)
        return hashlib.sha256(repr(move._billed_hours()).encode()).hexdigest()

    def _renew_hours(self):
        """Posted invoices of a billing run have the detail of what they bill, whatever
        was changed of them in draft."""
        lines = (
            self.env["consortium.billing.run.line"]
            .sudo()
            .search([("move_id", "in", self.ids), ("state", "=", "done")])
        )
        lines.move_id.with_env(self.env)._attach_hours()
        lines.filtered("problem").problem = False

    def _hours_file_name(self):
        self.ensure_one()
        number = self.name if self.name and self.name != "/" else str(self.id)
        return self.env._("Hours %(number)s.pdf", number=number.replace("/", "-"))
