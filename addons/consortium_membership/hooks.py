from odoo.tools import SQL

from .models.consortium_share_ledger import FUNCTIONS

# The tables of base that hold what the addon brought of the law, values first.
PARAMETERS = ("consortium_legal_parameter_value", "consortium_legal_parameter")


def uninstall_hook(env):
    """Odoo drops tables of its models, not functions: drop ours, with their triggers,
    and the table of turns. Then the legal parameters that the addon brought."""
    for function in FUNCTIONS:
        env.cr.execute(
            SQL("DROP FUNCTION IF EXISTS %s() CASCADE", SQL.identifier(function))
        )
    env.cr.execute(SQL("DROP TABLE IF EXISTS consortium_share_turn"))
    _delete_parameters(env)


def _delete_parameters(env):
    """Triggers keep legal values from everybody: they are held while ours go.

    A value that somebody added to one of ours goes with it.
    """
    found = env["ir.model.data"].search(
        [
            ("module", "=", "consortium_membership"),
            ("model", "in", [name.replace("_", ".") for name in PARAMETERS]),
        ]
    )
    ours = found.filtered(lambda data: data.model == "consortium.legal.parameter")
    ids = tuple(ours.mapped("res_id")) or (0,)
    env.flush_all()
    for table, column in zip(PARAMETERS, ("parameter_id", "id"), strict=True):
        name = SQL.identifier(table)
        env.cr.execute(SQL("ALTER TABLE %s DISABLE TRIGGER USER", name))
        env.cr.execute(
            SQL("DELETE FROM %s WHERE %s IN %s", name, SQL.identifier(column), ids)
        )
        env.cr.execute(SQL("ALTER TABLE %s ENABLE TRIGGER USER", name))
    found.unlink()
    env.invalidate_all()
