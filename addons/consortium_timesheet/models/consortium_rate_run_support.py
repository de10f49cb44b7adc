import json

from odoo import api, fields, models
from odoo.tools.misc import formatLang

from ..tools import run as arithmetic


class ConsortiumRateRun(models.Model):
    """Where the support that each center bears comes from."""

    _inherit = "consortium.rate.run"  # pylint: disable=R8180

    support_html = fields.Html(
        string="Allocation of Support",
        compute="_compute_support_html",
        sanitize=False,
    )

    @api.depends("inputs", "result")
    @api.depends_context("lang")
    def _compute_support_html(self):
        for run in self:
            table = run._support_table()
            run.support_html = table and self.env["ir.qweb"]._render(
                "consortium_timesheet.rate_run_support", table
            )

    def _support_table(self):
        """Support centers as columns, who receives of them as rows: texts, of the
        frozen content of the run.

        :return: ``{"supports": [{"name", "own", "received", "full"}], "rows": [{"name",
            "parts": [(share, amount) or None], "total"}]}``, or None without support
        """
        self.ensure_one()
        if not self.result:
            return None
        inputs, result = json.loads(self.inputs), json.loads(self.result)
        flows = arithmetic.support_flows(inputs, result)
        if not flows:
            return None
        centers = self._centers()
        supports = [
            {
                "name": centers[code].display_name,
                "own": self._said(flow["own"]),
                "received": self._said(flow["full"] - flow["own"]),
                "full": self._said(flow["full"]),
            }
            for code, flow in sorted(flows.items())
        ]
        receivers = {code for flow in flows.values() for code in flow["to"]}
        rows = [
            self._support_row(
                centers[code], [flow for _code, flow in sorted(flows.items())]
            )
            for code in sorted(receivers, key=lambda code: (code in flows, code))
        ]
        return {"supports": supports, "rows": rows}

    def _support_row(self, center, flows):
        """What a center receives of each of the support centers."""
        given = [flow["to"].get(center.code) for flow in flows]
        return {
            "name": center.display_name,
            "parts": [
                part and (self._said_share(part[0]), self._said(part[1]))
                for part in given
            ],
            "total": self._said(sum(part[1] for part in given if part)),
        }

    def _said(self, cents):
        return self.currency_id.format(cents / 100)

    def _said_share(self, share):
        """A fraction as a percentage, to the hundredth."""
        percent = formatLang(self.env, float(share * 100), digits=2)
        return self.env._("%(percent)s%%", percent=percent)
