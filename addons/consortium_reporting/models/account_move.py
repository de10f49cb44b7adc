from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain


class AccountMove(models.Model):
    _inherit = "account.move"

    def _check_not_of_allocation(self):
        """The entries of an allocation of the surplus change with it alone: else the
        reserve would say one thing and the decision of the meeting another.

        :raise UserError: one of these account entries is of an allocation
        """
        # An allocation that is being reversed has no reversal yet: its own way passes.
        kept = Domain("move_id", "in", self.ids) & (
            Domain("state", "=", "posted") | Domain("reversal_move_id", "!=", False)
        )
        # An accountant may have no access to the allocations of another company.
        allocations = self.env["consortium.surplus.allocation"].sudo()
        found = allocations.search(
            kept | Domain("reversal_move_id", "in", self.ids), limit=1
        )
        if found.state == "posted":
            raise UserError(
                self.env._(
                    "This entry allocates a surplus (%(name)s): reverse the allocation "
                    "instead.",
                    name=found.display_name,
                )
            )
        if found:
            raise UserError(
                self.env._(
                    "This entry is of an allocation that was reversed (%(name)s): make "
                    "a new allocation instead.",
                    name=found.display_name,
                )
            )

    def button_draft(self):
        """:raise UserError: it would undo what the general meeting decided"""
        self._check_not_of_allocation()
        return super().button_draft()

    def _reverse_moves(self, default_values_list=None, cancel=False):
        """:raise UserError: it would undo what the general meeting decided"""
        self._check_not_of_allocation()
        return super()._reverse_moves(default_values_list, cancel=cancel)

    def action_reverse(self):
        """Said before the wizard opens.

        :raise UserError: the entry is of an allocation of the surplus
        """
        self._check_not_of_allocation()
        return super().action_reverse()
