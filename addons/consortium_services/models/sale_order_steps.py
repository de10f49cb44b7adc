from odoo import api, models
from odoo.exceptions import UserError

# What only the buttons write: that it is an agreement, who signed, what became of it.
STEP_FIELDS = (
    "is_service_agreement",
    "state",
    "signatory_id",
    "signed_by",
    "signed_on",
    "countersigned_by_id",
    "countersigned_on",
    "proposed_on",
    "closed_on",
    "ceiling_warned",
    "consents_from",
)


class SaleOrder(models.Model):
    """The steps of an agreement are taken by its buttons; those that go back."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    @api.model_create_multi
    def create(self, vals_list):
        """:raise UserError: an agreement would begin elsewhere than at its beginning"""
        orders = super().create(vals_list)
        if not self.env.su:
            for order in orders.filtered("is_service_agreement"):
                if order.state != "draft" or any(order[it] for it in STEP_FIELDS[2:]):
                    raise UserError(self._steps_message())
        return orders

    def write(self, vals):
        """:raise UserError: a step of an agreement would be written by hand"""
        names = set(STEP_FIELDS) & set(vals)
        if names and not self.env.su:
            for order in self:
                if order.is_service_agreement or "is_service_agreement" in names:
                    if any(order._differs(name, vals[name]) for name in names):
                        raise UserError(self._steps_message())
        return super().write(vals)

    @api.model
    def _steps_message(self):
        return self.env._(
            "An agreement is proposed, signed, countersigned, closed and cancelled by "
            "its buttons only."
        )

    def _differs(self, name, value):
        """Whether ``value`` would change this field."""
        self.ensure_one()
        field = self._fields[name]
        return field.convert_to_cache(value, self) != field.convert_to_cache(
            self[name], self
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_reopens_needs(self):
        """What a deleted draft answered waits for an answer again."""
        self.order_line._proposal_withdrawn()

    def action_draft(self):
        """Taken back to write it again: what was signed of it is void, and kept."""
        agreements = self.filtered("is_service_agreement")
        agreements._require_coordinator()
        # Versions and steps are written by the buttons alone.
        trusted = agreements.sudo().filtered(
            lambda order: order.state in ("cancel", "sent")
        )
        trusted.version_ids.filtered(
            lambda version: version.state in ("draft", "proposed", "signed")
        ).state = "refused"
        trusted.version_ids.filtered(
            lambda version: version.state == "in_force"
        ).state = "replaced"
        trusted.write(
            {
                "signatory_id": False,
                "countersigned_by_id": False,
                "countersigned_on": False,
                # What is written from here on is shown to nobody.
                "proposed_on": False,
                "closed_on": False,
            }
        )
        trusted.order_line.request_line_id._proposed_again()
        super(SaleOrder, trusted).action_draft()
        return super(SaleOrder, self - agreements).action_draft()

    def _action_cancel(self):
        """:raise UserError: an agreement that runs, or did: it is closed instead"""
        agreements = self.filtered("is_service_agreement")
        agreements._require_coordinator()
        for order in agreements:
            if order.state == "sale":
                raise UserError(
                    self.env._(
                        "%(agreement)s is in force: close it rather than cancel it.",
                        agreement=order.name,
                    )
                )
        # Versions and steps are written by the buttons alone.
        trusted = agreements.sudo()
        trusted.version_ids.filtered(
            lambda version: version.state in ("draft", "proposed", "signed")
        ).state = "refused"
        trusted.order_line._proposal_withdrawn()
        super(SaleOrder, trusted)._action_cancel()
        return super(SaleOrder, self - agreements)._action_cancel()
