"""The pages of a member's agreements: as many queries with 500 agreements and 100 000
lines of time as with five and a thousand; the hours against the bare SQL aggregate.
"""

import time
from unittest.mock import patch

from odoo.addons.http_routing.tests.common import MockRequest
from odoo.http import _generate_routing_rules
from odoo.tests import HttpCase
from odoo.tools import SQL

AGREEMENTS, LINES = 500, 100_000
SMALL = 100  # a hundredth of the population
GOAL_QUERIES, MOST_QUERIES, GOAL_TIME = 1.0, 40, 2.0


def measure(env):
    """Yield the rows of the table; see ``config/helpers/bench.py``."""
    small = population(env, "Petit membre", AGREEMENTS // SMALL, LINES // SMALL)
    large = population(env, "Grand membre", AGREEMENTS, LINES)
    members = [
        (representative(env, each.partner_id), each[-1]) for each in (small, large)
    ]
    routes = dict(_generate_routing_rules(sorted(env.registry._init_modules), False))
    for what, route in (
        ("list of agreements", "/my/agreements"),
        ("page of an agreement", "/my/agreements/<int:order_id>"),
    ):
        few, many = (queries(env, *each, routes[route]) for each in members)
        against = "with a hundredth of them"
        yield f"{what}, queries", many, against, few, GOAL_QUERIES
        yield f"{what}, queries", many, "the most allowed", MOST_QUERIES, 1.0
    ours = seconds(env, large._spent_minutes)
    bare = seconds(env, lambda: aggregate(env, large))
    what = f"hours of {AGREEMENTS} agreements"
    yield what, ours, "the bare aggregate", bare, GOAL_TIME


def population(env, name, agreements, lines):
    """Running agreements of one member, and time spent on them."""
    member = env["res.partner"].create({"name": name, "is_company": True})
    expertise = env["consortium.expertise"].create({"name": name, "code": name})
    employee = env["hr.employee"].create({"name": name})
    project = env["project.project"].create({"name": name, "allow_billable": True})
    orders = env["sale.order"].create(
        [
            {
                "partner_id": member.id,
                "is_service_agreement": True,
                "agreement_type": "service",
                "agreement_title": f"{name} {number}",
                "agreement_start": "2018-07-01",
                "agreement_end": "2019-06-30",
                "order_line": [
                    (0, 0, {"expertise_id": expertise.id, "planned_minutes": 600_000})
                ],
            }
            for number in range(agreements)
        ]
    )
    env.flush_all()
    env.execute_query(
        SQL(
            "UPDATE sale_order SET state = 'sale', agreement_state = 'running', "
            "signed_on = now(), project_id = %s WHERE id IN %s RETURNING id",
            project.id,
            tuple(orders.ids),
        )
    )
    env.execute_query(
        SQL(
            """
            INSERT INTO account_analytic_line (name, date, company_id, project_id,
                employee_id, so_line, order_id, unit_amount, minutes, amount,
                account_id, approval_state, chargeable)
            SELECT 'x', date '2018-07-01' + number %% 365, %s, %s, %s,
                   (array[%s])[1 + number %% %s], (array[%s])[1 + number %% %s],
                   (1 + number %% 8) * 0.25, (1 + number %% 8) * 15, 0,
                   %s, 'submitted', true
              FROM generate_series(0, %s) number RETURNING id
            """,
            env.company.id,
            project.id,
            employee.id,
            SQL(", ").join([SQL("%s", line.id) for line in orders.order_line]),
            agreements,
            SQL(", ").join([SQL("%s", order.id) for order in orders]),
            agreements,
            project.account_id.id or None,
            lines - 1,
        )
    )
    env.cr.execute("ANALYZE account_analytic_line")
    env.invalidate_all()
    return orders


def representative(env, member):
    """Who has a mandate to request services for the member; it makes a portal user."""
    person = env["res.partner"].create(
        {"name": "Représentante", "email": f"banc{member.id}@exemple.example"}
    )
    env["consortium.representation"].create(
        {
            "person_id": person.id,
            "organization_id": member.id,
            "scope_request": True,
        }
    )
    return person.with_context(active_test=False).user_ids


def opened(env, user, route, order):
    """A page as the representative opens it: its route, by her rights, its template."""
    nowhere = patch.object(HttpCase, "http_port", lambda: None)
    with nowhere, MockRequest(env(user=user.id)) as request:
        request.render = lambda template, values: str(
            request.env["ir.ui.view"]._render_template(template, values)
        )
        arguments = {"order_id": order.id} if "<" in route.routing["routes"][0] else {}
        page = route(**arguments).get_data(as_text=True)
    if order.name not in page:
        raise AssertionError(f"{order.name} is not on {route.routing['routes'][0]}")


def queries(env, user, order, route):
    """Those of a page, with cold records and warm code."""
    opened(env, user, route, order)
    env.flush_all()
    env.invalidate_all()
    before = env.cr.sql_log_count
    opened(env, user, route, order)
    return env.cr.sql_log_count - before


def aggregate(env, orders):
    return env.execute_query(
        SQL(
            "SELECT order_id, sum(minutes) FROM account_analytic_line "
            "WHERE order_id IN %s GROUP BY order_id",
            tuple(orders.ids),
        )
    )


def seconds(env, work):
    """The best of five."""
    times = []
    for _each in range(5):
        env.invalidate_all()
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)
