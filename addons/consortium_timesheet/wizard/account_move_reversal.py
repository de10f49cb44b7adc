from odoo import models


class AccountMoveReversal(models.TransientModel):
    _inherit = "account.move.reversal"

    def reverse_moves(self, is_modify=False):
        result = super().reverse_moves(is_modify)
        # Core forgets the time that is to be replaced, even before the credit note.
        self.move_ids._mirror_billed_time()
        if is_modify:
            self._replace_settlements()
        return result

    def _replace_settlements(self):
        """What a replaced invoice settles is settled by the one that replaces it: it
        would be asked for again otherwise, for its invoice is now reversed."""
        # Core replaces first what it reverses at once, then what waits for its date.
        old = self.move_ids.sorted(
            lambda move: self._prepare_default_reversal(move)["auto_post"] != "no"
        )
        # The true-up is approved; who may replace its invoice was checked.
        rows = (
            self.env["consortium.true.up"].sudo().search([("move_id", "in", old.ids)])
        )
        by_move = rows.grouped("move_id")
        for replaced, new in zip(old, self.new_move_ids, strict=True):
            if replaced in by_move:
                by_move[replaced].move_id = new
