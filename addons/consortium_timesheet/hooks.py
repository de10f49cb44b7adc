from odoo.addons.consortium_base.tools.frozen import drop_frozen
from odoo.tools import SQL


def post_init_hook(env):
    """Time entered before the addon: its whole minutes, and the hours they make."""
    env.cr.execute(
        SQL(
            """
            UPDATE account_analytic_line
               SET minutes = round(unit_amount * 60)::int,
                   unit_amount = round(unit_amount * 60) / 60
             WHERE project_id IS NOT NULL
            """
        )
    )
    lines = env["account.analytic.line"].search(
        [("project_id", "!=", False), ("chargeable", "=", False)]
    )
    env.add_to_compute(lines._fields["nonchargeable_reason_id"], lines)


def uninstall_hook(env):
    """Odoo drops tables and columns, not functions: drop ours, with their triggers.

    Before anything else, so that what is frozen may go with its table.
    """
    drop_frozen(
        env.cr,
        "consortium_approved_time",
        "consortium_billing_entry",
        "consortium_funding_claim",
        "consortium_funding_claim_line",
        "consortium_hourly_rate",
        "consortium_rate_run",
        "consortium_timesheet_change",
        "consortium_true_up",
    )
    # The reasons are data, deleted before the column that holds them to the lines.
    env.cr.execute(
        SQL(
            """
            ALTER TABLE account_analytic_line
             DROP CONSTRAINT IF EXISTS
                  account_analytic_line_nonchargeable_reason_id_fkey
            """
        )
    )
