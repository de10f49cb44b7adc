from odoo import SUPERUSER_ID, api

ROLES = {
    "mis_kpi_grants": "credit",
    "mis_kpi_salaries": "cost",
    "mis_kpi_subcontracts": "cost",
    "mis_kpi_interest": "cost",
    "mis_kpi_amortization": "cost",
    "mis_kpi_other_expenses": "cost",
}


def migrate(cr, version):
    """The role of the headings in the cost of hours, which a database from before there
    was one has not: data that is not updated gives it to new ones. Where somebody has
    chosen any, nothing changes."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    headings = {
        name: env.ref(f"consortium_reporting.{name}", raise_if_not_found=False)
        for name in ROLES
    }
    headings = {name: heading for name, heading in headings.items() if heading}
    if any(heading.at_cost_role for heading in headings.values()):
        return
    for name, heading in headings.items():
        heading.at_cost_role = ROLES[name]
