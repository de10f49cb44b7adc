import secrets

from odoo.http import Controller, request, route
from werkzeug.exceptions import NotFound


class ShareCertificate(Controller):
    @route(
        "/parts/certificat/<string:token>",
        type="http",
        auth="public",
        website=True,
        readonly=True,
        sitemap=False,
    )
    def state(self, token, **kwargs):
        """What the QR code of a certificate opens: valid or cancelled, nothing else.

        :raise NotFound: no certificate has that token
        """
        # The public reads no certificate: only its state leaves this method.
        certificate = (
            request.env["consortium.share.certificate"]
            .sudo()
            .search([("token", "=", token)], limit=1)
        )
        if not certificate or not secrets.compare_digest(
            certificate.token.encode(), token.encode()
        ):
            raise NotFound()
        response = request.render(
            "consortium_membership.certificate_state",
            {"is_valid": certificate.state == "valid", "no_header": True},
        )
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        return response
