"""A month billed: the billing run against Odoo's own invoicing of the same hours.

Both in this run, on twin agreements, beside the archive. Odoo's own is this addon's
overrides taken away. The PDF of hours is left out: Odoo has none. To try it small:
``CONSORTIUM_BENCH_BILLING=20,30,10000`` (agreements, entries each, archive).
"""

import os
import time
from contextlib import contextmanager

from odoo.addons.consortium_timesheet.models import (
    account_move,
    account_move_line,
    sale_order,
    sale_order_line,
)
from odoo.tools import SQL

SCALE = os.environ.get("CONSORTIUM_BENCH_BILLING", "200,30,1500000")
AGREEMENTS, ENTRIES, ARCHIVE = map(int, SCALE.split(","))
GOAL_TIME, GOAL_QUERIES = 0.6, 0.4
OURS = {
    account_move.AccountMove: ("_link_timesheets_to_invoice",),
    account_move_line.AccountMoveLine: ("create", "write"),
    sale_order.SaleOrder: (
        "_create_account_invoices",
        "_create_invoices",
        "_prepare_invoice",
    ),
    sale_order_line.SaleOrderLine: (
        "_compute_amount_to_invoice",
        "_compute_qty_invoiced",
        "_compute_qty_invoiced_posted",
        "_compute_untaxed_amount_to_invoice",
        "_prepare_invoice_lines_vals_list",
        "_prepare_qty_invoiced",
    ),
}


def measure(env):
    """Yield the rows of the table; see ``config/helpers/bench.py``."""
    values = ground(env)
    if ARCHIVE:
        entries(env, agreements(env, values, "Archive", 50), values, ARCHIVE, True)
    warm = agreements(env, values, "Chaud", 2)
    entries(env, warm, values, 2 * ENTRIES)
    odoo_orders = agreements(env, values, "Odoo", AGREEMENTS)
    our_orders = agreements(env, values, "Nous", AGREEMENTS)
    for orders in (odoo_orders, our_orders):
        entries(env, orders, values, AGREEMENTS * ENTRIES)
    env.cr.execute("ANALYZE account_analytic_line")
    warm._create_invoices(grouped=True)
    with as_odoo():
        theirs = counted(env, lambda: odoo_orders._create_invoices(grouped=True))
    run = env["consortium.billing.run"].create({"date_to": "2019-06-30"})
    ours = counted(env, lambda: billed(run))
    what = f"billing of {AGREEMENTS} agreements × {ENTRIES}"
    yield f"{what}, seconds", ours[0], "Odoo's own", theirs[0], GOAL_TIME
    yield f"{what}, queries", ours[1], "Odoo's own", theirs[1], GOAL_QUERIES


@contextmanager
def as_odoo():
    """Invoicing as it is without the addon."""
    taken = {}
    for kind, names in OURS.items():
        for name in names:
            taken[kind, name] = kind.__dict__[name]
            delattr(kind, name)
    try:
        yield
    finally:
        for (kind, name), method in taken.items():
            setattr(kind, name, method)


def billed(run):
    """The whole of a run: proposal, then invoices in draft."""
    run.action_propose()
    while (lines := run._next_lines()) and lines[0].state == "proposed":
        run._create_batch(lines)


def counted(env, work):
    """``(seconds, queries)`` of what is done, from a cold cache, written to the end."""
    env.flush_all()
    env.invalidate_all()
    queries, start = env.cr.sql_log_count, time.perf_counter()
    work()
    env.flush_all()
    return time.perf_counter() - start, env.cr.sql_log_count - queries


def ground(env):
    """A center, its rate, a person, a service sold by the hour."""
    company = env.company
    resolution = env["consortium.resolution"].create(
        {
            "subject": "Banc d'essai",
            "kind": "rates",
            "date": "2018-05-15",
            "unanimous": True,
        }
    )
    resolution.action_decide()
    center = env["consortium.cost.center"].create({"code": "BANC2", "name": "Banc"})
    rate = env["consortium.hourly.rate"].create(
        {
            "cost_center_id": center.id,
            "date_start": "2000-01-01",
            "rate_cents": 12_345,
            "resolution_id": resolution.id,
        }
    )
    rate._write_state({"state": "approved"})
    product = env["product.product"].create(
        {
            "name": "Heures du banc",
            "type": "service",
            "invoice_policy": "delivery",
            "service_type": "timesheet",
            "service_tracking": "no",
            "uom_id": env.ref("uom.product_uom_hour").id,
        }
    )
    employee = env["hr.employee"].create({"name": "Banc de facturation"})
    project = env["project.project"].create(
        {"name": "Banc de facturation", "allow_billable": True}
    )
    return {
        "company": company.id,
        "center": center.id,
        "rate": rate.id,
        "product": product.id,
        "employee": employee.id,
        "project": project.id,
        "account": project.account_id.id or None,
        "hour": env.ref("uom.product_uom_hour").id,
    }


def agreements(env, values, name, number):
    """Confirmed orders of as many members."""
    quebec = env["res.country.state"].search(
        [("country_id.code", "=", "CA"), ("code", "=", "QC")], limit=1
    )
    partners = env["res.partner"].create(
        [
            {
                "name": f"{name} {index}",
                "is_company": True,
                "state_id": quebec.id,
                "country_id": quebec.country_id.id,
            }
            for index in range(number)
        ]
    )
    line = {"product_id": values["product"], "product_uom_qty": 100}
    orders = env["sale.order"].create(
        [
            {"partner_id": partner.id, "order_line": [(0, 0, line)]}
            for partner in partners
        ]
    )
    orders.write({"state": "sale"})
    return orders


def entries(env, orders, values, number, billed=False):
    """Approved time of these orders, shared out evenly; of an archive: invoiced."""
    env.flush_all()
    invoice = billed and env["account.move"].create({"move_type": "out_invoice"}).id
    env.flush_all()
    env.execute_query(
        SQL(
            """
            INSERT INTO account_analytic_line (name, date, cost_date, company_id,
                project_id, employee_id, so_line, order_id, minutes, unit_amount,
                amount, account_id, product_uom_id, approval_state, chargeable,
                cost_center_id, hourly_rate_id, timesheet_invoice_id)
            SELECT 'Travail', day, day, %(company)s, %(project)s, %(employee)s, line.id,
                   line.order_id, worked, worked / 60.0, 0, %(account)s, %(hour)s,
                   'approved', true, %(center)s, %(rate)s, %(invoice)s
              FROM generate_series(0, %(last)s) number,
                   LATERAL (SELECT date '2019-06-01' + number %% 28 AS day,
                                   (1 + number %% 32) * 15 AS worked) of_the_day,
                   unnest(%(orders)s::int[]) WITH ORDINALITY AS chosen(id, rank)
              JOIN sale_order_line line ON line.order_id = chosen.id
             WHERE chosen.rank = 1 + number %% %(count)s
            RETURNING 1
            """,
            **{key: values[key] for key in values if key != "product"},
            invoice=invoice or None,
            last=number - 1,
            orders=list(orders.ids),
            count=len(orders),
        )
    )
    lines = orders.order_line
    lines.invalidate_recordset()
    for name in ("qty_delivered", "qty_to_invoice", "invoice_status"):
        env.add_to_compute(lines._fields[name], lines)
    env.flush_all()
    env.invalidate_all()
