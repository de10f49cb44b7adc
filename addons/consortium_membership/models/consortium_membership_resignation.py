from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import rules


class ConsortiumMembershipResignation(models.Model):
    """A member gives notice that it leaves: on the last day of the legal delay, on a
    later one that it asks for, or earlier when the board accepts."""

    _name = "consortium.membership.resignation"
    _description = "Resignation"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "notice_date desc, id desc"
    _check_company_auto = True

    membership_id = fields.Many2one(
        "consortium.membership",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('state', '=', 'admitted'), ('date_end', '=', False)]",
    )
    partner_id = fields.Many2one(
        related="membership_id.partner_id", store=True, index=True
    )
    company_id = fields.Many2one(
        related="membership_id.company_id", store=True, index=True
    )
    notice_date = fields.Date(
        string="Notice Received On",
        required=True,
        default=lambda self: self.env.company._today(),
        tracking=True,
    )
    legal_date = fields.Date(
        string="By the Legal Delay",
        compute="_compute_dates",
        store=True,
        help="The notice, and the days of the delay on that date.",
    )
    requested_date = fields.Date(
        string="Last Day Asked For",
        tracking=True,
        help="By the member, if its notice says one: after the legal delay it is that "
        "day; before, the board accepts it or not.",
    )
    accepted_date = fields.Date(
        string="Accepted Earlier, On",
        tracking=True,
        help="The last day as a member, when the board accepts an earlier one.",
    )
    resolution_id = fields.Many2one(
        "consortium.resolution",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('kind', '=', 'resignation'), ('state', '=', 'adopted')]",
        help="Of the board: to leave earlier, or while a contract runs.",
    )
    effective_date = fields.Date(
        string="Last Day as a Member", compute="_compute_dates", store=True
    )
    contract_warning = fields.Text(compute="_compute_contract_warning")
    reason = fields.Text(string="Reason Given")
    letter = fields.Binary(attachment=True, copy=False)
    letter_name = fields.Char(copy=False, export_string_translation=False)
    request_id = fields.Many2one(
        "consortium.member.request",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        copy=False,
    )
    state = fields.Selection(
        [
            ("draft", "Notice Received"),
            ("confirmed", "Confirmed"),
            ("cancelled", "Withdrawn"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )

    _one = models.UniqueIndex(
        "(membership_id) WHERE state = 'draft'",
        "A resignation of this member is already open.",
    )

    @api.depends("partner_id")
    def _compute_display_name(self):
        for resignation in self:
            resignation.display_name = self.env._(
                "Resignation of %(name)s", name=resignation.partner_id.name or ""
            )

    @api.depends("notice_date", "accepted_date", "requested_date")
    def _compute_dates(self):
        parameters = self.env["consortium.legal.parameter"]
        for resignation in self:
            notice = resignation.notice_date
            if not notice:
                resignation.legal_date = resignation.effective_date = False
                continue
            delay = parameters._value("resignation_notice_days", notice)
            resignation.legal_date = rules.after(notice, delay)
            resignation.effective_date = rules.resignation_day(
                notice,
                delay,
                resignation.accepted_date or None,
                resignation.requested_date or None,
            )

    @api.depends("membership_id", "effective_date")
    def _compute_contract_warning(self):
        for resignation in self:
            contracts = (
                resignation.membership_id._running_contracts(resignation.effective_date)
                if resignation.membership_id and resignation.effective_date
                else []
            )
            resignation.contract_warning = "\n".join(
                self.env._(
                    "%(contract)s runs until %(end)s.",
                    contract=label,
                    end=end or self.env._("further notice"),
                )
                for label, end in contracts
            )

    def write(self, vals):
        """The state follows the buttons; what is confirmed stays.

        :raise UserError: ``vals`` would change that
        """
        kept = {
            name
            for name in vals
            if name in self._fields
            and self._fields[name].store
            and not name.startswith(("activity_", "message_", "website_message"))
        }
        done = kept and any(resignation.state != "draft" for resignation in self)
        if "state" in kept or (done and kept - {"letter", "letter_name"}):
            raise UserError(
                self.env._("A resignation that was confirmed or withdrawn stays so.")
            )
        return super().write(vals)

    def _write_state(self, state):
        return super().write({"state": state})  # pylint: disable=super-method-mismatch

    @api.ondelete(at_uninstall=False)
    def _unlink_only_draft(self):
        if any(resignation.state == "confirmed" for resignation in self):
            raise UserError(
                self.env._("A confirmed resignation stays in the register.")
            )

    def action_confirm(self):
        """Give the membership its last day.

        :raise UserError: in one sentence, what prevents it
        """
        for resignation in self:
            if resignation.state != "draft":
                raise UserError(
                    self.env._(
                        "A resignation that was confirmed or withdrawn stays so."
                    )
                )
            resignation._check_board()
            resignation.membership_id._end(
                resignation.effective_date, "resignation", resignation.resolution_id
            )
            resignation._write_state("confirmed")

    def _check_board(self):
        """The board accepts an earlier day, and a resignation during a contract."""
        self.ensure_one()
        early = self.effective_date < self.legal_date
        if not early and not self.contract_warning:
            return
        if not self.resolution_id:
            raise UserError(
                self.env._(
                    "%(name)s would leave before %(date)s: cite the resolution of the "
                    "board that accepts it.",
                    name=self.partner_id.name,
                    date=self.legal_date,
                )
                if early
                else self.env._(
                    "A contract of %(name)s runs: cite the resolution of the board "
                    "that lets it resign.",
                    name=self.partner_id.name,
                )
            )
        self.resolution_id._require("resignation", self.effective_date)

    def action_withdraw(self):
        """The member changes its mind before the resignation is confirmed."""
        if any(resignation.state != "draft" for resignation in self):
            raise UserError(
                self.env._("A resignation that was confirmed or withdrawn stays so.")
            )
        self._write_state("cancelled")
