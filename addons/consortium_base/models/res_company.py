from odoo import api, fields, models

# What the general manager may change of the company: its profile as a cooperative.
# The rest (currency, accounts…) stays with whoever administers the database.
PROFILE_FIELDS = frozenset(
    {
        "city",
        "company_registry",
        "country_id",
        "email",
        "fiscalyear_last_day",
        "fiscalyear_last_month",
        "legal_form",
        "legal_name",
        "logo",
        "name",
        "nonprofit_clause",
        "office_ids",
        "phone",
        "privacy_officer_email",
        "privacy_officer_name",
        "privacy_officer_title",
        "state_id",
        "street",
        "street2",
        "website",
        "zip",
    }
)


class ResCompany(models.Model):
    _inherit = "res.company"

    legal_name = fields.Char(
        help="The full name in the articles, when it is not the everyday name."
    )
    legal_form = fields.Selection(
        [
            ("solidarity", "Solidarity Cooperative"),
            ("consumer", "Consumers' Cooperative"),
            ("producer", "Producers' Cooperative"),
            ("worker", "Workers' Cooperative"),
            ("shareholding_worker", "Shareholding Workers' Cooperative"),
            ("federation", "Federation of Cooperatives"),
            ("other", "Other"),
        ],
    )
    nonprofit_clause = fields.Boolean(
        string="Non-Profit Clause",
        help="The articles forbid any rebate, and any interest on shares issued to "
        "members: any surplus goes to the reserve.",
    )
    office_ids = fields.One2many(related="partner_id.office_ids", readonly=False)
    privacy_officer_name = fields.Char(
        help="The person in charge of the protection of personal information (Law 25). "
        "Shown at the foot of the members' portal."
    )
    privacy_officer_title = fields.Char()
    privacy_officer_email = fields.Char(string="Privacy Officer E-mail")

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_compact_neq(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._with_compact_neq(vals))

    @api.model
    def _with_compact_neq(self, vals):
        return self.env["res.partner"]._with_compact_neq(vals)

    @api.model
    def _has_field_access(self, field, operation):
        """The general manager writes the profile of the company, and nothing else.

        Core gives write access on companies to who administers access rights only;
        ours widens it to the general manager, so each other field is closed here.
        """
        if not super()._has_field_access(field, operation):
            return False
        return (
            operation != "write"
            or self.env.su
            or field.name in PROFILE_FIELDS
            or self.env.user.has_group("base.group_erp_manager")
            or not self.env.user.has_group("consortium_base.group_manager")
        )

    def _today(self, moment=None):
        """The date at the company: what mandates and offices go by, whatever time zone
        the browser tells.

        :param moment: a datetime in UTC; now by default
        """
        # The time zone of the company's own contact says nothing of anybody.
        timezone = self.sudo().partner_id.tz or "America/Toronto"
        return fields.Date.context_today(self.with_context(tz=timezone), moment)

    @api.model
    def _action_open_cooperative(self):
        """The company one works for, on its page « Cooperative »."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cooperative"),
            "res_model": "res.company",
            "res_id": self.env.company.id,
            "view_mode": "form",
        }
