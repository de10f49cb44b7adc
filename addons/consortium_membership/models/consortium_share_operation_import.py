from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import history, shares

KINDS = ("issue", "transfer", "redemption")


class ImportRefused(UserError):
    """A row that can't be imported: its number, and why in one sentence."""

    def __init__(self, row, message):
        super().__init__(message)
        self.row = row


class ConsortiumShareOperation(models.Model):
    """The history of an old register: entries without invoices, mail or books.

    The opening balances of the accounts are the accountant's; the nightly check says
    whether both agree.
    """

    _inherit = "consortium.share.operation"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _import_entries(self, rows):
        """Write the entries of an old register, in the order of their dates.

        A row is a dict: ``partner_id``, ``share_class_id``, ``quantity`` (signed),
        ``unit_price``, ``date``, ``kind`` (issue, transfer or redemption),
        ``reference`` of the operation, ``certificate`` number, ``paid`` amount (of an
        issue: received; of a redemption: repaid; the whole price if there is none).
        The two rows of a transfer have the same reference. All rows or none. ``row`` is
        the number to give in messages; the place in the list if there is none.

        :return: the operations
        :raise ImportRefused: in one sentence with the number of the row, the first
            thing that is wrong; nothing is written then
        """
        self.check_access("create")
        numbered = [
            (number, self._import_row(number, row))
            for number, row in (
                (row.get("row", place), row) for place, row in enumerate(rows, start=1)
            )
        ]
        # Of one day, what is received comes before what is given away.
        numbered.sort(key=lambda pair: (pair[1]["date"], pair[1]["quantity"] < 0))
        # The ledger is written by its operations, as everywhere.
        run = ShareImport(self.sudo())
        for number, row in numbered:
            try:
                run.add(number, row)
            except UserError as error:
                raise ImportRefused(number, str(error)) from error
        return run.finish().sudo(self.env.su)

    @api.model
    def _imported_rows(self):
        """The rows that the operations imported, and not reversed, were made of.

        :return: a list of ``history.Entry``
        """
        self.check_access("read")
        found = self.sudo().search(  # checked above; whoever imports reads them all
            [("is_imported", "=", True), ("company_id", "in", self.env.companies.ids)]
        )
        rows = []
        for operation in found.filtered(lambda operation: not operation.is_reversed):
            signs = {operation.partner_id: 1 if operation.kind == "issue" else -1}
            if operation.kind == "transfer":
                signs[operation.counterparty_id] = 1
            for holder, sign in signs.items():
                rows.append(
                    history.Entry(
                        holder.id,
                        operation.share_class_id.id,
                        sign * operation.quantity,
                        operation.date,
                        operation.kind,
                        operation.reference or "",
                        shares.to_cents(operation.unit_price),
                    )
                )
        return rows

    @api.model
    def _import_row(self, number, row):
        row = dict(row)
        row["date"] = fields.Date.to_date(row.get("date"))
        partner = self.env["res.partner"].browse(row.get("partner_id")).exists()
        classes = self.env["consortium.share.class"]
        share_class = classes.browse(row.get("share_class_id")).exists()
        quantity, kind = row.get("quantity") or 0, row.get("kind")
        sign = {"issue": 1, "redemption": -1}.get(kind, 0)
        price = row.get("unit_price") or share_class.par_value
        if (
            not (partner and share_class and row["date"] and price > 0)
            or kind not in KINDS
            or not quantity
            or quantity * sign < 0
            or row["date"] > share_class.company_id._today()
        ):
            raise ImportRefused(
                number,
                self.env._(
                    "Row %(number)s: a holder, a class, a past date, a kind, a price "
                    "and a number of shares of the right sign are needed.",
                    number=number,
                ),
            )
        if kind == "transfer" and not row.get("reference"):
            raise ImportRefused(
                number,
                self.env._(
                    "Row %(number)s: the two rows of a transfer have the same "
                    "reference.",
                    number=number,
                ),
            )
        row.update(partner=partner, share_class=share_class)
        row["price"] = shares.to_cents(price)
        return row


class ShareImport:
    """The state of one import: the lots of each holder, what waits to be written."""

    def __init__(self, operations):
        self.operations = operations
        self.entries = operations.env["consortium.share.entry"]
        self.made = operations.browse()
        self.touched = {}  # (partner, class) → last date
        self.waiting = []  # values of entries
        self.transfers = {}  # reference → [(number, row), …]

    def add(self, number, row):
        """Take a row in; those of a transfer once both are there."""
        if row["kind"] == "transfer":
            pending = self.transfers.setdefault(row["reference"], [])
            pending.append((number, row))
            if sum(one["quantity"] for _number, one in pending) == 0:
                self._transfer(self.transfers.pop(row["reference"]))
            return
        operation = self._operation(row, abs(row["quantity"]), row["partner"])
        if row["kind"] == "issue":
            self._issue(number, row, operation)
        else:
            self._redeem(number, row, operation)

    def finish(self):
        """Write what waits, and let certificates follow; return the operations."""
        env = self.operations.env
        if self.transfers:
            number, _row = next(iter(self.transfers.values()))[0]
            raise ImportRefused(
                number,
                env._(
                    "Row %(number)s: this transfer gives one holder more or less than "
                    "it takes from the other.",
                    number=number,
                ),
            )
        self._flush()
        for (partner, share_class), date in self.touched.items():
            env["consortium.share.certificate"]._renew({(partner, share_class)}, date)
        return self.made

    def _operation(self, row, quantity, partner, counterparty=None):
        operation = self.operations.create(
            {
                "kind": row["kind"],
                "date": row["date"],
                "partner_id": partner.id,
                "counterparty_id": counterparty and counterparty.id,
                "company_id": row["share_class"].company_id.id,
                "share_class_id": row["share_class"].id,
                "quantity": quantity,
                "unit_price": shares.from_cents(row["price"]),
                "reference": row.get("reference"),
                "is_imported": True,
            }
        )
        operation._write_done({"state": "done"})
        self.made |= operation
        return operation

    def _issue(self, number, row, operation):
        total = row["price"] * row["quantity"]
        paid = row.get("paid")
        paid = total if paid is None else shares.to_cents(paid)
        if not 0 <= paid <= total:
            raise UserError(
                self.operations.env._(
                    "Row %(number)s: what was paid is not between zero and the price.",
                    number=number,
                )
            )
        self.waiting.append(
            self._values(
                row, operation, row["partner"], row["quantity"], paid_change=paid
            )
        )

    def _redeem(self, number, row, operation):
        given = row.get("paid")
        given = None if given is None else shares.to_cents(given)
        for lot, quantity in self._take(number, row, -row["quantity"]):
            back, cancelled = shares.release(lot, quantity)
            entry = self._write(
                row,
                operation,
                row["partner"],
                -quantity,
                lot,
                paid_change=-back,
                cancelled=cancelled,
                redeemable=back,
            )
            part = back if given is None else min(back, given)
            if given is not None:
                given -= part
            if part:
                self.operations.env["consortium.share.payment"]._record(
                    entry, part, row["date"], "repaid"
                )

    def _transfer(self, pending):
        given = [pair for pair in pending if pair[1]["quantity"] < 0]
        received = [pair for pair in pending if pair[1]["quantity"] > 0]
        (number, source), (_number, target) = given[0], received[0]
        same = (source["date"], source["share_class"]) == (
            target["date"],
            target["share_class"],
        )
        if len(pending) != 2 or not same:
            raise UserError(
                self.operations.env._(
                    "Row %(number)s: a transfer has two rows, of one date and class.",
                    number=number,
                )
            )
        operation = self._operation(
            source, target["quantity"], source["partner"], target["partner"]
        )
        for lot, quantity in self._take(number, source, target["quantity"]):
            if lot.owing > 0:
                raise UserError(
                    self.operations.env._(
                        "Row %(number)s: shares are transferred once paid.",
                        number=number,
                    )
                )
            for row, other, sign in ((source, target, -1), (target, source, 1)):
                self._write(
                    row,
                    operation,
                    row["partner"],
                    sign * quantity,
                    lot,
                    paid_change=sign * quantity * lot.price,
                    counterparty_id=other["partner"].id,
                )

    def _take(self, number, row, quantity):
        """Choose the lots, first in, first out, among all that is written."""
        self._flush()
        lots = self.operations._lots(row["partner"], row["share_class"])
        try:
            chosen = shares.take(lots, quantity)
        except ValueError as error:
            raise UserError(
                self.operations.env._(
                    "Row %(number)s: %(name)s does not have %(quantity)s shares on "
                    "%(date)s.",
                    number=number,
                    name=row["partner"].name,
                    quantity=quantity,
                    date=row["date"],
                )
            ) from error
        operation = self.operations.new({"date": row["date"]})
        operation._check_lots(row["partner"], chosen)
        return chosen

    def _values(self, row, operation, partner, quantity, lot=None, **vals):
        self._touch(partner, row)
        return {
            **operation._entry(partner, row["share_class"], quantity, lot=lot, **vals),
            "unit_price": shares.from_cents(lot.price if lot else row["price"]),
            "certificate_reference": row.get("certificate"),
            "move_id": False,
        }

    def _touch(self, partner, row):
        """Nothing is written before what the ledger already has."""
        key = (partner, row["share_class"])
        if key not in self.touched:
            self.operations.new({"date": row["date"]})._check_date(*key)
        self.touched[key] = row["date"]

    def _write(self, row, operation, partner, quantity, lot, **vals):
        values = self._values(row, operation, partner, quantity, lot, **vals)
        entry = self.entries.create([values])
        entry.flush_recordset()
        return entry

    def _flush(self):
        if self.waiting:
            self.entries.create(self.waiting).flush_recordset()
            self.waiting = []
