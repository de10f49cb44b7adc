"""A CSV or XLSX file of organizations, read into rows of text. No Odoo here.

What is wrong with a file is one ``FileProblem``; what is wrong with a row is for
``organization_plan``.
"""

import csv
import io
import zipfile
from datetime import date, datetime

import openpyxl

from .text import fold

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED_BYTES = 300 * 1024 * 1024
MAX_ROWS = 50_000
MAX_BLANK_ROWS = 1_000
MAX_COLUMNS = 200
MAX_LINE = 100_000

# Column: what a header may say, in French then in English; the first of each is what
# the template shows. Compared without accents, case nor signs.
COLUMNS = {
    "name": ("Nom", "Name", "Nom de l'organisation", "Organisation", "Organization"),
    "neq": ("NEQ", "NEQ", "Numéro d'entreprise", "Registry number", "Company ID"),
    "kind": ("Type", "Kind", "Type d'organisation", "Genre", "Kind of organization"),
    "region": ("Région", "Region", "Région administrative", "Administrative region"),
    "sector": ("Secteur", "Sector", "Secteur d'activité", "Industry"),
    "street": ("Adresse", "Street", "Rue", "Address"),
    "city": ("Ville", "City", "Municipalité", "Town"),
    "zip": ("Code postal", "Postal code", "CP", "ZIP"),
    "province": ("Province", "Province", "État", "State"),
    "phone": ("Téléphone", "Phone", "Tél", "Telephone"),
    "email": ("Courriel", "E-mail", "Adresse courriel", "Email"),
    "website": ("Site Web", "Website", "Site Internet", "Site", "Web site"),
    "networks": ("Réseaux", "Networks", "Réseau", "Network", "Regroupement"),
    "date_start": ("Affiliée depuis", "Affiliated from", "Depuis", "Date de début"),
    "date_end": ("Affiliée jusqu'à", "Affiliated to", "Jusqu'à", "Date de fin"),
}
REQUIRED = ("name",)
FORMULA = "\0formula"  # stands for a cell that holds a formula


class FileProblem(Exception):
    """Why a file cannot be read: a code, and what to name in the sentence."""

    def __init__(self, code, **details):
        super().__init__(code)
        self.code = code
        self.details = details


def read(content, filename="", columns=None, required=REQUIRED):
    """``(rows, remarks)`` of a file.

    :param columns: what the headers may say, as ``COLUMNS``; those by default
    :param required: the columns that the file must have
    :return: rows, each ``(number in the file, {column: text})``; and ``{remark:
        detail}``: the encoding when it was guessed, the headers not used
    :raise FileProblem: the file is of no use
    """
    if not content:
        raise FileProblem("empty")
    if len(content) > MAX_BYTES:
        raise FileProblem("too_big", limit=MAX_BYTES // 1024 // 1024)
    remarks = {}
    if content[:4] == b"PK\x03\x04" or filename.lower().endswith(".xlsx"):
        lines = _read_xlsx(content)
    elif content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise FileProblem("old_excel")
    else:
        lines = _read_csv(content, remarks)
    return _table(lines, remarks, columns or COLUMNS, required), remarks


def template_rows(french):
    """The header of the file to fill in, and one line as an example."""
    header = [texts[0 if french else 1] for texts in COLUMNS.values()]
    example = {
        "name": "Coopérative exemple",
        "neq": "1142345678",
        "kind": "Coopérative" if french else "Cooperative",
        "region": "Mauricie",
        "city": "Shawinigan",
        "zip": "G9N 1A1",
        "province": "QC",
        "networks": "Fédération exemple; Regroupement exemple"
        if french
        else "Example federation; Example grouping",
        "date_start": "2018-07-01",
    }
    return [header, [example.get(key, "") for key in COLUMNS]]


def _read_csv(content, remarks):
    text, encoding = _decode(content)
    if encoding != "utf-8":
        remarks["encoding"] = encoding
    if "\0" in text:
        raise FileProblem("not_text")
    header = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(";,\t|", key=header.count)
    reader = csv.reader(_short_lines(text), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            _check_width(row)
            # A quoted cell may hold line breaks: the number is the one people see.
            yield (
                reader.line_num,
                [FORMULA if cell.lstrip().startswith("=") else cell for cell in row],
            )
    except csv.Error as error:
        raise FileProblem("broken_csv", line=reader.line_num) from error


def _short_lines(text):
    """The lines of a text: one of millions of signs fills the memory with cells."""
    for number, line in enumerate(io.StringIO(text, newline=""), 1):
        if len(line) > MAX_LINE:
            raise FileProblem("long_line", line=number, limit=MAX_LINE)
        yield line


def _decode(content):
    """The text, and the encoding it is in: UTF-8, UTF-16, or else Windows-1252."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        guesses = ["utf-16"]
    elif b"\0" in content[:400]:
        evens = content[:400:2].count(0)
        guesses = ["utf-16-be" if evens > content[1:400:2].count(0) else "utf-16-le"]
    else:
        guesses = ["utf-8-sig", "cp1252"]
    for encoding in guesses:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return text.lstrip("\ufeff"), encoding.removesuffix("-sig")
    raise FileProblem("encoding")


def _read_xlsx(content):
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(item.file_size for item in archive.infolist()) > MAX_UNPACKED_BYTES:
                raise FileProblem("too_big", limit=MAX_BYTES // 1024 // 1024)
        workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
        sheet = workbook.worksheets[0]
        sheet.reset_dimensions()  # a file may lie about its own size
        for number, row in enumerate(sheet.iter_rows(), 1):
            _check_width(row)
            yield number, [_cell(cell) for cell in row]
        workbook.close()
    except FileProblem:
        raise
    # openpyxl raises whatever its parsers meet in a file that is not what it says
    except Exception as error:
        raise FileProblem("not_xlsx") from error


def _check_width(row):
    if len(row) > MAX_COLUMNS:
        raise FileProblem("too_many_columns", limit=MAX_COLUMNS)


def _cell(cell):
    value = cell.value
    if cell.data_type == "f":
        return FORMULA
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _table(lines, remarks, known, required):
    """The rows under the header; blank ones are passed over."""
    lines = iter(lines)
    header = None
    for position, (_number, cells) in enumerate(lines):
        if any(cell.strip() for cell in cells):
            header = cells
            break
        if position == MAX_BLANK_ROWS:
            raise FileProblem("no_header", limit=MAX_BLANK_ROWS)
    if header is None:
        raise FileProblem("empty")
    columns = _match_header(header, remarks, known, required)
    rows, blank = [], 0
    for number, cells in lines:
        row = {
            key: cells[position].strip()
            for position, key in columns.items()
            if position < len(cells) and cells[position].strip()
        }
        if not row:
            blank += 1
            if blank > MAX_BLANK_ROWS:
                break
            continue
        blank = 0
        if len(rows) == MAX_ROWS:
            raise FileProblem("too_many_rows", limit=MAX_ROWS)
        rows.append((number, row))
    if not rows:
        raise FileProblem("no_rows")
    return rows


def _match_header(header, remarks, known, required):
    """``{position: column}``; a column twice, or a required one missing, is refused."""
    by_header = {fold(text): key for key, texts in known.items() for text in texts}
    columns, unused = {}, []
    for position, text in enumerate(header):
        key = by_header.get(fold(text))
        if key in columns.values():
            raise FileProblem("doubled_column", column=text.strip())
        if key:
            columns[position] = key
        elif text.strip():
            unused.append(text.strip())
    if missing := [key for key in required if key not in columns.values()]:
        raise FileProblem("missing_column", column=missing[0])
    if unused:
        remarks["unused"] = ", ".join(unused[:10])
    return columns
