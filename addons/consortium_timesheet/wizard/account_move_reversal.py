from odoo import models


class AccountMoveReversal(models.TransientModel):
    _inherit = "account.move.reversal"

    def reverse_moves(self, is_modify=False):
        result = super().reverse_moves(is_modify)
        # Core forgets the time that is to be replaced, even before the credit note.
        self.move_ids._mirror_billed_time()
        return result
