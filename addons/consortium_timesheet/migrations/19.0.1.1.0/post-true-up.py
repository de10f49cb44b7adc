from odoo import SUPERUSER_ID, Command, api


def migrate(cr, version):
    """Documents that settle a true-up, and those that reversed them, are of the order
    that they settle."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    rows = env["consortium.true.up"].search([("move_id", "!=", False)])
    for move, mine in rows.grouped("move_id").items():
        sold = mine.order_id[:1]._true_up_line(mine[0])
        moves = move + move.reversal_move_ids
        moves.invoice_line_ids.filtered(lambda line: not line.sale_line_ids).write(
            {"is_true_up": True, "sale_line_ids": [Command.set(sold.ids)]}
        )
