from odoo import http
from odoo.addons.mail.controllers.attachment import AttachmentController
from odoo.exceptions import UserError
from odoo.http import request


class MessageFileController(AttachmentController):
    """Files that members join to their messages."""

    @http.route()
    def mail_attachment_upload(self, ufile, thread_id, thread_model, **kwargs):
        """What a member sends in a message is checked as what it joins to a request:
        size, kind, and that it is what its name says."""
        if not request.env.user._is_internal():
            try:
                request.env["crm.lead"]._checked_file(ufile)
            except UserError as error:
                # As core tells that somebody may not send files: the page shows it.
                return request.make_json_response({"error": str(error)})
            ufile.seek(0)
        return super().mail_attachment_upload(ufile, thread_id, thread_model, **kwargs)
