from odoo import fields, models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    membership_application_ids = fields.One2many(
        "consortium.membership.application",
        "lead_id",
        string="Membership Applications",
        groups="consortium_base.group_membership_officer,consortium_base.group_auditor",
    )

    def action_membership_application(self):
        """Open the application made from this opportunity; make it the first time."""
        self.ensure_one()
        application = self.membership_application_ids[:1]
        if not application:
            application = application.create(self._prepare_membership_application())
        return {
            "type": "ir.actions.act_window",
            "res_model": "consortium.membership.application",
            "res_id": application.id,
            "view_mode": "form",
        }

    def _prepare_membership_application(self):
        """What is known of the prospect, typed once."""
        self.ensure_one()
        partner = self.partner_id.commercial_partner_id
        person = self.partner_id - partner
        organization = partner if partner.is_company else partner.browse()
        if partner and not organization:
            person = partner
        return {
            "source": "opportunity",
            "lead_id": self.id,
            "company_id": (self.company_id or self.env.company).id,
            "partner_id": organization.id,
            "organization_name": organization.name or self.partner_name or self.name,
            "email": organization.email or ("" if person else self.email_from),
            "phone": organization.phone or self.phone,
            "street": self.street,
            "city": self.city,
            "zip": self.zip,
            "state_id": self.state_id.id,
            "person_id": person.id,
            "contact_name": person.name or self.contact_name,
            "contact_email": person.email or self.email_from,
            "contact_phone": person.phone or self.phone,
            "contact_function": self.function,
        }

    def _merge_dependences(self, opportunities):
        """The applications go with the opportunity that stays."""
        result = super()._merge_dependences(opportunities)
        # Who merges opportunities need not see the applications.
        opportunities.sudo().membership_application_ids.write({"lead_id": self.id})
        return result
