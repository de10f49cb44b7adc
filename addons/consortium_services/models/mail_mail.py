from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

TRIED_FOR_DAYS = 7


class MailMail(models.Model):
    _inherit = "mail.mail"

    @api.model
    def _cron_retry_requests(self):
        """Send again what a mail server that was down kept from the members.

        Core leaves such a message in exception, and tells nobody: here it is tried
        again for a week, and a coordinator of the request is told once.
        """
        failed = self.search(
            Domain("state", "=", "exception")
            & Domain("model", "in", ("crm.lead", "sale.order"))
            & Domain("failure_type", "in", [False, "unknown", "mail_smtp"])
            & Domain(
                "create_date", ">", fields.Datetime.now() - timedelta(TRIED_FOR_DAYS)
            ),
            limit=200,
        )
        of_leads = failed.filtered(lambda mail: mail.model == "crm.lead")
        leads = self.env["crm.lead"].browse(of_leads.mapped("res_id")).exists()
        for lead in leads.filtered("is_service_request"):
            lead._tell_mail_failure()
        orders = self.env["sale.order"].browse((failed - of_leads).mapped("res_id"))
        for order in orders.exists().filtered("is_service_agreement"):
            order._tell_mail_failure()
        failed.write({"state": "outgoing", "failure_reason": False})
        self.env["ir.cron"]._commit_progress(len(failed), remaining=0)
        return failed
