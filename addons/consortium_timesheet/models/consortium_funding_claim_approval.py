import json

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..tools import funding as arithmetic
from ..tools.run import canonical, digest


class ConsortiumFundingClaim(models.Model):
    """Computed, checked, then frozen with its hash."""

    _inherit = "consortium.funding.claim"  # pylint: disable=R8180

    @api.depends("state", "funding_id", "run_id", "line_ids")
    def _compute_double_funding(self):
        for claim in self:
            found = []
            if claim.state == "computed":
                found = claim._double_funding()
            elif claim.state == "approved":
                found = json.loads(claim.inputs)["double"]
            claim.double_funding = "\n".join(claim._double_sentences(found))

    def _double_sentences(self, found):
        return [
            self.env._(
                "%(entry)s: the funder already pays %(amount)s of the cost of "
                "%(center)s, as a credit.",
                entry=entry,
                amount=self.currency_id.format(cents / 100),
                center=center,
            )
            for entry, center, cents in found
        ]

    def action_compute(self):
        """What the funder pays of the year, and what it leaves; repeated until it is
        approved.

        :raise UserError: see ``_inputs``; or the report is approved
        """
        for claim in self:
            claim.check_access("write")
            claim._check_open()
            claim._write_figures(claim._inputs())
        return True

    def _write_figures(self, inputs):
        """Replace the figures and the lines by those that the inputs give."""
        self.ensure_one()
        result = arithmetic.claim(inputs)
        centers = self.run_id._centers()
        lines = [
            {
                "company_id": self.company_id.id,
                "cost_center_id": centers[code].id,
                "minutes": row["minutes"],
                "cost_cents": row["cost"],
                "cap_cents": row["cap"],
                "eligible_cents": row["eligible"],
            }
            for code, row in result["centres"].items()
        ]
        # The buttons alone write them; who may was checked.
        self.sudo()._write_claim(
            {
                "state": "computed",
                "inputs": canonical(inputs),
                "result": canonical(result),
                "others_cents": inputs["others"],
                "earlier_cents": inputs["earlier"],
                "fixed_cents": inputs["fixed"],
                **{
                    f"{name}_cents": result[name]
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
                "line_ids": [Command.clear(), *map(Command.create, lines)],
            }
        )

    def action_approve(self):
        """Freeze the report; of an approved one, nothing.

        :raise UserError: not computed, changed since, a gap that nobody bears, or paid
            already by the funder as a credit, and no reason why that is not the same
        """
        for claim in self:
            claim.check_access("write")
            claim.funding_id._lock()
            claim.invalidate_recordset(["state"])
            if claim.state == "approved":
                continue
            if claim.state != "computed":
                raise UserError(self.env._("Compute the report first."))
            inputs = claim._inputs()
            if canonical(inputs) != claim.inputs:
                raise UserError(
                    self.env._(
                        "What « %(name)s » rests on changed since it was computed: "
                        "compute it again, and look at it.",
                        name=claim.display_name,
                    )
                )
            claim._write_figures(inputs)
            claim._freeze({**inputs, **claim._decision()})
        return True

    def _decision(self):
        """What is decided with the figures, as plain text.

        :raise UserError: something is left to decide; says what
        """
        self.ensure_one()
        funding, reason = self.funding_id, (self.double_funding_reason or "").strip()
        source = (funding.gap_source or "").strip() if self.gap_to_fund_cents else ""
        if self.gap_to_fund_cents and not source:
            raise UserError(
                self.env._(
                    "« %(name)s » leaves %(amount)s that the funder does not pay: name "
                    "who bears it on the envelope.",
                    name=self.display_name,
                    amount=self.currency_id.format(self.gap_to_fund),
                )
            )
        resolution = funding.gap_resolution_id
        if not source:
            resolution = resolution.browse()
        if resolution:
            resolution._require("settlement", self.company_id._today())
        double = self._double_funding()
        if double and not reason:
            raise UserError(
                "\n".join(
                    [
                        *self._double_sentences(double)[:10],
                        self.env._("Say why it is not paid twice, or leave it out."),
                    ]
                )
            )
        return {
            "double": double,
            "double_reason": reason if double else "",
            "gap_source": source,
            "gap_resolution": resolution.sudo().number or "",
        }

    def _freeze(self, inputs):
        """Keep the figures and what was decided, with their hash."""
        self.ensure_one()
        resolution = self.funding_id.gap_resolution_id
        approved = self.funding_id._approved()
        previous = approved - approved.previous_id
        self.flush_recordset()
        self.line_ids.flush_recordset()
        self.sudo()._write_claim(
            {
                "state": "approved",
                "inputs": canonical(inputs),
                "previous_id": previous.id,
                "hash": digest(inputs, json.loads(self.result), previous.hash or ""),
                "gap_source": inputs["gap_source"],
                "gap_resolution_id": inputs["gap_resolution"] and resolution.id,
                "approved_by_id": self.env.uid,
                "approved_on": fields.Datetime.now(),
            }
        )
        self.flush_recordset()

    def _replay(self):
        """The hash that the kept inputs give today: the same, or something is wrong."""
        self.ensure_one()
        inputs = json.loads(self.inputs)
        return digest(inputs, arithmetic.claim(inputs), self.previous_id.hash or "")

    def action_verify(self):
        """Compute an approved report again from what it kept, and tell.

        :raise UserError: the hash is another one
        """
        self.ensure_one()
        if self.state != "approved" or self._replay() != self.hash:
            raise UserError(
                self.env._(
                    "« %(name)s » does not give its hash again.",
                    name=self.display_name,
                )
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Computed again: the same figures, same hash."),
            },
        }
