from odoo import api, fields, models
from odoo.exceptions import UserError


class ResPartner(models.Model):
    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    share_count = fields.Integer(
        string="Shares",
        compute="_compute_share_count",
        groups="consortium_base.group_membership_officer,"
        "consortium_base.group_accountant,consortium_base.group_auditor",
        help="Held on the day asked for, today if none is.",
    )

    @api.depends_context("consortium_date", "tz", "allowed_company_ids")
    def _compute_share_count(self):
        date = self._consortium_date()
        counts = dict(
            self.env["consortium.share.entry"]._read_group(
                [("partner_id", "in", self.ids), ("date", "<=", date)],
                ["partner_id"],
                ["quantity:sum"],
            )
        )
        for partner in self:
            partner.share_count = counts.get(partner._origin, 0)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_holders(self):
        """Holders who have left stay in the register: so do their contacts."""
        # Who deletes a contact may not read the ledger.
        held = (
            self.env["consortium.share.entry"]
            .sudo()
            .search(
                [
                    "|",
                    ("partner_id", "in", self.ids),
                    ("counterparty_id", "in", self.ids),
                ],
                limit=1,
            )
        )
        if held:
            raise UserError(
                self.env._(
                    "%(name)s stands in the share register: archive the contact "
                    "instead of deleting it.",
                    name=(held.partner_id | held.counterparty_id)
                    .filtered(lambda partner: partner in self)[:1]
                    .name,
                )
            )

    def action_view_shares(self):
        """What the contact holds, and held."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "consortium_membership.consortium_share_register_action"
        )
        return {**action, "domain": [("partner_id", "=", self.id)], "context": {}}

    @api.model
    def _followed_documents(self):
        return [
            *super()._followed_documents(),
            ("consortium.share.operation", "partner_id", None),
            ("consortium.share.redemption", "partner_id", None),
        ]
