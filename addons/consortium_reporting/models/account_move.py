from odoo import models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    _inherit = "account.move"

    def button_draft(self):
        """The entry of an allocation stays posted: the allocation is reversed."""
        # An accountant may have no access to the allocations of another company.
        allocations = self.env["consortium.surplus.allocation"].sudo()
        kept = allocations.search([("move_id", "in", self.ids)], limit=1)
        if kept:
            raise UserError(
                self.env._(
                    "This entry allocates a surplus (%(name)s): reverse the allocation "
                    "instead.",
                    name=kept.display_name,
                )
            )
        return super().button_draft()
