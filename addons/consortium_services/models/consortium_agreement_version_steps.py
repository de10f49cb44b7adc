from odoo import fields, models
from odoo.exceptions import UserError

from ..tools import agreement_content

# The digest kept beside each document.
DIGESTS = {"document": "document_sha256", "final_document": "final_sha256"}


class ConsortiumAgreementVersion(models.Model):
    _inherit = "consortium.agreement.version"  # pylint: disable=consider-merging-classes-inherited

    def action_propose(self):
        """Send the amendment to those who may sign it for the member.

        :raise UserError: it changes nothing
        """
        for version in self:
            version.order_id._require_coordinator()
            if version.state != "draft":
                raise UserError(self.env._("This version has already been proposed."))
            if not version.order_id._signatories():
                version.order_id._check_proposable()
            content = version._proposed_content()
            before = version._previous().content or {}
            if not agreement_content.differences(before, content):
                raise UserError(self.env._("This amendment changes nothing."))
            if (
                version.agreement_end
                and version.agreement_end < version.order_id.agreement_start
            ):
                raise UserError(
                    self.env._("An agreement ends on or after the day it starts.")
                )
            # Versions are written by their buttons alone.
            trusted = version.sudo()
            trusted._freeze(content)
            trusted.state = "proposed"
            version.order_id._post_to_signatories(
                "consortium_services.mail_template_agreement_amendment"
            )
        return True

    def action_withdraw(self):
        """Take back an amendment that is not in force; the version stays, declined.

        :raise UserError: it is in force, or the member who signed it would not be told
            why
        """
        for version in self:
            order = version.order_id
            order._require_coordinator()
            order._lock_signature()
            signed = version.state == "signed" and order.agreement_state == "running"
            if version.state not in ("draft", "proposed") and not signed:
                raise UserError(self.env._("What was signed is not withdrawn."))
            if signed and not (version.withdrawal_reason or "").strip():
                raise UserError(
                    self.env._(
                        "The member has signed this amendment: write first why the "
                        "cooperative does not countersign it."
                    )
                )
            version.sudo().state = "refused"
            if signed:
                version._tell_withdrawal()
        return True

    def _tell_withdrawal(self):
        """Tell the member, and keep in the chatter, why it is not countersigned."""
        order = self.order_id
        order = order.with_context(
            mail_notify_force_send=False, lang=order.agreement_lang or self.env.lang
        )
        order.message_post(
            body=order.env._(
                "The cooperative does not countersign %(version)s, which is withdrawn. "
                "The agreement stays as it was. Reason: %(reason)s",
                version=self.with_env(order.env).display_name,
                reason=self.withdrawal_reason,
            ),
            partner_ids=(order._signatories() | self.signatory_id).ids,
            subtype_xmlid="mail.mt_comment",
            email_layout_xmlid="mail.mail_notification_light",
        )
        # Somebody was asked to countersign it.
        order.sudo().activity_unlink(
            ["consortium_services.activity_agreement"], only_automated=True
        )

    def action_countersign(self):
        """Countersign this amendment."""
        return self.order_id.action_countersign()

    def action_open_agreement(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.order_id.id,
            "views": [
                (
                    self.env.ref(
                        "consortium_services.sale_order_view_form_agreement"
                    ).id,
                    "form",
                )
            ],
        }

    def _is_intact(self):
        """Whether the content and the documents still have their digests."""
        self.ensure_one()
        return self.content_sha256 == agreement_content.digest(self.content) and all(
            self._is_document_intact(name)
            for name, digest in DIGESTS.items()
            if self[digest]
        )

    def _is_document_intact(self, name):
        """Whether a document is, as it is kept now, the one that was signed."""
        self.ensure_one()
        attachment = (
            self.env["ir.attachment"]
            .sudo()  # the fields are read by the rules of the version itself
            .search(
                fields.Domain("res_model", "=", self._name)
                & fields.Domain("res_id", "=", self.id)
                & fields.Domain("res_field", "=", name),
                limit=1,
            )
        )
        return agreement_content.sha256(attachment.raw or b"") == self[DIGESTS[name]]
