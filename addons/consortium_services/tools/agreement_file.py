"""The columns of a file of running agreements, and what their cells say. No Odoo."""

import re
from datetime import date

# As in consortium_base's organization_file: the first French, then the English header.
COLUMNS = {
    "number": ("Numéro", "Number", "No", "Entente"),
    "member": ("Membre", "Member", "NEQ", "Organisation", "Organization"),
    "type": ("Type", "Kind", "Type d'entente", "Type of agreement"),
    "title": ("Titre", "Title", "Objet", "Subject"),
    "start": ("Début", "Start", "Date de début", "Starts on"),
    "end": ("Fin", "End", "Date de fin", "Ends on"),
    "fields": ("Champs et heures", "Fields and hours", "Champs d'expertise", "Fields"),
    "spent": ("Heures déjà faites", "Hours already spent", "Heures faites", "Spent"),
    "ceiling": ("Plafond", "Ceiling", "Plafond d'heures", "Hour ceiling"),
    "payer": ("Payeur", "Payer"),
    "beneficiary": ("Bénéficiaire", "Beneficiary"),
    "signed_on": ("Signée le", "Signed on", "Date de signature"),
    "signed_by": ("Signée par", "Signed by", "Signataire"),
}
REQUIRED = ("member", "title", "start", "end", "fields")
MAX_ROWS = 2000
_HOURS = re.compile(r"(\d{1,6})(?:[.,](\d{1,2}))?\s*h?", re.IGNORECASE)


def template_rows(french):
    """The header of the file to fill in, and one line as an example."""
    example = {
        "number": "2018-114",
        "member": "1142345678",
        "type": "Service",
        "title": "Accompagnement comptable" if french else "Accounting support",
        "start": "2018-07-01",
        "end": "2019-06-30",
        "fields": "COMPTA: 120; JURI: 12,5",
        "spent": "COMPTA: 40",
        "signed_on": "2018-06-21",
        "signed_by": "Aline Tremblay",
    }
    header = [texts[0 if french else 1] for texts in COLUMNS.values()]
    return [header, [example.get(key, "") for key in COLUMNS]]


def minutes(text):
    """« 12,5 » or « 12.25 h » as minutes.

    :raise ValueError: it is no number of hours
    """
    found = _HOURS.fullmatch(text.strip())
    if not found:
        raise ValueError(text)
    whole, part = found.groups()
    hundredths = int((part or "").ljust(2, "0"))
    return int(whole) * 60 + (hundredths * 60 + 50) // 100


def field_minutes(text):
    """« COMPTA: 120; JURI: 12,5 » as ``{code: minutes}``.

    :raise ValueError: a part is not « code: hours », or a field is there twice
    """
    found = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        code, colon, hours = part.rpartition(":")
        if not colon or not code.strip() or code.strip() in found:
            raise ValueError(part)
        found[code.strip()] = minutes(hours)
    return found


def day(text):
    """A date written year-month-day.

    :raise ValueError: it is written otherwise
    """
    return date.fromisoformat(text.strip())
