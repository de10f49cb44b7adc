from odoo import fields, models
from odoo.exceptions import UserError


class ConsortiumShareOperation(models.Model):
    """Operations are in the order of their dates, among themselves and with the
    payments that they rest on."""

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
