from odoo import models
from odoo.exceptions import UserError

from ..tools import rules


class ConsortiumMemberSanction(models.Model):
    """What the board decides of a file: two thirds of the votes cast by the directors
    present, once the member could be heard, or nothing."""

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
            file._check_hearing()
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

    def _check_given(self, date):
        """A notice is given before its step is done.

        :raise UserError: its day is to come
        """
        self.ensure_one()
        if date and date > self.company_id._today():
            raise UserError(
                self.env._(
                    "File %(name)s: this notice is of %(date)s, and that day has not "
                    "come yet.",
                    name=self.name,
                    date=date,
                )
            )

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
        if not self.directors_present:
            raise UserError(
                self.env._(
                    "The votes cast are those of the directors present: say how many "
                    "they were."
                )
            )
        if voting > self.directors_present:
            raise UserError(
                self.env._(
                    "%(votes)s votes, but %(present)s directors present.",
                    votes=voting,
                    present=self.directors_present,
                )
            )

    def _check_hearing(self):
        """The board decides once the member has spoken, sent a statement that was read,
        or did neither: the file says which."""
        self.ensure_one()
        answered = self.was_heard or self.statement_received
        if answered == self.was_silent:
            raise UserError(
                self.env._(
                    "Say whether %(name)s spoke, sent a written statement, or did "
                    "neither.",
                    name=self.partner_id.name,
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
