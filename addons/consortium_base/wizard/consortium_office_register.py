from odoo import api, fields, models


class ConsortiumOfficeRegister(models.TransientModel):
    _name = "consortium.office.register"
    _description = "Register of Directors and Officers"

    date = fields.Date(
        string="As Of", required=True, default=lambda self: self.env.company._today()
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    body = fields.Html(compute="_compute_body", sanitize=False)

    @api.depends("date", "company_id")
    def _compute_display_name(self):
        for register in self:
            register.display_name = self.env._("Register of Directors and Officers")

    @api.depends("date", "company_id")
    def _compute_body(self):
        for register in self:
            register.body = register.date and self.env["ir.qweb"]._render(
                "consortium_base.office_register_body",
                {"register": register._figures()},
            )

    def _figures(self):
        """The register's plain structure: see ``consortium.office._register_on``."""
        self.ensure_one()
        return self.env["consortium.office"]._register_on(self.date, self.company_id)

    def action_print(self):
        """The register as a PDF."""
        report = self.env.ref("consortium_base.action_report_office_register")
        return report.report_action(self, config=False)

    def action_spreadsheet(self):
        """The register as a spreadsheet."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/consortium/offices.xlsx?date={self.date}"
            f"&company={self.company_id.id}",
            "target": "download",
        }
