from odoo import models
from odoo.exceptions import UserError

from ..tools import rules


class ConsortiumMemberSanction(models.Model):
    """What the board decides of a file: two thirds of the votes cast, or nothing."""

    _inherit = "consortium.member.sanction"  # pylint: disable=consider-merging-classes-inherited

    def action_decide(self):
        """The board has voted: two thirds of the votes cast, or it is dismissed.

        :raise UserError: in one sentence, what the vote lacks; nothing is changed
        """
        self._check_state("notified")
        for file in self:
            resolution = file.resolution_id.sudo()  # of the board: cited, not read
            if resolution.state != "rejected" or resolution.kind != "expulsion":
                file.resolution_id._require("expulsion", self.env.company._today())
            file._check_meeting(resolution)
            if not file._is_carried(resolution):
                file._write_step({"state": "dismissed"})
                continue
            file._check_seats(resolution)
            file._write_step({"state": "decided"})

    def action_give_up(self):
        """The matter is dropped before it takes effect; another file may be opened."""
        for file in self:
            if file.state not in ("draft", "notified", "decided"):
                raise UserError(
                    self.env._(
                        "File %(name)s: this step is done and stays as it was.",
                        name=file.name,
                    )
                )
        self._write_step({"state": "dropped"})

    def _check_meeting(self, resolution):
        """The board voted, at the meeting of the notice or later, and who was there."""
        self.ensure_one()
        if resolution.body != "board" or resolution.date < self.meeting_date:
            raise UserError(
                self.env._(
                    "The board decides, at the meeting of %(date)s or later.",
                    date=self.meeting_date,
                )
            )
        voting = resolution.votes_for + resolution.votes_against
        voting += resolution.votes_abstaining
        if self.directors_present and voting > self.directors_present:
            raise UserError(
                self.env._(
                    "%(votes)s votes, but %(present)s directors present.",
                    votes=voting,
                    present=self.directors_present,
                )
            )

    def _is_carried(self, resolution):
        """Whether the votes cast reach the share that the law asks for."""
        if resolution.state == "rejected":
            return False
        share = self.env["consortium.legal.parameter"]._value(
            "expulsion_vote_min_share", resolution.date
        )
        return resolution.unanimous or rules.carried(
            resolution.votes_for, resolution.votes_against, share
        )

    def _check_seats(self, resolution):
        """Who sits on the board for the member leaves it before an expulsion."""
        offices = self.membership_id._directors_on(resolution.date)
        if self.kind == "expulsion" and offices:
            raise UserError(
                self.env._(
                    "%(person)s sits on the board for %(name)s: that office is ended "
                    "before an expulsion.",
                    person=offices[0].person_id.name,
                    name=self.partner_id.name,
                )
            )
