from odoo import api, models


class ConsortiumMembership(models.Model):
    """The welcome letter: by e-mail with its PDF and the certificate, else to print."""

    _inherit = "consortium.membership"  # pylint: disable=consider-merging-classes-inherited

    def _send_welcome(self):
        """Send the welcome letter of each membership, in the member's language.

        Without an e-mail address the PDF is filed with the membership, to be printed.
        """
        template = self.env.ref("consortium_membership.mail_template_welcome")
        for membership in self:
            attachments = membership._certificates()
            membership.write({"welcome_to_send": False})
            if membership._welcome_recipients():
                template.send_mail(
                    membership.id,
                    email_values={"attachment_ids": [(4, a.id) for a in attachments]},
                )
                continue
            letter, _kind = self.env["ir.actions.report"]._render_qweb_pdf(
                "consortium_membership.report_welcome", membership.ids
            )
            name = self.env._("Welcome letter %(number)s", number=membership.number)
            membership.message_post(
                body=self.env._("No e-mail address: print the welcome letter."),
                attachments=[(f"{name}.pdf", letter)],
            )

    def _certificates(self):
        """The certificate of the shares just subscribed, if there is one to attach.

        :rtype: ir.attachment
        """
        self.ensure_one()
        return self.env["ir.attachment"]

    def _welcome_recipients(self):
        """The organisation's address and those of its representatives, comma-separated:
        what the template writes to."""
        self.ensure_one()
        return self.partner_id._letter_recipients()

    def action_print_welcome(self):
        """The welcome letter, as a PDF."""
        report = self.env.ref("consortium_membership.action_report_welcome")
        return report.report_action(self, config=False)

    def action_send_welcome(self):
        """Send the welcome letter again."""
        self._send_welcome()

    @api.model
    def _cron_send_welcome(self, batch=20):
        """The letters of an admission in bulk, some at a time."""
        waiting = self.search([("welcome_to_send", "=", True)])
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(waiting))
        for start in range(0, len(waiting), batch):
            letters = waiting[start : start + batch]
            letters._send_welcome()
            if not cron._commit_progress(len(letters)):
                break
