"""How the structure of a report is shown: figures as texts, charts as drawings."""

import base64

from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import charts, rich_text
from ..tools.formats import STAR, cell, shown
from .consortium_annual_report import INTERNAL

# The sections that begin on a page of their own.
STARTS = (
    "identity", "president", "management", "objectives", "members", "services",
    "operations", "finances", "capital", "checklist",
)  # fmt: skip
NUMBERS = ("count", "money", "dollars", "rate", "hours", "share")


class ConsortiumAnnualReport(models.Model):
    # Its parts are in files of their own.
    _inherit = "consortium.annual.report"  # pylint: disable=consider-merging-classes-inherited

    preview = fields.Html(
        compute="_compute_preview", sanitize=False, groups="base.group_user"
    )
    difference_html = fields.Html(
        string="What Changed",
        compute="_compute_difference_html",
        sanitize=False,
        groups=INTERNAL,
    )
    failed_html = fields.Html(
        compute="_compute_difference_html", sanitize=False, groups=INTERNAL
    )

    @api.depends("content")
    @api.depends_context("lang")
    def _compute_preview(self):
        for report in self:
            report.preview = report.content and self.env["ir.qweb"]._render(
                "consortium_reporting.annual_report_body",
                {"report": report._shown(self.env.lang)},
            )

    @api.depends("content", "previous_content")
    @api.depends_context("lang")
    def _compute_difference_html(self):
        render = self.env["ir.qweb"]._render
        for report in self:
            failed = report._failed_sections() if report.content else []
            report.failed_html = bool(failed) and render(
                "consortium_reporting.annual_report_failed", {"failed": failed}
            )
            changes = bool(report.previous_content) and report._last_differences()
            report.difference_html = (
                report.state == "review"
                and report.previous_content
                and render(
                    "consortium_reporting.annual_report_differences",
                    {"changes": changes, "compared": False},
                )
            )

    def _shown(self, lang=None):
        """A version ready for a template, which only writes what it is given.

        :return: ``{"lang", "company", "label", "from", "to", "sections", "adoption",
            "hash"}``; each block has, besides what it holds, texts (``shown``), a
            drawing (``picture``) or a markup (``markup``)
        """
        self.ensure_one()
        content = self._read_content()
        version, chosen = self._read_version(lang)
        year = content.get("year", {})
        return {
            "lang": chosen,
            "company": content.get("company", ""),
            "label": year.get("label", ""),
            "from": year.get("from", ""),
            "to": year.get("to", ""),
            "sections": [
                {
                    **section,
                    "starts": section["code"] in STARTS,
                    "blocks": [
                        self._shown_block(block, chosen) for block in section["blocks"]
                    ],
                }
                for section in version["sections"]
                if section["state"] != "empty"
            ],
            "adoption": content.get("adoption"),
            "hash": self.content_hash or "",
        }

    @api.model
    def _shown_block(self, block, lang):
        if block["kind"] == "text":
            # Cleaned when it was computed, and again: nothing else than text is shown.
            return {**block, "markup": Markup(rich_text.clean(block["html"]))}
        if block["kind"] == "figures":
            items = [
                {
                    **item,
                    "shown": shown(item["value"], item["unit"], lang)
                    + (STAR if item.get("imported") else ""),
                    "before": item["previous"] is not None
                    and shown(item["previous"], item["unit"], lang)
                    + (STAR if item.get("previous_imported") else ""),
                }
                for item in block["items"]
            ]
            return {**block, "items": items}
        if block["kind"] == "table":
            return self._shown_table(block, lang)
        if block["kind"] == "chart":
            drawing = self._drawing(block, lang).encode()
            encoded = base64.b64encode(drawing).decode()
            return {**block, "picture": f"data:image/svg+xml;base64,{encoded}"}
        return block

    @api.model
    def _shown_table(self, block, lang):
        columns = [
            {**column, "number": column["unit"] in NUMBERS}
            for column in block["columns"]
        ]
        rows = []
        for row in block["rows"]:
            texts = [
                cell(row, rank, column["unit"], lang)
                for rank, column in enumerate(columns)
            ]
            rows.append({**row, "texts": texts})
        return {**block, "columns": columns, "rows": rows}

    @api.model
    def _drawing(self, block, lang):
        """The chart of a block, as SVG."""

        def show(value):
            return shown(value, block["unit"], lang)

        series = [(each["name"], each["values"]) for each in block["series"]]
        if block["chart"] == "donut":
            return charts.donut(
                block["title"],
                block["labels"],
                series[0][1],
                show,
                show_share=lambda part: shown(part, "share", lang),
            )
        draw = charts.line if block["chart"] == "line" else charts.bar
        return draw(block["title"], block["labels"], series, show)

    # Buttons

    def action_print(self):
        """The PDF, in one's own language when the report has it."""
        self._require_content()
        report = self.env.ref("consortium_reporting.action_report_annual_report")
        return report.report_action(self, config=False)

    def action_print_english(self):
        """The PDF of the English version."""
        self._require_content()
        report = self.env.ref(
            "consortium_reporting.action_report_annual_report_english"
        )
        return report.report_action(self, config=False)

    def action_spreadsheet(self):
        """All tables as a spreadsheet."""
        self.ensure_one()
        self._require_content()
        return {
            "type": "ir.actions.act_url",
            "url": f"/consortium/annual_report/{self.id}.xlsx",
            "target": "download",
        }

    def _require_content(self):
        for report in self:
            if not report.content:
                raise UserError(
                    self.env._(
                        "%(report)s has not been computed yet.",
                        report=report.display_name,
                    )
                )
