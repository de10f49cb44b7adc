from odoo import fields, models
from odoo.exceptions import UserError


class ConsortiumShareOperation(models.Model):
    """Operations are in the order of their dates, among themselves and with the
    payments that they rest on; none is in a period that the books have closed."""

    _inherit = "consortium.share.operation"  # pylint: disable=consider-merging-classes-inherited

    def _check_date(self, partner, share_class):
        latest = self._latest_date(partner, share_class)
        if latest > self.date:
            raise UserError(
                self.env._(
                    "The ledger has an entry of %(latest)s for %(name)s: choose that "
                    "date or a later one.",
                    latest=latest,
                    name=partner.name,
                )
            )

    def _check_open_period(self):
        """Core would put the account entry after the lock: the register and the books
        would not agree on the days between.

        :raise UserError: with the last day that is closed
        """
        self.ensure_one()
        # Who keeps the shares reads neither journals nor lock dates; exceptions to
        # these are those of the user all the same.
        company = self.company_id.sudo()
        invoices, entries = company.share_journal_id, company.share_entry_journal_id
        journals = {"issue": invoices, "transfer": entries, "conversion": entries}
        for journal in journals.get(self.kind, invoices | entries):
            locks = company._get_violated_lock_dates(self.date, False, journal)
            if locks:
                raise UserError(
                    self.env._(
                        "The books are closed up to %(lock)s: an operation on shares "
                        "is dated after that day.",
                        lock=locks[-1][0],
                    )
                )

    def _check_payments(self, partner, domain):
        """What was paid, or taken back, on some shares is before the operation.

        :raise UserError: with the date of the last payment
        """
        latest = self.env["consortium.share.payment"]._latest_date(domain)
        if latest and latest > self.date:
            raise UserError(
                self.env._(
                    "A payment of %(latest)s is counted on these shares of %(name)s: "
                    "choose that date or a later one.",
                    latest=latest,
                    name=partner.name,
                )
            )

    def _check_lots(self, partner, chosen):
        """The shares taken were paid by the day that they are taken."""
        origins = [lot.origin for lot, _quantity in chosen]
        self._check_payments(
            partner,
            [
                ("lot_id", "in", origins),
                ("partner_id", "=", partner.id),
                ("kind", "=", "paid"),
            ],
        )

    def _latest_date(self, partner, share_class):
        """The date of the last entry of a holder in a class; the first of days if none.

        What an operation may be dated depends on it, whatever the user reads.
        """
        entry = (
            self.env["consortium.share.entry"]
            .sudo()
            .search(
                [
                    ("partner_id", "=", partner.id),
                    ("share_class_id", "=", share_class.id),
                ],
                order="date desc",
                limit=1,
            )
        )
        return entry.date or fields.Date.to_date("1900-01-01")
