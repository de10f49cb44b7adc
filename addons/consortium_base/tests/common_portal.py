import json
import re

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.tests import HttpCase

from .common import GovernanceCommon


class PortalCase(GovernanceCommon, AccountTestInvoicingCommon, HttpCase):
    """Aline represents A (billing); Bruno is a contact of B without a mandate."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        manager = cls.env.ref("consortium_base.group_manager")
        cls.env.user.sudo().group_ids |= manager
        cls.organization_b.write(
            {
                "vat": "BSECRETVAT",
                "street": "77 rue Boréale",
                "email": "info@boreale.example",
                "user_id": cls.env.user.id,
            }
        )
        cls.address_b = cls.env["res.partner"].create(
            {
                "name": "Entrepôt Boréale",
                "type": "invoice",
                "street": "78 rue Boréale",
                "parent_id": cls.organization_b.id,
            }
        )
        cls.contact = cls.env["res.partner"].create(
            {
                "name": "Bruno Roy",
                "email": "bruno@example.com",
                "parent_id": cls.organization_b.id,
            }
        )
        cls.mandate_a = cls.mandate(scope_billing=True)
        cls.aline = cls.user_of(cls.person)
        cls.aline.password = cls.aline.login
        cls.bruno = cls.portal_user("bruno-portal", cls.contact)
        cls.invoice_a = cls.invoice(cls.organization_a, "Article pour Alizé")
        cls.invoice_b = cls.invoice(cls.organization_b, "Article pour Boréale")
        cls.invoice_c = cls.invoice(cls.contact, "Article pour Bruno")
        cls.attachment_b = cls.env["ir.attachment"].create(
            {
                "name": "boreale.txt",
                "raw": b"contenu de Boreale",
                "res_model": "account.move",
                "res_id": cls.invoice_b.id,
            }
        )
        cls.invoice_b.message_post(
            body="Message de Boréale",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        other = cls.env["res.partner"].create(
            {"name": "Carole Boréale", "email": "carole@boreale.example"}
        )
        cls.mandate_b = cls.mandate(other, cls.organization_b, scope_billing=True)
        cls.secrets = (
            "Boréale",
            "Bor&eacute;ale",
            "Bor\\u00e9ale",
            "Boreale",
            "BSECRETVAT",
            "boreale.example",
            cls.invoice_b.name,
            cls.invoice_c.name,
            cls.invoice_b.name.replace("/", "_"),
        )

    @classmethod
    def invoice(cls, partner, label):
        invoice = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": "2026-01-15",
                "invoice_date_due": "2026-02-15",
                "invoice_line_ids": [
                    (0, 0, {"name": label, "quantity": 1, "price_unit": 100.0})
                ],
            }
        )
        invoice.action_post()
        return invoice

    def login(self, user):
        self.authenticate(user.login, user.login)

    def call(self, path, **params):
        """Ask a JSON route; return its result, or its error."""
        answer = self.url_open(
            path,
            data=json.dumps({"jsonrpc": "2.0", "params": params}),
            headers={"Content-Type": "application/json"},
        )
        body = answer.json() if "json" in answer.headers["Content-Type"] else {}
        return body.get("result", body.get("error", answer.status_code))

    def acting_name(self, page):
        found = re.search(r'id="o_acting_name">([^<]*)<', page)
        return found and found.group(1)
