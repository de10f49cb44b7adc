from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

REQUEST_STATES = [
    ("new", "Received"),
    ("in_progress", "Being Studied"),
    ("proposed", "Agreement Proposed"),
    ("agreed", "Agreement Signed"),
    ("closed", "Closed"),
]
# What a representative reads of a request; prices, probabilities and notes are not.
PORTAL_FIELDS = {
    "id",
    "access_token",
    "access_url",
    "access_warning",
    "active",
    "company_id",
    "create_date",
    "display_name",
    "is_service_request",
    "is_urgent",
    "merged_numbers",
    "message_attachment_count",
    "message_has_error",
    "message_has_error_counter",
    "message_has_sms_error",
    "message_ids",
    "message_is_follower",
    "message_needaction",
    "message_needaction_counter",
    "message_partner_ids",
    "name",
    "partner_id",
    "received_at",
    "request_line_ids",
    "request_number",
    "request_person_id",
    "request_state",
    "requester_id",
    "urgency_reason",
    "website_message_ids",
    "wished_end",
    "wished_start",
}
CHANNELS = [
    ("portal", "Portal"),
    ("email", "E-mail"),
    ("coordinator", "Entered by a Coordinator"),
]


class CrmLead(models.Model):
    """A lead that is a service request: several needs, each with its own follow-up."""

    _name = "crm.lead"
    _inherit = ["crm.lead", "portal.mixin"]

    is_service_request = fields.Boolean(index=True)
    request_number = fields.Char(readonly=True, copy=False, index="trigram")
    merged_numbers = fields.Char(
        readonly=True, copy=False, help="Numbers of the requests merged into this one."
    )
    request_channel = fields.Selection(
        CHANNELS, string="Came By", default="coordinator", readonly=True, copy=False
    )
    request_line_ids = fields.One2many(
        "consortium.service.request.line", "lead_id", string="Needs"
    )
    request_state = fields.Selection(
        REQUEST_STATES,
        string="State of the Request",
        default="new",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    requester_id = fields.Many2one(
        "res.partner",
        string="Asked By",
        index="btree_not_null",
        domain=[("is_company", "=", True)],
        help="The network that asks for one of its members; otherwise, the "
        "organization itself.",
    )
    request_person_id = fields.Many2one(
        "res.partner", string="Person", help="Who asked, and receives the answers."
    )
    referrer_id = fields.Many2one(
        "res.partner",
        string="Referring Partner",
        index="btree_not_null",
        tracking=True,
        help="The partner that referred the organization.",
    )
    is_urgent = fields.Boolean(string="Urgent", tracking=True)
    urgency_reason = fields.Char(string="Why It Is Urgent")
    wished_start = fields.Date(string="Wished From")
    wished_end = fields.Date(string="Wished Until")
    received_at = fields.Datetime(
        string="Received", default=fields.Datetime.now, copy=False
    )
    first_answer_at = fields.Datetime(
        string="First Answer", readonly=True, copy=False, index="btree_not_null"
    )
    first_answer_minutes = fields.Integer(
        string="Delay to First Answer (min)",
        readonly=True,
        copy=False,
        aggregator="avg",
        help="In minutes, from the reception to the first answer of a person.",
    )
    submission_key = fields.Char(
        readonly=True, copy=False, export_string_translation=False
    )
    split_from_id = fields.Many2one(
        "crm.lead", readonly=True, copy=False, index="btree_not_null"
    )
    split_lead_ids = fields.One2many("crm.lead", "split_from_id", readonly=True)
    request_coordinator_ids = fields.Many2many(
        "res.users", compute="_compute_request_coordinators", string="Coordinators"
    )
    expertise_ids = fields.Many2many(
        "consortium.expertise",
        compute="_compute_request_coordinators",
        search="_search_expertise_ids",
        string="Fields of Expertise",
    )

    _request_number_once = models.UniqueIndex(
        "(request_number, company_id) WHERE request_number IS NOT NULL",
        "Another request has this number.",
    )
    _submission_once = models.UniqueIndex(
        "(submission_key) WHERE submission_key IS NOT NULL",
        "This request has been received already.",
    )
    _urgency = models.Constraint(
        "CHECK (NOT is_urgent OR length(trim(urgency_reason)) > 0)",
        "Say why the request is urgent.",
    )
    _wished_dates = models.Constraint(
        "CHECK (wished_end >= wished_start)",
        "The wished dates go from a day to the same or a later one.",
    )
    _request_queue = models.Index(
        "(is_urgent DESC, received_at) WHERE is_service_request"
    )
    _request_partner = models.Index(
        "(partner_id, received_at DESC) WHERE is_service_request"
    )

    def _compute_access_url(self):
        requests = self.filtered("is_service_request")
        result = super(CrmLead, self - requests)._compute_access_url()
        for lead in requests:
            lead.access_url = f"/my/requests/{lead.id}"
        return result

    @api.depends("request_line_ids.manager_id", "request_line_ids.expertise_id")
    def _compute_request_coordinators(self):
        for lead in self:
            lead.request_coordinator_ids = lead.request_line_ids.manager_id
            lead.expertise_ids = lead.request_line_ids.expertise_id

    def _search_expertise_ids(self, operator, value):
        return [("request_line_ids.expertise_id", operator, value)]

    @api.constrains("is_service_request", "partner_id")
    def _check_served(self):
        """Addons say who may be served: see ``res.partner._why_not_served``."""
        for lead in self.filtered(lambda le: le.is_service_request and le.partner_id):
            organization = lead.partner_id.commercial_partner_id
            company = lead.company_id or self.env.company
            date = company._today(lead.received_at)
            if refusal := organization._why_not_served(date):
                raise ValidationError(refusal)

    @api.model_create_multi
    def create(self, vals_list):
        """Number the service requests, and let nobody own one: coordinators do."""
        is_default = self.env.context.get("default_is_service_request")
        for vals in vals_list:
            if not vals.get("is_service_request", is_default):
                continue
            vals["request_number"] = self._next_request_number(vals)
            vals.setdefault("type", "opportunity")
            vals.setdefault("user_id", False)
            vals.setdefault("requester_id", vals.get("partner_id"))
            if vals.get("is_urgent"):
                vals.setdefault("priority", "3")
        return super().create(vals_list)

    def write(self, vals):
        """Urgent requests come first in core's own lists too.

        :raise UserError: what makes a request one is taken away
        """
        if "is_service_request" in vals:
            changed = self.filtered(
                lambda lead: lead.is_service_request != vals["is_service_request"]
            )
            if changed.request_line_ids:
                raise UserError(
                    self.env._("A service request with needs stays one: refuse it.")
                )
            for lead in changed.filtered(lambda lead: not lead.request_number):
                lead.request_number = self._next_request_number(vals)
        if vals.get("is_urgent"):
            vals.setdefault("priority", "3")
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_empty_requests(self):
        """A request leaves a trace; what was merged has no needs any more."""
        for lead in self:
            if lead.request_line_ids:
                raise UserError(
                    self.env._(
                        "Request %(number)s stays: refuse its needs, or merge it into "
                        "another one.",
                        number=lead.request_number,
                    )
                )

    @api.model
    def _next_request_number(self, vals):
        company = vals.get("company_id") or self.env.company.id
        # Whoever may enter a request takes the next number, and only that.
        sequence = self.env["ir.sequence"].sudo().with_company(company)
        return sequence.next_by_code("consortium.service.request")

    @api.model
    def _has_field_access(self, field, operation):
        """In the portal, only what the follow-up of a request shows."""
        if not super()._has_field_access(field, operation):
            return False
        return (
            self.env.su or self.env.user._is_internal() or field.name in PORTAL_FIELDS
        )

    def _sync_request_state(self):
        """The state of the whole, from those of the needs."""
        for lead in self.filtered("is_service_request"):
            lines = lead.request_line_ids
            asked = lines.filtered(lambda line: line.state != "recommended")
            states = set(asked.mapped("state"))
            still = states & {"new", "taken", "assigned"}
            if not states or states == {"new"}:
                state = "new"
            elif still:
                state = "in_progress"
            elif "proposed" in states:
                state = "proposed"
            else:
                state = "agreed" if "agreed" in states else "closed"
            if lead.request_state != state:
                # Follows from the needs, by whoever may change those.
                lead.sudo().request_state = state
                if state == "agreed":
                    lead.sudo().action_set_won()

    def _action_open_request(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.lead",
            "res_id": self.id,
            "view_mode": "form",
            "views": [
                (
                    self.env.ref("consortium_services.crm_lead_view_form_request").id,
                    "form",
                )
            ],
        }
