from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..models.consortium_membership import PERIOD_STATES


class ConsortiumMembershipBulk(models.TransientModel):
    """Admit the members of a network: first what would be done, then do it."""

    _name = "consortium.membership.bulk"
    _description = "Admission in Bulk"

    network_id = fields.Many2one(
        "res.partner",
        required=True,
        ondelete="cascade",
        domain="[('organization_kind_id.is_network', '=', True)]",
    )
    direct_only = fields.Boolean(
        string="Direct Members Only", default=True, help="Not the members of members."
    )
    category_id = fields.Many2one(
        "consortium.member.category", required=True, ondelete="cascade"
    )
    date = fields.Date(
        string="Members Since",
        required=True,
        default=lambda self: self.env.company._today(),
    )
    resolution_id = fields.Many2one(
        "consortium.resolution",
        ondelete="cascade",
        domain="[('kind', '=', 'admission'), ('state', '=', 'adopted')]",
    )
    has_undertaken = fields.Boolean(
        string="Undertakings Received",
        help="Each organization to admit has undertaken in writing to respect the "
        "by-laws; leave out those that have not.",
    )
    send_welcome = fields.Boolean(string="Send the Welcome Letters")
    line_ids = fields.One2many("consortium.membership.bulk.line", "bulk_id")
    checked = fields.Boolean(readonly=True, export_string_translation=False)
    count_to_admit = fields.Integer(
        string="To Admit", compute="_compute_count_to_admit"
    )

    @api.depends("line_ids.problem", "line_ids.chosen")
    def _compute_count_to_admit(self):
        for bulk in self:
            bulk.count_to_admit = len(bulk._lines_to_admit())

    def _lines_to_admit(self):
        return self.line_ids.filtered(lambda line: line.chosen and not line.problem)

    @api.onchange("network_id", "direct_only", "category_id", "date")
    def _onchange_scope(self):
        self.checked = False

    def action_check(self):
        """List the organisations, and why some of them can't be admitted. Nothing else
        is written."""
        self.ensure_one()
        partners = self.network_id._members_on(self.date, direct=self.direct_only)
        partners = partners.filtered("active").sorted("name")
        problems = self._problems(partners)
        self.line_ids.unlink()
        self.write(
            {
                "checked": True,
                "line_ids": [
                    Command.create(
                        {
                            "partner_id": partner.id,
                            "problem": problems.get(partner),
                            "chosen": partner not in problems,
                        }
                    )
                    for partner in partners
                ],
            }
        )
        return self._reopen()

    def _problems(self, partners):
        """``{partner: why it can't be admitted on the date}``; two queries."""
        model = self.env["consortium.membership"]
        company = Domain("company_id", "=", self.env.company.id)
        members = model.search(
            company
            & Domain("partner_id", "in", partners.ids)
            & Domain("state", "in", PERIOD_STATES)
            & (Domain("date_end", "=", False) | Domain("date_end", ">=", self.date))
        )
        waiting = self.env["consortium.membership.application"].search(
            company
            & Domain("partner_id", "in", partners.ids)
            & Domain("state", "=", "submitted")
        )
        problems = {}
        for partner in partners:
            if not self.category_id._accepts(partner.organization_kind_id):
                problems[partner] = self.env._("Not a kind of this category")
        for application in waiting:
            problems[application.partner_id] = self.env._(
                "Application %(name)s is before the board", name=application.name
            )
        for period in members:
            problems[period.partner_id] = self.env._(
                "Member since %(start)s, no. %(number)s",
                start=period.date_start,
                number=period.number,
            )
        return problems

    def action_admit(self):
        """Admit those chosen, by one resolution: all of them or none."""
        self.ensure_one()
        lines = self._lines_to_admit()
        if not self.checked or not lines:
            raise UserError(
                self.env._(
                    "Look first at what would be done: nobody is to be admitted."
                )
            )
        if not self.has_undertaken:
            raise UserError(
                self.env._(
                    "Say that these organizations have undertaken to respect the "
                    "by-laws, and leave out those that have not."
                )
            )
        self.resolution_id._require("admission", self.date)
        applications = self._apply_for(lines.partner_id)
        memberships = applications._admit(
            self.resolution_id, self.date, "later" if self.send_welcome else "no"
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "consortium_membership.consortium_membership_action"
        )
        return {**action, "domain": [("id", "in", memberships.ids)], "context": {}}

    def _apply_for(self, partners):
        """One application an organisation, before the board already."""
        applications = self.env["consortium.membership.application"].create(
            [
                {
                    "partner_id": partner.id,
                    "category_id": self.category_id.id,
                    "source": "bulk",
                    "date": self.date,
                    "has_undertaken": self.has_undertaken,
                }
                for partner in partners
            ]
        )
        applications._open_memberships()
        return applications

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Admission in Bulk"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }


class ConsortiumMembershipBulkLine(models.TransientModel):
    _name = "consortium.membership.bulk.line"
    _description = "Organization of an Admission in Bulk"

    bulk_id = fields.Many2one(
        "consortium.membership.bulk", required=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Organization", required=True, ondelete="cascade"
    )
    chosen = fields.Boolean(string="Admit")
    problem = fields.Char(readonly=True)
