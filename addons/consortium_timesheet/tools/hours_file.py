"""A file of hours, read into rows: what each says, and what is wrong with it.

No Odoo here: rows are matched with people and tasks by the import itself.
"""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from odoo.addons.consortium_base.tools.organization_file import FORMULA, read

from .apportionment import half_up
from .clock import read_minutes

COLUMNS = {
    "date": ("Date", "Date", "Jour", "Day"),
    "employee": ("Employé", "Employee", "Courriel", "Expert", "E-mail", "Personne"),
    "project": ("Projet", "Project", "Entente", "Agreement"),
    "task": ("Tâche", "Task"),
    "time": ("Heures", "Hours", "Temps", "Time", "Durée", "Duration"),
    "minutes": ("Minutes", "Minutes"),
    "name": ("Description", "Description", "Travail", "Work"),
    "reason": ("Non facturable", "Not charged", "Motif", "Reason"),
    "mode": ("Mode", "Mode", "Lieu", "Place"),
}
REQUIRED = ("date", "employee", "project")
ON_SITE = {"on_site", "on site", "sur place", "surplace", "présence", "presence"}


@dataclass
class HoursRow:
    """One row: its cells, its whole minutes, and how far they are from what it said."""

    number: int
    cells: dict[str, str]
    day: date | None = None
    minutes: int = 0
    said: Fraction = Fraction(0)
    problems: list[str] = field(default_factory=list)

    @property
    def rounded(self) -> bool:
        return self.said != self.minutes

    @property
    def on_site(self) -> bool:
        return self.cells.get("mode", "").strip().lower() in ON_SITE


def read_hours(content: bytes, filename: str = "") -> list[HoursRow]:
    """The rows of a CSV or XLSX file.

    :raise FileProblem: the file as a whole is of no use
    """
    lines, _remarks = read(content, filename, COLUMNS, REQUIRED)
    return [_row(number, cells) for number, cells in lines]


def _row(number, cells):
    row = HoursRow(number, cells)
    if FORMULA in cells.values():
        row.problems.append("formula")
        return row
    try:
        row.day = date.fromisoformat(cells.get("date", ""))
    except ValueError:
        row.problems.append("date")
    try:
        row.said = (
            Fraction(cells["minutes"].replace(",", "."))
            if "minutes" in cells
            else read_minutes(cells.get("time", ""))
        )
    except (ValueError, ZeroDivisionError):
        row.problems.append("time")
    row.minutes = half_up(row.said)
    if not row.problems and not 0 < row.minutes <= 24 * 60:
        row.problems.append("time")
    return row
