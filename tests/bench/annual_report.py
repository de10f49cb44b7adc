"""The annual report: its computation against the statements it sends to the database,
and its document, whose forty pages take fifteen seconds of a processor at most.
"""

import io
import threading
import time

from odoo.tools.pdf import PdfFileReader

PAGES, SECONDS = 40, 15
GOAL = 3
DOCUMENT = "consortium_reporting.action_report_annual_report"
TEXT = (
    "<p>" + "Les membres ont compté les uns sur les autres cette année. " * 14 + "</p>"
)


def measure(env):
    """Yield the rows of the table; see ``config/helpers/bench.py``."""
    report = make_report(env)
    report._content()  # what Odoo keeps of rules and fields
    env.flush_all()
    env.invalidate_all()
    thread = threading.current_thread()
    thread.query_count, thread.query_time = 0, 0
    _content, seconds = timed(report._content)
    yield "annual report, all sections", seconds, "its SQL", thread.query_time, GOAL
    report.action_compute()
    reports = env["ir.actions.report"].with_context(force_report_rendering=True)
    start = time.process_time()
    content, _kind = reports._render_qweb_pdf(DOCUMENT, report.ids)
    seconds = time.process_time() - start
    pages = len(PdfFileReader(io.BytesIO(content)).pages)
    what = f"annual report, PDF of {PAGES} pages"
    yield what, seconds * PAGES / pages, f"{SECONDS} s", SECONDS, 1


def make_report(env):
    """A long one: texts, two hundred actions, a hundred objectives."""
    report = env["consortium.annual.report"].create(
        {
            "date_from": "2018-07-01",
            "date_to": "2019-06-30",
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


def timed(function, *arguments):
    """What the function returns, and the seconds that it took."""
    start = time.perf_counter()
    result = function(*arguments)
    return result, time.perf_counter() - start
