"""Printing, by WeasyPrint and by wkhtmltopdf on the same HTML.

Runs inside an Odoo shell (``env``), in a database where some invoices are posted; keeps
nothing. Rows are printed as: name, seconds a page, ratio to wkhtmltopdf, goal.
"""

import io
import tempfile
import time
from pathlib import Path

from odoo.addons.base.models.ir_actions_report import _run_wkhtmltopdf, _wkhtml
from odoo.addons.report_weasyprint.tools import engine
from odoo.tools.pdf import PdfFileReader

INVOICES = "account.account_invoices"
MANY = 100
SAMPLE = 10  # of the many, for the slower engine
GOAL = 0.3


def timed(function, *arguments):
    """What the function returns, and the seconds that it took."""
    start = time.perf_counter()
    result = function(*arguments)
    return result, time.perf_counter() - start


class Bench:
    def __init__(self, env):
        self.env = env
        self.reports = env["ir.actions.report"].with_context(
            force_report_rendering=True, report_pdf_no_attachment=True
        )
        self.available = _wkhtml().state == "ok"
        self.rows = []

    def run(self):
        """Measure, and print one row each."""
        invoices = self._invoices()
        self._report("invoice", INVOICES, invoices[:1].ids)
        self._report(f"{MANY} invoices", INVOICES, invoices.ids, cold=False)
        for name, reference, model in (
            ("quotation", "sale.report_saleorder", "sale.order"),
            ("partner statement", "partner_statement.outstanding_statement", None),
        ):
            if self.reports.search_count([("report_name", "=", reference)]):
                records = self.env[model].search([], limit=1) if model else None
                if records:
                    self._report(name, reference, records.ids)
        self.env.cr.rollback()
        return self.rows

    def _invoices(self):
        """A hundred posted invoices of three lines."""
        partner = self.env["res.partner"].create({"name": "Banc d'essai"})
        lines = [
            {"name": f"Service {i}", "quantity": i + 1, "price_unit": 55.25}
            for i in range(3)
        ]
        invoices = self.env["account.move"].create(
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

    def _report(self, name, reference, ids, cold=True):
        if cold:
            # A new worker, in a database whose style bundles are made.
            self.reports._render_qweb_pdf(reference, ids)
            engine.STYLES.clear()
            self._row(f"{name}, cold", reference, ids)
        self._row(f"{name}, warm", reference, ids)

    def _row(self, name, reference, ids):
        (content, _kind), seconds = timed(self.reports._render_qweb_pdf, reference, ids)
        pages = len(PdfFileReader(io.BytesIO(content)).pages)
        row = [name, seconds / pages]
        told = f"{name:<24} {pages:>4} p. {seconds / pages:.3f} s a page"
        if self.available:
            for how, patient in (("as core calls it", True), ("without delay", False)):
                other = self._other(reference, ids, patient)
                row += [other / pages, seconds / other]
                told += f"; wkhtmltopdf {how} {other / pages:.3f} s, "
                told += f"ratio {seconds / other:.2f}"
        self.rows.append((*row, GOAL))
        print(f"{told} (goal ≤ {GOAL})")

    def _other(self, reference, ids, patient):
        """Seconds of wkhtmltopdf for the same records; of many, ten stand for all.

        One process a record: that of Debian prints no more than one at once. The style
        sheets are in the page, so that it need not ask a server for them. Core has it
        wait a second for scripts (system parameter ``report.print_delay``).
        """
        report = self.reports._get_report(reference)
        sample = ids[:SAMPLE]
        html, total = timed(self._html, report, sample)
        bodies, _ids, _header, _footer, arguments = report._prepare_html(
            html, report_model=report.model
        )
        command = report._build_wkhtmltopdf_args(
            report.get_paperformat(), None, specific_paperformat_args=arguments
        )
        if not patient:
            command[command.index("--javascript-delay") + 1] = "0"
        with tempfile.TemporaryDirectory() as folder:
            source, target = Path(folder, "in.html"), Path(folder, "out.pdf")
            for body in bodies:
                source.write_text(self._inlined(body))
                command_line = [*command, str(source), str(target)]
                total += timed(_run_wkhtmltopdf, command_line)[1]
        return total * len(ids) / len(sample)

    def _html(self, report, ids):
        return self.reports._render_qweb_html(report, ids)[0]

    def _inlined(self, body):
        styles = "".join(
            self.env["ir.qweb"]
            ._get_asset_bundle(bundle, css=True, js=False, autoprefix=True)
            .css()
            .raw.decode()
            for bundle in ("web.report_assets_pdf", "web.report_assets_common")
        )
        return str(body).replace("</head>", f"<style>{styles}</style></head>", 1)


def bench(env):
    """Measure in this database; return the rows printed."""
    return Bench(env).run()


if "env" in globals():
    bench(env)  # noqa: F821
