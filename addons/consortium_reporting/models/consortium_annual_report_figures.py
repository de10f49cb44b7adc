"""The sections of the report that are made of figures."""

from itertools import dropwhile

from odoo import api, models
from odoo.exceptions import UserError

from ..tools import periods
from ..tools.formats import STAR

YEARS = 4
SLICES = 5
BARS = 15
# Parts of a whole: what a ring may show.
ADDITIVE = ("count", "money", "hours")


class ConsortiumAnnualReport(models.Model):
    # Its parts are in files of their own.
    _inherit = "consortium.annual.report"  # pylint: disable=consider-merging-classes-inherited

    # Indicators

    def _section_members(self):
        """Article 132, 3: how many members; glue adds their lists."""
        rows = [
            (self.env._("Members"), self.member_count),
            (self.env._("Auxiliary members"), self.auxiliary_member_count),
        ]
        rows = [(row, {}) for row in rows if row[1]]
        blocks = []
        if rows:
            title = self.env._("Members at Year End")
            columns = [(self.env._("Category"), "text"), (title, "count")]
            blocks.append(self._block_table("member_count", title, columns, rows))
        return blocks + self._indicator_blocks("members")

    def _section_services(self):
        return self._indicator_blocks("services") + self._indicator_blocks("hours")

    def _section_satisfaction(self):
        return self._indicator_blocks("satisfaction")

    def _indicator_blocks(self, section):
        """Figures, tables and charts of the indicators of a section."""
        indicators = self.env["consortium.indicator"].search(
            [("section", "=", section)]
        )
        if not indicators:
            return []
        years = self.env.context.get("annual_years") or self._indicator_years(
            indicators
        )
        now = years[0][1]
        blocks = [
            self._block_problem(
                self.env._(
                    "%(indicator)s: %(problem)s",
                    indicator=indicator.name,
                    problem=now[indicator.code]["error"],
                )
            )
            for indicator in indicators
            if now[indicator.code]["error"]
        ]
        blocks += self._history_blocks(section, indicators, years)
        for indicator in indicators:
            blocks += self._dimension_blocks(indicator, now[indicator.code])
        return blocks

    def _indicator_years(self, indicators):
        """``[(label, {code: {"value", …}})]``, this year first, three years before."""
        model = self.env["consortium.indicator"]
        codes = indicators.mapped("code")
        first, last = self.date_from, self.date_to
        years = []
        while len(years) < YEARS:
            values = model._values(codes, first, last)
            years.append((periods.label(first, last), values))
            first, last = model._year_before(first), model._year_before(last)
            before = {
                code: {
                    "value": values[code]["previous"],
                    "imported": values[code]["previous_imported"],
                    "source": values[code]["previous_source"],
                }
                for code in codes
            }
            years.append((periods.label(first, last), before))
            first, last = model._year_before(first), model._year_before(last)
        return years

    def _history_blocks(self, section, indicators, years):
        """The table of the years, and the way of the first figure over them; what was
        zero all along is left out, and the years before the first figure."""
        known = [
            indicator
            for indicator in indicators
            if any(values[indicator.code]["value"] for _label, values in years)
        ]
        if not known:
            return []
        past = list(
            dropwhile(
                lambda year: all(year[1][each.code]["value"] is None for each in known),
                reversed(years),
            )
        )
        title = dict(
            self.env["consortium.indicator"]
            ._fields["section"]
            ._description_selection(self.env)
        )[section]
        now = years[0][1]
        columns = [(self.env._("Figure"), "text")]
        columns += [(label, "count") for label, _values in past]
        rows, imported = [], []
        for each in known:
            figures = [values[each.code] for _label, values in past]
            starred = [rank for rank, f in enumerate(figures, 1) if f["imported"]]
            imported += [figures[rank - 1] for rank in starred]
            rows.append(
                (
                    (each.name, *(figure["value"] for figure in figures)),
                    {"unit": each.unit, **({"starred": starred} if starred else {})},
                )
            )
        notes = self._notes_of_imported(imported)
        return [
            self._figures_of(known, now),
            self._block_table(f"figures_{section}", title, columns, rows, notes),
            *self._history_chart(known[0], past),
        ]

    @api.model
    def _notes_of_imported(self, figures):
        """What the star of imported figures means."""
        sources = ", ".join(sorted({figure["source"] for figure in figures}))
        origin = self.env._("* Before this system: %(origin)s", origin=sources)
        return [origin] if sources else []

    def _figures_of(self, indicators, now):
        items = [
            {
                "code": each.code,
                "label": each.name,
                "value": now[each.code]["value"],
                "unit": each.unit,
                "previous": now[each.code]["previous"],
                "imported": now[each.code]["imported"],
                "previous_imported": now[each.code]["previous_imported"],
                "help": each.description or "",
            }
            for each in indicators
            if now[each.code]["value"] is not None
        ]
        return self._block_figures(items[:4])

    def _history_chart(self, indicator, past):
        values = [figures[indicator.code]["value"] for _label, figures in past]
        if len([value for value in values if value is not None]) < 3:
            return []
        labels = [label for label, _figures in past]
        return [
            self._block_chart(
                f"history_{indicator.code}",
                indicator.name,
                "line",
                indicator.unit,
                labels,
                [(indicator.name, values)],
            )
        ]

    def _dimension_blocks(self, indicator, figure):
        """One table and one chart for each way an indicator is divided."""
        blocks = []
        before = figure.get("previous_by") or {}
        for dimension, parts in (figure["by"] or {}).items():
            then = before.get(dimension) or {}
            keys = [*parts, *(key for key in then if key not in parts)]
            if dimension == "month":
                keys = sorted(parts)
                then = {}
            # What was zero all along is not divided.
            if not any(values.get(key) for values in (parts, then) for key in keys):
                continue
            title = self.env._(
                "%(indicator)s – %(dimension)s",
                indicator=indicator.name,
                dimension=indicator._dimension_labels().get(dimension, dimension),
            )
            code = f"{indicator.code}_{dimension}"
            now = {name: figure[name] for name in ("imported", "source")}
            past = {name: figure[f"previous_{name}"] for name in now}
            years = [(self._year_label(), parts, now)]
            if then:
                years.insert(0, (self._year_label_before(), then, past))
            imported = [each for *_year, each in years if each["imported"]]
            columns = [(self.env._("Part"), "text")]
            columns += [
                (label + (STAR if each["imported"] else ""), indicator.unit)
                for label, _values, each in years
            ]
            years = [year[:2] for year in years]
            rows = [
                ((str(key), *(values.get(key) for _label, values in years)), {})
                for key in keys
            ]
            notes = self._notes_of_imported(imported)
            blocks.append(self._block_table(code, title, columns, rows, notes))
            blocks.append(self._dimension_chart(code, title, indicator, keys, years))
        return blocks

    def _dimension_chart(self, code, title, indicator, keys, years):
        """Months along a line, few parts in a ring, the others as bars."""
        labels = [str(key) for key in keys]
        series = [(label, [values.get(key) for key in keys]) for label, values in years]
        now = series[-1][1]
        additive = indicator.unit in ADDITIVE and all((v or 0) >= 0 for v in now)
        kind = "bar"
        if code.endswith("_month"):
            kind = "line"
        elif len(series) == 1 and 1 < len(keys) <= SLICES and additive:
            kind = "donut"
        if kind == "bar" and len(labels) > BARS:
            labels = labels[:BARS]
            series = [(name, values[:BARS]) for name, values in series]
        return self._block_chart(code, title, kind, indicator.unit, labels, series)

    def _year_label_before(self):
        before = self.env["consortium.indicator"]._year_before
        return periods.label(before(self.date_from), before(self.date_to))

    # Accounting

    def _section_operations(self):
        """Article 128.1 and section 11 (2) of the regulation: operations with
        members, and the note to the financial statements."""
        year = self.env["consortium.member.operations"]._for_year(
            self.date_from, self.date_to, self.company_id
        )
        if year["status"] == "none":
            return []
        blocks = [
            self._operations_table(year, "users", self.env._("User members"), "money")
        ]
        if workers := year["workers"]:
            # Of its own: not of the same unit.
            label = self.env._("Worker members")
            blocks.append(
                self._operations_table(year, "workers", label, workers["unit"])
            )
        if year["note"]:
            blocks.append(self._block_note(year["note"]))
        return blocks + self._indicator_blocks("operations")

    def _operations_table(self, year, basis, label, unit):
        """One proportion, in its unit, and what was typed for it."""
        part = year[basis]
        columns = [
            (self.env._("Category"), "text"),
            (self.env._("With members"), unit),
            (self.env._("All operations"), unit),
            (self.env._("Proportion"), "share"),
        ]
        notes = [
            self.env._("%(name)s: %(origin)s", name=line["name"], origin=line["source"])
            for line in year["manual"]
            if line["basis"] == basis
        ]
        return self._block_table(
            "operations" if basis == "users" else f"operations_{basis}",
            self.env._("Proportion of Operations with Members"),
            columns,
            [((label, part["with_members"], part["total"], part["share"]), {})],
            [*notes, year["reference"]],
        )

    def _section_finances(self):
        """Income, expenses and surplus: two years, the budget, the next one."""
        table = self.company_id._financial_table(self.date_from, self.date_to)
        names = ("last", "actual", "budget", "variance", "next_budget")
        blocks = self._indicator_blocks("finances")
        if not any(row[name] for row in table["rows"] for name in names):
            return blocks
        years = self._table_years(table["years"])
        star = STAR if table["last_imported"] else ""
        titles = {
            "last": self.env._("%(year)s actual", year=years["last"]) + star,
            "actual": self.env._("%(year)s actual", year=years["actual"]),
            "budget": self.env._("%(year)s budget", year=years["actual"]),
            "variance": self.env._("Variance"),
            "next_budget": self.env._("%(year)s budget", year=years["next"]),
        }
        kept = [n for n in names if any(row[n] is not None for row in table["rows"])]
        columns = [(self.env._("Item"), "text")] + [
            (titles[name], "share" if name == "variance" else "dollars")
            for name in kept
        ]
        rows = [
            (
                (row["label"], *(row[name] for name in kept)),
                {"style": "total" if not row["level"] else "detail"},
            )
            for row in table["rows"]
        ]
        title = self.env._("Income, Expenses and Surplus")
        main = [row for row in table["rows"] if not row["level"]]
        money = [name for name in kept if name != "variance"]
        chart = self._block_chart(
            "finances",
            title,
            "bar",
            "dollars",
            [row["label"] for row in main],
            [(titles[name], [row[name] for row in main]) for name in money],
        )
        note = self.env._("The variance is that of the actual on the budget.")
        notes = [note] if "variance" in kept else []
        if star:
            notes += self._notes_of_imported([{"source": table["last_source"]}])
        return [
            self._block_table("finances", title, columns, rows, notes),
            chart,
            *blocks,
        ]

    @api.model
    def _table_years(self, years):
        """``{"last", "actual", "next"}`` as they are called."""
        to_date = self._fields["date_from"].to_date
        return {
            name: periods.label(to_date(first), to_date(last))
            for name, (first, last) in years.items()
        }

    def _section_surplus(self):
        """Articles 143 to 146: where the surplus goes, and the statement of the
        reserve."""
        year = self.env["consortium.surplus.allocation"]._for_year(
            self.date_from, self.date_to, self.company_id
        )
        reserve = year["reserve"]
        amounts = ("surplus", "to_reserve", "to_members")
        if not any(year[name] for name in amounts) and not any(
            (reserve["opening"], reserve["rows"], reserve["closing"])
        ):
            return []
        columns = [(self.env._("Item"), "text"), (self._year_label(), "money")]
        rows = [
            ((self.env._("Surplus of the year"), year["surplus"]), {}),
            ((self.env._("To the reserve"), year["to_reserve"]), {}),
            ((self.env._("To the members"), year["to_members"]), {}),
        ]
        decided = year["resolution"] or self.env._("Proposed to the general meeting.")
        notes = [year["rule_label"], ", ".join(year["references"]), decided]
        movements = [
            ((self.env._("Opening balance"), reserve["opening"]), {}),
            *(((row["name"], row["amount"]), {}) for row in reserve["rows"]),
            (
                (self.env._("Closing balance"), reserve["closing"]),
                {"style": "total"},
            ),
        ]
        return [
            self._block_table(
                "surplus", self.env._("Allocation of the Surplus"), columns, rows, notes
            ),
            self._block_table(
                "reserve", self.env._("Statement of the Reserve"), columns, movements
            ),
        ]

    def _operations_status(self):
        """Whether operations with members are known for the year: for the checklist.

        :return: « none », « incomplete », « below », « warning », « met », or None when
            they fail
        """
        try:
            with self.env.cr.savepoint():
                return self.env["consortium.member.operations"]._for_year(
                    self.date_from, self.date_to, self.company_id
                )["status"]
        except (UserError, NotImplementedError):
            return None
