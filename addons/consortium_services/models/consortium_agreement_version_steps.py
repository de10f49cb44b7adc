from odoo import fields, models
from odoo.exceptions import UserError

from ..tools import agreement_content


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
        """Take back what the member has not signed; the version stays, declined."""
        for version in self:
            version.order_id._require_coordinator()
            if version.state not in ("draft", "proposed"):
                raise UserError(self.env._("What was signed is not withdrawn."))
            version.sudo().state = "refused"
        return True

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
            self._document_digest(name) == self[digest]
            for name, digest in (
                ("document", "document_sha256"),
                ("final_document", "final_sha256"),
            )
            if self[digest]
        )

    def _document_digest(self, name):
        """SHA-256 of a document as it is kept now."""
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
        return agreement_content.sha256(attachment.raw or b"")
