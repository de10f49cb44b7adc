from odoo.addons.consortium_services.controllers.agreement_portal import AgreementPortal
from odoo.http import request, route
from werkzeug.exceptions import NotFound


class AgreementCost(AgreementPortal):
    """The true-up statements of an agreement that the user reads."""

    @route(
        "/my/agreements/<int:order_id>/true-ups/<int:run_id>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def true_up(self, order_id, run_id, **kwargs):
        """The PDF of an approved true-up."""
        order = self._agreement(order_id)
        # The agreement was found by the user's own rights; only its rows are printed.
        rows = (
            order.sudo()._told_true_ups().filtered(lambda row: row.run_id.id == run_id)
        )
        if not rows:
            raise NotFound()
        report = request.env["ir.actions.report"].sudo()
        pdf, _type = report._render_qweb_pdf(
            "consortium_timesheet.report_true_up", rows.ids
        )
        return request.make_response(
            pdf,
            headers=[
                ("Content-Type", "application/pdf"),
                ("Content-Length", len(pdf)),
                (
                    "Content-Disposition",
                    f'attachment; filename="{run_id}-{order_id}.pdf"',
                ),
            ],
        )
