from odoo import api, models
from odoo.tools import SQL


class ConsortiumMemberOperations(models.Model):
    _inherit = "consortium.member.operations"

    @api.model
    def _sql_beneficiary(self):
        """Whom the agreement serves; without an agreement, as before."""
        return SQL("COALESCE(served.organization_id, %s)", super()._sql_beneficiary())

    @api.model
    def _sql_sponsor(self):
        """The network that the agreement names as the one it is served through."""
        return SQL("served.sponsor_id")

    @api.model
    def _sql_joins(self):
        """The agreement that a line invoices: the first one, if several."""
        return SQL(
            """
            %s
            LEFT JOIN LATERAL (
                SELECT organization.commercial_partner_id AS organization_id,
                       agreement.sponsor_network_id AS sponsor_id
                  FROM sale_order_line_invoice_rel link
                  JOIN sale_order_line sold ON sold.id = link.order_line_id
                  JOIN sale_order agreement ON agreement.id = sold.order_id
                  JOIN res_partner organization
                    ON organization.id = COALESCE(agreement.beneficiary_id,
                                                  agreement.partner_id)
                 WHERE link.invoice_line_id = line.id
                   AND agreement.is_service_agreement
                 ORDER BY sold.id
                 LIMIT 1
            ) served ON TRUE
            """,
            super()._sql_joins(),
        )

    @api.model
    def _read_books(self, date_from, date_to, company):
        self.env["sale.order"].flush_model()
        self.env["sale.order.line"].flush_model()
        return super()._read_books(date_from, date_to, company)
