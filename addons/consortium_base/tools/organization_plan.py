"""What would be done with each row of a file of organizations. No Odoo here.

The plan reads plain look-up tables, so that the dry run and the real one decide in the
same way, whatever the number of rows, without a query.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlsplit

from . import neq, organization_file
from .text import fold, fold_postal_code

MAX_LENGTH = 250
_HTML = re.compile(r"<[a-zA-Z!/?]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+")
_DATE = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")
_PLAIN = ("name", "street", "city", "zip", "phone", "email", "website")
_LOOKED_UP = {
    "kind": "organization_kind_id",
    "region": "region_id",
    "sector": "industry_id",
    "province": "state_id",
}


def _is_website(text):
    """Whether programs that take addresses apart, Odoo among them, can read it."""
    try:
        parts = urlsplit(text if "//" in text else f"//{text}")
        return bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


@dataclass
class Known:
    """What the database holds that rows are compared with.

    Keys are folded (see ``tools.text``); values are identifiers.
    """

    kinds: dict = field(default_factory=dict)
    regions: dict = field(default_factory=dict)
    sectors: dict = field(default_factory=dict)
    provinces: dict = field(default_factory=dict)
    network_kinds: set = field(default_factory=set)
    region_provinces: dict = field(default_factory=dict)
    networks: dict = field(default_factory=dict)  # by folded name, and by NEQ
    by_neq: dict = field(default_factory=dict)
    archived: set = field(default_factory=set)  # NEQs of archived organizations
    by_place: dict = field(default_factory=dict)  # (name, postal code): (id, NEQ)
    coming_networks: set = field(default_factory=set)  # those that the file brings
    quebec: int = 0
    default_kind: int = 0


@dataclass
class Outcome:
    """What becomes of a row: ``create``, ``match`` or ``refuse``, and why."""

    what: str
    values: dict = field(default_factory=dict)
    partner_id: int = 0
    networks: list = field(default_factory=list)  # folded names or NEQs
    date_start: date | None = None
    date_end: date | None = None
    problems: list = field(default_factory=list)  # (code, {what to name})
    is_network: bool = False


class Plan:
    """Decides row by row; remembers the rows seen, to refuse the doubled ones."""

    def __init__(self, known):
        self.known = known
        self.seen_neq = {}
        self.seen_place = {}

    def decide(self, number, cells):
        """The ``Outcome`` of a row."""
        problems = list(self._unclean(cells))
        if problems:
            return Outcome("refuse", problems=problems)
        values = {key: cells[key] for key in _PLAIN if cells.get(key)}
        problems += self._look_up(cells, values)
        problems += self._check_plain(cells)
        registry, problem = self._read_neq(cells, values)
        problems += problem
        start, end, problem = self._read_dates(cells)
        problems += problem
        is_network = values.get("organization_kind_id") in self.known.network_kinds
        networks, problem = self._read_networks(cells)
        problems += problem
        place = self.place(cells)
        problems += self._doubled(number, registry, place)
        partner, problem = self._match(registry, place)
        problems += problem
        return Outcome(
            what="refuse" if problems else "match" if partner else "create",
            values=values,
            partner_id=partner,
            networks=networks,
            date_start=start,
            date_end=end,
            problems=problems,
            is_network=is_network,
        )

    @staticmethod
    def place(cells):
        """What stands for the NEQ when there is none: the name and postal code."""
        return fold(cells.get("name")), fold_postal_code(cells.get("zip"))

    @staticmethod
    def network_keys(cells):
        """The networks a row names, primary first, as they are looked up."""
        named = [text.strip() for text in cells.get("networks", "").split(";")]
        return [
            (neq.compact(text) if neq.is_neq(text) else fold(text), text)
            for text in named
            if text
        ]

    def _unclean(self, cells):
        for key, text in cells.items():
            if text == organization_file.FORMULA:
                yield "formula", {"column": key}
            elif _HTML.search(text):
                yield "html", {"column": key}
            elif _CONTROL.search(text):
                yield "control", {"column": key}
            elif len(text) > MAX_LENGTH and key != "networks":
                yield "too_long", {"column": key, "limit": MAX_LENGTH}
        if not cells.get("name"):
            yield "no_name", {}

    def _look_up(self, cells, values):
        known = self.known
        tables = {
            "kind": known.kinds,
            "region": known.regions,
            "sector": known.sectors,
            "province": known.provinces,
        }
        for key, target in _LOOKED_UP.items():
            text = cells.get(key)
            if not text:
                continue
            found = tables[key].get(fold(text))
            if found:
                values[target] = found
            else:
                yield f"unknown_{key}", {"text": text}
        if not cells.get("kind"):
            if known.default_kind:
                values["organization_kind_id"] = known.default_kind
            else:
                yield "no_kind", {}
        province = known.region_provinces.get(values.get("region_id"))
        if province and values.setdefault("state_id", province) != province:
            yield "region_elsewhere", {"text": cells["region"]}

    def _check_plain(self, cells):
        email = cells.get("email")
        if email and not _EMAIL.fullmatch(email):
            yield "bad_email", {"text": email}
        website = cells.get("website")
        if website and not _is_website(website):
            yield "bad_website", {"text": website}

    def _read_neq(self, cells, values):
        text = cells.get("neq")
        if not text:
            return "", []
        province = values.get("state_id")
        if not neq.is_neq(text) and province in (None, self.known.quebec):
            return "", [("bad_neq", {"text": text})]
        values["company_registry"] = neq.normalize(text)
        return (values["company_registry"] if neq.is_neq(text) else ""), []

    def _read_dates(self, cells):
        dates, problems = {}, []
        for key in ("date_start", "date_end"):
            text = cells.get(key, "")[:10]
            dates[key] = None
            if not text:
                continue
            try:
                dates[key] = date(*map(int, _DATE.fullmatch(text).groups()))
            except (AttributeError, ValueError):
                problems.append(("bad_date", {"text": cells[key]}))
        start, end = dates["date_start"], dates["date_end"]
        if start and end and end < start:
            problems.append(("dates_crossed", {}))
        return start, end, problems

    def _read_networks(self, cells):
        keys, problems = [], []
        for key, text in self.network_keys(cells):
            if key in self.known.networks or key in self.known.coming_networks:
                if key not in keys:
                    keys.append(key)
            else:
                problems.append(("unknown_network", {"text": text}))
        return keys, problems

    def _doubled(self, number, registry, place):
        problem = []
        if registry and registry in self.seen_neq:
            problem = [("doubled_neq", {"row": self.seen_neq[registry]})]
        elif place in self.seen_place:
            other, other_registry = self.seen_place[place]
            if not (registry and other_registry):
                problem = [("doubled_place", {"row": other})]
        if not problem:
            self.seen_place.setdefault(place, (number, registry))
            if registry:
                self.seen_neq[registry] = number
        return problem

    def _match(self, registry, place):
        """The organization that the row is about, by NEQ, then by name and place."""
        if registry in self.known.by_neq:
            return self.known.by_neq[registry], []
        if registry and registry in self.known.archived:
            return 0, [("archived", {})]
        partner, other = self.known.by_place.get(place, (0, ""))
        if partner and registry and other and registry != other:
            return 0, [("other_neq", {"number": other})]
        return partner, []
