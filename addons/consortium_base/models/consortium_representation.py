from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..tools.records import changed

SCOPES = ("vote", "sign", "request", "billing")
# What changes the access of a representative.
TOUCHING = {
    "person_id",
    "organization_id",
    "date_start",
    "date_end",
    "revocation_date",
    *(f"scope_{scope}" for scope in SCOPES),
}
PERIOD = (
    "daterange(date_start, coalesce(revocation_date, date_end), "
    "CASE WHEN revocation_date IS NULL THEN '[]' ELSE '[)' END) WITH &&"
)


def no_overlap(scope):
    """The definition of the exclusion constraint of one scope.

    A revoked mandate gives nothing on the day of its revocation, so that day is free.
    """
    return (
        f"EXCLUDE USING gist (person_id WITH =, organization_id WITH =, {PERIOD}) "
        f"WHERE (scope_{scope})"
    )


class ConsortiumRepresentation(models.Model):
    _name = "consortium.representation"
    _description = "Mandate"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "organization_id, date_start desc, id desc"

    person_id = fields.Many2one(
        "res.partner",
        string="Representative",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        domain="[('is_company', '=', False)]",
    )
    organization_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        domain="['|', ('is_company', '=', True), ('parent_id', '=', False)]",
    )
    date_start = fields.Date(
        string="From",
        required=True,
        default=lambda self: self.env.company._today(),
        tracking=True,
    )
    date_end = fields.Date(
        string="Until",
        tracking=True,
        help="The last day of the mandate, included. Empty: until further notice.",
    )
    scope_vote = fields.Boolean(string="Vote", tracking=True)
    scope_sign = fields.Boolean(string="Sign", tracking=True)
    scope_request = fields.Boolean(
        string="Request Services", default=True, tracking=True
    )
    scope_billing = fields.Boolean(string="Billing", tracking=True)
    scope_summary = fields.Char(string="Scopes", compute="_compute_scope_summary")
    resolution_id = fields.Many2one(
        "consortium.resolution",
        index="btree_not_null",
        ondelete="restrict",
        groups="base.group_user",
        help="The cooperative's resolution that takes note of the mandate, if any.",
    )
    document = fields.Binary(
        string="Supporting Document", attachment=True, groups="base.group_user"
    )
    document_name = fields.Char(
        groups="base.group_user", export_string_translation=False
    )
    revocation_date = fields.Date(
        string="Revoked On", readonly=True, copy=False, tracking=True
    )
    revocation_reason = fields.Char(
        string="Reason", readonly=True, copy=False, groups="base.group_user"
    )
    state = fields.Selection(
        [("to_come", "To Come"), ("in_force", "In Force"), ("ended", "Ended")],
        compute="_compute_state",
        search="_search_state",
    )
    vote_warning = fields.Char(
        compute="_compute_vote_warning", export_string_translation=False
    )
    access_open = fields.Boolean(
        string="Portal Access",
        readonly=True,
        copy=False,
        help="The representative may log in to the portal because of this mandate.",
    )
    access_problem = fields.Char(readonly=True, copy=False, groups="base.group_user")
    reminded_days = fields.Integer(
        readonly=True, copy=False, export_string_translation=False
    )

    _dates = models.Constraint(
        "CHECK (date_end >= date_start)",
        "A mandate ends on or after the day it begins.",
    )
    _scope = models.Constraint(
        "CHECK (coalesce(scope_vote, false) OR coalesce(scope_sign, false) "
        "OR coalesce(scope_request, false) OR coalesce(scope_billing, false))",
        "A mandate needs at least one scope: vote, sign, request services or billing.",
    )
    _vote_overlap = models.Constraint(
        no_overlap("vote"),
        "This person already has a mandate to vote for this organization over part "
        "of that time: end it first.",
    )
    _sign_overlap = models.Constraint(
        no_overlap("sign"),
        "This person already has a mandate to sign for this organization over part "
        "of that time: end it first.",
    )
    _request_overlap = models.Constraint(
        no_overlap("request"),
        "This person already has a mandate to request services for this organization "
        "over part of that time: end it first.",
    )
    _billing_overlap = models.Constraint(
        no_overlap("billing"),
        "This person already has a billing mandate for this organization over part "
        "of that time: end it first.",
    )

    @api.depends("person_id", "organization_id")
    def _compute_display_name(self):
        for mandate in self:
            mandate.display_name = self.env._(
                "%(person)s for %(organization)s",
                person=mandate.person_id.name or "",
                organization=mandate.organization_id.name or "",
            )

    @api.depends(*(f"scope_{scope}" for scope in SCOPES))
    def _compute_scope_summary(self):
        labels = self.fields_get(
            [f"scope_{scope}" for scope in SCOPES], attributes=["string"]
        )
        for mandate in self:
            mandate.scope_summary = ", ".join(
                labels[f"scope_{scope}"]["string"]
                for scope in SCOPES
                if mandate[f"scope_{scope}"]
            )

    @api.depends("date_start", "date_end", "revocation_date")
    def _compute_state(self):
        today = self.env.company._today()
        for mandate in self:
            if not mandate.date_start or mandate.date_start > today:
                mandate.state = "to_come"
            elif mandate.revocation_date and mandate.revocation_date <= today:
                mandate.state = "ended"
            elif mandate.date_end and mandate.date_end < today:
                mandate.state = "ended"
            else:
                mandate.state = "in_force"

    @api.model
    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self.env.company._today()
        in_force = self._in_force_domain(today)
        to_come = Domain("date_start", ">", today)
        domains = {
            "to_come": to_come,
            "in_force": in_force,
            "ended": ~in_force & ~to_come,
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.depends("person_id", "organization_id", "scope_vote", "date_start", "date_end")
    def _compute_vote_warning(self):
        """One member, one vote: the same person seldom votes for two organisations."""
        voting = self.filtered(
            lambda mandate: mandate.scope_vote and mandate.date_start
        )
        others = self.search(
            [("person_id", "in", voting.person_id.ids), ("scope_vote", "=", True)]
        )
        for mandate in self:
            double = others.filtered(
                lambda other, mandate=mandate: (
                    mandate in voting
                    and other.person_id == mandate.person_id
                    and other.organization_id != mandate.organization_id
                    and other._overlaps(mandate)
                )
            )
            mandate.vote_warning = bool(double) and self.env._(
                "%(person)s already votes for %(organizations)s over part of that "
                "time. Check that the by-laws allow it.",
                person=mandate.person_id.name,
                organizations=", ".join(double.organization_id.mapped("name")),
            )

    def _overlaps(self, other):
        """Whether two mandates have a day in common."""
        self.ensure_one()
        last = [date for date in (self.date_end, other.date_end) if date]
        first = max(self.date_start, other.date_start)
        return not last or first <= min(last)

    @api.constrains("person_id", "organization_id")
    def _check_parties(self):
        for mandate in self:
            person, organization = mandate.person_id, mandate.organization_id
            if person.is_company:
                raise ValidationError(
                    self.env._(
                        "%(name)s is an organization: a representative is a person.",
                        name=person.name,
                    )
                )
            # Users are the administrator's to read; nothing of them is shown.
            users = person.sudo().with_context(active_test=False).user_ids
            if users & self._shared_users():
                raise ValidationError(
                    self.env._(
                        "%(name)s is a contact of Odoo itself, not of a person: it may "
                        "not represent an organization.",
                        name=person.name,
                    )
                )
            if organization.commercial_partner_id != organization:
                raise ValidationError(
                    self.env._(
                        "%(name)s is a contact of %(organization)s: choose the "
                        "organization itself.",
                        name=organization.name,
                        organization=organization.commercial_partner_id.name,
                    )
                )

    @api.model
    def _shared_users(self):
        """The users that are nobody: a mandate of theirs would be everybody's."""
        names = (
            "base.public_user",
            "base.template_portal_user_id",
            "base.user_root",
        )
        users = self.env["res.users"].sudo()  # only compared
        for name in names:
            users |= self.env.ref(name, raise_if_not_found=False) or users.browse()
        return users

    @api.model_create_multi
    def create(self, vals_list):
        mandates = super().create(vals_list)
        mandates._detach_persons()
        mandates._apply_access()
        return mandates

    def write(self, vals):  # pylint: disable=method-required-super
        self._check_register(vals)
        return self._write_mandate(vals)

    def _check_register(self, vals):
        """What a mandate was is a fact, once it has begun: who acted for whom, since
        when, and that it was revoked. A mandate made by mistake is revoked.

        :raise UserError: ``vals`` would change that
        """
        begun = self.filtered(lambda mandate: mandate.state != "to_come")
        if changed(begun, vals, ("person_id", "organization_id", "date_start")):
            raise UserError(
                self.env._(
                    "This mandate has begun: its representative, its organization and "
                    "its first day stay in the register. Revoke it and make another."
                )
            )
        revoked = self.filtered("revocation_date")
        # The reason is not everybody's to read; here it is only compared.
        if changed(revoked, vals, ("date_end",)) or changed(
            self.sudo(), vals, ("revocation_date", "revocation_reason")
        ):
            raise UserError(
                self.env._(
                    "A revocation is made by « Revoke », once, and stays in the "
                    "register."
                )
            )

    def _write_mandate(self, vals):
        """Write, revocation included: what addons extend, rather than ``write``.

        Dates, parties, scopes and revocation change who may log in and what one
        follows, at once.
        """
        touched = TOUCHING & set(vals)
        if "date_end" in vals:
            vals = {**vals, "reminded_days": 0}
        before = self.person_id if touched else self.person_id.browse()
        result = super().write(vals)  # pylint: disable=super-method-mismatch
        # A period that ends here must be known before another one is written.
        self.flush_recordset()
        self._forget_mandates()
        if "person_id" in vals:
            self._detach_persons()
        if touched:
            self._apply_access(before)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_only_to_come(self):
        if any(mandate.state != "to_come" for mandate in self):
            raise UserError(
                self.env._(
                    "A mandate that has begun stays in the register: revoke it instead."
                )
            )

    def unlink(self):
        persons = self.person_id
        result = super().unlink()
        self._forget_mandates()
        persons._sync_portal_user()
        return result

    def action_revoke(self):
        """Ask for the reason, then end the mandate today."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Revoke the Mandate"),
            "res_model": "consortium.representation.revoke",
            "view_mode": "form",
            "target": "new",
            "context": {"default_representation_id": self.id},
        }

    @api.private
    def revoke(self, reason):
        """End the mandate today: it gives nothing from now on.

        :raise UserError: it has not begun, or has already ended
        """
        for mandate in self:
            if mandate.state == "to_come":
                raise UserError(
                    self.env._("This mandate has not begun: delete it instead.")
                )
            if mandate.state == "ended":
                raise UserError(self.env._("This mandate has already ended."))
        today = self.env.company._today()
        self._write_mandate(
            {
                "date_end": today,
                "revocation_date": today,
                "revocation_reason": reason,
            }
        )

    @api.model
    def _in_force_domain(self, date):
        """The mandates that give something on ``date``."""
        return (
            Domain("date_start", "<=", date)
            & (Domain("date_end", "=", False) | Domain("date_end", ">=", date))
            & (
                Domain("revocation_date", "=", False)
                | Domain("revocation_date", ">", date)
            )
        )

    def _scopes(self):
        """The scopes of one mandate, as a set of codes."""
        self.ensure_one()
        return frozenset(scope for scope in SCOPES if self[f"scope_{scope}"])
