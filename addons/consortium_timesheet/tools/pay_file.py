"""A pay file, read into amounts by person, then split by centre. No Odoo here.

Nothing of a person leaves these functions but in the totals of centres.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from odoo.addons.consortium_base.tools.organization_file import FORMULA, read

from .apportionment import largest_remainder

COLUMNS = {
    "employee": ("Employé", "Employee", "Nom", "Name", "Nom de l'employé"),
    "number": ("Numéro", "Number", "Matricule", "No employé", "Badge"),
    "email": ("Courriel", "E-mail", "Adresse courriel", "Email"),
    "pay": ("Salaire", "Pay", "Salaire brut", "Gross pay", "Brut"),
    "charges": ("Charges", "Charges", "Charges de l'employeur", "Employer charges"),
}
COMPONENTS = ("pay", "charges")


@dataclass
class PayRow:
    """One row: how its person is named, and cents by component."""

    line: int
    name: str
    number: str
    email: str
    cents: dict[str, int] = field(default_factory=dict)


def read_pay(content, filename=""):
    """``(rows, problems)``: problems are ``(line, code, text)``.

    :raise FileProblem: the file as a whole is of no use
    """
    lines, _remarks = read(content, filename, COLUMNS, ("pay",))
    rows, problems = [], []
    for number, cells in lines:
        row = PayRow(
            number,
            cells.get("employee", ""),
            cells.get("number", ""),
            cells.get("email", ""),
        )
        if not (row.name or row.number or row.email):
            problems.append((number, "nobody", ""))
        for component in COMPONENTS:
            text = cells.get(component, "")
            try:
                row.cents[component] = cents(text)
            except ValueError as error:
                problems.append((number, str(error), COLUMNS[component][0]))
        rows.append(row)
    return rows, problems


def cents(text):
    """The whole cents that a cell says; ``1 234,56 $`` as well as ``1234.56``.

    :raise ValueError: ``formula``, ``amount``, ``negative`` or ``decimals``
    """
    if text == FORMULA:
        raise ValueError("formula")
    plain = "".join(text.split()).replace("$", "").replace("\u202f", "")
    if not plain:
        return 0
    if "," in plain and "." not in plain:
        plain = plain.replace(",", ".")
    plain = plain.replace(",", "")
    try:
        value = Decimal(plain)
    except InvalidOperation as error:
        raise ValueError("amount") from error
    if not value.is_finite() or abs(value) >= 10**9:
        raise ValueError("amount")
    if value < 0:
        raise ValueError("negative")
    # What a worksheet computed in binary is a hair beside the cent.
    amount = round(value * 100, 5)
    if amount != int(amount):
        raise ValueError("decimals")
    return int(amount)


@dataclass(frozen=True)
class Assignment:
    """A person's share in a centre, in hundredths of a percent; both days included."""

    centre: str
    share: int
    start: date
    end: date | None


def weights(assignments, start: date, end: date) -> dict[str, int]:
    """How many days, times their share, each centre has the person in a period.

    :raise ValueError: ``none`` (never in a centre in the period), or the first day, as
        text, when the shares do not sum to 100 %
    """
    total: dict[str, int] = {}
    day = start
    while day <= end:
        today = [
            (a.centre, a.share)
            for a in assignments
            if a.start <= day and (a.end is None or a.end >= day)
        ]
        if today and sum(share for _centre, share in today) != 10_000:
            raise ValueError(day.isoformat())
        for centre, share in today:
            total[centre] = total.get(centre, 0) + share
        day += timedelta(days=1)
    if not total:
        raise ValueError("none")
    return total


def split(
    amounts: Mapping[str, Mapping[str, int]], shares: Mapping[str, Mapping[str, int]]
) -> dict[str, dict[str, int]]:
    """The totals by centre and component of what each person is paid.

    :param amounts: by person, cents by component
    :param shares: by person, weights by centre
    :return: sums to the amounts, to the cent, for each component
    """
    totals: dict[str, dict[str, int]] = {}
    for person, components in amounts.items():
        for component, amount in components.items():
            if not amount:
                continue
            parts = largest_remainder(amount, shares[person])
            for centre, part in parts.items():
                by_component = totals.setdefault(centre, {})
                by_component[component] = by_component.get(component, 0) + part
    return totals
