from odoo import api, fields, models
from odoo.tools import html2plaintext


class ConsortiumAchievement(models.Model):
    """Something done for a member that the next expert can use again."""

    _name = "consortium.achievement"
    _description = "Reusable Achievement"
    _inherit = ["mail.thread"]
    _order = "date desc, id desc"
    _rec_names_search = ["name", "summary_text", "tag_ids.name", "expertise_id.name"]

    name = fields.Char(string="Title", required=True, tracking=True)
    summary = fields.Html(string="What It Was")
    summary_text = fields.Text(
        compute="_compute_summary_text", store=True, export_string_translation=False
    )
    date = fields.Date(required=True, default=lambda self: self.env.company._today())
    expertise_id = fields.Many2one(
        "consortium.expertise",
        string="Field of Expertise",
        required=True,
        index=True,
        ondelete="restrict",
    )
    tag_ids = fields.Many2many("consortium.achievement.tag", string="Tags")
    is_shareable = fields.Boolean(
        string="May Be Shared",
        tracking=True,
        help="Other experts find it, and may use it for other members. Otherwise it is "
        "kept for its author and the coordinators.",
    )
    is_anonymised = fields.Boolean(
        string="Anonymised",
        default=True,
        tracking=True,
        help="Without the name of the member.",
    )
    agreement_id = fields.Many2one(
        "sale.order",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('is_service_agreement', '=', True)]",
        groups="consortium_base.group_coordinator,consortium_base.group_auditor",
    )
    organization_name = fields.Char(
        string="Done For", compute="_compute_organization_name"
    )
    author_id = fields.Many2one(
        "res.users", required=True, default=lambda self: self.env.user
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )

    @api.depends("summary")
    def _compute_summary_text(self):
        for achievement in self:
            achievement.summary_text = html2plaintext(achievement.summary or "")

    @api.depends("is_anonymised")
    def _compute_organization_name(self):
        for achievement in self:
            # Whoever reads it reads for whom, unless it is anonymised.
            order = achievement.sudo().agreement_id
            member = order.beneficiary_id or order.partner_id
            achievement.organization_name = (
                False if achievement.is_anonymised else member.name
            )
