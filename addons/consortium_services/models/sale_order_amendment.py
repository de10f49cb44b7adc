from odoo import models


class SaleOrder(models.Model):
    """Amendments: a version that shows what changes, signed by both sides again."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    def action_amend(self):
        """Open the amendment being written, or a new one."""
        self.ensure_one()
        self._require_coordinator()
        pending = self.version_ids.filtered(
            lambda version: version.state in ("draft", "proposed", "signed")
        )
        version = pending[:1] or pending.create({"order_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "res_model": version._name,
            "res_id": version.id,
            "view_mode": "form",
        }

    def _apply_amendment(self, version):
        """Make the agreement what both sides have signed.

        Called as superuser, by the countersignature alone.
        """
        self.ensure_one()
        # Core locks confirmed orders, if it is told to: this is the way they change.
        was_locked = self.locked
        self.locked = False
        self.write(
            {
                "agreement_title": version.agreement_title,
                "agreement_scope": version.agreement_scope,
                "agreement_deliverables": version.agreement_deliverables,
                "agreement_end": version.agreement_end,
            }
        )
        taken = self.order_line.filtered(
            lambda line: line.expertise_id and line.is_taken
        )
        (taken - version.line_ids.sale_line_id).planned_minutes = 0
        for row in version.line_ids:
            if row.sale_line_id:
                row.sale_line_id.planned_minutes = row.planned_minutes
            elif row.planned_minutes:
                self.order_line.create(
                    {
                        "order_id": self.id,
                        "expertise_id": row.expertise_id.id,
                        "planned_minutes": row.planned_minutes,
                    }
                )
        if self.ceiling_minutes != version.ceiling_minutes:
            self.write(
                {
                    "ceiling_minutes": version.ceiling_minutes,
                    "consents_from": version.signed_on,
                }
            )
        self._open_agreement_tasks()
        self.locked = was_locked
        if self.ceiling_warned and self.ceiling_warned > self._ceiling_mark():
            self.ceiling_warned = self._ceiling_mark()
