"""Organizations: their kind, region and NEQ."""

import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..tools import neq


class ResPartner(models.Model):
    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    _complete_name_displayed_types = ("invoice", "delivery", "office", "other")

    type = fields.Selection(
        selection_add=[("office", "Office"), ("other",)],
        ondelete={"office": "set other"},
    )
    office_ids = fields.One2many(
        "res.partner", "parent_id", string="Offices", domain=[("type", "=", "office")]
    )
    organization_kind_id = fields.Many2one(
        "consortium.organization.kind",
        string="Kind of Organization",
        index="btree_not_null",
        tracking=True,
        ondelete="restrict",
    )
    is_network = fields.Boolean(
        related="organization_kind_id.is_network", string="Is a Network"
    )
    region_id = fields.Many2one(
        "consortium.region",
        string="Administrative Region",
        compute="_compute_region_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        tracking=True,
        ondelete="restrict",
        domain="['|', ('state_id', '=?', state_id), ('state_id', '=', False)]",
    )

    # Over every organization, archived ones too: to come back, one is restored.
    _neq_unique = models.UniqueIndex(
        f"(company_registry) WHERE parent_id IS NULL "
        f"AND company_registry ~ '^{neq.PATTERN}$'",
        "Another organization, maybe an archived one, already has this NEQ.",
    )

    @api.depends("state_id")
    def _compute_region_id(self):
        """A province that is one region gives it; a region of elsewhere is dropped."""
        by_state = self.env["consortium.region"]._ids_by_state()
        for partner in self:
            candidates = by_state.get(partner.state_id.id, ())
            if len(candidates) == 1:
                partner.region_id = candidates[0]
            elif partner.state_id and partner.region_id.id not in candidates:
                partner.region_id = False
            else:
                partner.region_id = partner.region_id

    def _get_company_registry_labels(self):
        return {**super()._get_company_registry_labels(), "CA": "NEQ"}

    @api.constrains(
        "company_registry",
        "country_id",
        "organization_kind_id",
        "parent_id",
        "state_id",
    )
    def _check_neq(self):
        for partner in self:
            number = partner.company_registry
            if number and not neq.is_neq(number) and partner._expects_neq():
                raise ValidationError(
                    self.env._(
                        "« %(number)s » is not a NEQ: a NEQ has 10 digits and begins "
                        "with 11, 22, 33 or 88.",
                        number=number,
                    )
                )

    @api.constrains("organization_kind_id")
    def _check_network_kind(self):
        """A network that has, or had, members stays one: their dates say so."""
        changed = self.filtered(lambda partner: not partner.is_network)
        affiliation = self.env["consortium.affiliation"].search(
            [("network_id", "in", changed.ids)], limit=1
        )
        if affiliation:
            raise ValidationError(
                self.env._(
                    "%(network)s has or had members: its kind has to be one of the "
                    "network kinds.",
                    network=affiliation.network_id.display_name,
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_compact_neq(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._with_compact_neq(vals))

    @api.model
    def _with_compact_neq(self, vals):
        if not vals.get("company_registry"):
            return vals
        return {**vals, "company_registry": neq.normalize(vals["company_registry"])}

    def _expects_neq(self):
        """Whether the registry number of this partner can only be a NEQ.

        In Québec it is one. In another province or country each register numbers in
        its own way, and an enterprise of elsewhere that also trades in Québec may
        have a NEQ: both are accepted. Without an address, an organization of the
        cooperative is deemed to be of Québec; another contact is not.
        """
        self.ensure_one()
        if self.parent_id:
            return False
        if self.state_id:
            return (self.state_id.country_id.code, self.state_id.code) == ("CA", "QC")
        if self.country_id:
            return self.country_id.code == "CA"
        return bool(self.organization_kind_id)

    @api.model
    def _search_display_name(self, operator, value):
        """A NEQ is found however it is typed: « 1142 123 456 » too."""
        domain = super()._search_display_name(operator, value)
        if not isinstance(value, str) or not re.fullmatch(r"[\d\s-]{4,}", value):
            return domain
        digits = neq.compact(value)
        if digits == value:
            return domain
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented  # the opposite of the positive one
        return Domain(domain) | Domain("company_registry", operator, digits)
