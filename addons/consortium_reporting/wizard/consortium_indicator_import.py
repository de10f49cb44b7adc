import base64
import binascii

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

from ..tools import history_file

_lt = LazyTranslate(__name__)
SHOWN_ROWS = 50
SENTENCES = {
    "empty": _lt("The file is empty."),
    "too_big": _lt("The file is larger than %(limit)s MB."),
    "too_many": _lt("The file has more than %(limit)s rows."),
    "no_table": _lt("The file is not a CSV table."),
    "missing": _lt("The file has no column « %(column)s »."),
    "row_empty": _lt("« %(text)s » is empty."),
    "row_date": _lt("« %(text)s » is no date such as 2018-06-30."),
    "row_period": _lt("The period that begins on %(text)s ends before."),
    "row_part": _lt("« %(text)s »: a part says both by what and which."),
    "row_number": _lt("« %(text)s » is no number."),
    "row_unknown": _lt("There is no indicator « %(text)s »."),
    "row_twice": _lt("This figure of « %(text)s » is there twice."),
    "row_whole": _lt("%(text)s is no whole number."),
}


class ConsortiumIndicatorImport(models.TransientModel):
    """Figures of before the system, from a CSV file: checked first, then imported."""

    _name = "consortium.indicator.import"
    _description = "Import of Figures"

    file = fields.Binary(required=True, attachment=False)
    filename = fields.Char()
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    report = fields.Html(readonly=True, sanitize=False)
    ready = fields.Boolean(readonly=True, export_string_translation=False)

    @api.onchange("file")
    def _onchange_file(self):
        """Another file is to be checked again."""
        self.report = False
        self.ready = False

    def action_check(self):
        """Say row by row what the import would do. Nothing is written."""
        self.ensure_one()
        rows = self._rows()
        self.ready = not any(row["remark"] for row in rows)
        self.report = self.env["ir.qweb"]._render(
            "consortium_reporting.indicator_import_report",
            {
                "rows": sorted(rows, key=lambda r: not r["remark"])[:SHOWN_ROWS],
                "total": len(rows),
                "wrong": sum(1 for row in rows if row["remark"]),
                "replaced": sum(1 for row in rows if row["existing"]),
            },
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_import(self):
        """Write every row, or none.

        :raise UserError: a row is wrong: the first one, and why
        """
        self.ensure_one()
        rows = self._rows()
        if wrong := [row for row in rows if row["remark"]]:
            raise UserError(
                self.env._(
                    "Nothing was imported. Row %(number)s: %(remark)s",
                    number=wrong[0]["number"],
                    remark=wrong[0]["remark"],
                )
            )
        values = self.env["consortium.indicator.value"]
        written = values
        new = []
        for row in rows:
            vals = {"value": float(row["value"]), "source": row["source"]}
            if row["existing"]:
                row["existing"].write(vals)
                written |= row["existing"]
            else:
                new.append({**vals, **self._place(row)})
        written |= values.create(new)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Imported Figures"),
            "res_model": values._name,
            "views": [(False, "list"), (False, "graph")],
            "domain": [("id", "in", written.ids)],
        }

    def action_template(self):
        """The file to fill in."""
        return {
            "type": "ir.actions.act_url",
            "url": "/consortium/indicators.csv",
            "target": "download",
        }

    def _place(self, row):
        return {
            "company_id": self.company_id.id,
            "indicator_id": row["indicator"].id,
            "date_from": row["date_from"],
            "date_to": row["date_to"],
            "dimension": row["dimension"] or False,
            "key": row["key"] or False,
        }

    def _rows(self):
        """The rows of the file, each with its indicator, the figure that it replaces
        and the ``remark`` that says why it can't be imported."""
        try:
            rows = history_file.read(base64.b64decode(self.file or b""))
        except history_file.FileProblem as problem:
            raise UserError(self._sentence(problem.code, **problem.details)) from None
        except binascii.Error:
            raise UserError(self._sentence("no_table")) from None
        indicators = {
            indicator.code: indicator
            for indicator in self.env["consortium.indicator"].search([])
        }
        existing = self._existing()
        seen = set()
        for row in rows:
            row["indicator"] = indicators.get(row["code"])
            place = (row["code"], *(row[k] for k in ("date_from", "date_to")))
            place += (row["dimension"], row["key"])
            row["existing"] = existing.get(place)
            row["remark"] = self._remark(row, place in seen)
            seen.add(place)
        return rows

    def _existing(self):
        values = self.env["consortium.indicator.value"].search(
            [("company_id", "=", self.company_id.id)]
        )
        return {
            (
                value.indicator_id.code,
                value.date_from,
                value.date_to,
                value.dimension or "",
                value.key or "",
            ): value
            for value in values
        }

    def _remark(self, row, twice):
        if row["problem"]:
            code, text = row["problem"]
            return self._sentence(f"row_{code}", text=text)
        if not row["indicator"]:
            return self._sentence("row_unknown", text=row["code"])
        if twice:
            return self._sentence("row_twice", text=row["code"])
        whole = row["value"] == row["value"].to_integral_value()
        if row["indicator"].unit == "count" and not whole:
            return self._sentence("row_whole", text=str(row["value"]))
        return False

    def _sentence(self, code, **details):
        text = self.env._(SENTENCES[code])
        return text % details
