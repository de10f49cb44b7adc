import json

from odoo import models
from odoo.exceptions import UserError

from ..tools.clock import clock


class ConsortiumFundingClaim(models.Model):
    """What the funder reads: a plain structure, that the paper only renders."""

    _inherit = "consortium.funding.claim"  # pylint: disable=R8180

    def _statements(self):
        """One statement a report, in the language of its funder.

        :raise UserError: one of them is not computed
        """
        if any(claim.state == "draft" for claim in self):
            raise UserError(self.env._("Compute the report first."))
        return [
            claim.with_context(lang=claim.funder_id.lang or self.env.lang)._statement()
            for claim in self
        ]

    def _statement(self):
        self.ensure_one()
        inputs, result = json.loads(self.inputs), json.loads(self.result)
        start, end = inputs["year"]
        return {
            "lang": self.env.lang,
            "company": self.company_id,
            "claim": self,
            "name": self.funding_id.name,
            "reference": inputs["reference"],
            "addressee": self.funder_id.commercial_partner_id.name,
            "convention": {"start": inputs["from"], "end": inputs["to"]},
            "start": start,
            "end": end,
            "agreements": self._statement_agreements(inputs),
            "rows": self._statement_rows(result),
            "time": clock(sum(row["minutes"] for row in result["centres"].values())),
            **{
                name: self._said(result[name])
                for name in (
                    "cost",
                    "eligible",
                    "year",
                    "funder",
                    "gap",
                    "reserve",
                    "gap_to_fund",
                )
            },
            "envelope": self._said(inputs["envelope"]),
            "others": inputs["others"] and self._said(-inputs["others"]),
            "earlier": inputs["earlier"] and self._said(-inputs["earlier"]),
            "left": result["gap_to_fund"],
            "source": self._statement_source(inputs),
            "double": self._double_sentences(inputs.get("double", [])),
            "double_reason": inputs.get("double_reason", ""),
            "state": self.state,
            "hash": self.hash,
        }

    def _statement_source(self, inputs):
        """Who bears what is left, and the resolution that says so: as approved, or as
        the envelope has it now."""
        if self.state == "approved":
            return inputs["gap_source"], inputs["gap_resolution"]
        funding = self.funding_id
        return funding.gap_source or "", funding.gap_resolution_id.sudo().number or ""

    def _statement_agreements(self, inputs):
        """Each agreement, whose it is, its time and its cost."""
        found = {}
        for agreement, _center, minutes, cents, _reserve in inputs["cells"]:
            worked, cost = found.get(agreement, (0, 0))
            found[agreement] = (worked + minutes, cost + cents)
        rows = []
        for agreement, (minutes, cents) in found.items():
            name, _sharp, number = agreement.rpartition("#")
            # The report names its agreements, whoever prints it.
            order = self.env["sale.order"].sudo().browse(int(number))
            rows.append(
                {
                    "name": name,
                    "member": order.partner_id.commercial_partner_id.name,
                    "time": clock(minutes),
                    "cost": self._said(cents),
                }
            )
        return rows

    def _statement_rows(self, result):
        """Each center: its time, its cost, the cap of an hour, what is eligible."""
        centers = self.run_id._centers()
        return [
            {
                "name": centers[code].name,
                "time": clock(row["minutes"]),
                "cost": self._said(row["cost"]),
                "cap": self._said(row["cap"]) if row["cap"] else "",
                "eligible": self._said(row["eligible"]),
            }
            for code, row in result["centres"].items()
        ]

    def _said(self, cents):
        return self.currency_id.format(cents / 100)
