"""A CSV file of figures from before the system, read into rows. No Odoo here.

What is wrong with a row is a code in its ``problem``, never an exception.
"""

import csv
import io
from datetime import date
from decimal import Decimal, InvalidOperation

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 20_000
# Column: what its header may say, in lower case; the first one is the template's.
COLUMNS = {
    "code": ("indicateur", "code", "indicator"),
    "date_from": ("du", "from", "date_from"),
    "date_to": ("au", "to", "date_to"),
    "dimension": ("par", "by", "dimension"),
    "key": ("valeur de", "key", "clé", "cle"),
    "value": ("chiffre", "value", "valeur"),
    "source": ("source",),
}
REQUIRED = ("code", "date_from", "date_to", "value", "source")
_BY_HEADER = {text: key for key, texts in COLUMNS.items() for text in texts}
EXAMPLES = [
    ("income", "2017-07-01", "2018-06-30", "", "", "3222029", "Rapport annuel"),
    ("employees", "2017-07-01", "2018-06-30", "", "", "48", "Rapport annuel"),
]


class FileProblem(Exception):
    """Why the file is of no use: a code, and what to name in the sentence."""

    def __init__(self, code, **details):
        super().__init__(code)
        self.code = code
        self.details = details


def read(content):
    """The rows of a file: ``{"number", "problem", …the columns}``.

    :raise FileProblem: empty, too big, no text, a column missing, no row
    """
    if not content or not content.strip():
        raise FileProblem("empty")
    if len(content) > MAX_BYTES:
        raise FileProblem("too_big", limit=MAX_BYTES // 1024 // 1024)
    text = _decode(content)
    first = text.splitlines()[0]
    delimiter = max(";,\t", key=first.count)
    try:
        lines = list(csv.reader(io.StringIO(text), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise FileProblem("no_table") from error
    header = [_BY_HEADER.get(cell.strip().lower()) for cell in lines[0]]
    if missing := [column for column in REQUIRED if column not in header]:
        raise FileProblem("missing", column=COLUMNS[missing[0]][0])
    if len(lines) > MAX_ROWS:
        raise FileProblem("too_many", limit=MAX_ROWS)
    rows = [
        _row(number, header, cells)
        for number, cells in enumerate(lines[1:], start=2)
        if any(cell.strip() for cell in cells)
    ]
    if not rows:
        raise FileProblem("empty")
    return rows


def template():
    """The file to fill in, with two lines as examples."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow(texts[0].capitalize() for texts in COLUMNS.values())
    writer.writerows(EXAMPLES)
    return stream.getvalue().encode("utf-8-sig")


def _decode(content):
    if b"\0" in content:
        raise FileProblem("no_table")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileProblem("no_table")


def _row(number, header, cells):
    texts = {key: cell.strip() for key, cell in zip(header, cells, strict=False) if key}
    row = {"number": number, "problem": None, **dict.fromkeys(COLUMNS, ""), **texts}
    if empty := [column for column in REQUIRED if not row[column]]:
        row["problem"] = ("empty", COLUMNS[empty[0]][0])
        return row
    for column in ("date_from", "date_to"):
        try:
            row[column] = date.fromisoformat(row[column])
        except ValueError:
            row["problem"] = ("date", row[column])
            return row
    if row["date_from"] > row["date_to"]:
        row["problem"] = ("period", row["date_from"].isoformat())
    elif bool(row["dimension"]) != bool(row["key"]):
        row["problem"] = ("part", row["dimension"] or row["key"])
    else:
        _read_value(row)
    return row


def _read_value(row):
    text = row["value"].replace("\u00a0", "").replace("\u202f", "").replace(" ", "")
    try:
        value = Decimal(text.rstrip("%$").replace(",", "."))
    except InvalidOperation:
        value = None
    if value is None or not value.is_finite() or abs(value) >= 10**12:
        row["problem"] = ("number", row["value"])
    else:
        row["value"] = value
