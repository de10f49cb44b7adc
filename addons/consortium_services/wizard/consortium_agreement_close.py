from odoo import fields, models
from odoo.exceptions import UserError


class ConsortiumAgreementClose(models.TransientModel):
    _name = "consortium.agreement.close"
    _description = "Close an Agreement"

    order_id = fields.Many2one("sale.order", required=True, readonly=True)
    note = fields.Html(string="Closing Note", required=True)
    deliverable_ids = fields.Many2many(
        "ir.attachment",
        string="Deliverables",
        help="The member finds them on the page of the agreement.",
    )
    line_ids = fields.One2many(
        "consortium.agreement.close.line", "wizard_id", string="Achievements"
    )

    def action_close(self):
        """Close the agreement; keep its note, deliverables and achievements."""
        self.ensure_one()
        order = self.order_id
        order._require_coordinator()
        for line in self.line_ids:
            if line.expertise_id not in order.order_line.expertise_id:
                raise UserError(
                    self.env._("An achievement is of a field of the agreement.")
                )
        order._close(self.note)
        self.deliverable_ids.write({"res_model": "sale.order", "res_id": order.id})
        order.deliverable_ids = self.deliverable_ids
        self.env["consortium.achievement"].create(
            [
                {
                    "name": line.name,
                    "summary": line.summary,
                    "expertise_id": line.expertise_id.id,
                    "tag_ids": [fields.Command.set(line.tag_ids.ids)],
                    "is_shareable": line.is_shareable,
                    "is_anonymised": line.is_anonymised,
                    "agreement_id": order.id,
                    "company_id": order.company_id.id,
                }
                for line in self.line_ids
            ]
        )
        order.message_post(
            body=self.env._("The agreement is closed."),
            attachment_ids=self.deliverable_ids.ids,
        )
        return {"type": "ir.actions.act_window_close"}


class ConsortiumAgreementCloseLine(models.TransientModel):
    _name = "consortium.agreement.close.line"
    _description = "Achievement of an Agreement That Is Closed"

    wizard_id = fields.Many2one("consortium.agreement.close", ondelete="cascade")
    name = fields.Char(string="Title", required=True)
    summary = fields.Html(string="What It Was")
    expertise_id = fields.Many2one(
        "consortium.expertise", string="Field of Expertise", required=True
    )
    tag_ids = fields.Many2many("consortium.achievement.tag", string="Tags")
    is_shareable = fields.Boolean(string="May Be Shared")
    is_anonymised = fields.Boolean(string="Anonymised", default=True)
