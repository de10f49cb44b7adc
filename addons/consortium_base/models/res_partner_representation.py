from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import email_normalize

from .consortium_representation import SCOPES


class ResPartner(models.Model):
    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    representative_ids = fields.One2many(
        "consortium.representation", "organization_id", string="Representatives"
    )
    mandate_ids = fields.One2many(
        "consortium.representation", "person_id", string="Mandates"
    )
    representative_count = fields.Integer(
        compute="_compute_representative_count", export_string_translation=False
    )
    mandate_count = fields.Integer(
        compute="_compute_mandate_count", export_string_translation=False
    )
    domicile = fields.Text(
        groups="consortium_base.group_membership_officer,consortium_base.group_auditor",
        help="Where the person lives: the register of directors and officers needs it. "
        "Personal: only those who keep or audit the register read it.",
    )
    # What record rules ask: is it the organisation that the user acts for now? They
    # are evaluated at each query, while the rule itself may stay in a cache.
    acting_any = fields.Boolean(
        compute="_compute_acting",
        search="_search_acting_any",
        export_string_translation=False,
    )
    acting_vote = fields.Boolean(
        compute="_compute_acting",
        search="_search_acting_vote",
        export_string_translation=False,
    )
    acting_sign = fields.Boolean(
        compute="_compute_acting",
        search="_search_acting_sign",
        export_string_translation=False,
    )
    acting_request = fields.Boolean(
        compute="_compute_acting",
        search="_search_acting_request",
        export_string_translation=False,
    )
    acting_billing = fields.Boolean(
        compute="_compute_acting",
        search="_search_acting_billing",
        export_string_translation=False,
    )

    def _compute_representative_count(self):
        counts = dict(
            self.env["consortium.representation"]._read_group(
                [("organization_id", "in", self.ids), ("state", "=", "in_force")],
                ["organization_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.representative_count = counts.get(partner, 0)

    def _compute_mandate_count(self):
        counts = dict(
            self.env["consortium.representation"]._read_group(
                [("person_id", "in", self.ids), ("state", "=", "in_force")],
                ["person_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.mandate_count = counts.get(partner, 0)

    @api.depends_context("uid")
    def _compute_acting(self):
        user = self.env.user
        for scope in ("any", *SCOPES):
            acting = user._acting_partner(None if scope == "any" else scope)
            for partner in self:
                partner[f"acting_{scope}"] = partner._origin.id in acting.ids

    def _search_acting(self, scope, operator, value):
        """The organisation the user acts for now, if its mandate has that scope."""
        if operator != "in" or list(value) != [True]:
            return NotImplemented
        return Domain("id", "in", self.env.user._acting_partner(scope).ids)

    @api.model
    def _search_acting_any(self, operator, value):
        return self._search_acting(None, operator, value)

    @api.model
    def _search_acting_vote(self, operator, value):
        return self._search_acting("vote", operator, value)

    @api.model
    def _search_acting_sign(self, operator, value):
        return self._search_acting("sign", operator, value)

    @api.model
    def _search_acting_request(self, operator, value):
        return self._search_acting("request", operator, value)

    @api.model
    def _search_acting_billing(self, operator, value):
        return self._search_acting("billing", operator, value)

    @api.constrains("parent_id", "is_company")
    def _check_representative_parent(self):
        """While a mandate runs or is to come, its representative has no parent, and
        a person who gave one neither: its documents would be those of the parent."""
        # Any officer who edits the contact is told, whatever mandates it may read.
        mandates = self.env["consortium.representation"].sudo()
        now = Domain("state", "in", ("to_come", "in_force"))
        for partner in self.filtered("parent_id"):
            given = now & Domain("organization_id", "=", partner.id)
            if partner.commercial_partner_id != partner and mandates.search_count(
                given, limit=1
            ):
                raise ValidationError(
                    self.env._(
                        "%(name)s has representatives: the contact may not stand under "
                        "another one while their mandates run or are to come.",
                        name=partner.name,
                    )
                )
            held = now & Domain("person_id", "=", partner.id)
            if mandates.search_count(held, limit=1):
                raise ValidationError(
                    self.env._(
                        "%(name)s represents an organization: the contact may not "
                        "stand under another one. Its mandates tell whom it acts for.",
                        name=partner.name,
                    )
                )

    def action_view_representatives(self):
        """The mandates given by an organisation, or held by a person."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "consortium_base.consortium_representation_action"
        )
        key = "organization_id" if self.is_company else "person_id"
        action["domain"] = [(key, "=", self.id)]
        action["context"] = {f"default_{key}": self.id}
        return action

    def _can_be_edited_by_current_customer(self, **kwargs):
        """A portal user edits its own contact, and with a billing mandate the invoice
        and delivery addresses of the organisation it acts for; core would say: any
        address under the company of its contact."""
        user = self.env.user
        if not user._is_portal():
            return super()._can_be_edited_by_current_customer(**kwargs)
        self.ensure_one()
        organization = user._acting_partner("billing")
        return self == user.partner_id or bool(
            organization
            and self.type in ("invoice", "delivery", "other")
            and self != organization
            and self.commercial_partner_id == organization
        )

    @api.model
    def _get_frontend_writable_fields(self):
        """The portal doesn't rename organisations: core renames the company of the
        contact when its page is posted with a company name."""
        names = super()._get_frontend_writable_fields()
        if self.env.user._is_portal():
            return names - {"company_name"}
        return names

    def _sync_portal_user(self):
        """Give or take back the portal according to the mandates in force today.

        An employee who represents an organisation keeps its own access.
        """
        mandate_model = self.env["consortium.representation"].sudo()
        today = self.env.company._today()
        in_force = mandate_model._in_force_domain(today)
        # Users are the administrator's business; a mandate decides for portal ones.
        for person in self.sudo():
            mandates = mandate_model.search([("person_id", "=", person.id)])
            current = mandates.filtered_domain(in_force)
            problem = False
            if current:
                problem = person._open_portal()
            else:
                person._close_portal()
            person._unfollow_lost(mandates, current)
            (mandates - current).filtered("access_open").access_open = False
            current.write({"access_open": not problem, "access_problem": problem})

    @api.model
    def _followed_documents(self):
        """What a representative may follow for an organisation, and receives by e-mail:
        addons add their documents.

        :return: ``[(model, path to the commercial partner, scope or None for any), …]``
        """
        return [
            ("res.partner", "commercial_partner_id", None),
            ("account.move", "commercial_partner_id", "billing"),
        ]

    def _unfollow_lost(self, mandates, current):
        """Stop following what the mandates in force no longer show: followers are
        written to, and read what they receive, whatever the record rules.

        An employee follows what its work asks for.

        :param mandates: every mandate of the person
        :param current: those in force
        """
        self.ensure_one()
        if any(user._is_internal() for user in self.user_ids):
            return
        for model, path, scope in self._followed_documents():
            shown = current.filtered(f"scope_{scope}") if scope else current
            lost = mandates.organization_id - shown.organization_id - self
            if not lost:
                continue
            # Who takes a mandate back need not have access to these documents.
            documents = self.env[model].sudo().with_context(active_test=False)
            documents.search(
                [("message_partner_ids", "in", self.ids), (path, "in", lost.ids)]
            ).message_unsubscribe(self.ids)

    def _open_portal(self):
        """Make or wake up the portal user, and invite; return what prevents it."""
        self.ensure_one()
        user = self.with_context(active_test=False).user_ids.sorted("active")[-1:]
        if user.active:
            return False
        email = email_normalize(self.email)
        if not email:
            return self.env._(
                "%(name)s has no valid e-mail address, so no access to the portal.",
                name=self.name,
            )
        same = self.env["res.users"].with_context(active_test=False)
        if same.search_count([("login", "=", email), ("id", "!=", user.id)], limit=1):
            return self.env._(
                "Another user logs in with the e-mail address of %(name)s, who so has "
                "no access to the portal.",
                name=self.name,
            )
        if user and not user._is_portal():
            return self.env._(
                "The archived user of %(name)s is not a portal user, so no access to "
                "the portal: an administrator decides what becomes of it.",
                name=self.name,
            )
        if user:
            user.active = True
        else:
            user = self._create_portal_user(email)
        self._invite_to_portal(user)
        return False

    def _create_portal_user(self, email):
        """A portal user for the person, as core's own wizard makes one."""
        company = self.company_id or self.env.company
        return (
            self.env["res.users"]
            .with_context(no_reset_password=True)
            .with_company(company)
            ._create_user_from_template(
                {
                    "email": email,
                    "login": email,
                    "partner_id": self.id,
                    "company_id": company.id,
                    "company_ids": [(6, 0, company.ids)],
                }
            )
        )

    def _invite_to_portal(self, user):
        """Odoo's own invitation, in the language of the person."""
        self.signup_prepare()
        template = self.env.ref("auth_signup.portal_set_password_email")
        template.with_context(
            dbname=self.env.cr.dbname, lang=user.lang, medium="portalinvite"
        ).send_mail(user.id)

    def _close_portal(self):
        """Archive the portal user, and void its pending invitation."""
        self.ensure_one()
        users = self.user_ids.filtered(lambda user: user._is_portal())
        if users:
            self.signup_type = False
            users.write({"active": False})

    def _require_mandate_for_portal(self):
        """Whether a portal user may be made by hand: only with a mandate in force.

        :raise UserError: the person has none
        """
        self.ensure_one()
        model = self.env["consortium.representation"]
        today = self.env.company._today()
        domain = model._in_force_domain(today) & Domain("person_id", "=", self.id)
        if not model.search_count(domain, limit=1):
            raise UserError(
                self.env._(
                    "Access to the portal comes with a mandate: %(name)s has none in "
                    "force. Add it under Organizations > Mandates.",
                    name=self.name,
                )
            )
