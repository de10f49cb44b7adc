"""From records to the plain structure of an annual report.

``content`` is a canonical JSON text, see ``tools.canonical``::

    {"schema": 1, "company", "year": {"from", "to", "label"},
     "versions": {lang: {"sections": [section]}}, "adoption": None or {...}}

    section = {"code", "title", "state": "done" | "empty" | "failed", "problem",
               "blocks": [block]}

Blocks are made by the ``_block_…`` methods; cells are whole numbers in the unit of
their column (``tools.canonical``, and ``dollars`` for cents shown without cents), texts
or None.
"""

import json
import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from psycopg2 import OperationalError

from ..tools import rich_text
from ..tools.canonical import canonical
from ..tools.charts import describe
from ..tools.formats import shown

_logger = logging.getLogger(__name__)

FRENCH, ENGLISH = "fr_CA", "en_US"
SCHEMA = 1


class ConsortiumAnnualReport(models.Model):
    # Its parts are in files of their own.
    _inherit = "consortium.annual.report"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _sections(self):
        """The sections in order: ``[(code, title, name of the method)]``.

        Extend it to add some. A method is called on the report, in the language of the
        version and in the name of the cooperative, and returns its blocks: none, and
        the section isn't printed. When it fails, the report says so and goes on.
        """
        titles = {
            "identity": self.env._("The Cooperative"),
            "president": self.env._("Word of the President"),
            "management": self.env._("Word of the Management"),
            "objectives": self.env._("Objectives and Results"),
            "members": self.env._("Members"),
            "services": self.env._("Services Rendered"),
            "satisfaction": self.env._("Satisfaction"),
            "development": self.env._("Development"),
            "board": self.env._("Board and Officers"),
            "staff": self.env._("Staff"),
            "operations": self.env._("Operations with Members"),
            "finances": self.env._("Finances"),
            "surplus": self.env._("Surplus and Reserve"),
            "capital": self.env._("State of Capital"),
            "statements": self.env._("Statements and Audit"),
            "other": self.env._("Other Information"),
            "checklist": self.env._("What the Law Asks For"),
        }
        return [(code, title, f"_section_{code}") for code, title in titles.items()]

    def action_compute(self):
        """Compute the report again; what it said before is kept for the review."""
        for report in self:
            report.check_access("write")
            report._lock_or_refuse()
            report._refuse_adopted()
            report._add_items()
            report._refresh_counts()
            content = canonical(report._content())
            report._write_by_button(
                {
                    "previous_content": report.content,
                    "content": content,
                    "state": "review",
                    "computed_at": fields.Datetime.now(),
                    "computed_by_id": self.env.uid,
                }
            )

    def _content(self, adoption=None):
        """The whole structure, from what the records say now.

        Whoever prepares the report gets the same: it is made of totals meant for the
        members, so it is computed by the superuser, in this company only.
        """
        self.ensure_one()
        report = (
            self.sudo()
            .with_company(self.company_id)
            .with_context(allowed_company_ids=self.company_id.ids, annual_books={})
        )
        languages = [self._main_language()]
        if report.english and ENGLISH not in languages:
            languages.append(ENGLISH)
        return {
            "schema": SCHEMA,
            "company": report.company_id.legal_name or report.company_id.name,
            "year": {
                "from": fields.Date.to_string(report.date_from),
                "to": fields.Date.to_string(report.date_to),
                "label": report._year_label(),
            },
            "versions": {
                lang: report.with_context(lang=lang)._version() for lang in languages
            },
            "adoption": adoption,
        }

    @api.model
    def _main_language(self):
        """French of Canada; where it isn't installed, the user's."""
        installed = dict(self.env["res.lang"].get_installed())
        return FRENCH if FRENCH in installed else self.env.lang or ENGLISH

    def _version(self):
        """The sections in one language. Indicators are computed at once: those of
        several sections are read from the same rows."""
        indicators = self.env["consortium.indicator"]._of_codes(None)
        report = self.with_context(annual_years=self._indicator_years(indicators))
        return {"sections": [report._section(*each) for each in self._sections()]}

    def _section(self, code, title, method):
        """One section, whatever becomes of the others.

        A conflict between two transactions is Odoo's to try again.
        """
        section = {"code": code, "title": title, "problem": None, "blocks": []}
        try:
            with self.env.cr.savepoint():
                blocks = getattr(self, method)() or []
                section["problem"] = self._problem_of(blocks)
                section["blocks"] = json.loads(canonical(blocks))
        except OperationalError:
            raise
        except UserError as error:
            section["problem"] = str(error)
        except Exception as error:
            _logger.warning("The section %s failed", code, exc_info=error)
            section["problem"] = self.env._(
                "This section could not be computed (%(error)s).",
                error=type(error).__name__,
            )
        section["state"] = (
            "failed" if section["problem"] else "done" if section["blocks"] else "empty"
        )
        return section

    @api.model
    def _problem_of(self, blocks):
        """What figures could not be computed, taken out of the blocks."""
        problems = [block for block in blocks if block["kind"] == "problem"]
        for block in problems:
            blocks.remove(block)
        return " ".join(block["text"] for block in problems) or None

    # Blocks

    @api.model
    def _block_problem(self, text):
        """A figure that could not be computed: the section counts as failed, and shows
        its other blocks."""
        return {"kind": "problem", "text": text}

    @api.model
    def _block_text(self, html, title=""):
        """What somebody typed, without what is not text."""
        cleaned = rich_text.clean(html)
        if not rich_text.plain(cleaned):
            return []
        return [{"kind": "text", "title": title, "html": cleaned}]

    @api.model
    def _block_note(self, text):
        return {"kind": "note", "text": text}

    @api.model
    def _block_figures(self, items):
        """Figures that stand out: ``[{"code", "label", "value", "unit", "previous",
        "help"}]``."""
        return {"kind": "figures", "items": items}

    @api.model
    def _block_table(self, code, title, columns, rows, notes=()):
        """A table.

        :param code: its own in the report
        :param columns: ``[(label, unit)]``; the first one tells the rows apart
        :param rows: ``[(cells, options)]``, options being ``{"style": "total" |
            "detail", "unit": that of this row}``
        """
        return {
            "kind": "table",
            "code": code,
            "title": title,
            "columns": [{"label": label, "unit": unit} for label, unit in columns],
            "rows": [{**options, "cells": list(cells)} for cells, options in rows],
            "notes": [note for note in notes if note],
        }

    @api.model
    def _block_chart(self, code, title, kind, unit, labels, series):
        """A chart: ``kind`` is bar, line or donut, ``series`` ``[(name, values)]``."""
        words = describe(
            title, labels, series, lambda value: shown(value, unit, self.env.lang)
        )
        return {
            "kind": "chart",
            "code": code,
            "title": title,
            "chart": kind,
            "unit": unit,
            "labels": [str(label) for label in labels],
            "series": [{"name": name, "values": list(vs)} for name, vs in series],
            "alt": words,
        }

    # What was computed

    def _read_content(self, previous=False):
        """The structure as kept; an empty one when there is none."""
        self.ensure_one()
        text = self.previous_content if previous else self.content
        return json.loads(text) if text else {"versions": {}}

    def _read_version(self, lang=None, previous=False):
        """The version of a language, else of the one it was first computed in."""
        versions = self._read_content(previous)["versions"]
        if not versions:
            return {"sections": []}, self._main_language()
        main = FRENCH if FRENCH in versions else next(iter(versions))
        chosen = lang if lang in versions else main
        return versions[chosen], chosen

    def _failed_sections(self):
        """``[(title, problem)]`` of what was computed last."""
        self.ensure_one()
        version, _lang = self._read_version(self.env.lang)
        return [
            (section["title"], section["problem"])
            for section in version["sections"]
            if section["state"] == "failed"
        ]
