from odoo import fields, models
from odoo.exceptions import UserError


class ConsortiumMemberRequest(models.Model):
    """A request that is accepted becomes a transfer to confirm, or a place in the
    queue of redemptions: the board decides both."""

    _inherit = "consortium.member.request"  # pylint: disable=consider-merging-classes-inherited

    share_operation_id = fields.Many2one(
        "consortium.share.operation",
        string="Transfer",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="base.group_user",
    )
    share_redemption_id = fields.Many2one(
        "consortium.share.redemption",
        string="Redemption",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="base.group_user",
    )

    def _accept_transfer(self):
        """Prepare the transfer asked for, to confirm with the board's resolution.

        :raise UserError: more shares than held, or to whom is not said
        """
        result = super()._accept_transfer()
        for request in self:
            if not request.counterparty_id:
                raise UserError(
                    self.env._(
                        "Choose the contact to whom the shares of request %(name)s go.",
                        name=request.name,
                    )
                )
            request.share_operation_id = self.env["consortium.share.operation"].create(
                {
                    "kind": "transfer",
                    "partner_id": request.partner_id.id,
                    "counterparty_id": request.counterparty_id.id,
                    "company_id": request.company_id.id,
                    "share_class_id": request._share_class().id,
                    "quantity": request.quantity,
                    "reason": request.details,
                }
            )
        return result

    def _accept_redemption(self):
        """Put the redemption asked for in the queue.

        :raise UserError: more shares than held
        """
        result = super()._accept_redemption()
        for request in self:
            model = self.env["consortium.share.redemption"]
            request.share_redemption_id = model.create(
                {
                    "partner_id": request.partner_id.id,
                    "company_id": request.company_id.id,
                    "share_class_id": request._share_class().id,
                    "quantity": request.quantity,
                    "reason": "other",
                    "note": request.details,
                    "request_date": request.date,
                }
            )
        return result

    def _share_class(self):
        """The class of which the member has enough shares, the first in order.

        :raise UserError: none
        """
        self.ensure_one()
        operations = self.env["consortium.share.operation"]
        classes = self.env["consortium.share.class"].search(
            [("company_id", "=", self.company_id.id)]
        )
        for share_class in classes:
            lots = operations._lots(self.partner_id, share_class)
            if 0 < self.quantity <= sum(lot.quantity for lot in lots):
                return share_class
        raise UserError(
            self.env._(
                "%(name)s does not have %(quantity)s shares of one class.",
                name=self.partner_id.name,
                quantity=self.quantity,
            )
        )
