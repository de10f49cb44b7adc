"""Catalogue, requests and proposals: queries at 1 % of a population and at all of it.

The counts must not grow: the ratio of the one to the other is at most 1. The proposal
of experts is held against the plain list of the same experts, plus three.
"""

import time

REQUESTS = 2000
EXPERTS = 500
FIELDS = 60


def measure(env):
    """Yield the rows of the table; see ``config/helpers/bench.py``."""
    fields = env["consortium.expertise"].search([], limit=5)
    partner = served(env)
    make_requests(env, partner, fields, REQUESTS // 100)
    few_list = queries(env, lambda: request_list(env))
    few_search = queries(env, lambda: search(env))
    make_requests(env, partner, fields, REQUESTS - REQUESTS // 100)
    env["consortium.expertise"].create(
        [{"code": f"B{n}", "name": f"Champ {n}"} for n in range(FIELDS)]
    )
    many_list = queries(env, lambda: request_list(env))
    many_search = queries(env, lambda: search(env))
    against = "queries at 1 % of the population"
    yield "catalogue search, queries", many_search, against, few_search, 1.0
    yield "request list, queries", many_list, against, few_list, 1.0
    yield "request list, queries", many_list, "budget", 40, 1.0
    yield from proposal(env, partner, fields[:1])


def served(env):
    """An organization that may be served, by an exception: it is no member."""
    partner = env["res.partner"].create({"name": "Banc d'essai", "is_company": True})
    env["consortium.service.exception"].create(
        {"partner_id": partner.id, "date_end": "2099-12-31", "reason": "Banc d'essai"}
    )._write_grant({"state": "granted"})
    return partner


def proposal(env, partner, field):
    """The rows of the proposal of experts, among five hundred employees."""
    experts = env["hr.employee"].create(
        [
            {"name": f"Expert {n}", "expertise_ids": [(6, 0, field.ids)]}
            for n in range(EXPERTS)
        ]
    )
    env["consortium.expert.load"]._refresh(experts)
    line = make_requests(env, partner, field, 1).request_line_ids[:1]

    def plain():
        env["hr.employee"].search_read([("expertise_ids", "in", field.ids)], ["name"])

    measured = queries(env, line._proposed_experts)
    reference = queries(env, plain) + 3
    what = f"experts for a need, of {EXPERTS}, queries"
    yield what, measured, "the plain list, and three", reference, 1.0
    start = time.perf_counter()
    line._proposed_experts()
    seconds = time.perf_counter() - start
    start = time.perf_counter()
    plain()
    yield "its seconds", seconds, "the plain list", time.perf_counter() - start, None


def make_requests(env, partner, fields, count):
    """So many requests of the partner, each with two needs."""
    return env["crm.lead"].create(
        [
            {
                "name": f"Demande {number}",
                "is_service_request": True,
                "partner_id": partner.id,
                "request_line_ids": [
                    (0, 0, {"expertise_id": field.id, "need": "Besoin"})
                    for field in (fields[number % len(fields)], fields[0])
                ],
            }
            for number in range(count)
        ]
    )


def request_list(env):
    """What a page of the list of requests shows."""
    leads = env["crm.lead"].search([("is_service_request", "=", True)], limit=80)
    for lead in leads:
        lead.expertise_ids.mapped("name")
        lead.request_coordinator_ids.mapped("name")
        lead.partner_id.display_name  # noqa: B018


def search(env):
    return env["consortium.expertise"]._catalogue("comptable").mapped("name")


def queries(env, function):
    """The queries of a function, with cold records and warm code."""
    function()
    env.flush_all()
    env.invalidate_all()
    before = env.cr.sql_log_count
    function()
    return env.cr.sql_log_count - before
