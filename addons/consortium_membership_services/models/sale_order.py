from odoo import api, fields, models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    _inherit = "sale.order"

    member_category_id = fields.Many2one(
        "consortium.member.category",
        compute="_compute_member_category_id",
        store=True,
        compute_sudo=True,
        index="btree_not_null",
        help="Of who is served, or of the network it is served through, on the day of "
        "the signature; until then, of the order.",
    )
    sponsor_network_id = fields.Many2one(
        compute="_compute_sponsor_network_id",
        store=True,
        readonly=False,
        compute_sudo=True,
    )

    @api.depends(
        "is_service_agreement",
        "partner_id",
        "beneficiary_id",
        "date_order",
        "signed_on",
    )
    def _compute_member_category_id(self):
        """Kept as of that day: a membership that changes later changes nothing here."""
        for order in self:
            order.member_category_id = order._served_membership().category_id

    @api.depends("is_service_agreement", "partner_id", "beneficiary_id")
    def _compute_sponsor_network_id(self):
        """The network that who is served is served through; another one may be written
        instead. The days that pass and the signature change nothing: it is signed."""
        for order in self:
            membership = order._served_membership()
            if order.is_service_agreement:
                order.sponsor_network_id = (
                    membership.partner_id - order._served_organization()
                )
            else:
                order.sponsor_network_id = order.sponsor_network_id

    def _served_membership(self):
        """The membership by which who is served is, on the day of the signature; until
        then, of the order. None for a plain order."""
        served = self._served_organization()
        if not (self.is_service_agreement and served):
            return self.env["consortium.membership"]
        moment = self.signed_on or self.date_order or fields.Datetime.now()
        company = self.company_id
        date = fields.Datetime.context_timestamp(
            self.with_context(tz=company.partner_id.tz), moment
        ).date()
        return served.with_company(company)._served_through(date)

    def _served_organization(self):
        self.ensure_one()
        return (self.beneficiary_id or self.partner_id).commercial_partner_id

    def _check_served(self):
        """:raise UserError: who would be served may not be, today"""
        for order in self.filtered("is_service_agreement"):
            served = order._served_organization().with_company(order.company_id)
            if refusal := served._why_not_served(order._today()):
                raise UserError(refusal)

    def _check_proposable(self):
        result = super()._check_proposable()
        self._check_served()
        return result

    def _check_countersigner(self, version):
        result = super()._check_countersigner(version)
        # What runs may be shortened, or put in order, for a member that leaves.
        if self.agreement_state == "signed" or version._extends():
            self._check_served()
        return result
