from odoo import api, fields, models
from odoo.addons.consortium_base.tools import neq
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import email_normalize

OPEN = ("draft", "submitted")


class ConsortiumMembershipApplication(models.Model):
    """An organisation that asks to become a member, until the board decides."""

    _name = "consortium.membership.application"
    _description = "Membership Application"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _rec_names_search = ["name", "organization_name", "neq"]
    _check_company_auto = True

    name = fields.Char(string="Reference", readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    state = fields.Selection(
        [
            ("draft", "New"),
            ("submitted", "Before the Board"),
            ("admitted", "Admitted"),
            ("refused", "Refused"),
            ("withdrawn", "Withdrawn"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    source = fields.Selection(
        [
            ("manual", "Typed In"),
            ("opportunity", "Opportunity"),
            ("portal", "Online Form"),
            ("bulk", "Admission in Bulk"),
        ],
        required=True,
        default="manual",
        readonly=True,
    )
    lead_id = fields.Many2one(
        "crm.lead",
        string="Opportunity",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        copy=False,
    )
    date = fields.Date(
        string="Received On",
        required=True,
        default=lambda self: self.env.company._today(),
        tracking=True,
    )
    # Who
    partner_id = fields.Many2one(
        "res.partner",
        string="Organization",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        domain="[('is_company', '=', True), ('parent_id', '=', False)]",
        help="Found by its NEQ, then by its e-mail address; else made when the "
        "application goes before the board.",
    )
    organization_name = fields.Char(string="Name of the Organization")
    neq = fields.Char(string="NEQ")
    organization_kind_id = fields.Many2one(
        "consortium.organization.kind",
        string="Kind of Organization",
        ondelete="restrict",
    )
    email = fields.Char(string="E-mail")
    phone = fields.Char()
    street = fields.Char()
    city = fields.Char()
    zip = fields.Char()
    state_id = fields.Many2one(
        "res.country.state", string="Province", ondelete="restrict"
    )
    person_id = fields.Many2one(
        "res.partner",
        string="Representative",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('is_company', '=', False)]",
        copy=False,
    )
    contact_name = fields.Char(string="Name of the Representative")
    contact_email = fields.Char(string="E-mail of the Representative")
    contact_phone = fields.Char(string="Phone of the Representative")
    contact_function = fields.Char(string="Function of the Representative")
    give_mandate = fields.Boolean(
        string="Give the Mandate",
        default=True,
        help="At the admission, the representative gets a mandate of every scope, and "
        "so access to the portal.",
    )
    # What
    category_id = fields.Many2one(
        "consortium.member.category", index=True, ondelete="restrict", tracking=True
    )
    usage_hours = fields.Integer(
        string="Hours of Services a Year",
        help="The size of use intended: the number of qualifying shares may follow it.",
    )
    need = fields.Text(
        string="Intended Use of the Services",
        help="A member is really able to use the services of the cooperative.",
    )
    has_undertaken = fields.Boolean(
        string="Undertakes to Respect the By-Laws", copy=False, tracking=True
    )
    # The decision
    membership_id = fields.Many2one(
        "consortium.membership",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
        copy=False,
    )
    member_number = fields.Integer(related="membership_id.number")
    resolution_id = fields.Many2one(
        "consortium.resolution",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    decision_date = fields.Date(readonly=True, copy=False, tracking=True)
    refusal_reason = fields.Text(readonly=True, copy=False, tracking=True)
    match_note = fields.Char(
        compute="_compute_match_note", export_string_translation=False
    )

    _usage = models.Constraint(
        "CHECK (usage_hours >= 0)", "A number of hours is zero or more."
    )
    _one_before_the_board = models.UniqueIndex(
        "(company_id, partner_id) WHERE state = 'submitted'",
        "Another application of this organization is already before the board.",
    )

    @api.depends("name", "organization_name")
    def _compute_display_name(self):
        for application in self:
            parts = (application.name, application.organization_name)
            application.display_name = " – ".join(part for part in parts if part)

    @api.depends("partner_id", "neq", "email")
    def _compute_match_note(self):
        for application in self:
            application.match_note = (
                application.state in OPEN
                and not application.partner_id
                and self.env._(
                    "No contact has this NEQ or e-mail address: one will be made."
                )
            )

    @api.constrains("neq")
    def _check_neq(self):
        for application in self:
            if application.neq and not neq.is_neq(application.neq):
                raise ValidationError(
                    self.env._(
                        "« %(number)s » is not a NEQ: a NEQ has 10 digits and begins "
                        "with 11, 22, 33 or 88.",
                        number=application.neq,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        sequence = self.env["ir.sequence"].sudo()  # whoever applies gets its reference
        vals_list = [self._clean(vals) for vals in vals_list]
        for vals in vals_list:
            vals["state"] = "draft"
            if not vals.get("name"):
                vals["name"] = sequence.next_by_code(
                    "consortium.membership.application"
                )
        applications = super().create(vals_list)
        for application in applications:
            application._look_up()
        return applications

    def write(self, vals):
        """What was decided stays; the state follows the buttons.

        :raise UserError: ``vals`` would change that
        """
        if {"state", "membership_id", "resolution_id"} & set(vals):
            raise UserError(
                self.env._("An application is decided by its buttons, for good.")
            )
        named = {
            name
            for name in vals
            if not name.startswith(("activity_", "message_", "website_message"))
        }
        if named - {"lead_id"} and any(a.state not in OPEN for a in self):
            raise UserError(
                self.env._("This application has been decided and does not change.")
            )
        if {"partner_id", "category_id"} & named and any(
            a.state == "submitted" for a in self
        ):
            raise UserError(
                self.env._(
                    "This application is before the board: withdraw it to change the "
                    "organization or the category."
                )
            )
        result = super().write(self._clean(vals))
        if {"neq", "email", "partner_id"} & named:
            for application in self:
                application._look_up()
        return result

    def _write_state(self, vals):
        """The only way to a state: ``write`` refuses it to everybody."""
        return super().write(vals)  # pylint: disable=super-method-mismatch

    @api.ondelete(at_uninstall=False)
    def _unlink_only_new(self):
        if any(application.state != "draft" for application in self):
            raise UserError(
                self.env._("An application that went before the board is not deleted.")
            )

    @api.model
    def _clean(self, vals):
        vals = dict(vals)
        if vals.get("neq"):
            vals["neq"] = neq.normalize(vals["neq"])
        return vals

    def _look_up(self):
        """Find the contact, and complete the form with what is known of it."""
        self.ensure_one()
        partner = self.partner_id or self._match()
        vals = {}
        if partner and not self.partner_id:
            vals["partner_id"] = partner.id
        for name, source in self._known_fields().items():
            if partner and not self[name] and partner[source]:
                value = partner[source]
                vals[name] = value.id if isinstance(value, models.Model) else value
        if vals:
            self._write_state(vals)

    @api.model
    def _known_fields(self):
        """``{field of the application: field of the contact}``."""
        return {
            "organization_name": "name",
            "neq": "company_registry",
            "organization_kind_id": "organization_kind_id",
            "email": "email",
            "phone": "phone",
            "street": "street",
            "city": "city",
            "zip": "zip",
            "state_id": "state_id",
        }

    def _match(self):
        """The contact of the applicant: by NEQ, then by e-mail address when only one
        organisation has it, and no other NEQ.

        :rtype: res.partner
        """
        self.ensure_one()
        # An archived organisation is the same one, and its NEQ is taken.
        partners = self.env["res.partner"].with_context(active_test=False)
        top = Domain("parent_id", "=", False)
        if self.neq and (
            found := partners.search(
                top & Domain("company_registry", "=", self.neq), limit=1
            )
        ):
            return found
        email = email_normalize(self.email or "")
        if not email:
            return partners.browse()
        found = partners.search(
            top
            & Domain("email_normalized", "=", email)
            & Domain("is_company", "=", True),
            limit=2,
        )
        if len(found) != 1:
            return partners.browse()
        other = self.neq and found.company_registry
        return found if not other or other == self.neq else partners.browse()

    def action_view_membership(self):
        """The membership that the admission opened."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "consortium.membership",
            "res_id": self.membership_id.id,
            "view_mode": "form",
        }

    def action_decide(self):
        """Ask for the board's decision on these applications."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Decision of the Board"),
            "res_model": "consortium.membership.decision",
            "view_mode": "form",
            "target": "new",
            "context": {"default_application_ids": self.ids},
        }
