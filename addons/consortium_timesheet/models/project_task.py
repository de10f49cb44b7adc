from odoo import models


class ProjectTask(models.Model):
    _inherit = "project.task"

    def action_time_timer(self):
        """Start the timer of the task, or stop it: the time goes to today's entry."""
        self.ensure_one()
        self.env["consortium.time.week"].toggle_timer(self.project_id.id, self.id)
