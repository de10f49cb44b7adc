from odoo import models


class PortalWizardUser(models.TransientModel):
    _inherit = "portal.wizard.user"

    def action_grant_access(self):
        """Core's wizard opens the portal to any contact; here a mandate does."""
        self.partner_id._require_mandate_for_portal()
        return super().action_grant_access()
