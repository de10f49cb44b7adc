"""The annual report: its computation against what a person would ask the database by
hand, among 300 000 invoiced lines of twenty years; and its document, whose forty pages
take fifteen seconds of a processor at most.
"""

import io
import os
import runpy
import time
from datetime import date
from pathlib import Path

from odoo.tools.pdf import PdfFileReader

YEAR = (date(2018, 7, 1), date(2019, 6, 30))
YEARS = 4  # that the report shows
PAGES, SECONDS = 40, 15
GOAL = 3
TIMES = 3  # in turns; the best of each, so that the cache is warm for both
DOCUMENT = "consortium_reporting.action_report_annual_report"
TEXT = (
    "<p>" + "Les membres ont compté les uns sur les autres cette année. " * 14 + "</p>"
)

# What the sections say, each by one statement over the tables that it is kept in, for
# a year: nothing of ours, and no more than is needed to print it.
MEMBERS = """
    SELECT membership.category_id, partner.organization_kind_id, partner.region_id,
           membership.founding, count(*)
      FROM consortium_membership membership
      JOIN res_partner partner ON partner.id = membership.partner_id
     WHERE membership.company_id = %(company)s
       AND membership.state IN ('admitted', 'ended')
       AND membership.date_start <= %(last)s
       AND (membership.date_end IS NULL OR membership.date_end >= %(last)s)
     GROUP BY 1, 2, 3, 4
"""
CAPITAL = """
    SELECT share_class_id, kind, date < %(first)s, sum(quantity),
           sum(quantity * unit_price)
      FROM consortium_share_entry
     WHERE company_id = %(company)s AND date <= %(last)s
     GROUP BY 1, 2, 3
"""
HOURS = """
    SELECT line.cost_center_id, partner.region_id, line.intervention_mode,
           date_trunc('month', line.date), sum(line.minutes), sum(line.amount)
      FROM account_analytic_line line
      LEFT JOIN res_partner partner ON partner.id = line.partner_id
     WHERE line.company_id = %(company)s AND line.approval_state = 'approved'
       AND line.project_id IS NOT NULL AND line.chargeable
       AND line.date BETWEEN %(first)s AND %(last)s
     GROUP BY 1, 2, 3, 4
"""
REVENUE = """
    SELECT membership.category_id, membership.founding, organization.operations_class,
           sum(line.balance)
      FROM account_move_line line
      JOIN account_move move ON move.id = line.move_id
      LEFT JOIN res_partner organization
             ON organization.id = move.commercial_partner_id
      LEFT JOIN consortium_membership membership
             ON membership.partner_id = organization.id
            AND membership.company_id = line.company_id
            AND membership.state IN ('admitted', 'ended')
            AND membership.date_start <= move.invoice_date
            AND (membership.date_end IS NULL
                 OR membership.date_end >= move.invoice_date)
     WHERE line.company_id = %(company)s AND line.parent_state = 'posted'
       AND line.display_type = 'product'
       AND line.date BETWEEN %(first)s AND %(last)s
     GROUP BY 1, 2, 3
"""
INVOICED = """
    SELECT organization.region_id, organization.organization_kind_id,
           affiliation.network_id, date_trunc('month', line.date), sum(line.balance),
           count(DISTINCT organization.id)
      FROM account_move_line line
      JOIN account_move move ON move.id = line.move_id
      JOIN res_partner organization ON organization.id = move.commercial_partner_id
      LEFT JOIN consortium_affiliation affiliation
             ON affiliation.organization_id = organization.id
            AND affiliation.is_primary AND affiliation.date_start <= %(last)s
            AND (affiliation.date_end IS NULL OR affiliation.date_end >= %(last)s)
     WHERE line.company_id = %(company)s AND line.parent_state = 'posted'
       AND line.display_type = 'product'
       AND move.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
       AND line.date BETWEEN %(first)s AND %(last)s
     GROUP BY 1, 2, 3, 4
"""
AGREEMENTS = """
    SELECT agreement_type, date_trunc('month', signed_on), partner.region_id, count(*)
      FROM sale_order
      JOIN res_partner partner
        ON partner.id = COALESCE(sale_order.beneficiary_id, sale_order.partner_id)
     WHERE sale_order.company_id = %(company)s AND is_service_agreement
       AND sale_order.state = 'sale'
       AND signed_on >= %(first)s AND signed_on < %(last)s::date + 1
     GROUP BY 1, 2, 3
"""
SATISFACTION = """
    SELECT satisfaction_expertise_id, count(*),
           count(*) FILTER (WHERE satisfaction_yes = 3),
           count(*) FILTER (WHERE satisfaction_recommend),
           count(*) FILTER (WHERE satisfaction_results),
           count(*) FILTER (WHERE satisfaction_continue)
      FROM survey_user_input
     WHERE satisfaction_company_id = %(company)s AND state = 'done'
       AND satisfaction_month BETWEEN %(first)s AND %(last)s
     GROUP BY 1
"""
RESULTS = """
    SELECT line.account_id, sum(line.balance)
      FROM account_move_line line
      JOIN account_account account ON account.id = line.account_id
     WHERE line.company_id = %(company)s AND line.parent_state = 'posted'
       AND split_part(account.account_type, '_', 1) IN ('income', 'expense')
       AND line.date BETWEEN %(first)s AND %(last)s
     GROUP BY 1
"""
BALANCES = """
    SELECT line.account_id, sum(line.balance)
      FROM account_move_line line
     WHERE line.company_id = %(company)s AND line.parent_state = 'posted'
       AND line.date <= %(last)s
     GROUP BY 1
"""
# Of each year that is shown, and of the year of the report alone.
EVERY_YEAR = (
    MEMBERS, HOURS, REVENUE, INVOICED, AGREEMENTS, SATISFACTION, RESULTS, BALANCES
)  # fmt: skip
ONE_YEAR = (CAPITAL,)


def measure(env):
    """Yield the rows of the table; see ``config/helpers/bench.py``."""
    folder = Path(os.environ["CONSORTIUM_BENCH"].split(":")[0]).parent
    runpy.run_path(str(folder / "reporting.py"))["populate"](env)
    report = make_report(env)
    yield "annual report, all sections", *sections(env, report), GOAL
    report.action_compute()
    reports = env["ir.actions.report"].with_context(force_report_rendering=True)
    start = time.process_time()
    content, _kind = reports._render_qweb_pdf(DOCUMENT, report.ids)
    seconds = time.process_time() - start
    pages = len(PdfFileReader(io.BytesIO(content)).pages)
    what = f"annual report, PDF of {PAGES} pages"
    yield what, seconds * PAGES / pages, f"{SECONDS} s", SECONDS, 1


def sections(env, report):
    """Seconds of the computation, against what, seconds of the statements by hand."""
    computed, asked = [], []
    for _turn in range(TIMES + 1):
        env.flush_all()
        env.invalidate_all()
        computed.append(timed(report._content))
        asked.append(timed(lambda: by_hand(env)))
    # The first turn makes what Odoo keeps of rules and fields, and warms the cache.
    return min(computed[1:]), "SQL by hand", min(asked[1:])


def by_hand(env):
    """Every statement, for the years that it is shown for."""
    for back in range(YEARS):
        first, last = (day.replace(year=day.year - back) for day in YEAR)
        values = {"company": env.company.id, "first": first, "last": last}
        for statement in EVERY_YEAR if back else EVERY_YEAR + ONE_YEAR:
            env.cr.execute(statement, values)
            env.cr.fetchall()


def make_report(env):
    """A long one: texts, two hundred actions, a hundred objectives."""
    report = env["consortium.annual.report"].create(
        {
            "date_from": YEAR[0],
            "date_to": YEAR[1],
            "president_text": TEXT * 20,
            "management_text": TEXT * 50,
            "other_information": TEXT * 40,
            "member_count": 56,
            "employee_count": 50,
            "objective_ids": [
                (0, 0, {"name": f"Objectif {i}", "result": "Atteint. " * 40})
                for i in range(100)
            ],
        }
    )
    env["consortium.development.action"].create(
        [
            {"name": f"Rencontre {i}", "date": "2019-01-15", "attendance": i}
            for i in range(200)
        ]
    )
    return report


def timed(function):
    """The seconds that it takes."""
    start = time.perf_counter()
    function()
    return time.perf_counter() - start
