from odoo import fields, models


class ProjectProject(models.Model):
    _inherit = "project.project"

    agreement_id = fields.Many2one(
        "sale.order",
        string="Service Agreement",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
