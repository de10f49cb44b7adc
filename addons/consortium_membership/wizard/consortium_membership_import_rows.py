import datetime
from decimal import Decimal, InvalidOperation

from odoo import models
from odoo.addons.consortium_base.tools import neq
from odoo.addons.consortium_base.tools.text import fold
from odoo.fields import Domain

from ..tools import history
from ..tools.history_file import KINDS, REASONS, YES, Unreadable
from ..tools.shares import to_cents


class ConsortiumMembershipImport(models.TransientModel):
    """How the cells of a row are read: each problem is one sentence."""

    _inherit = "consortium.membership.import"  # pylint: disable=consider-merging-classes-inherited

    def _finder(self, rows):
        """``find(cells)`` → the organisation; by NEQ, else by its only name."""
        partners = self.env["res.partner"].with_context(active_test=False)
        top = Domain("parent_id", "=", False) & Domain("is_company", "=", True)
        numbers = {neq.compact(cells["neq"]) for _row, cells in rows if "neq" in cells}
        by_neq = {
            partner.company_registry: partner
            for partner in partners.search(
                top & Domain("company_registry", "in", list(numbers))
            )
        }
        by_name = {}
        if any("neq" not in cells for _row, cells in rows):
            for partner in partners.search_fetch(top, ["name"]):
                by_name.setdefault(fold(partner.name), []).append(partner)

        def find(cells):
            if "neq" in cells:
                found = by_neq.get(neq.compact(cells["neq"]))
                if not found:
                    raise Unreadable(
                        self.env._(
                            "No organization has the NEQ %(neq)s.", neq=cells["neq"]
                        )
                    )
                return found
            found = by_name.get(fold(cells.get("name", "")), [])
            if len(found) != 1:
                raise Unreadable(
                    self.env._(
                        "%(count)s organizations have this name: give the NEQ.",
                        count=len(found),
                    )
                )
            return found[0]

        return find

    def _day(self, cells, column, required=False):
        text = cells.get(column)
        if not text and not required:
            return None
        try:
            return datetime.date.fromisoformat(text or "")
        except ValueError as error:
            raise Unreadable(
                self.env._("« %(text)s » is not a date: write 2019-06-30.", text=text)
            ) from error

    def _whole(self, cells, column):
        try:
            return int(cells.get(column, "").replace(" ", ""))
        except ValueError as error:
            raise Unreadable(
                self.env._(
                    "« %(text)s » is not a whole number.", text=cells.get(column, "")
                )
            ) from error

    def _amount(self, cells, column):
        text = cells.get(column)
        if not text:
            return None
        clean = text.replace(" ", "").replace("\xa0", "").replace("$", "")
        try:
            return Decimal(clean.replace(",", "."))
        except InvalidOperation as error:
            raise Unreadable(
                self.env._("« %(text)s » is not an amount.", text=text)
            ) from error

    def _named(self):
        """Categories, or classes of shares, by their code and by their name."""
        model = (
            "consortium.member.category"
            if self.content == "members"
            else "consortium.share.class"
        )
        model = self.env[model].with_context(active_test=False)
        records = model.search([("code", "!=", False)])
        named = {fold(record.name): record for record in records}
        return {**named, **{fold(record.code): record for record in records}}

    def _parse_member(self, cells, find, named):
        partner = find(cells)
        number = self._whole(cells, "number")
        if number <= 0:
            raise Unreadable(self.env._("A member number is one or more."))
        category = named.get(fold(cells.get("category", "")))
        if not category:
            raise Unreadable(
                self.env._(
                    "There is no category « %(category)s ».",
                    category=cells.get("category", ""),
                )
            )
        start = self._day(cells, "start", required=True)
        end = self._day(cells, "end")
        founding = fold(cells.get("founding", "")) in YES
        reason = REASONS.get(fold(cells.get("reason", "")), "other") if end else False
        values = {
            "partner_id": partner.id,
            "number": number,
            "category_id": category.id,
            "date_start": start,
            "date_end": end,
            "end_reason": reason,
            "founding": founding,
            "state": "ended" if end and end < self.env.company._today() else "admitted",
            "resolution_reference": cells.get("resolution")
            or self.env._("Register before the import"),
        }
        period = history.Period(partner.id, number, category.id, start, end, founding)
        return values, period

    def _parse_entry(self, cells, find, named):
        partner = find(cells)
        share_class = named.get(fold(cells.get("share_class", "")))
        if not share_class:
            raise Unreadable(
                self.env._(
                    "There is no class of shares « %(name)s ».",
                    name=cells.get("share_class", ""),
                )
            )
        kind = KINDS.get(fold(cells.get("kind", "")))
        if not kind:
            raise Unreadable(
                self.env._(
                    "« %(kind)s » is not an operation on shares.", kind=cells["kind"]
                )
            )
        quantity = self._whole(cells, "quantity")
        day = self._day(cells, "day", required=True)
        values = {
            "partner_id": partner.id,
            "share_class_id": share_class.id,
            "quantity": quantity,
            "unit_price": self._amount(cells, "price"),
            "date": day,
            "kind": kind,
            "reference": cells.get("reference") or False,
            "certificate": cells.get("certificate") or False,
            "paid": self._amount(cells, "paid"),
        }
        entry = history.Entry(
            partner.id,
            share_class.id,
            quantity,
            day,
            kind,
            values["reference"] or "",
            to_cents(values["unit_price"] or share_class.par_value),
        )
        return values, entry
