from odoo.addons.consortium_base.tools.frozen import drop_frozen


def post_init_hook(env):
    """Charts that are there already get their preset, as those to come do."""
    for company in env["res.company"].search([("chart_template", "!=", False)]):
        env["account.account"]._apply_reporting_preset(company)


def uninstall_hook(env):
    """Odoo drops tables and columns, not functions: drop ours, with their triggers."""
    drop_frozen(
        env.cr,
        "consortium_annual_report",
        "consortium_member_operations",
        "consortium_surplus_allocation",
    )
