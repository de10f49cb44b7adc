from markupsafe import escape
from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..tools import agreement_content


class SaleOrder(models.Model):
    """How an agreement comes into force: proposed, signed by the member, countersigned.

    Core takes any name with a link; here a person with a mandate to sign, logged in,
    and nobody else. Only the countersignature of the cooperative confirms the order.
    """

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    # What core would let a link do

    def _has_to_be_signed(self):
        """Never by core's own form, nor by a link."""
        self.ensure_one()
        return not self.is_service_agreement and super()._has_to_be_signed()

    def _has_to_be_paid(self):
        """An agreement is paid by the invoices of its hours."""
        self.ensure_one()
        return not self.is_service_agreement and super()._has_to_be_paid()

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for order in self.filtered("is_service_agreement"):
            order.access_url = f"/my/agreements/{order.id}"
        return result

    def _confirmation_error_message(self):
        self.ensure_one()
        if self.is_service_agreement and not (self.signed_on and self.countersigned_on):
            return self.env._(
                "%(agreement)s comes into force when the cooperative countersigns it, "
                "after the member's signature.",
                agreement=self.name,
            )
        return super()._confirmation_error_message()

    def action_quotation_send(self):
        """The proposal of an agreement has its own message."""
        if len(self) == 1 and self.is_service_agreement:
            return self.action_propose()
        return super().action_quotation_send()

    def action_quotation_sent(self):
        if self.filtered("is_service_agreement"):
            return self.action_propose()
        return super().action_quotation_sent()

    # Proposal

    def action_propose(self):
        """Send the agreement to those who may sign it for the member."""
        self._require_coordinator()
        for order in self:
            order._check_proposable()
            if not order.signed_on:
                order.clause_version_ids = self.env[
                    "consortium.agreement.clause"
                ]._versions_on(order.agreement_type, order._today())
            # The steps of an agreement are taken by its buttons alone.
            order.sudo().write({"state": "sent", "proposed_on": fields.Datetime.now()})
            order._post_to_signatories(
                "consortium_services.mail_template_agreement_proposal"
            )
        return True

    def _check_proposable(self):
        """:raise UserError: what is missing, in one sentence"""
        self.ensure_one()
        if self.agreement_state not in ("draft", "proposed"):
            raise UserError(self._signed_message())
        lines = self.order_line.filtered("expertise_id")
        missing = False
        if self.agreement_type != "framework" and not lines.filtered("is_taken"):
            missing = self.env._("a field of expertise with its hours")
        elif not self.agreement_start or not self.agreement_end:
            missing = self.env._("its first and last days")
        elif not self.agreement_title:
            missing = self.env._("a title")
        if missing:
            raise UserError(
                self.env._(
                    "%(agreement)s can't be proposed yet: it needs %(missing)s.",
                    agreement=self.name,
                    missing=missing,
                )
            )
        if not self._signatories():
            raise UserError(
                self.env._(
                    "Nobody has a mandate to sign for %(member)s: add one under "
                    "Organizations > Mandates.",
                    member=self.partner_id.commercial_partner_id.name,
                )
            )

    def _signatories(self):
        """The persons who may sign for the member today."""
        self.ensure_one()
        return self._representatives("sign")

    def _representatives(self, *scopes):
        """The persons who may act for the member today, for one of these scopes."""
        self.ensure_one()
        # Who represents the member is known to whoever writes to it.
        mandates = self.env["consortium.representation"].sudo()
        found = mandates.search(
            mandates._in_force_domain(self._today())
            & fields.Domain(
                "organization_id", "=", self.partner_id.commercial_partner_id.id
            )
        )
        return found.filtered(
            lambda mandate: any(mandate[f"scope_{scope}"] for scope in scopes)
        ).person_id

    def _post_to_signatories(self, template, record=None):
        """Write to those who may sign; the message stays in the chatter, and is sent by
        the queue, so that nothing is lost when the mail server is down."""
        self.ensure_one()
        record = record or self
        record.with_context(mail_notify_force_send=False).message_post_with_source(
            template,
            partner_ids=self._signatories().ids,
            subtype_xmlid="mail.mt_comment",
            email_layout_xmlid="mail.mail_notification_light",
        )

    # The member's signature

    def _sign_as_member(self, name, digest, version=None):
        """Sign in the name of the member, as the user who is logged in.

        :param name: what was typed: the signatory's own name, no other
        :param digest: of the content that was shown
        :param version: an amendment; the agreement itself when not given
        :raise UserError: why it is not signed, in one sentence
        """
        self.ensure_one()
        self._lock_signature()
        user = self.env.user
        self._check_signatory(user, name)
        # The signatory reads the agreement; what it becomes is written for it.
        trusted = self.sudo()
        if not version and (trusted.signed_on or trusted.state != "sent"):
            raise UserError(
                self.env._(
                    "%(agreement)s is not waiting for a signature.", agreement=self.name
                )
            )
        pending = version.sudo() if version else trusted._first_version()
        if version and pending.state != "proposed":
            raise UserError(self.env._("There is nothing to sign here any more."))
        if not version and "offered" in trusted.order_line.mapped("option_state"):
            raise UserError(
                self.env._("Take or leave each of the options first, then sign.")
            )
        content = pending.content if version else trusted._agreement_content()
        if digest != agreement_content.digest(content):
            raise UserError(
                self.env._(
                    "The proposal has changed since you opened it: read it again, "
                    "then sign."
                )
            )
        now = fields.Datetime.now()
        if not version:
            pending._freeze(content)
            trusted.write(
                {
                    "signatory_id": user.partner_id.id,
                    "signed_by": user.name,
                    "signed_on": now,
                }
            )
        pending.write(
            {
                "state": "signed",
                "signatory_id": user.partner_id.id,
                "signed_by": user.name,
                "signed_on": now,
            }
        )
        pending._file("document")
        trusted._after_signature(pending)
        return pending

    def _lock_signature(self):
        """Of two clicks, the second waits for the first, then is tried again and finds
        the agreement signed."""
        self.env.execute_query(
            SQL("SELECT id FROM sale_order WHERE id = %s FOR UPDATE", self.id)
        )
        self.invalidate_recordset()

    def _check_signatory(self, user, name):
        """:raise AccessError: the user has no mandate to sign for this member
        :raise UserError: the name is somebody else's
        """
        member = self.sudo().partner_id.commercial_partner_id
        if member not in user._represented_partners("sign") or (
            user._acting_partner("sign") != member
        ):
            raise AccessError(
                self.env._(
                    "You have no mandate to sign for %(member)s: ask one of its "
                    "signatories, or the cooperative.",
                    member=member.name,
                )
            )
        if " ".join((name or "").split()).casefold() != (
            " ".join(user.name.split()).casefold()
        ):
            raise UserError(
                self.env._(
                    "You sign in your own name, %(name)s: no other is accepted.",
                    name=user.name,
                )
            )

    def _first_version(self):
        """The version that the first signature is kept in."""
        self.ensure_one()
        self.version_ids.flush_recordset(["state"])  # one at a time is on its way
        pending = self.version_ids.filtered(
            lambda version: version.state in ("draft", "proposed")
        )
        return pending[:1] or pending.create({"order_id": self.id, "state": "proposed"})

    def _after_signature(self, version):
        """Tell the cooperative that it is its turn."""
        self.ensure_one()
        self.message_post(
            body=self.env._(
                "%(version)s signed by %(person)s for %(member)s. Digest of the "
                "document: %(digest)s",
                version=version.display_name,
                person=version.signed_by,
                member=self.partner_id.commercial_partner_id.name,
                digest=version.document_sha256,
            ),
            author_id=version.signatory_id.id,
        )
        self._agreement_activity(
            self.env._("Countersign %(agreement)s", agreement=version.display_name),
            user=self._countersigner(),
        )

    def _countersigner(self):
        """Who is asked to countersign: somebody who may, the coordinator if so."""
        self.ensure_one()
        group = self.env.ref("consortium_services.group_countersigner")
        users = group.all_user_ids.filtered(
            lambda user: user.active and self.company_id in user.company_ids
        )
        if self.user_id in users:
            return self.user_id
        root = self.env.ref("base.user_root") | self.env.ref("base.user_admin")
        return (users - root)[:1] or users[:1]

    def _decline_as_member(self, reason, version=None):
        """The member says no, and why.

        :raise UserError: there is nothing to decline
        """
        self.ensure_one()
        self._lock_signature()
        self._check_signatory(self.env.user, self.env.user.name)
        trusted = self.sudo()
        if version:
            if version.sudo().state != "proposed":
                raise UserError(
                    self.env._("There is nothing to decline here any more.")
                )
            version.sudo().state = "refused"
        elif trusted.agreement_state == "proposed":
            trusted._action_cancel()
        else:
            raise UserError(self.env._("There is nothing to decline here any more."))
        trusted.message_post(
            body=self.env._("Declined: %(reason)s", reason=reason or "—"),
            author_id=self.env.user.partner_id.id,
        )
        trusted._agreement_activity(
            self.env._("The member declined"), note=escape(reason or "")
        )

    # The cooperative's countersignature

    def action_countersign(self):
        """Sign for the cooperative: the order is confirmed, its project made."""
        for order in self:
            order._lock_signature()
            version = order.sudo().version_ids.filtered(
                lambda version: version.state == "signed"
            )
            order._check_countersigner(version)
            now = fields.Datetime.now()
            version.write(
                {"countersigned_by_id": self.env.uid, "countersigned_on": now}
            )
            if order.agreement_state == "signed":
                order.sudo().write(
                    {"countersigned_by_id": self.env.uid, "countersigned_on": now}
                )
                order.sudo().action_confirm()
            else:
                order.sudo()._apply_amendment(version)
            version._previous().state = "replaced"
            version.state = "in_force"
            version._file("final_document")
            order.sudo().activity_unlink(
                ["consortium_services.activity_agreement"], only_automated=True
            )
            order.sudo()._post_to_signatories(
                "consortium_services.mail_template_agreement_in_force"
            )
        return True

    def _check_countersigner(self, version):
        """:raise AccessError: the user may not engage the cooperative
        :raise UserError: there is nothing to countersign, or it is their own signature
        """
        user = self.env.user
        if not user.has_group("consortium_services.group_countersigner"):
            raise AccessError(
                self.env._(
                    "Only those who may sign for the cooperative countersign "
                    "agreements."
                )
            )
        if not version:
            raise UserError(
                self.env._(
                    "%(agreement)s has no signature of the member to countersign.",
                    agreement=self.name,
                )
            )
        if version.signatory_id == user.partner_id:
            raise UserError(
                self.env._(
                    "You signed %(agreement)s for the member: somebody else "
                    "countersigns it for the cooperative.",
                    agreement=self.name,
                )
            )

    def _require_coordinator(self):
        """:raise AccessError: the user neither writes nor amends agreements"""
        if not self.filtered("is_service_agreement") or self.env.su:
            return
        self.check_access("write")
        if not self.env.user.has_group("consortium_base.group_coordinator"):
            raise AccessError(self.env._("Coordinators propose and amend agreements."))

    def _tell_mail_failure(self):
        """Tell the coordinator, once, that a message waits."""
        self.ensure_one()
        summary = self.env._("A message about it could not be sent yet")
        if summary not in self.activity_ids.mapped("summary"):
            self._agreement_activity(summary)

    def _agreement_activity(self, summary, user=None, note=False, kind="agreement"):
        """Something to do about the agreement, for its coordinator or somebody else."""
        self.ensure_one()
        self.activity_schedule(
            f"consortium_services.activity_{kind}",
            date_deadline=self._today(),
            summary=summary,
            note=note,
            user_id=(user or self.user_id or self.env.ref("base.user_admin")).id,
        )
