from odoo import api, fields, models


class ConsortiumMemberRegister(models.TransientModel):
    """A screen that shows a register as of a date: it keeps nothing."""

    _name = "consortium.member.register"
    _description = "Register of Members"

    report = fields.Selection(
        [
            ("members", "Members"),
            ("others", "Auxiliary Members and Other Holders"),
            ("voting", "Voting List"),
        ],
        string="Register",
        required=True,
        default="members",
    )
    date = fields.Date(
        string="As Of",
        required=True,
        default=lambda self: self.env.company._today(),
    )
    departed = fields.Boolean(
        string="With Those Who Left", help="Former members stay in the register."
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    body = fields.Html(compute="_compute_body", sanitize=False)

    @api.depends("report")
    def _compute_display_name(self):
        titles = self.env["consortium.membership"]._register_titles()
        for register in self:
            register.display_name = titles.get(register.report, "")

    @api.depends("report", "date", "company_id", "departed")
    def _compute_body(self):
        for register in self:
            register.body = register.date and self.env["ir.qweb"]._render(
                "consortium_membership.member_register_body",
                {"register": register._figures()},
            )

    def _figures(self):
        """The plain structure: see ``consortium.membership._register_on``."""
        self.ensure_one()
        return self.env["consortium.membership"]._register_on(
            self.report, self.date, self.company_id, self.departed
        )

    def action_print(self):
        """The register as a PDF."""
        report = self.env.ref("consortium_membership.action_report_member_register")
        return report.report_action(self, config=False)

    def action_spreadsheet(self):
        """The register as a spreadsheet."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/consortium/members.xlsx?report={self.report}&date={self.date}"
            f"&company={self.company_id.id}&departed={int(self.departed)}",
            "target": "download",
        }

    def action_list(self):
        """The same memberships as a list to filter, group and open."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "consortium_membership.consortium_membership_action"
        )
        periods = self.env["consortium.membership"]._register_periods(
            self.report, self.date, self.company_id, self.departed
        )
        return {
            **action,
            "name": self.env._(
                "%(register)s, %(date)s", register=self.display_name, date=self.date
            ),
            "domain": [("id", "in", periods.ids)],
            "context": {"consortium_date": fields.Date.to_string(self.date)},
        }
