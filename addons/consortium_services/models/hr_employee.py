from odoo import api, fields, models

# What a coordinator keeps of an expert; the rest of the employee is human resources'.
EXPERT_FIELDS = frozenset(
    {
        "conflict_ids",
        "expertise_ids",
        "service_lang_ids",
        "service_office_id",
        "service_region_ids",
        "service_share",
    }
)
# Whoever has no access to employees reads their public sheet, where these are not.
GROUPS = (
    "consortium_base.group_coordinator,consortium_base.group_auditor,hr.group_hr_user"
)


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    expertise_ids = fields.Many2many(
        "consortium.expertise",
        "consortium_expertise_employee_rel",
        "employee_id",
        "expertise_id",
        string="Fields of Expertise",
        groups=GROUPS,
    )
    service_office_id = fields.Many2one(
        "res.partner",
        string="Office",
        domain=[("type", "=", "office")],
        groups=GROUPS,
    )
    service_lang_ids = fields.Many2many(
        "res.lang",
        "consortium_employee_lang_rel",
        "employee_id",
        "lang_id",
        string="Works In",
        groups=GROUPS,
        help="Languages of work.",
    )
    service_region_ids = fields.Many2many(
        "consortium.region",
        "consortium_employee_region_rel",
        "employee_id",
        "region_id",
        string="Serves in Person",
        groups=GROUPS,
        help="Regions where the expert goes; any other is served at a distance.",
    )
    service_share = fields.Integer(
        string="Share for Members (%)",
        default=100,
        groups=GROUPS,
        help="Share of the working time that is available for the members.",
    )
    conflict_ids = fields.One2many(
        "consortium.conflict.interest",
        "employee_id",
        string="Conflicts of Interest",
        groups=GROUPS,
    )
    expert_load_ids = fields.One2many(
        "consortium.expert.load", "employee_id", string="Load by Week", groups=GROUPS
    )

    _service_share = models.Constraint(
        "CHECK (service_share BETWEEN 0 AND 100)",
        "The share of time for members goes from 0 to 100 %.",
    )

    @api.model
    def _has_field_access(self, field, operation):
        """A coordinator keeps what makes an expert, and nothing else of an employee."""
        if not super()._has_field_access(field, operation):
            return False
        return (
            operation != "write"
            or self.env.su
            or field.name in EXPERT_FIELDS
            or self.env.user.has_group("hr.group_hr_user")
        )

    @api.model_create_multi
    def create(self, vals_list):
        employees = super().create(vals_list)
        employees._refresh_load(set().union(*vals_list))
        return employees

    def write(self, vals):
        result = super().write(vals)
        self._refresh_load(vals)
        return result

    def _refresh_load(self, names):
        """Who becomes an expert, or has another share of time, is on the board at once.

        :param names: of the fields that were written
        """
        if {"expertise_ids", "service_share"} & set(names):
            # Whoever writes an employee need not read the fields of expertise.
            experts = self.sudo().filtered("expertise_ids")
            self.env["consortium.expert.load"].sudo()._refresh(experts)

    def _promised_minutes(self, date_from, date_to):
        """The time that running agreements have promised of these experts.

        :param date_from: first day, included
        :param date_to: last day, included
        :return: ``{employee id: {Monday of a week: minutes}}``
        """
        return {}
