from odoo import api, fields, models
from odoo.exceptions import UserError


class ConsortiumAgreementConsent(models.Model):
    """The member's consent to hours beyond the ceiling: asked, then given or not."""

    _name = "consortium.agreement.consent"
    _description = "Consent to Go Over the Ceiling"
    _order = "order_id, id desc"

    order_id = fields.Many2one(
        "sale.order",
        string="Agreement",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('agreement_state', '=', 'running')]",
    )
    company_id = fields.Many2one(related="order_id.company_id", store=True)
    minutes = fields.Integer(required=True)
    hours = fields.Float(
        string="More Hours", compute="_compute_hours", inverse="_inverse_hours"
    )
    reason = fields.Text(required=True)
    state = fields.Selection(
        [("asked", "Asked"), ("given", "Given"), ("refused", "Refused")],
        default="asked",
        required=True,
        readonly=True,
    )
    partner_id = fields.Many2one(
        "res.partner", string="Answered By", readonly=True, ondelete="restrict"
    )
    answered_on = fields.Datetime(readonly=True)

    _minutes = models.Constraint(
        "CHECK (minutes > 0)", "Ask for some hours: more than none."
    )

    @api.depends("minutes")
    def _compute_hours(self):
        for consent in self:
            consent.hours = consent.minutes / 60

    def _inverse_hours(self):
        for consent in self:
            consent.minutes = round(consent.hours * 60)

    @api.depends("order_id.name")
    def _compute_display_name(self):
        for consent in self:
            consent.display_name = self.env._(
                "%(hours)s more for %(agreement)s",
                hours=consent.order_id._hours_text(consent.minutes),
                agreement=consent.order_id.name or "",
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Ask the member; only the member answers.

        :raise UserError: the agreement isn't running
        """
        for vals in vals_list:
            if "hours" in vals:
                vals["minutes"] = round(vals.pop("hours") * 60)
            if not self.env.su:
                self._check_answer(vals)
        consents = super().create(vals_list)
        for consent in consents:
            if consent.order_id.agreement_state != "running":
                raise UserError(
                    self.env._("Only the hours of a running agreement are added to.")
                )
            consent.order_id._post_to_signatories(
                "consortium_services.mail_template_agreement_consent"
            )
        return consents

    def write(self, vals):
        """A question that was asked stays as it was."""
        if not self.env.su:
            raise UserError(
                self.env._(
                    "The member was asked this: delete the question to ask another one."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_answered(self):
        if any(consent.state != "asked" for consent in self):
            raise UserError(self.env._("What the member answered stays."))

    @api.model
    def _check_answer(self, vals):
        if vals.get("state", "asked") != "asked" or {
            "partner_id",
            "answered_on",
        } & set(vals):
            raise UserError(self.env._("The member alone answers."))

    def _answer(self, given):
        """Answer in the name of the member, as the user who is logged in.

        :raise AccessError: the user has no mandate to sign for the member
        :raise UserError: it was answered already
        """
        self.ensure_one()
        self.order_id._lock_signature()
        self.invalidate_recordset()
        user = self.env.user
        self.order_id._check_signatory(user, user.name)
        if self.state != "asked" or self.order_id.agreement_state != "running":
            raise UserError(self.env._("This was already answered."))
        # The member reads the question; its answer is written for it.
        trusted = self.sudo()
        trusted.write(
            {
                "state": "given" if given else "refused",
                "partner_id": user.partner_id.id,
                "answered_on": fields.Datetime.now(),
            }
        )
        order = trusted.order_id
        if given:
            order.ceiling_warned = min(order.ceiling_warned, order._ceiling_mark())
        words = {"person": user.name, "hours": order._hours_text(trusted.minutes)}
        if given:
            body = self.env._(
                "%(person)s has consented to %(hours)s beyond the ceiling.", **words
            )
        else:
            body = self.env._(
                "%(person)s has refused %(hours)s beyond the ceiling.", **words
            )
        order.message_post(
            body=body,
            author_id=user.partner_id.id,
        )
        order._agreement_activity(
            self.env._("The member answered about the ceiling of hours")
        )
