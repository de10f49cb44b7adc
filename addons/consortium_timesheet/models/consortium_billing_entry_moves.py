import json

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

ROW = """
    kind varchar, company_id int, timesheet_line_id int, order_line_id int,
    order_id int, cost_center_id int, rate_id int, minutes int, cents int,
    reserve_cents int, cost_date date, move_id int, move_line_id int, invoice_id int,
    follows_id int, reverses_id int
"""
COLUMNS = [column.split()[0] for column in ROW.split(",")]


class ConsortiumBillingEntry(models.Model):
    """How rows follow the documents that they are of: posted, reset, cancelled."""

    _inherit = "consortium.billing.entry"  # pylint: disable=R8180

    @api.model
    def _write_rows(self, rows):
        """Rows of drafts, in one statement: an invoice has hundreds of them.

        Code alone writes the ledger, for whoever may make the invoice.

        :param rows: values of each row, as for ``create``
        :return: the new records
        """
        rows = [
            {name: row.get(name) or None for name in ("follows_id", "reverses_id")}
            | {name: row[name] for name in COLUMNS if row.get(name) is not None}
            for row in rows
        ]
        self.flush_model()
        ids = self.env.execute_query(
            SQL(
                """
                INSERT INTO consortium_billing_entry
                       (%(columns)s, state, create_uid, write_uid, create_date,
                        write_date)
                SELECT %(columns)s, 'draft', %(user)s, %(user)s, now(), now()
                  FROM jsonb_to_recordset(%(rows)s::jsonb) AS of_time (%(row)s)
             RETURNING id
                """,
                columns=SQL(", ").join(map(SQL.identifier, COLUMNS)),
                user=self.env.uid,
                rows=json.dumps(rows, default=str),
                row=SQL(ROW),  # pylint: disable=sql-injection
            )
        )
        for model in ("account.move.line", "sale.order.line"):
            self.env[model].invalidate_model(["billing_entry_ids"], flush=False)
        entries = self.sudo().browse([entry for (entry,) in ids])
        entries.modified(COLUMNS, create=True)
        return entries

    def _free_values(self, **values):
        """What a row that takes this one back says."""
        self.ensure_one()
        return {
            **self._same_values(),
            "kind": "free",
            "reverses_id": self.id,
            "minutes": -self.minutes,
            "cents": -self.cents,
            "reserve_cents": -self.reserve_cents,
            "invoice_id": self.invoice_id.id,
            **values,
        }

    def _same_values(self):
        """What any row about the same entry of time says."""
        return {
            name: self[name].id
            for name in (
                "company_id",
                "timesheet_line_id",
                "order_line_id",
                "order_id",
                "cost_center_id",
                "rate_id",
            )
        } | {"cost_date": self.cost_date}

    def _bill_values(self, free, **values):
        """What a row says that bills again as this one did.

        :param free: the posted row that took this one back
        """
        self.ensure_one()
        return {
            **self._same_values(),
            "kind": "bill",
            "follows_id": free.id,
            "minutes": self.minutes,
            "cents": self.cents,
            "reserve_cents": self.reserve_cents,
            "invoice_id": self.invoice_id.id,
            **values,
        }

    @api.model
    def _of(self, moves, state):
        """The rows of documents in a state; written by code alone, whoever posts."""
        return self.sudo().search(
            Domain("move_id", "in", moves.ids) & Domain("state", "=", state),
            order="id",
        )

    @api.model
    def _post_with(self, moves):
        """Documents are posted: so are their rows, at their accounting date."""
        drafts = self._of(moves, "draft")
        for move, entries in drafts.grouped("move_id").items():
            entries.write({"state": "posted", "date": move.date, "document": move.name})
        drafts.flush_recordset()
        drafts.timesheet_line_id._mirror_billing()

    @api.model
    def _reset_with(self, moves):
        """Posted documents are drafts again: what they did is taken back, on the same
        accounting date, and kept as their draft.

        :raise UserError: later documents stand on what they did
        """
        back, again = [], []
        for entry in self._effective(moves):
            now = entry._of_document()._at_once()
            if entry.kind == "bill":
                back.append(entry._free_values(**now))
            else:
                back.append(entry.reverses_id._bill_values(entry, **now))
            again.append(entry.kind)
        done = self.sudo().create(back)
        self.sudo().create(
            [
                opposite.reverses_id._bill_values(opposite, **opposite._here())
                if kind == "bill"
                else opposite._free_values(**opposite._here())
                for kind, opposite in zip(again, done, strict=True)
            ]
        )
        done.timesheet_line_id._mirror_billing()

    @api.model
    def _effective(self, moves):
        """The last thing that posted documents did to each entry of time.

        :raise UserError: another document undid it, or built on it
        """
        rows = self.sudo().search(
            Domain("state", "=", "posted")
            & (
                Domain("invoice_id", "in", moves.ids)
                | Domain("move_id", "in", moves.ids)
            ),
            order="id",
        )
        billed, freed = {}, {}
        for row in rows:
            if row.invoice_id in moves:
                billed[row.invoice_id, row.timesheet_line_id] = row
            if row.move_id in moves and row.move_id != row.invoice_id:
                freed[row.move_id, row.timesheet_line_id] = row
        found = self.browse()
        for (move, _line), row in billed.items():
            if row.kind == "bill":
                found += row
            elif row.move_id != move:
                row._refuse_reset(move, row.move_id)
        frees = self.concat(*(row for row in freed.values() if row.kind == "free"))
        for bill in self.sudo().search(
            Domain("follows_id", "in", frees.ids)
            & Domain("state", "in", ("draft", "posted"))
        ):
            bill._refuse_reset(bill.follows_id.move_id, bill.move_id)
        return found + frees

    def _refuse_reset(self, move, other):
        raise UserError(
            self.env._(
                "%(number)s can't be reset to draft or cancelled: %(other)s builds on "
                "its hours. Cancel that one first.",
                number=move.name,
                other=other.display_name or self.document,
            )
        )

    def _check_not_credited(self):
        """:raise UserError: a draft credit note is about to take these rows back"""
        draft = self.sudo().search(
            Domain("reverses_id", "in", self.ids) & Domain("state", "=", "draft"),
            limit=1,
        )
        if draft:
            raise UserError(
                self.env._(
                    "Hours of %(invoice)s are already credited by a draft credit note "
                    "(%(credit)s): post it or delete it first.",
                    invoice=draft.invoice_id.name,
                    credit=draft.move_id.display_name,
                )
            )

    def _of_document(self):
        """The row of the document itself: a credit note that was reset to draft has
        put back what its invoice bills."""
        entry = self
        while entry.kind == "bill" and entry.invoice_id != entry.move_id:
            entry = entry.follows_id.reverses_id
        return entry

    def _here(self):
        """The document and the line that a row is of."""
        return {"move_id": self.move_id.id, "move_line_id": self.move_line_id.id}

    def _at_once(self):
        """For a row written as posted: same document, day and number."""
        return {
            **self._here(),
            "state": "posted",
            "date": self.date,
            "document": self.document,
        }

    @api.model
    def _cancel_with(self, moves):
        """Cancelled drafts leave their time to other invoices, and remember it."""
        drafts = self._of(moves, "draft")
        drafts.write({"state": "released"})
        drafts.flush_recordset()
        drafts.timesheet_line_id._mirror_billing()

    @api.model
    def _reclaim_with(self, moves):
        """Cancelled documents are drafts again: they take back the time they had.

        :raise UserError: part of it is on another invoice meanwhile
        """
        released = self._of(moves, "released")
        lines = released.timesheet_line_id
        standing, last = self._standing(lines), self._last_freed(lines)
        for entry in released:
            line = entry.timesheet_line_id.id
            current = standing.get(line)
            if entry.kind == "bill" and not current:
                entry.write({"state": "draft", "follows_id": last.get(line)})
            elif entry.kind == "free" and current == entry.reverses_id:
                entry.state = "draft"
            else:
                raise UserError(
                    self.env._(
                        "The hours of %(number)s are no longer free: see %(other)s. "
                        "Make another document instead.",
                        number=entry.move_id.display_name,
                        other=(current.move_id or entry.move_id).display_name
                        if current
                        else entry.reverses_id.document,
                    )
                )
        released.flush_recordset()
        released.filtered(lambda entry: entry.kind == "bill")._check_cap()
        lines._mirror_billing()

    @api.model
    def _delete_with(self, move_lines):
        """Lines of drafts are deleted: so are the rows that aren't posted."""
        entries = self.sudo().search(
            Domain("move_line_id", "in", move_lines.ids)
            & Domain("state", "!=", "posted")
        )
        lines = entries.timesheet_line_id
        entries.unlink()
        lines._mirror_billing()


class AccountAnalyticLine(models.Model):
    _inherit = "account.analytic.line"  # pylint: disable=R8180

    # In the very words of Odoo's domains: PostgreSQL proves no more.
    _unbilled_idx = models.Index(
        "(order_id, so_line, date) WHERE timesheet_invoice_id IS NULL AND "
        "approval_state = 'approved' AND chargeable IS TRUE AND project_id IS NOT NULL"
    )

    def _mirror_billing(self):
        """``timesheet_invoice_id`` says what the ledger says: one UPDATE for all."""
        if not self:
            return
        self.env["consortium.billing.entry"].flush_model()
        self.env["account.analytic.line"].flush_model(["timesheet_invoice_id"])
        changed = self.env.execute_query(
            SQL(
                """
                WITH billed AS (
                    SELECT bill.timesheet_line_id AS line, bill.invoice_id AS invoice
                      FROM consortium_billing_entry bill
                     WHERE bill.timesheet_line_id = ANY(%(ids)s)
                       AND bill.kind = 'bill' AND bill.state <> 'released'
                       AND NOT EXISTS (
                           SELECT FROM consortium_billing_entry free
                            WHERE free.reverses_id = bill.id
                              AND free.state = 'posted')
                )
                UPDATE account_analytic_line line
                   SET timesheet_invoice_id = billed.invoice
                  FROM account_analytic_line same
                  LEFT JOIN billed ON billed.line = same.id
                 WHERE line.id = ANY(%(ids)s) AND same.id = line.id
                   AND line.timesheet_invoice_id IS DISTINCT FROM billed.invoice
                RETURNING line.id
                """,
                ids=list(self.ids),
            )
        )
        # Not ``modified``: core would look again for the project, the task and the
        # order line of approved time, and for all that they sum.
        self.browse([line for (line,) in changed]).invalidate_recordset(
            ["timesheet_invoice_id"], flush=False
        )
        self.env["account.move"].invalidate_model(
            ["timesheet_ids", "timesheet_count", "timesheet_total_duration"],
            flush=False,
        )
