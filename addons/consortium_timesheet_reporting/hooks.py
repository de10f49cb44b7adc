from odoo.tools import SQL


def uninstall_hook(env):
    """Odoo drops tables, not functions: drop ours, with its triggers."""
    env.cr.execute(
        SQL("DROP FUNCTION IF EXISTS consortium_hours_summary_keep() CASCADE")
    )
