from odoo import api, fields, models
from odoo.addons.base.models.res_partner import _lang_get
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

AGREEMENT_TYPES = [
    ("service", "Service Agreement"),
    ("framework", "Framework Agreement"),
    ("partnership", "Partnership Agreement"),
]
# What the member signs: once signed, only an amendment changes it.
CONTENT_FIELDS = (
    "name",
    "partner_id",
    "partner_invoice_id",
    "beneficiary_id",
    "funder_id",
    "sponsor_network_id",
    "parent_agreement_id",
    "agreement_type",
    "agreement_title",
    "agreement_scope",
    "agreement_deliverables",
    "agreement_start",
    "agreement_end",
    "agreement_renewal",
    "ceiling_minutes",
    "clause_version_ids",
)


class SaleOrder(models.Model):
    """A service agreement is an order flagged as such: what it says, and its states."""

    _inherit = "sale.order"

    is_service_agreement = fields.Boolean(readonly=True, index="btree_not_null")
    agreement_type = fields.Selection(AGREEMENT_TYPES, string="Type of Agreement")
    agreement_state = fields.Selection(
        [
            ("draft", "Being Written"),
            ("proposed", "Proposed"),
            ("signed", "Awaiting Countersignature"),
            ("running", "Running"),
            ("closed", "Closed"),
            ("cancelled", "Declined or Cancelled"),
        ],
        string="Progress",
        compute="_compute_agreement_state",
        store=True,
        index=True,
        tracking=True,
    )
    agreement_title = fields.Char(string="Title", tracking=True)
    agreement_scope = fields.Html(string="Scope")
    agreement_deliverables = fields.Html(string="Deliverables")
    agreement_start = fields.Date(string="Starts On", tracking=True)
    agreement_end = fields.Date(
        string="Ends On", tracking=True, help="The last day, included."
    )
    agreement_renewal = fields.Selection(
        [
            ("none", "Not Renewed"),
            ("request", "Renewed by a New Agreement"),
            ("tacit", "Renewed Unless Ended"),
        ],
        string="Renewal",
        default="none",
    )
    agreement_lang = fields.Selection(
        _lang_get,
        string="Language of the Agreement",
        compute="_compute_agreement_lang",
        store=True,
        readonly=False,
    )
    parent_agreement_id = fields.Many2one(
        "sale.order",
        string="Under the Framework Agreement",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('agreement_type', '=', 'framework'), "
        "('agreement_state', '=', 'running')]",
    )
    child_agreement_ids = fields.One2many(
        "sale.order", "parent_agreement_id", string="Agreements Under This One"
    )
    beneficiary_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="Who is served, when it is not the member who signs. The payer is the "
        "invoice address.",
    )
    funder_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        ondelete="restrict",
        help="The third party who pays for all or part of the services, if any.",
    )
    sponsor_network_id = fields.Many2one(
        "res.partner",
        string="Sponsoring Network",
        index="btree_not_null",
        ondelete="restrict",
        help="The network through which the beneficiary is served.",
    )
    ceiling_minutes = fields.Integer(
        compute="_compute_ceiling_minutes",
        store=True,
        readonly=False,
        tracking=True,
        help="No hour beyond it without the member's consent. Zero: no ceiling.",
    )
    ceiling_hours = fields.Float(
        string="Hour Ceiling",
        compute="_compute_ceiling_hours",
        inverse="_inverse_ceiling_hours",
    )
    clause_version_ids = fields.Many2many(
        "consortium.agreement.clause.version",
        string="Clauses",
        copy=False,
        help="The wording in force on the day the agreement is proposed.",
    )
    version_ids = fields.One2many("consortium.agreement.version", "order_id")
    consent_ids = fields.One2many("consortium.agreement.consent", "order_id")
    achievement_ids = fields.One2many(
        "consortium.achievement",
        "agreement_id",
        # As their agreement: an anonymized one doesn't tell for whom it was done.
        groups="consortium_base.group_coordinator,consortium_base.group_auditor",
    )
    signatory_id = fields.Many2one(
        "res.partner", readonly=True, copy=False, tracking=True
    )
    countersigned_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    countersigned_on = fields.Datetime(readonly=True, copy=False)
    proposed_on = fields.Datetime(
        readonly=True,
        copy=False,
        help="When it was last proposed, unless it was taken back to write it again.",
    )
    closed_on = fields.Date(readonly=True, copy=False, tracking=True)
    closing_note = fields.Html(copy=False)
    deliverable_ids = fields.Many2many(
        "ir.attachment", string="Deliverable Files", copy=False
    )
    agreement_project_template_id = fields.Many2one(
        "project.project",
        string="Project Template",
        domain="[('is_template', '=', True)]",
    )
    acting_reads = fields.Boolean(
        compute="_compute_acting_reads",
        search="_search_acting_reads",
        export_string_translation=False,
    )

    _agreement_dates = models.Constraint(
        "CHECK (agreement_end >= agreement_start)",
        "An agreement ends on or after the day it starts.",
    )
    _ceiling = models.Constraint(
        "CHECK (ceiling_minutes >= 0)", "A ceiling of hours is not negative."
    )
    _agreement_kind = models.Constraint(
        "CHECK (is_service_agreement IS NOT TRUE OR agreement_type IS NOT NULL)",
        "Say of which type the agreement is: service, framework or partnership.",
    )

    @api.depends("is_service_agreement", "state", "signed_on", "closed_on")
    def _compute_agreement_state(self):
        for order in self:
            if not order.is_service_agreement:
                order.agreement_state = False
            elif order.state == "cancel":
                order.agreement_state = "cancelled"
            elif order.state == "sale":
                order.agreement_state = "closed" if order.closed_on else "running"
            elif order.signed_on:
                order.agreement_state = "signed"
            else:
                order.agreement_state = "proposed" if order.state == "sent" else "draft"

    @api.depends("partner_id")
    def _compute_agreement_lang(self):
        for order in self:
            order.agreement_lang = order.partner_id.lang or self.env.lang

    @api.depends("order_line.planned_minutes", "order_line.option_state")
    def _compute_ceiling_minutes(self):
        """The hours of the fields taken, until somebody signs; a ceiling that was typed
        in stays, as does that of a framework agreement."""
        for order in self:
            if (
                order.is_service_agreement
                and order.agreement_type != "framework"
                and not order.ceiling_typed
                and not order.signed_on
                and order.state in ("draft", "sent")
            ):
                order.ceiling_minutes = order._taken_minutes()
            else:
                order.ceiling_minutes = order.ceiling_minutes

    @api.depends("ceiling_minutes")
    def _compute_ceiling_hours(self):
        for order in self:
            order.ceiling_hours = order.ceiling_minutes / 60

    def _inverse_ceiling_hours(self):
        for order in self:
            order.ceiling_minutes = round(order.ceiling_hours * 60)

    @api.depends_context("uid")
    def _compute_acting_reads(self):
        readable = self.filtered_domain(self._acting_domain())
        for order in self:
            order.acting_reads = order in readable

    @api.model
    def _search_acting_reads(self, operator, value):
        if operator != "in" or list(value) != [True]:
            return NotImplemented
        return self._acting_domain()

    @api.model
    def _acting_domain(self):
        """What the organisation that the user acts for may read of the orders.

        The member and the beneficiary by a mandate to request, sign or pay; the payer
        by a billing mandate.
        """
        user = self.env.user
        organization = user._acting_partner()
        scopes = user._mandates().get(organization.id, frozenset())
        domain = Domain.FALSE
        if scopes & {"request", "sign", "billing"}:
            domain |= Domain("partner_id.commercial_partner_id", "=", organization.id)
            domain |= Domain("beneficiary_id", "=", organization.id)
        if "billing" in scopes:
            domain |= Domain(
                "partner_invoice_id.commercial_partner_id", "=", organization.id
            )
        return domain & (
            Domain("is_service_agreement", "=", False) | self._shown_domain()
        )

    @api.model
    def _shown_domain(self):
        """The agreements that may be shown outside: a draft is nobody's but the
        cooperative's, one that was cancelled before it was proposed, too."""
        return Domain("state", "!=", "draft") & (
            Domain("state", "!=", "cancel") | Domain("proposed_on", "!=", False)
        )

    @api.constrains("parent_agreement_id", "agreement_type")
    def _check_parent_agreement(self):
        for order in self.filtered("parent_agreement_id"):
            if order.agreement_type == "framework":
                raise ValidationError(
                    self.env._("A framework agreement stands under no other one.")
                )
            if order.parent_agreement_id.agreement_type != "framework":
                raise ValidationError(
                    self.env._("Agreements stand under a framework agreement only.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        """An agreement has a number of the series of its type."""
        for vals in vals_list:
            if not (
                vals.get("is_service_agreement")
                or self.env.context.get("default_is_service_agreement")
            ):
                continue
            vals.setdefault("is_service_agreement", True)
            # Paid in advance by nobody, and signed in its own way.
            vals.update(require_payment=False, require_signature=False)
            kind = vals.get("agreement_type") or self.env.context.get(
                "default_agreement_type"
            )
            if kind and vals.get("name", self.env._("New")) == self.env._("New"):
                sequence = self.env["ir.sequence"].with_company(vals.get("company_id"))
                vals["name"] = sequence.next_by_code(f"consortium.agreement.{kind}")
        return super().create(vals_list)

    def write(self, vals):
        """What was signed stays as it was: an amendment changes it."""
        agreements = self.filtered("is_service_agreement")
        if agreements:
            # A ceiling still to be worked out would stay at zero once it is signed.
            agreements.mapped("ceiling_minutes")
        if agreements and not self.env.su and set(CONTENT_FIELDS) & set(vals):
            agreements._check_not_signed(vals)
        return super().write(vals)

    def _check_not_signed(self, vals):
        """:raise UserError: a signed agreement would say something else"""
        for order in self.filtered("signed_on"):
            for name in set(CONTENT_FIELDS) & set(vals):
                many = order._fields[name].type == "many2many"
                if many or order._differs(name, vals[name]):
                    raise UserError(order._signed_message())

    def _signed_message(self):
        self.ensure_one()
        return self.env._(
            "%(agreement)s is signed: propose an amendment to change it.",
            agreement=self.name,
        )

    def _today(self):
        """Today where the cooperative is."""
        self.ensure_one()
        return self.company_id._today()
