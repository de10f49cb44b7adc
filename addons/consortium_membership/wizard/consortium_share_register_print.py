from odoo import fields, models
from odoo.tools import format_date


class ConsortiumShareRegisterPrint(models.TransientModel):
    """Choose the day of the share register, then read it, print it or export it."""

    _name = "consortium.share.register.print"
    _description = "Share Register"

    date = fields.Date(
        string="As Of", required=True, default=lambda self: self.env.company._today()
    )
    known_at = fields.Datetime(
        string="As Known On",
        help="Empty: as it is known now. Entries written later are left out.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    share_class_id = fields.Many2one(
        "consortium.share.class", domain="[('company_id', '=', company_id)]"
    )

    def _figures(self):
        """The plain structure of the register: see ``_register_on``."""
        self.ensure_one()
        register = self.env["consortium.share.register"]
        register.check_access("read")
        return register._register_on(
            self.date, self.company_id, self.known_at, self.share_class_id
        )

    def _reference(self):
        """The article of the law that asks for the register, as of its date."""
        return self.env["consortium.legal.parameter"]._reference(
            "share_register_contents", self.date
        )

    def action_open(self):
        """The register on the screen: filter, group, open the entries behind a row."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "consortium_membership.consortium_share_register_action"
        )
        domain = [("company_id", "=", self.company_id.id)]
        if self.share_class_id:
            domain.append(("share_class_id", "=", self.share_class_id.id))
        return {
            **action,
            "name": self.env._(
                "Share register as of %s", format_date(self.env, self.date)
            ),
            "domain": domain,
            "context": {
                "consortium_date": fields.Date.to_string(self.date),
                "consortium_known_at": fields.Datetime.to_string(self.known_at),
                "search_default_held": 1,
            },
        }

    def action_print(self):
        """The register as a PDF."""
        report = self.env.ref("consortium_membership.action_report_share_register")
        return report.report_action(self, config=False)

    def action_spreadsheet(self):
        """The register as a spreadsheet."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/consortium/shares.xlsx?register={self.id}",
            "target": "download",
        }
