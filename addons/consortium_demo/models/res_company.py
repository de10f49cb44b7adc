from odoo import models


class ResCompany(models.Model):
    _inherit = "res.company"

    def _today(self, moment=None):
        """While the demonstration is told: the day that it has come to."""
        day = None if moment else self.env.context.get("consortium_demo_day")
        return day or super()._today(moment)
