from odoo import api, fields, models
from odoo.fields import Domain

from .consortium_membership import PERIOD_STATES

READERS = (
    "consortium_base.group_expert,consortium_base.group_membership_officer,"
    "consortium_base.group_accountant,consortium_base.group_auditor"
)


class ResPartner(models.Model):
    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    membership_ids = fields.One2many(
        "consortium.membership", "partner_id", string="Memberships", groups=READERS
    )
    membership_id = fields.Many2one(
        "consortium.membership",
        string="Membership in Force",
        compute="_compute_membership",
        groups=READERS,
        help="On the day asked for, today if none is.",
    )
    member_status = fields.Selection(
        [
            ("none", "Not a Member"),
            ("member", "Member"),
            ("suspended", "Suspended Member"),
            ("former", "Former Member"),
        ],
        compute="_compute_membership",
        search="_search_member_status",
        groups=READERS,
        help="On the day asked for, today if none is.",
    )
    member_category_id = fields.Many2one(
        "consortium.member.category",
        compute="_compute_membership",
        search="_search_member_category_id",
        groups=READERS,
        help="On the day asked for, today if none is.",
    )
    member_number = fields.Integer(
        compute="_compute_membership", search="_search_member_number", groups=READERS
    )

    @api.depends(
        "membership_ids.state", "membership_ids.date_start", "membership_ids.date_end"
    )
    @api.depends_context("consortium_date", "tz", "allowed_company_ids", "uid")
    def _compute_membership(self):
        date = self._consortium_date()
        model = self.env["consortium.membership"]
        periods = model.search(
            Domain("company_id", "=", self.env.company.id)
            & Domain("partner_id", "in", self._origin.ids)
            & Domain("state", "in", PERIOD_STATES)
            & Domain("date_start", "<=", date),
            order="date_start",
        )
        latest = {period.partner_id: period for period in periods}
        suspended = self.env["consortium.suspension"]._on(date).partner_id
        for partner in self:
            period = latest.get(partner._origin, model)
            current = period if period and period._is_on(date) else model
            partner.membership_id = current
            partner.member_category_id = current.category_id
            partner.member_number = period.number
            if current:
                status = "suspended" if partner._origin in suspended else "member"
            else:
                status = "former" if period else "none"
            partner.member_status = status

    def _search_member_status(self, operator, value):
        if operator != "in":
            return NotImplemented
        date = self._consortium_date()
        model = self.env["consortium.membership"]
        company = Domain("company_id", "=", self.env.company.id)
        current = Domain("membership_ids", "any", model._on_domain(date))
        past = Domain(
            "membership_ids",
            "any",
            company
            & Domain("state", "in", PERIOD_STATES)
            & Domain("date_start", "<=", date),
        )
        held = Domain(
            "id", "in", self.env["consortium.suspension"]._on(date).partner_id.ids
        )
        domains = {
            "member": current & ~held,
            "suspended": current & held,
            "former": past & ~current,
            "none": ~past,
        }
        return Domain.OR(domains[status] for status in value if status in domains)

    def _search_member_category_id(self, operator, value):
        date = self._consortium_date()
        model = self.env["consortium.membership"]
        current = model._on_domain(date)
        if operator == "in" and False in value:
            given = [category for category in value if category]
            return ~Domain("membership_ids", "any", current) | Domain(
                "membership_ids", "any", current & Domain("category_id", "in", given)
            )
        if operator not in ("in", "any"):
            return NotImplemented
        return Domain(
            "membership_ids", "any", current & Domain("category_id", operator, value)
        )

    def _search_member_number(self, operator, value):
        if operator not in ("in", "<", "<=", ">", ">="):
            return NotImplemented
        company = Domain("company_id", "=", self.env.company.id)
        return Domain(
            "membership_ids", "any", company & Domain("number", operator, value)
        )

    @api.model
    def _followed_documents(self):
        """A representative follows its organisation's memberships and requests."""
        return [
            *super()._followed_documents(),
            ("consortium.membership", "partner_id", None),
            ("consortium.membership.application", "partner_id", None),
            ("consortium.member.request", "partner_id", None),
        ]

    @api.model
    def _default_letter_lang(self):
        """French where it is installed: members are served in French."""
        installed = dict(self.env["res.lang"].get_installed())
        return "fr_CA" if "fr_CA" in installed else self.env.lang or "en_US"

    def _letter_lang(self):
        """The language that one partner is written to in."""
        self.ensure_one()
        return self.lang or self._default_letter_lang()

    def _letter_recipients(self):
        """The organisation's address and those of its representatives, comma-separated:
        what letters to a member are sent to."""
        self.ensure_one()
        mandates = self.env["consortium.representation"].search(
            [
                ("organization_id", "=", self.id),
                ("state", "in", ("in_force", "to_come")),
            ]
        )
        emails = [
            partner.email_formatted
            for partner in self | mandates.person_id
            if partner.email_normalized
        ]
        return ", ".join(dict.fromkeys(emails))

    def action_view_memberships(self):
        """The periods of the organisation."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "consortium_membership.consortium_membership_action"
        )
        return {**action, "domain": [("partner_id", "=", self.id)], "context": {}}

    def action_apply_for_membership(self):
        """Open an application of this organisation."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "consortium.membership.application",
            "view_mode": "form",
            "context": {"default_partner_id": self.id},
        }
