from odoo.exceptions import UserError

from .tools.frozen import drop_frozen


def pre_init_hook(env):
    """Exclusion constraints over a partner and a period need ``btree_gist``.

    :raise UserError: the database's role may not create the extension
    """
    cr = env.cr
    cr.execute("SELECT 1 FROM pg_extension WHERE extname = 'btree_gist'")
    if cr.fetchone():
        return
    cr.execute(
        "SELECT trusted FROM pg_available_extension_versions WHERE name = 'btree_gist'"
    )
    if not any(trusted for (trusted,) in cr.fetchall()):
        raise UserError(
            env._(
                "PostgreSQL's extension btree_gist is missing: ask the database's "
                "administrator for CREATE EXTENSION btree_gist, then install again."
            )
        )
    cr.execute("CREATE EXTENSION btree_gist")


def uninstall_hook(env):
    """Odoo drops tables and columns, not functions: drop ours, with their triggers.

    Before anything else, so that the legal values may go with their table.
    """
    drop_frozen(
        env.cr, "consortium_legal_parameter_value", "consortium_legal_parameter"
    )
