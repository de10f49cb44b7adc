from odoo.addons.consortium_base.controllers.portal import RepresentativePortal
from odoo.exceptions import AccessError, MissingError
from odoo.http import content_disposition, request, route
from werkzeug.exceptions import NotFound

from ..report.annual_report_xlsx import spreadsheet

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF_REPORT = "consortium_reporting.action_report_annual_report"


class AnnualReportPortal(RepresentativePortal):
    """Members read the adopted reports: record rules decide, here and everywhere."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "annual_report_count" in counters:
            values["annual_report_count"] = len(self._annual_reports())
        return values

    def _annual_reports(self):
        """The adopted reports that the user reads, the last one first."""
        reports = request.env["consortium.annual.report"]
        if not reports.has_access("read"):
            return reports
        return reports.search([("state", "=", "adopted")])

    def _annual_report_or_404(self, report_id):
        """:raise NotFound: no such report, or not the user's to read"""
        report = request.env["consortium.annual.report"].browse(report_id)
        try:
            report.check_access("read")
            found = report.state == "adopted"
        except (AccessError, MissingError) as error:
            raise NotFound() from error
        if not found:
            raise NotFound()
        return report

    @route("/my/annual_reports", type="http", auth="user", website=True, readonly=True)
    def annual_reports(self, **kwargs):
        """The list of the adopted reports."""
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="annual_reports",
            reports=[
                {
                    "id": report.id,
                    "name": report.display_name,
                    "company": report.company_id.sudo().name,  # its name alone
                    "adopted_on": report.adopted_on,
                }
                for report in self._annual_reports()
            ],
        )
        return request.render("consortium_reporting.portal_annual_reports", values)

    @route(
        "/my/annual_reports/<int:report_id>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def annual_report(self, report_id, **kwargs):
        """One adopted report, with its charts, on screen."""
        report = self._annual_report_or_404(report_id)
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="annual_report",
            report_id=report.id,
            report_name=report.display_name,
            report=report._shown(request.env.lang),
        )
        return request.render("consortium_reporting.portal_annual_report", values)

    @route(
        "/my/annual_reports/<int:report_id>/pdf", type="http", auth="user", website=True
    )
    def annual_report_pdf(self, report_id, **kwargs):
        """The document of an adopted report."""
        report = self._annual_report_or_404(report_id)
        # Reports are the administrator's to read; this one prints what was checked.
        actions = request.env["ir.actions.report"].sudo()
        content, _kind = actions._render_qweb_pdf(PDF_REPORT, [report.id])
        return self._file(content, "application/pdf", f"{report.display_name}.pdf")

    @route(
        "/consortium/annual_report/<int:report_id>.xlsx",
        type="http",
        auth="user",
        readonly=True,
    )
    def annual_report_spreadsheet(self, report_id, **kwargs):
        """All tables of a report, for employees who read it."""
        env = request.env
        report = env["consortium.annual.report"].browse(report_id)
        if not env.user._is_internal():
            raise NotFound()
        try:
            report.check_access("read")
            shown = report._shown(env.lang)
        except (AccessError, MissingError) as error:
            raise NotFound() from error
        if not shown["sections"]:
            raise NotFound()
        labels = {
            "contents": env._("Contents"),
            "section": env._("Section"),
            "table": env._("Table"),
            "sheet": env._("Sheet"),
            "figure": env._("Figure"),
            "value": env._("Value"),
            "previous": env._("Year Before"),
        }
        content = spreadsheet(shown, labels)
        return self._file(content, XLSX, f"{report.display_name}.xlsx")

    def _file(self, content, kind, name):
        return request.make_response(
            content,
            headers=[
                ("Content-Type", kind),
                ("Content-Disposition", content_disposition(name)),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
