from odoo import models
from odoo.addons.consortium_base.tools.neq import normalize
from odoo.addons.consortium_base.tools.organization_file import FORMULA
from odoo.addons.consortium_base.tools.text import fold

from ..tools import agreement_file

TYPES = {
    "": "service",
    "service": "service",
    "entente de service": "service",
    "framework": "framework",
    "cadre": "framework",
    "entente cadre": "framework",
    "partnership": "partnership",
    "partenariat": "partnership",
}


class ConsortiumAgreementImport(models.Model):
    """What each row of the file would make."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "consortium.agreement.import"

    def _decide(self, rows):
        """What each row would make: ``[(outcome, message, values), …]``."""
        known = self._known(rows)
        decided, numbers = [], set()
        for _number, cells in rows:
            number = cells.get("number", "")
            try:
                values = self._row_values(cells, known)
                if number and number in numbers:
                    raise ValueError(self.env._("This number is in the file twice."))
                numbers.add(number)
            except ValueError as error:
                decided.append(("refuse", str(error), False))
                continue
            if number and number in known["orders"]:
                decided.append(
                    ("known", self.env._("An agreement has this number."), False)
                )
            else:
                decided.append(("create", False, values))
        return decided

    def _known(self, rows):
        """The organisations, fields and agreements that the file names: a query each,
        however many rows it has."""
        partners = self.env["res.partner"].search_fetch(
            [("is_company", "=", True), ("parent_id", "=", False)],
            ["name", "company_registry"],
        )
        by_name = {}
        for partner in partners:
            by_name.setdefault(fold(partner.name), []).append(partner.id)
        return {
            "names": by_name,
            "neqs": {p.company_registry: p.id for p in partners if p.company_registry},
            "fields": {
                fold(expertise.code): expertise.id
                for expertise in self.env["consortium.expertise"].search([])
            },
            "orders": set(
                self.env["sale.order"]
                .search(
                    [
                        (
                            "name",
                            "in",
                            [
                                cells["number"]
                                for _n, cells in rows
                                if "number" in cells
                            ],
                        )
                    ]
                )
                .mapped("name")
            ),
        }

    def _row_values(self, cells, known):
        """The values of one agreement.

        :raise ValueError: what is wrong with the row, in a sentence
        """
        if any(FORMULA in text for text in cells.values()):
            raise ValueError(self.env._("A cell holds a formula."))
        for name in agreement_file.REQUIRED:
            if not cells.get(name):
                texts = agreement_file.COLUMNS[name]
                raise ValueError(
                    self.env._(
                        "« %(column)s » is empty.",
                        column=texts[0 if self._is_french() else 1],
                    )
                )
        kind = TYPES.get(fold(cells.get("type", "")))
        if not kind:
            raise ValueError(
                self.env._("The type « %(text)s » is unknown.", text=cells["type"])
            )
        start = self._cell_day(cells, "start")
        end = self._cell_day(cells, "end")
        if end < start:
            raise ValueError(
                self.env._("An agreement ends on or after the day it starts.")
            )
        planned = self._cell_fields(cells["fields"], known)
        spent = self._cell_fields(cells.get("spent", ""), known)
        if spent.keys() - planned.keys():
            raise ValueError(
                self.env._("Hours were spent in a field that the row has not.")
            )
        signed = self._cell_day(cells, "signed_on") if cells.get("signed_on") else start
        ceiling = sum(planned.values())
        if cells.get("ceiling"):
            try:
                ceiling = agreement_file.minutes(cells["ceiling"])
            except ValueError:
                raise ValueError(
                    self.env._(
                        "« %(text)s » is no number of hours.", text=cells["ceiling"]
                    )
                ) from None
        return {
            "name": cells.get("number", ""),
            "partner_id": self._cell_partner(cells["member"], known),
            "payer_id": cells.get("payer")
            and self._cell_partner(cells["payer"], known),
            "beneficiary_id": cells.get("beneficiary")
            and self._cell_partner(cells["beneficiary"], known),
            "agreement_type": kind,
            "agreement_title": cells["title"],
            "agreement_start": start.isoformat(),
            "agreement_end": end.isoformat(),
            "ceiling_minutes": ceiling,
            "planned": list(planned.items()),
            "spent": list(spent.items()),
            "signed_on": signed.isoformat(),
            "signed_by": cells.get("signed_by", ""),
        }

    def _cell_day(self, cells, name):
        try:
            return agreement_file.day(cells[name])
        except ValueError:
            raise ValueError(
                self.env._(
                    "« %(text)s » is no date: write it as 2019-06-30.", text=cells[name]
                )
            ) from None

    def _cell_fields(self, text, known):
        try:
            found = agreement_file.field_minutes(text)
        except ValueError:
            raise ValueError(
                self.env._(
                    "« %(text)s » can't be read: write fields and hours as "
                    "« COMPTA: 40; JURI: 12.5 ».",
                    text=text,
                )
            ) from None
        for code in found:
            if fold(code) not in known["fields"]:
                raise ValueError(
                    self.env._(
                        "The field of expertise « %(code)s » is unknown.", code=code
                    )
                )
        return {known["fields"][fold(code)]: value for code, value in found.items()}

    def _cell_partner(self, text, known):
        found = known["neqs"].get(normalize(text))
        if found:
            return found
        same = known["names"].get(fold(text), [])
        if len(same) == 1:
            return same[0]
        if same:
            raise ValueError(
                self.env._(
                    "Several organizations are called « %(text)s »: give the NEQ.",
                    text=text,
                )
            )
        raise ValueError(
            self.env._("The organization « %(text)s » is unknown.", text=text)
        )
