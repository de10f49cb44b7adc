from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.exceptions import AccessError, MissingError
from odoo.http import content_disposition, request, route
from werkzeug.exceptions import NotFound

PAGE = 50  # entries shown at most: the register has them all


class SharePortal(CustomerPortal):
    """The shares of the organisation that the user acts for, by its own rights."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "share_count" in counters:
            values["share_count"] = sum(
                line["quantity"] for line in self._share_lines()
            )
        return values

    # Not read-only: core's form of payment asks for the token of the invoice.
    @route("/my/shares", type="http", auth="user", website=True)
    def shares(self, **kwargs):
        """Holdings, what is owing, invoices, certificates, statements, movements."""
        env = request.env
        organization = env.user._acting_partner()
        if not organization:
            raise NotFound()
        own = [("partner_id", "=", organization.id)]
        certificates = env["consortium.share.certificate"].search(own, limit=PAGE)
        statements = env["consortium.share.statement"].search(own, limit=PAGE)
        entries = env["consortium.share.entry"].search(own, limit=PAGE)
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="shares",
            organization=organization,
            currency=env.company.currency_id,
            lines=self._share_lines(),
            invoices=self._share_invoices(organization),
            certificates=certificates,
            statements=statements,
            entries=entries,
        )
        return request.render("consortium_membership.portal_my_shares", values)

    def _share_lines(self):
        """What is held and owing in each class: one query over the register."""
        env = request.env
        organization = env.user._acting_partner()
        rows = env["consortium.share.register"]._read_group(
            [("partner_id", "=", organization.id)],
            ["share_class_id"],
            ["quantity:sum", "paid:sum", "owing:sum"],
        )
        return [
            {
                "share_class": share_class,
                "quantity": quantity,
                "paid": paid,
                "owing": owing,
            }
            for share_class, quantity, paid, owing in rows
            if quantity or owing
        ]

    def _share_invoices(self, organization):
        """The invoices of shares that the user may read: with a billing mandate."""
        return request.env["account.move"].search(
            [
                ("share_operation_id", "!=", False),
                ("move_type", "=", "out_invoice"),
                ("partner_id", "=", organization.id),
                ("state", "=", "posted"),
            ],
            order="invoice_date desc, id desc",
            limit=PAGE,
        )

    @route(
        [
            "/my/shares/certificates/<int:certificate_id>",
            "/my/shares/statements/<int:statement_id>",
        ],
        type="http",
        auth="user",
        website=True,
    )
    def share_document(self, certificate_id=None, statement_id=None, **kwargs):
        """A certificate or a statement, as it was issued.

        :raise NotFound: none such, or not that of the organisation
        """
        if certificate_id:
            model, identifier = "consortium.share.certificate", certificate_id
        else:
            model, identifier = "consortium.share.statement", statement_id
        record = request.env[model].browse(identifier)
        try:
            record.check_access("read")
            if not record.exists():
                raise NotFound()
        except (AccessError, MissingError) as error:
            raise NotFound() from error
        document = record._document()
        return request.make_response(
            document.raw,
            headers=[
                ("Content-Type", "application/pdf"),
                ("Content-Disposition", content_disposition(document.name)),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
