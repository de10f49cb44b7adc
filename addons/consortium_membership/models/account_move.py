from odoo import api, fields, models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    _inherit = "account.move"

    share_operation_id = fields.Many2one(
        "consortium.share.operation",
        string="Operation on Shares",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        readonly=True,
    )

    def _check_not_of_shares(self):
        """Entries of the ledger of shares change with it, by a reversal.

        :raise UserError: one of these account entries belongs to an operation
        """
        # Whoever edits the books is told, whatever operations it may read.
        for move in self.sudo().filtered("share_operation_id"):
            raise UserError(
                self.env._(
                    "%(move)s belongs to the operation on shares %(operation)s: "
                    "reverse that operation, and the books follow.",
                    move=move.name,
                    operation=move.share_operation_id.name,
                )
            )

    def button_draft(self):
        """:raise UserError: it would leave the shares without their books"""
        self._check_not_of_shares()
        return super().button_draft()

    def _reverse_moves(self, default_values_list=None, cancel=False):
        """:raise UserError: it would leave the shares without their books"""
        self._check_not_of_shares()
        return super()._reverse_moves(default_values_list, cancel=cancel)

    def action_reverse(self):
        """The credit note of an invoice of shares is the reversal of its operation."""
        if len(self) == 1 and self.share_operation_id:
            return self.share_operation_id.action_reverse()
        return super().action_reverse()

    def _post(self, soft=True):
        """Invoices and credit notes of shares are made by operations.

        :raise UserError: another one uses the account « subscribed, not paid »
        """
        documents = self.filtered(
            lambda move: move.is_invoice(True) and not move.share_operation_id
        )
        if documents:
            # Only to compare accounts.
            classes = self.env["consortium.share.class"].sudo()
            unpaid = (
                classes.with_context(active_test=False)
                .search([("unpaid_account_id", "!=", False)])
                .unpaid_account_id
            )
            for move in documents:
                if move.line_ids.account_id & unpaid:
                    raise UserError(
                        self.env._(
                            "Only operations on shares invoice or credit the account "
                            "%(account)s.",
                            account=(move.line_ids.account_id & unpaid)[
                                :1
                            ].display_name,
                        )
                    )
        return super()._post(soft)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_of_shares(self):
        self._check_not_of_shares()


class AccountPaymentTerm(models.Model):
    _inherit = "account.payment.term"

    share_instalments = fields.Integer(
        copy=False, readonly=True, export_string_translation=False
    )
