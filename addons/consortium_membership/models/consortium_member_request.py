from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError
from odoo.tools import email_normalize

KINDS = [
    ("representative", "Change of Representative"),
    ("resignation", "Resignation"),
    ("transfer", "Transfer of Shares"),
    ("redemption", "Redemption of Shares"),
    ("document", "Resolution or Other Document"),
]


class ConsortiumMemberRequest(models.Model):
    """What a member asks for in the portal, and the officer decides."""

    _name = "consortium.member.request"
    _description = "Request of a Member"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(string="Reference", readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Organization",
        required=True,
        index=True,
        ondelete="restrict",
    )
    person_id = fields.Many2one(
        "res.partner", string="Asked By", index="btree_not_null", ondelete="restrict"
    )
    kind = fields.Selection(KINDS, required=True, tracking=True)
    state = fields.Selection(
        [
            ("submitted", "Received"),
            ("accepted", "Accepted"),
            ("refused", "Refused"),
            ("cancelled", "Withdrawn"),
        ],
        required=True,
        default="submitted",
        readonly=True,
        copy=False,
        tracking=True,
    )
    date = fields.Date(
        string="Received On",
        required=True,
        default=lambda self: self.env.company._today(),
    )
    details = fields.Text()
    document = fields.Binary(attachment=True, copy=False)
    document_name = fields.Char(copy=False, export_string_translation=False)
    refusal_reason = fields.Char(copy=False, tracking=True)
    decided_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, groups="base.group_user"
    )
    decision_date = fields.Date(readonly=True, copy=False)
    # A change of representative
    representative_name = fields.Char()
    representative_email = fields.Char()
    representative_function = fields.Char()
    replaced_mandate_id = fields.Many2one(
        "consortium.representation",
        string="Replaces",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('organization_id', '=', partner_id), ('state', '=', 'in_force')]",
    )
    effective_date = fields.Date(string="From, or On")
    # Shares
    quantity = fields.Integer(string="Number of Shares")
    counterparty_name = fields.Char(string="To Whom")
    counterparty_id = fields.Many2one(
        "res.partner",
        string="To",
        index="btree_not_null",
        ondelete="restrict",
        groups="base.group_user",
    )

    _quantity = models.Constraint(
        "CHECK (quantity >= 0)", "A number of shares is zero or more."
    )

    @api.model_create_multi
    def create(self, vals_list):
        sequence = self.env["ir.sequence"].sudo()  # whoever asks gets its reference
        for vals in vals_list:
            vals.setdefault(
                "name", sequence.next_by_code("consortium.member.request") or ""
            )
            vals["state"] = "submitted"
        return super().create(vals_list)

    def write(self, vals):
        """The state follows the buttons."""
        if "state" in vals:
            raise UserError(self.env._("A request is decided by its buttons."))
        return super().write(vals)

    def _decide(self, state, **vals):
        """The only way to a decision: ``write`` refuses it to everybody."""
        return super().write(  # pylint: disable=super-method-mismatch
            {
                **vals,
                "state": state,
                "decided_by_id": self.env.uid,
                "decision_date": self.env.company._today(),
            }
        )

    def action_accept(self):
        """Accept each request, and do or begin what it asks for.

        :raise UserError: it was decided already, or something is missing
        """
        for request in self:
            request._check_waiting()
            getattr(request, f"_accept_{request.kind}")()
            request._decide("accepted")
            request._tell()

    def action_refuse(self):
        """Refuse, with the reason that the member reads.

        :raise UserError: it was decided already, or the reason is missing
        """
        for request in self:
            request._check_waiting()
            if not (request.refusal_reason or "").strip():
                raise UserError(
                    self.env._(
                        "Say why request %(name)s is refused.", name=request.name
                    )
                )
            request._decide("refused")
            request._tell()

    def _cancel(self):
        """The member withdraws what is not decided yet."""
        for request in self:
            request._check_waiting()
            request._decide("cancelled")

    def _check_waiting(self):
        """Two officers, or the member and one: the second one is told."""
        self.ensure_one()
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._(
                    "Somebody else is deciding this request at this moment: look at "
                    "it again in a while."
                )
            ) from error
        self.invalidate_recordset(["state"])
        if self.state != "submitted":
            raise UserError(
                self.env._(
                    "Request %(name)s has already been decided or withdrawn.",
                    name=self.name,
                )
            )

    def _tell(self):
        """Write to who asked; they read it in the portal too."""
        self.ensure_one()
        if not self.person_id:
            return
        lang = self.person_id.lang or self.env.lang
        request = self.with_context(lang=lang)
        accepted = self.state == "accepted"
        body = (
            request.env._("Your request %(name)s is accepted.", name=self.name)
            if accepted
            else request.env._(
                "Your request %(name)s is refused: %(reason)s",
                name=self.name,
                reason=self.refusal_reason,
            )
        )
        request.message_post(
            body=body,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.person_id.ids,
        )

    @api.model
    def _submit(self, kind, partner, person, **values):
        """Receive a request from the portal, and tell the officers.

        :param partner: the organisation that the caller was checked to sign for
        :raise UserError: what is asked for is incomplete
        """
        request = self.create(
            {
                **values,
                "kind": kind,
                "partner_id": partner.id,
                "person_id": person.id,
            }
        )
        getattr(request, f"_check_{kind}")()
        request._notify_officers()
        return request

    def _notify_officers(self):
        """An activity for the officer in charge of the organisation, else for one of
        the officers."""
        self.ensure_one()
        officers = self.env.ref("consortium_base.group_membership_officer").all_user_ids
        officers = officers.filtered(lambda u: u.active and not u.share).sorted("id")
        user = self.partner_id.user_id
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=dict(self._fields["kind"]._description_selection(self.env))[
                self.kind
            ],
            user_id=(user if user in officers else officers[:1]).id or self.env.uid,
        )

    # What each kind needs, when it is asked

    def _check_representative(self):
        if not (self.representative_name or "").strip() or not email_normalize(
            self.representative_email or ""
        ):
            raise UserError(
                self.env._("Give the name and a valid e-mail address of the person.")
            )

    def _check_resignation(self):
        if not self._membership():
            raise UserError(
                self.env._("%(name)s is not a member.", name=self.partner_id.name)
            )

    def _check_transfer(self):
        if self.quantity <= 0 or not (self.counterparty_name or "").strip():
            raise UserError(
                self.env._("Say how many shares, and to which organization.")
            )

    def _check_redemption(self):
        if self.quantity <= 0:
            raise UserError(self.env._("Say how many shares."))

    def _check_document(self):
        if not self.document:
            raise UserError(self.env._("Choose the document to send."))

    def _membership(self):
        """The membership in force today, and that is not ending."""
        model = self.env["consortium.membership"]
        return model._on(self.env.company._today(), self.company_id).filtered(
            lambda m: m.partner_id == self.partner_id and not m.date_end
        )

    # What follows from the acceptance

    def _accept_representative(self):
        """Give the mandate asked for, and revoke the one it replaces."""
        self._check_representative()
        partners = self.env["res.partner"]
        email = email_normalize(self.representative_email)
        person = partners.search(
            [("email_normalized", "=", email), ("is_company", "=", False)], limit=1
        ) or partners.create(
            {
                "name": self.representative_name,
                "email": email,
                "function": self.representative_function,
                "lang": self.partner_id.lang,
            }
        )
        today = self.env.company._today()
        replaced = self.replaced_mandate_id
        scopes = {
            f"scope_{scope}": replaced[f"scope_{scope}"] if replaced else True
            for scope in ("vote", "sign", "request", "billing")
        }
        start = max(self.effective_date or today, today)
        if replaced.state == "in_force" and start == today:
            replaced.revoke(
                self.env._("Replaced by %(name)s", name=person.display_name)
            )
        elif replaced.state == "in_force":
            replaced.date_end = start - timedelta(days=1)
        self.env["consortium.representation"].create(
            {
                "person_id": person.id,
                "organization_id": self.partner_id.id,
                "date_start": start,
                **scopes,
            }
        )

    def _accept_resignation(self):
        """Open the resignation, with the day the request was received as notice."""
        membership = self._membership()
        if not membership:
            raise UserError(
                self.env._("%(name)s is not a member.", name=self.partner_id.name)
            )
        asked = self.effective_date
        resignation = self.env["consortium.membership.resignation"].create(
            {
                "membership_id": membership.id,
                "notice_date": self.date,
                "requested_date": asked,
                "reason": self.details,
                "request_id": self.id,
            }
        )
        if asked and asked < resignation.legal_date:
            resignation.accepted_date = asked  # confirmed by a resolution only

    def _accept_transfer(self):
        """The shares make their document of an accepted request."""

    def _accept_redemption(self):
        """The shares make their document of an accepted request."""

    def _accept_document(self):
        """The document is filed with the request: nothing else to do."""
