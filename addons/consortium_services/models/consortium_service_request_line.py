from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

STATES = [
    ("recommended", "Recommended"),
    ("new", "Received"),
    ("taken", "Being Studied"),
    ("assigned", "Entrusted to an Expert"),
    ("proposed", "Agreement Proposed"),
    ("agreed", "Agreement Signed"),
    ("left", "Not Retained"),
    ("refused", "Refused"),
    ("handed_over", "Handed Over"),
    ("withdrawn", "Withdrawn"),
]
OPEN_STATES = ("recommended", "new", "taken", "assigned", "proposed")
# What a representative reads of a need: not who was considered, nor what was thought.
PORTAL_FIELDS = {
    "id",
    "display_name",
    "estimate_max",
    "estimate_min",
    "expertise_id",
    "handed_to_id",
    "is_open",
    "is_recommended",
    "is_urgent",
    "lead_id",
    "need",
    "reason",
    "received_at",
    "recommendation_reason",
    "sequence",
    "state",
}


class ConsortiumServiceRequestLine(models.Model):
    """One need of a service request: one field of expertise, one coordinator.

    A field that was recommended is a need too, that nobody has asked for yet: the
    member takes or leaves it with the proposal, and that is remembered.
    """

    _name = "consortium.service.request.line"
    _description = "Need of a Service Request"
    _order = "is_urgent desc, received_at, sequence, id"
    _check_company_auto = True

    lead_id = fields.Many2one(
        "crm.lead",
        string="Service Request",
        required=True,
        index=True,
        ondelete="cascade",
    )
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one("res.company", compute="_compute_request", store=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Organization",
        compute="_compute_request",
        store=True,
        index=True,
    )
    is_urgent = fields.Boolean(compute="_compute_request", store=True)
    received_at = fields.Datetime(compute="_compute_request", store=True)
    expertise_id = fields.Many2one(
        "consortium.expertise",
        string="Field of Expertise",
        index=True,
        ondelete="restrict",
        domain=[("is_offered", "=", True)],
    )
    need = fields.Text(required=True)
    manager_id = fields.Many2one(
        "res.users",
        string="Coordinator",
        compute="_compute_manager_id",
        store=True,
        readonly=False,
        index=True,
        domain=[("share", "=", False)],
        help="The coordinator of the field of expertise, unless another takes it.",
    )
    employee_id = fields.Many2one(
        "hr.employee", string="Expert", index="btree_not_null", ondelete="restrict"
    )
    state = fields.Selection(
        STATES, required=True, default="new", index=True, copy=False
    )
    is_open = fields.Boolean(
        compute="_compute_is_open", store=True, export_string_translation=False
    )
    taken_at = fields.Datetime(readonly=True, copy=False)
    reason = fields.Text(
        string="Reason Given", readonly=True, copy=False, help="The member reads it."
    )
    handed_to_id = fields.Many2one(
        "res.partner", string="Handed Over To", readonly=True, copy=False
    )
    estimate_min = fields.Integer(
        string="Estimate, From (min)", help="In minutes.", copy=False
    )
    estimate_max = fields.Integer(
        string="Estimate, To (min)", help="In minutes.", copy=False
    )
    estimate_min_hours = fields.Float(
        string="Estimate, From",
        compute="_compute_estimate_hours",
        inverse="_inverse_estimate_min_hours",
    )
    estimate_max_hours = fields.Float(
        string="Estimate, To",
        compute="_compute_estimate_hours",
        inverse="_inverse_estimate_max_hours",
    )
    estimate_source = fields.Char(readonly=True, copy=False)
    is_recommended = fields.Boolean(string="Recommended", readonly=True)
    recommendation_reason = fields.Char(help="The member reads it.")
    recommended_by_id = fields.Many2one("res.users", readonly=True)
    source_line_id = fields.Many2one(
        "consortium.service.request.line",
        string="Recommended From",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    option_answer = fields.Selection(
        [("taken", "Taken"), ("left", "Left")],
        string="Member's Answer",
        readonly=True,
        copy=False,
    )
    option_answer_date = fields.Date(readonly=True, copy=False)

    _estimates = models.Constraint(
        "CHECK (estimate_min >= 0 AND estimate_max >= estimate_min)",
        "An estimate goes from a number of hours to the same or a greater one.",
    )
    _queue = models.Index("(manager_id, is_urgent, received_at) WHERE is_open")

    @api.depends(
        "lead_id.company_id",
        "lead_id.partner_id",
        "lead_id.is_urgent",
        "lead_id.received_at",
    )
    def _compute_request(self):
        for line in self:
            lead = line.lead_id
            line.company_id = lead.company_id
            line.partner_id = lead.partner_id.commercial_partner_id
            line.is_urgent = lead.is_urgent
            line.received_at = lead.received_at

    @api.depends("expertise_id")
    def _compute_manager_id(self):
        """The coordinator of the field; a parent field's when it has none."""
        for line in self:
            expertise = line.expertise_id
            while expertise and not expertise.manager_id:
                expertise = expertise.parent_id
            line.manager_id = expertise.manager_id or line.manager_id

    @api.depends("state")
    def _compute_is_open(self):
        for line in self:
            line.is_open = line.state in OPEN_STATES

    @api.depends("estimate_min", "estimate_max")
    def _compute_estimate_hours(self):
        for line in self:
            line.estimate_min_hours = line.estimate_min / 60
            line.estimate_max_hours = line.estimate_max / 60

    def _inverse_estimate_min_hours(self):
        for line in self:
            line.estimate_min = round(line.estimate_min_hours * 60)
            line.estimate_max = max(line.estimate_max, line.estimate_min)

    def _inverse_estimate_max_hours(self):
        for line in self:
            line.estimate_max = round(line.estimate_max_hours * 60)
            line.estimate_min = min(line.estimate_max, line.estimate_min)

    @api.depends("expertise_id.name", "need", "lead_id.request_number")
    def _compute_display_name(self):
        for line in self:
            what = line.expertise_id.name or (line.need or "").split("\n")[0][:60]
            number = line.lead_id.request_number
            line.display_name = f"{number} – {what}" if number else what

    @api.constrains("lead_id")
    def _check_service_request(self):
        for line in self:
            if not line.lead_id.is_service_request:
                raise ValidationError(
                    self.env._("Needs belong to service requests only.")
                )

    @api.constrains("need")
    def _check_need(self):
        for line in self:
            if not (line.need or "").strip():
                raise ValidationError(
                    self.env._("Write in a few words what is needed.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        """A new need asks for what is offered; its estimate is that of like mandates.

        :raise UserError: the field of expertise is no longer offered
        """
        ids = {vals.get("expertise_id") for vals in vals_list} - {None, False}
        expertises = self.env["consortium.expertise"].browse(ids)
        expertises._require_offered()
        ranges = expertises._estimates()
        for vals in vals_list:
            estimate = ranges.get(vals.get("expertise_id"))
            if estimate and not {"estimate_min", "estimate_max"} & set(vals):
                vals.update(estimate)
        lines = super().create(vals_list)
        lines.lead_id._sync_request_state()
        return lines

    def write(self, vals):
        """
        :raise UserError: the new field of expertise is no longer offered
        """
        if vals.get("expertise_id"):
            moved = self.filtered(lambda li: li.expertise_id.id != vals["expertise_id"])
            expertise = self.env["consortium.expertise"].browse(vals["expertise_id"])
            if moved:
                expertise._require_offered()
            if not {"estimate_min", "estimate_max"} & set(vals):
                empty = moved.filtered(lambda line: not line.estimate_max)
                estimate = expertise._estimates().get(expertise.id)
                if empty and estimate:
                    super(ConsortiumServiceRequestLine, empty).write(estimate)
        result = super().write(vals)
        if {"state", "lead_id"} & set(vals):
            self.lead_id._sync_request_state()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_only_unanswered(self):
        """What a member asked for leaves a trace: it is refused or withdrawn."""
        for line in self:
            if line.state not in ("new", "recommended"):
                raise UserError(
                    self.env._(
                        "The need « %(name)s » has been dealt with: it stays in the "
                        "request.",
                        name=line.display_name,
                    )
                )

    @api.model
    def _has_field_access(self, field, operation):
        """In the portal, only what the follow-up of a request shows."""
        if not super()._has_field_access(field, operation):
            return False
        return (
            self.env.su or self.env.user._is_internal() or field.name in PORTAL_FIELDS
        )
