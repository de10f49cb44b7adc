from odoo import api, models


class ResourceCalendarLeaves(models.Model):
    _inherit = "resource.calendar.leaves"

    @api.model_create_multi
    def create(self, vals_list):
        leaves = super().create(vals_list)
        leaves._refresh_expert_load()
        return leaves

    def write(self, vals):
        experts = self._experts_on_leave()
        result = super().write(vals)
        self._refresh_expert_load(experts)
        return result

    def unlink(self):
        experts = self._experts_on_leave()
        result = super().unlink()
        self.env["consortium.expert.load"].sudo()._refresh(experts)
        return result

    def _experts_on_leave(self):
        """The experts whose own leave it is; a holiday of all waits for the night."""
        # Whoever enters a leave need not read the fields of expertise.
        return (
            self.env["hr.employee"]
            .sudo()
            .search(
                [
                    ("resource_id", "in", self.resource_id.ids),
                    ("expertise_ids", "!=", False),
                ]
            )
        )

    def _refresh_expert_load(self, before=None):
        experts = self._experts_on_leave()
        load = self.env["consortium.expert.load"].sudo()
        load._refresh(experts | before if before else experts)
