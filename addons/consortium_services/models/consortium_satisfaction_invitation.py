from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

# Days after which who hasn't answered is reminded, once, and after which it is over.
REMINDER_DAYS = 10
EXPIRY_DAYS = 60
STATEMENTS = ("recommend", "results", "continue")


class ConsortiumSatisfactionInvitation(models.Model):
    """The question put to a member at the end of a mandate: one agreement, one field.

    It says whether somebody answered; an anonymous answer is nowhere tied to it, not
    even by the moment of writing: no date is kept here but that of sending.
    """

    _name = "consortium.satisfaction.invitation"
    _description = "Satisfaction: Invitation"
    _order = "sent_on desc, id desc"
    _log_access = False

    order_id = fields.Many2one(
        "sale.order", string="Agreement", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="order_id.company_id", store=True)
    expertise_id = fields.Many2one(
        "consortium.expertise",
        string="Field of Expertise",
        required=True,
        ondelete="restrict",
    )
    state = fields.Selection(
        [
            ("sent", "Sent"),
            ("answered", "Answered"),
            ("expired", "Not Answered"),
        ],
        default="sent",
        required=True,
        readonly=True,
    )
    sent_on = fields.Date(required=True, readonly=True)
    reminded = fields.Boolean(readonly=True)

    _once = models.Constraint(
        "UNIQUE (order_id, expertise_id)", "One answer a mandate: it was asked already."
    )

    @api.depends("order_id.name", "expertise_id.name")
    def _compute_display_name(self):
        for invitation in self:
            invitation.display_name = (
                f"{invitation.order_id.name}, {invitation.expertise_id.name}"
            )

    def _expires_on(self):
        """The last day on which the member may answer."""
        self.ensure_one()
        return fields.Date.add(self.sent_on, days=EXPIRY_DAYS)

    @api.model
    def _survey(self):
        """The survey that answers go to, and its questions by what they ask."""
        survey = self.env.ref("consortium_services.survey_satisfaction")
        names = {name: f"question_{name}" for name in (*STATEMENTS, "comments")}
        return survey, {
            name: self.env.ref(f"consortium_services.{xmlid}")
            for name, xmlid in names.items()
        }

    def _may_answer(self):
        """Whether the user acts, by a mandate to sign or to request, for the member or
        for who is served. Reading the agreement, or paying for it, is not enough."""
        self.ensure_one()
        # Whoever was sent the question need not read the agreement.
        order = self.sudo().order_id
        user = self.env.user
        acting = user._acting_partner("sign") | user._acting_partner("request")
        return bool(
            acting & (order.partner_id.commercial_partner_id | order.beneficiary_id)
        )

    def _answer(self, answers, comments="", anonymous=False):
        """Record the answer of a member, once.

        :param answers: ``{recommend|results|continue: whether yes}``, all three
        :param anonymous: keep nothing that tells which agreement, or who
        :raise AccessError: the user has no mandate to answer for who was served
        :raise UserError: it was answered, it is over, or a statement has no answer
        """
        self.ensure_one()
        if not self._may_answer():
            raise AccessError(
                self.env._(
                    "Those with a mandate to sign or to request services for the "
                    "member answer this."
                )
            )
        self.env.execute_query(
            SQL(
                "SELECT id FROM consortium_satisfaction_invitation WHERE id = %s "
                "FOR UPDATE",
                self.id,
            )
        )
        self.invalidate_recordset()
        if self.state != "sent" or self._expires_on() < self.company_id._today():
            raise UserError(
                self.env._("This was already answered, or the time to answer is over.")
            )
        if any(not isinstance(answers.get(name), bool) for name in STATEMENTS):
            raise UserError(self.env._("Answer yes or no to each of the statements."))
        user = self.env.user
        # Nobody but this method writes answers; an anonymous one not even in the name
        # of who is logged in, which the database would keep.
        trusted = self.with_user(SUPERUSER_ID).with_context(tracking_disable=True)
        trusted.state = "answered"
        entry = trusted._record_answer(answers, comments, anonymous, user)
        if not all(answers.values()):
            trusted._raise_low_answer(entry, anonymous)
        return entry

    def _record_answer(self, answers, comments, anonymous, user):
        survey, questions = self._survey()
        today = self.company_id._today()
        entry = self.env["survey.user_input"].create(
            {
                "survey_id": survey.id,
                "state": "done",
                "satisfaction_month": today.replace(day=1),
                **self._counted_by(),
                "satisfaction_yes": sum(answers[name] for name in STATEMENTS),
                **{f"satisfaction_{name}": answers[name] for name in STATEMENTS},
                **(
                    {}
                    if anonymous
                    else {
                        "satisfaction_agreement_id": self.order_id.id,
                        "partner_id": user.partner_id.id,
                        "email": user.email,
                        "nickname": user.name,
                    }
                ),
            }
        )
        for name in STATEMENTS:
            yes, no = questions[name].suggested_answer_ids.sorted("sequence")[:2]
            entry._save_lines(questions[name], str((yes if answers[name] else no).id))
        if comments:
            entry._save_lines(questions["comments"], comments)
        if anonymous:
            entry._forget_moment()
        return entry

    def _counted_by(self):
        """What the answer is counted by: values of ``survey.user_input``, none of which
        tells who answered. An addon that knows more about members adds to it, and to
        ``consortium.satisfaction.report._dimensions()``."""
        member = self.order_id.beneficiary_id or self.order_id.partner_id
        return {
            "satisfaction_expertise_id": self.expertise_id.id,
            "satisfaction_kind_id": member.organization_kind_id.id,
            "satisfaction_company_id": self.company_id.id,
        }

    def _raise_low_answer(self, entry, anonymous):
        """Somebody is to call the member; the coordinator of the field, without a name,
        when the answer is anonymous."""
        if not anonymous:
            self.order_id._agreement_activity(
                self.env._(
                    "A member was not satisfied: %(field)s",
                    field=self.expertise_id.name,
                )
            )
            return
        self.expertise_id.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("An anonymous member was not satisfied"),
            user_id=(
                self.expertise_id.manager_id or self.env.ref("base.user_admin")
            ).id,
        )

    @api.model
    def _cron_remind(self):
        """Remind once those who have not answered; close what is over."""
        today = self.env.company._today()
        late = self.search(
            [
                ("state", "=", "sent"),
                ("sent_on", "<", fields.Date.subtract(today, days=EXPIRY_DAYS)),
            ]
        )
        late.state = "expired"
        waiting = self.search(
            [
                ("state", "=", "sent"),
                ("reminded", "=", False),
                ("sent_on", "<=", fields.Date.subtract(today, days=REMINDER_DAYS)),
            ]
        )
        remaining = len(waiting.order_id)
        self.env["ir.cron"]._commit_progress(remaining=remaining)
        for order, invitations in waiting.grouped("order_id").items():
            invitations.reminded = True
            order._ask_satisfaction(reminder=True)
            if not self.env["ir.cron"]._commit_progress(1):
                break
