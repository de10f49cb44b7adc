"""The tables of an annual report as a spreadsheet."""

import io
import re
from datetime import date, datetime

import xlsxwriter

from ..tools.canonical import MILLION

FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
# What people typed is text, even when it begins with an equals sign.
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
DIVISORS = {"money": 100, "rate": 100, "dollars": 100, "hours": 60, "share": MILLION}
FORMATS = {
    "count": "#,##0",
    "money": '#,##0.00\\ "$"',
    "rate": '#,##0.00\\ "$"',
    "dollars": '#,##0\\ "$"',
    "hours": '#,##0\\ "h"',
    "share": "0.0%",
    "date": "yyyy-mm-dd",
    "text": "@",
}
FIRST = 3  # the row of the column heads: a title, a source, an empty one


def spreadsheet(report, labels):
    """Every table and group of figures on a sheet of its own, numbers as numbers.

    :param report: what ``consortium.annual.report._shown`` gives
    :param labels: the words that are not in it: contents, section, table, sheet,
        figure, previous, value
    :return: the file's content
    """
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, OPTIONS) as book:
        writer = _Writer(book, report, labels)
        writer.contents()
    return stream.getvalue()


class _Writer:
    def __init__(self, book, report, labels):
        self.book, self.report, self.labels = book, report, labels
        self.names = set()
        self.formats = {}
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.note = book.add_format({"italic": True, "font_color": "#555555"})
        self.head = book.add_format(
            {
                "bold": True,
                "bottom": 1,
                "bg_color": "#E8EDF1",
                "text_wrap": True,
                "valign": "vcenter",
            }
        )

    def contents(self):
        """The first sheet, which says what is on the others."""
        sheet = self.sheet(self.labels["contents"])
        heads = [self.labels[name] for name in ("section", "table", "sheet")]
        rows = []
        for section in self.report["sections"]:
            for block in section["blocks"]:
                if block["kind"] == "table":
                    name = self.table(section, block)
                    rows.append((section["title"], block["title"], name))
                elif block["kind"] == "figures" and block["items"]:
                    name = self.figures(section, block)
                    rows.append((section["title"], self.labels["figure"], name))
        self.heads(sheet, heads, [30, 60, 32])
        for line, (section, title, name) in enumerate(rows, FIRST + 1):
            sheet.write_string(line, 0, section)
            sheet.write_string(line, 1, title)
            sheet.write_url(line, 2, f"internal:'{name}'!A1", string=name)

    def table(self, section, block):
        sheet = self.sheet(block["title"])
        columns = block["columns"]
        widths = [36 if column["unit"] == "text" else 18 for column in columns]
        self.heads(sheet, [column["label"] for column in columns], widths, section)
        line = FIRST + 1
        for row in block["rows"]:
            for rank, (column, cell) in enumerate(
                zip(columns, row["cells"], strict=True)
            ):
                unit = (row.get("unit") if rank else None) or column["unit"]
                star = rank in row.get("starred", ())
                self.cell(sheet, line, rank, cell, unit, row.get("style"), star)
            line += 1
        for note in block["notes"]:
            line += 1
            sheet.write_string(line, 0, note, self.note)
        return sheet.get_name()

    def figures(self, section, block):
        sheet = self.sheet(section["title"])
        heads = [self.labels[name] for name in ("figure", "value", "previous")]
        self.heads(sheet, heads, [44, 18, 18], section)
        line = FIRST + 1
        for item in block["items"]:
            self.cell(sheet, line, 0, item["label"], "text")
            now, then = item.get("imported"), item.get("previous_imported")
            self.cell(sheet, line, 1, item["value"], item["unit"], star=now)
            self.cell(sheet, line, 2, item["previous"], item["unit"], star=then)
            line += 1
        for item in block["items"]:
            if item["help"]:
                line += 1
                words = f"{item['label']} : {item['help']}"
                sheet.write_string(line, 0, words, self.note)
        return sheet.get_name()

    def sheet(self, title):
        """A new sheet: names are unique, short, and without some signs."""
        name = FORBIDDEN.sub(" ", title).strip()[:31].strip() or "–"
        rank = 1
        while name.lower() in self.names:
            rank += 1
            name = f"{name[: 31 - len(str(rank)) - 3].rstrip()} ({rank})"
        self.names.add(name.lower())
        sheet = self.book.add_worksheet(name)
        sheet.write_string(0, 0, title, self.title)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        return sheet

    def heads(self, sheet, heads, widths, section=None):
        words = f"{self.report['company']} – {self.report['label']}"
        if section:
            words = f"{words} – {section['title']}"
        sheet.write_string(1, 0, words, self.note)
        for rank, (head, width) in enumerate(zip(heads, widths, strict=True)):
            sheet.write_string(FIRST, rank, head, self.head)
            sheet.set_column(rank, rank, width)
        sheet.freeze_panes(FIRST + 1, 1)
        sheet.repeat_rows(FIRST)

    def cell(self, sheet, line, rank, value, unit, style=None, star=False):
        written = self.format(unit, style, star)
        if value is None or value == "":
            sheet.write_blank(line, rank, None, written)
        elif unit == "date":
            day = datetime.combine(date.fromisoformat(value), datetime.min.time())
            sheet.write_datetime(line, rank, day, written)
        elif isinstance(value, int):
            sheet.write_number(line, rank, value / DIVISORS.get(unit, 1), written)
        else:
            sheet.write_string(line, rank, str(value), written)

    def format(self, unit, style, star=False):
        key = (unit if unit in FORMATS else "text", style, star)
        if key not in self.formats:
            shape = FORMATS[key[0]] + ('" *"' if star else "")
            values = {"num_format": shape, "valign": "top"}
            if key[0] == "text":
                values["text_wrap"] = True
            if key[0] == "date":
                values["align"] = "left"
            if style == "total":
                values.update(bold=True, top=1)
            self.formats[key] = self.book.add_format(values)
        return self.formats[key]
