from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.http import content_disposition, request, route
from werkzeug.exceptions import NotFound

from .agreement_portal import AgreementPortal


class AgreementActs(AgreementPortal):
    """What the member does on the page of an agreement; and its documents."""

    @route(
        "/my/agreements/<int:order_id>/options",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def choose(self, order_id, line_id=None, taken=None, **kwargs):
        """Take or leave an option; a person with a mandate to sign does."""
        order = self._agreement(order_id)
        line = order.order_line.filtered(lambda line: str(line.id) == line_id)
        if not line or taken not in ("0", "1"):
            raise NotFound()

        def act():
            order._lock_signature()
            order._check_signatory(request.env.user, request.env.user.name)
            # Its choice is written for the member, who reads the line.
            line.sudo()._choose_option(taken == "1")

        return self._act(order, act)

    @route(
        "/my/agreements/<int:order_id>/sign",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def sign(
        self, order_id, name="", digest="", agreed=None, version_id=None, **kwargs
    ):
        """Sign the proposal, or the amendment that is named."""
        order = self._agreement(order_id)
        version = self._version(order, version_id) if version_id else None

        def act():
            if not agreed:
                raise UserError(
                    request.env._("Tick the box to say that you read the agreement.")
                )
            order._sign_as_member(name, digest, version)

        return self._act(order, act)

    @route(
        "/my/agreements/<int:order_id>/decline",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def decline(self, order_id, reason="", version_id=None, **kwargs):
        order = self._agreement(order_id)
        version = self._version(order, version_id) if version_id else None
        return self._act(
            order, lambda: order._decline_as_member(reason[:2000], version)
        )

    @route(
        "/my/agreements/<int:order_id>/consents/<int:consent_id>",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def consent(self, order_id, consent_id, given=None, **kwargs):
        """Consent to hours beyond the ceiling, or refuse them."""
        order = self._agreement(order_id)
        consent = order.consent_ids.filtered(lambda consent: consent.id == consent_id)
        if not consent or given not in ("0", "1"):
            raise NotFound()
        return self._act(order, lambda: consent._answer(given == "1"))

    def _version(self, order, version_id):
        versions = request.env["consortium.agreement.version"].search(
            [("order_id", "=", order.id)]
        )
        version = versions.filtered(lambda version: str(version.id) == str(version_id))
        if not version:
            raise NotFound()
        return version

    def _act(self, order, action):
        """Do it and come back to the page, or show in one sentence why not."""
        try:
            with request.env.cr.savepoint():
                action()
        except (AccessError, UserError, ValidationError) as problem:
            request.env.invalidate_all(flush=False)
            return self._render_agreement(order, error=str(problem.args[0]))
        return request.redirect(f"/my/agreements/{order.id}")

    @route(
        "/my/agreements/<int:order_id>/versions/<int:version_id>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def version_document(self, order_id, version_id, **kwargs):
        """The PDF of a version: as countersigned, else as signed by the member; made
        from what is kept of it when it was signed on paper."""
        version = self._version(self._agreement(order_id), version_id)
        name = "final_document" if version.final_sha256 else "document"
        if not version.signed_on:
            raise NotFound()
        if not version.document_sha256:
            # The version was found by the user's own rights.
            return self._paper(version.sudo())
        if not version._is_document_intact(name):
            error = request.env._(
                "This document is no longer the one that was signed: write to us."
            )
            return self._render_agreement(version.order_id, error=error)
        # The version was found by the user's own rights.
        stream = request.env["ir.binary"]._get_stream_from(
            version.sudo(), name, filename=version.document_name
        )
        return stream.get_response(as_attachment=True)

    def _paper(self, version):
        headers = [
            ("Content-Type", "application/pdf"),
            ("Content-Disposition", content_disposition(version.document_name)),
        ]
        return request.make_response(version._render_document(), headers)

    @route(
        "/my/agreements/<int:order_id>/files/<int:attachment_id>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def deliverable(self, order_id, attachment_id, **kwargs):
        """A deliverable of an agreement that was closed."""
        # The order was found by the user's own rights; no other file is given.
        files = self._agreement(order_id).sudo().deliverable_ids
        attachment = files.filtered(lambda file: file.id == attachment_id)
        if not attachment:
            raise NotFound()
        stream = request.env["ir.binary"]._get_stream_from(attachment)
        return stream.get_response(as_attachment=True)
