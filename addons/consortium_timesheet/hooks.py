from odoo.addons.consortium_base.tools.frozen import drop_frozen
from odoo.tools import SQL


def post_init_hook(env):
    """Time entered before the addon: its whole minutes, the hours they make, and no
    amount, as any entry without a rate: core's is the pay of the person.

    What core invoiced of it stays so: amounts of time are in no entry of the books.
    """
    env.cr.execute(
        SQL(
            """
            UPDATE account_analytic_line
               SET minutes = round(unit_amount * 60)::int,
                   unit_amount = round(unit_amount * 60) / 60,
                   amount = 0
             WHERE project_id IS NOT NULL AND move_line_id IS NULL
            """
        )
    )
    env["account.analytic.line"].invalidate_model()
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
        "consortium_rate_run_center",
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
