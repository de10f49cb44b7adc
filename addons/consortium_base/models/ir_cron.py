from odoo import models


class IrCron(models.Model):
    _inherit = "ir.cron"

    def _callback(self, cron_name, server_action_id):
        """Scheduled jobs write activities and messages for people: in the language of
        the job's user, where core gives them none, which is English."""
        job = self.with_context(lang=self.env.context.get("lang") or self.env.user.lang)
        return super(IrCron, job)._callback(cron_name, server_action_id)
