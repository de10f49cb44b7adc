"""The final rate run of a year, in an archive of twenty years of approved time; the
hours rendered of all these years, by center, region, mode, month and category.

Against the bare SQL aggregate over the same entries, in seconds. The goal of a run is
for statements that also keep its evidence and write its rows; the same run against the
aggregate alone is shown beside it, without a goal.
CONSORTIUM_BENCH_LINES sets the size of the archive (1 500 000 by default); a twentieth
of it is the year's.
"""

import os
import runpy
import time
from datetime import date
from pathlib import Path

LINES = int(os.environ.get("CONSORTIUM_BENCH_LINES", "1500000"))
YEARS, CENTERS, ORDERS, PEOPLE = 20, 12, 250, 80
GOAL = 2
HOURS_GOAL = 0.1
TIMES = 7  # in turns; the best of each, so that the cache is warm for both
YEAR = (date(2018, 7, 1), date(2019, 6, 30))

AGGREGATE = """
    SELECT order_id, cost_center_id, hourly_rate_id, sum(minutes)
      FROM account_analytic_line
     WHERE company_id = %(company)s AND approval_state = 'approved'
       AND project_id IS NOT NULL AND chargeable
       AND cost_date BETWEEN %(start)s AND %(end)s
     GROUP BY order_id, cost_center_id, hourly_rate_id
"""
# What proves the run: each entry, in order. The inputs of the run carry its hash.
DIGEST = """
    SELECT string_agg(concat_ws(':', id, minutes, date), ',' ORDER BY id)
      FROM account_analytic_line
     WHERE company_id = %(company)s AND approval_state = 'approved'
       AND project_id IS NOT NULL AND chargeable
       AND cost_date BETWEEN %(start)s AND %(end)s
"""
# The rows that people open: a run that is computed again replaces its own.
ROWS = """
    DELETE FROM consortium_rate_run_cell WHERE run_id = %(run)s;
    INSERT INTO consortium_rate_run_cell
           (run_id, company_id, order_id, cost_center_id, minutes)
    SELECT %(run)s, %(company)s, order_id, cost_center_id, sum(minutes)
      FROM account_analytic_line
     WHERE company_id = %(company)s AND approval_state = 'approved'
       AND project_id IS NOT NULL AND chargeable
       AND cost_date BETWEEN %(start)s AND %(end)s
     GROUP BY order_id, cost_center_id
    RETURNING id
"""
# Every division of the hours rendered, from the entries themselves.
HOURS = """
    SELECT line.cost_center_id, organization.region_id, line.intervention_mode,
           date_trunc('month', line.date), sum(line.minutes), sum(line.amount)
      FROM account_analytic_line line
      LEFT JOIN res_partner partner ON partner.id = line.partner_id
      LEFT JOIN res_partner organization
             ON organization.id = partner.commercial_partner_id
     WHERE line.company_id = %(company)s AND line.project_id IS NOT NULL
       AND line.approval_state = 'approved' AND line.chargeable
       AND line.date BETWEEN %(first)s AND %(last)s
     GROUP BY GROUPING SETS ((), (1), (2), (3), (4))
"""
ANNUAL_REPORT = runpy.run_path(
    str(Path(os.environ["CONSORTIUM_BENCH"].split(":")[0]).parent / "annual_report.py")
)
ALL_YEARS = (date(1999, 7, 1), date(2019, 6, 30))


def measure(env):
    """Yield the rows of the table; see ``config/helpers/bench.py``."""
    env = env(context={**env.context, "tracking_disable": True})
    populate(env)
    values = {"company": env.company.id, "start": YEAR[0], "end": YEAR[1]}
    run = env["consortium.rate.run"].create(
        {"kind": "final", "date_from": YEAR[0], "date_to": YEAR[1]}
    )
    name = f"final run, {LINES} lines:"

    def add_up():
        by_hand(env, values, AGGREGATE)

    def prove():
        by_hand(env, values, AGGREGATE, DIGEST)

    def prove_and_show():
        by_hand(env, {**values, "run": run.id}, AGGREGATE, DIGEST, ROWS)

    def compute():
        run.action_compute()
        env.flush_all()

    yield f"{name} cells", *best(run._cells, add_up), GOAL
    yield f"{name} inputs with their hash", *best(run._final_inputs, prove), GOAL
    yield f"{name} computed and shown", *best(compute, prove_and_show), GOAL
    yield f"{name} the same, to the bare aggregate", *best(compute, add_up), None
    inputs = run._final_inputs()
    spent, *_reference = best(lambda: run._arithmetic(inputs), prove)
    yield f"{name} arithmetic, in seconds", spent, "", None, None
    before = env.cr.sql_log_count
    run._final_inputs()
    yield f"{name} queries", env.cr.sql_log_count - before, "", None, None
    yield from hours(env)
    yield from annual_report(env)


def hours(env):
    """The hours of all years from the kept summary, against the sum of the entries."""
    values = {"company": env.company.id, "first": ALL_YEARS[0], "last": ALL_YEARS[1]}
    indicators = env["consortium.indicator"]
    figures = best(
        lambda: indicators._compute_hours(["hours"], *ALL_YEARS),
        lambda: by_hand(env, values, HOURS),
    )
    yield "hours rendered over twenty years", *figures, HOURS_GOAL


def annual_report(env):
    """The annual report of the year in this archive, against the same by hand."""
    figures = ANNUAL_REPORT["sections"](env, ANNUAL_REPORT["make_report"](env))
    yield f"annual report, {LINES} entries of time", *figures, ANNUAL_REPORT["GOAL"]


def by_hand(env, values, *statements):
    for statement in statements:
        env.cr.execute(statement, values)
        env.cr.fetchall()


def best(measured, reference):
    """The seconds of the quickest of a few turns: measured, against what, reference."""
    seconds = {measured: [], reference: []}
    for _turn in range(TIMES):
        for function, found in seconds.items():
            start = time.perf_counter()
            function()
            found.append(time.perf_counter() - start)
    return min(seconds[measured]), "SQL by hand", min(seconds[reference])


def populate(env):
    """Centers with their rate and their cost, agreements, people, and their time."""
    company = env.company
    centers = env["consortium.cost.center"].create(
        [{"code": f"B{i:02}", "name": f"Banc {i}"} for i in range(CENTERS)]
    )
    employees = env["hr.employee"].create(
        [{"name": f"Banc {i}"} for i in range(PEOPLE)]
    )
    partners = env["res.partner"].create(
        [{"name": f"Banc {i}", "is_company": True} for i in range(ORDERS)]
    )
    product = env["product.product"].create({"name": "Banc", "type": "service"})
    orders = env["sale.order"].create(
        [
            {
                "partner_id": partner.id,
                "order_line": [(0, 0, {"product_id": product.id})],
            }
            for partner in partners
        ]
    )
    admit(env, partners)
    project = env["project.project"].create({"name": "Banc"})
    expense = env["account.account"].create(
        {"name": "Banc", "code": "599999", "account_type": "expense"}
    )
    env.flush_all()
    cr = env.cr
    cr.execute(
        """
        INSERT INTO consortium_hourly_rate
            (cost_center_id, company_id, date_start, rate_cents, state)
        SELECT id, %s, '1999-07-01', 9000 + id %% 100 * 50, 'approved'
          FROM unnest(%s) id RETURNING id
        """,
        (company.id, centers.ids),
    )
    rates = [row[0] for row in cr.fetchall()]
    # Approved by SQL: the row by row checks of a million entries are not what is timed.
    cr.execute("ALTER TABLE account_analytic_line DISABLE TRIGGER USER")
    cr.execute(
        """
        INSERT INTO account_analytic_line
            (name, date, cost_date, company_id, currency_id, employee_id, project_id,
             order_id, so_line, partner_id, intervention_mode, cost_center_id,
             hourly_rate_id, minutes, unit_amount, amount, chargeable, approval_state)
        SELECT 'Travail', day, day, %(company)s, %(currency)s,
               (%(employees)s)[1 + n %% %(people)s], %(project)s,
               (%(orders)s)[1 + n %% %(agreements)s],
               (%(lines)s)[1 + n %% %(agreements)s],
               (%(partners)s)[1 + n %% %(agreements)s], 'remote',
               (%(centers)s)[1 + n / 7 %% %(all)s], (%(rates)s)[1 + n / 7 %% %(all)s],
               15 + n %% 20 * 15, (15 + n %% 20 * 15) / 60.0, 0, true, 'approved'
          FROM generate_series(0, %(count)s - 1) n,
               LATERAL (SELECT DATE '1999-07-01'
                               + (n::bigint * 365 * %(years)s / %(count)s)::int) d(day)
        """,
        {
            "company": company.id,
            "currency": company.currency_id.id,
            "employees": employees.ids,
            "people": PEOPLE,
            "project": project.id,
            "orders": orders.ids,
            "lines": orders.order_line.ids,
            "agreements": ORDERS,
            "partners": partners.ids,
            "centers": centers.ids,
            "rates": rates,
            "all": CENTERS,
            "years": YEARS,
            "count": LINES,
        },
    )
    cr.execute("ALTER TABLE account_analytic_line ENABLE TRIGGER USER")
    # What the triggers would have kept.
    env["consortium.hours.summary"]._rebuild()
    cr.execute("ANALYZE account_analytic_line, consortium_hours_summary")
    env.invalidate_all()
    cost(env, centers, expense)


def admit(env, partners):
    """Each organisation a member, from some day of some month of these years."""
    categories = env["consortium.member.category"].search([("kind", "!=", False)])
    for number, partner in enumerate(partners):
        env["consortium.membership"]._admit(
            partner,
            categories[number % len(categories)],
            date(1999 + number % YEARS, 1 + number % 12, 1 + number % 28),
            founding=True,
        )


def cost(env, centers, expense):
    """A posted entry that gives each center a cost."""
    journal = env["account.journal"].create(
        {"name": "Banc", "code": "BANC", "type": "general"}
    )
    lines = [
        {
            "account_id": expense.id,
            "balance": 250_000,
            "analytic_distribution": {center.analytic_account_id.id: 100},
        }
        for center in centers
    ]
    lines.append({"account_id": expense.copy().id, "balance": -250_000 * len(centers)})
    move = env["account.move"].create(
        {
            "move_type": "entry",
            "date": YEAR[1],
            "journal_id": journal.id,
            "line_ids": [(0, 0, line) for line in lines],
        }
    )
    move.action_post()
