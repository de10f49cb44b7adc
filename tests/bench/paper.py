"""Printing, by WeasyPrint and by wkhtmltopdf on the same HTML, in seconds a page.

wkhtmltopdf is measured as core calls it, with its second of waiting for scripts
(system parameter ``report.print_delay``), and without. Without it on the machine, the
reference is empty.
"""

import io
import tempfile
import time
from pathlib import Path

from odoo.addons.base.models.ir_actions_report import _run_wkhtmltopdf, _wkhtml
from odoo.addons.report_weasyprint.tools import engine
from odoo.tools.pdf import PdfFileReader

INVOICE = "account.account_invoices"
MANY = 100
SAMPLE = 10  # of the many, for the slower engine: ten stand for all
GOAL = 0.3
AS_CORE_CALLS_IT, WITHOUT_WAITING = "wkhtmltopdf as core calls it", "without its wait"


def measure(env):
    """Yield the rows of the table; see ``config/helpers/bench.py``."""
    reports = env["ir.actions.report"].with_context(
        force_report_rendering=True, report_pdf_no_attachment=True
    )
    invoices = make_invoices(env)
    engine.STYLES.clear()
    yield from rows("invoice, cold", reports, INVOICE, invoices[:1].ids, None, None)
    yield from rows("invoice, warm", reports, INVOICE, invoices[:1].ids, None, GOAL)
    name = f"{MANY} invoices in one call"
    yield from rows(name, reports, INVOICE, invoices.ids, None, GOAL)
    order = make_quotation(env)
    quotation = "sale.report_saleorder"
    yield from rows("quotation, warm", reports, quotation, order.ids, None, GOAL)
    ledger, ids, data = make_ledger(env)
    yield from rows("partner ledger, warm", reports, ledger, ids, data, GOAL)


def make_invoices(env):
    """A hundred posted invoices of three lines."""
    partner = env["res.partner"].create({"name": "Banc d'essai"})
    lines = [
        {"name": f"Service {i}", "quantity": i + 1, "price_unit": 55.25}
        for i in range(3)
    ]
    invoices = env["account.move"].create(
        [
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": "2019-05-31",
                "invoice_line_ids": [(0, 0, line) for line in lines],
            }
            for _each in range(MANY)
        ]
    )
    invoices.action_post()
    return invoices


def make_quotation(env):
    """A quotation of ten lines."""
    product = env["product.product"].create({"name": "Heures", "type": "service"})
    lines = [{"product_id": product.id, "product_uom_qty": 7.5} for _each in range(10)]
    return env["sale.order"].create(
        {
            "partner_id": env.user.partner_id.id,
            "order_line": [(0, 0, line) for line in lines],
        }
    )


def make_ledger(env):
    """The general ledger by partner, of the receivable accounts."""
    wizard = env["general.ledger.report.wizard"].create(
        {
            "date_from": "2019-01-01",
            "date_to": "2019-12-31",
            "company_id": env.company.id,
            "grouped_by": "partners",
            "receivable_accounts_only": True,
        }
    )
    action = wizard._export("qweb-pdf")
    return action["report_name"], wizard.ids, action["data"]


def rows(what, reports, reference, ids, data, goal):
    (content, _kind), seconds = timed(
        reports._render_qweb_pdf, reference, ids, dict(data or {})
    )
    pages = len(PdfFileReader(io.BytesIO(content)).pages)
    for against, waits in ((AS_CORE_CALLS_IT, True), (WITHOUT_WAITING, False)):
        other = by_wkhtmltopdf(reports, reference, ids, data, waits)
        yield what, seconds / pages, against, other and other / pages, goal
        goal = None  # the goal is against what core does


def by_wkhtmltopdf(reports, reference, ids, data, waits):
    """Seconds for the same records, one process each, since Debian's prints no more at
    once. The style sheets are in the page, so that no server is asked for them."""
    if _wkhtml().state != "ok":
        return None
    report = reports._get_report(reference)
    sample = ids[:SAMPLE]
    html, total = timed(report_html, report, sample, data)
    bodies, _ids, _header, _footer, arguments = report._prepare_html(
        html, report_model=report.model
    )
    command = report._build_wkhtmltopdf_args(
        report.get_paperformat(), None, specific_paperformat_args=arguments
    )
    if not waits:
        command[command.index("--javascript-delay") + 1] = "0"
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "in.html"), Path(folder, "out.pdf")
        for body in bodies:
            source.write_text(with_styles(report.env, body))
            total += timed(_run_wkhtmltopdf, [*command, str(source), str(target)])[1]
    return total * len(ids) / len(sample)


def report_html(report, ids, data):
    return report._render_qweb_html(report, ids, data=dict(data or {}))[0]


def with_styles(env, body):
    styles = "".join(
        env["ir.qweb"]
        ._get_asset_bundle(bundle, css=True, js=False, autoprefix=True)
        .css()
        .raw.decode()
        for bundle in ("web.report_assets_pdf", "web.report_assets_common")
    )
    return str(body).replace("</head>", f"<style>{styles}</style></head>", 1)


def timed(function, *arguments):
    """What the function returns, and the seconds that it took."""
    start = time.perf_counter()
    result = function(*arguments)
    return result, time.perf_counter() - start
