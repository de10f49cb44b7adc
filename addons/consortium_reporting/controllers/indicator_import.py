from odoo.http import Controller, content_disposition, request, route
from werkzeug.exceptions import NotFound

from ..tools import history_file


class IndicatorImport(Controller):
    @route("/consortium/indicators.csv", type="http", auth="user", readonly=True)
    def template(self, **kwargs):
        """The file to fill in with figures from before the system."""
        if not request.env["consortium.indicator.value"].has_access("create"):
            raise NotFound()
        name = request.env._("Figures of indicators")
        return request.make_response(
            history_file.template(),
            headers=[
                ("Content-Type", "text/csv; charset=utf-8"),
                ("Content-Disposition", content_disposition(f"{name}.csv")),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
