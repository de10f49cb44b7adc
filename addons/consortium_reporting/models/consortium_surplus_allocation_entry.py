from odoo import models
from odoo.exceptions import UserError


class ConsortiumSurplusAllocation(models.Model):
    """The entry of an allocation, and its reversal."""

    _inherit = "consortium.surplus.allocation"  # pylint: disable=consider-merging-classes-inherited

    def action_post(self):
        """Post surplus to be allocated → reserve, as the general meeting decided.

        :raise UserError: in one sentence, the first thing that is wrong
        """
        self.ensure_one()
        self.lock_for_update()
        self._check_proposal()
        self._check_decision()
        self._check_amounts()
        move = self.env["account.move"].create(self._prepare_move())
        move.action_post()
        self._write_by_button({"move_id": move.id})
        self._freeze()
        return True

    def action_reverse(self):
        """Reverse the entry, as the general meeting decided; the surplus may then be
        allocated again.

        :raise UserError: in one sentence, the first thing that is wrong
        """
        self.ensure_one()
        self.lock_for_update()
        self._check_posted()
        self._check_reversal()
        # Before its entry, which is kept from being reversed by any other way.
        self._write_by_button({"state": "replaced"})
        reversal = self.move_id._reverse_moves(
            [
                {
                    "date": self.company_id._today(),
                    "ref": self.env._("Reversal of: %(ref)s", ref=self.move_id.ref),
                }
            ],
            cancel=True,
        )
        self._write_by_button({"reversal_move_id": reversal.id})
        self.flush_recordset()  # before another allocation of the year is made
        return True

    def _check_decision(self):
        """The general meeting alone allocates a surplus (Act, s. 143)."""
        if not self.date:
            raise UserError(
                self.env._("The allocation needs a resolution and a date of its entry.")
            )
        self._require_meeting(self.resolution_id, self.date)
        if self.date <= self.date_to:
            raise UserError(
                self.env._("A surplus is allocated after the end of its year.")
            )

    def _check_reversal(self):
        """What the general meeting decided, it alone decides otherwise."""
        resolution = self.reversal_resolution_id
        self._require_meeting(resolution, self.company_id._today())
        if resolution == self.resolution_id:
            raise UserError(
                self.env._("The reversal of an allocation has its own resolution.")
            )

    def _require_meeting(self, resolution, date):
        """:raise UserError: this is no decision of the meeting on the surplus"""
        resolution._require("reserve", date)
        # What allows the entry is checked without reading the minutes.
        if resolution.sudo().body != "general_meeting":
            raise UserError(
                self.env._("The general meeting alone allocates a surplus.")
            )

    def _check_amounts(self):
        proposal = self._proposal(self.date_from, self.date_to, self.company_id)
        to_reserve = round(self.to_reserve * 100)
        if proposal["surplus"] != round(self.surplus * 100):
            raise UserError(
                self.env._(
                    "The books of the year have changed since the proposal: compute it "
                    "again."
                )
            )
        if not proposal["surplus"]:
            raise UserError(self.env._("The year has neither surplus nor deficit."))
        low, high = sorted((proposal["minimum"], proposal["surplus"]))
        if proposal["surplus"] < 0:
            low = high = proposal["surplus"]
        if not low <= to_reserve <= high:
            raise UserError(
                self.env._(
                    "Between %(low)s and %(high)s go to the reserve, not %(amount)s.",
                    low=self.currency_id.format(low / 100),
                    high=self.currency_id.format(high / 100),
                    amount=self.currency_id.format(self.to_reserve),
                )
            )
        if not to_reserve:
            raise UserError(
                self.env._("Nothing goes to the reserve: no entry to post.")
            )
        if not (
            self.surplus_account_id and self.reserve_account_id and self.journal_id
        ):
            raise UserError(
                self.env._("Say which accounts and which journal the entry is made in.")
            )

    def _prepare_move(self):
        amount = self.to_reserve
        name = self.env._(
            "Surplus of %(year)s to the reserve, resolution %(number)s",
            year=f"{self.date_from} – {self.date_to}",
            number=self.sudo().resolution_id.number,
        )
        accounts = (self.surplus_account_id, self.reserve_account_id)
        return {
            "move_type": "entry",
            "journal_id": self.journal_id.id,
            "company_id": self.company_id.id,
            "date": self.date,
            "ref": name,
            "line_ids": [
                (0, 0, {"account_id": account.id, "name": name, "balance": balance})
                for account, balance in zip(accounts, (amount, -amount), strict=True)
            ],
        }
