import base64
import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools import shares


class ConsortiumShareCertificate(models.Model):
    """A certificate of paid shares, as it was issued.

    One valid certificate a holder and class: when what is held or paid changes, it is
    cancelled and another one issued. Numbers have no gaps; none is used again. What it
    says is kept at the issue, and so is its PDF once it is drawn.
    """

    _name = "consortium.share.certificate"
    _description = "Certificate of Shares"
    _order = "number desc"
    _rec_name = "number"

    number = fields.Char(required=True, readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Holder",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    share_class_id = fields.Many2one(
        "consortium.share.class", required=True, readonly=True, ondelete="restrict"
    )
    quantity = fields.Integer(string="Paid Shares", required=True, readonly=True)
    unit_price = fields.Monetary(readonly=True, aggregator=None, string="Price of One")
    date = fields.Date(string="Issued On", required=True, readonly=True)
    holder_name = fields.Char(
        string="Name on the Certificate", required=True, readonly=True
    )
    holder_registry = fields.Char(string="NEQ on the Certificate", readonly=True)
    class_name = fields.Char(string="Class on the Certificate", readonly=True)
    company_name = fields.Char(string="Issuer on the Certificate", readonly=True)
    state = fields.Selection(
        [("valid", "Valid"), ("cancelled", "Cancelled")],
        required=True,
        default="valid",
        readonly=True,
    )
    date_cancelled = fields.Date(string="Cancelled On", readonly=True)
    replaced_by_id = fields.Many2one(
        "consortium.share.certificate",
        index="btree_not_null",
        readonly=True,
        ondelete="restrict",
    )
    mailing = fields.Selection(
        [("waiting", "To Send"), ("sent", "Sent")],
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="The first certificate of shares paid in full is sent to its holder.",
    )
    token = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        groups="base.group_user",
        default=lambda self: secrets.token_urlsafe(24),
        export_string_translation=False,
    )
    attachment_id = fields.Many2one(
        "ir.attachment",
        string="Document",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
        groups="base.group_user",
    )

    _number = models.Constraint(
        "UNIQUE (company_id, number)", "This certificate number is already used."
    )
    _token = models.UniqueIndex("(token)", "This certificate already exists.")
    _one_valid = models.UniqueIndex(
        "(partner_id, share_class_id) WHERE state = 'valid'",
        "This holder already has a valid certificate of that class.",
    )
    _quantity = models.Constraint(
        "CHECK (quantity > 0)", "A certificate is of one share or more."
    )

    @api.model_create_multi
    def create(self, vals_list):
        """:raise UserError: certificates follow the ledger, as the superuser"""
        self._only_by_the_ledger()
        return super().create(vals_list)

    def write(self, vals):
        """:raise UserError: certificates follow the ledger, as the superuser"""
        self._only_by_the_ledger()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("A certificate stays in the register, cancelled or not.")
        )

    @api.model
    def _only_by_the_ledger(self):
        if not self.env.su:
            raise UserError(
                self.env._("Certificates follow the ledger and the payments of shares.")
            )

    @api.model
    def _renew(self, holders, date, mail=False):
        """Let the certificates of some holders say what they have now, paid in full.

        Nothing changes for those whose certificate already says so: asked again, it
        issues nothing.

        :param holders: pairs (partner, share class)
        :param date: the date of what changed
        :param mail: a payment was received: the first certificate of all that the
            holder has is sent to it
        """
        # Certificates follow the ledger, whoever made it change.
        model = self.sudo()
        operations = self.env["consortium.share.operation"]
        for partner, share_class in sorted(holders, key=lambda pair: pair[0].id):
            lots = operations._lots(partner, share_class)
            paid = sum(lot.fully_paid for lot in lots)
            current = model.search(
                [
                    ("partner_id", "=", partner.id),
                    ("share_class_id", "=", share_class.id),
                    ("state", "=", "valid"),
                ]
            )
            if current.quantity != paid:
                new = model._replace(current, partner, share_class, paid, date)
                if mail and new and paid == sum(lot.quantity for lot in lots):
                    new._mail_once()

    def _mail_once(self):
        """To be sent by the job that draws it, unless an earlier one was."""
        self.ensure_one()
        known = self.search_count(
            [
                ("partner_id", "=", self.partner_id.id),
                ("share_class_id", "=", self.share_class_id.id),
                ("mailing", "!=", False),
            ],
            limit=1,
        )
        if not known:
            self.mailing = "waiting"

    def _send(self):
        """Send the certificate to its holder and to those who represent it."""
        template = self.env.ref("consortium_membership.mail_template_certificate")
        for certificate in self:
            certificate.mailing = "sent"
            # Replaced since, or nobody to write to: the portal has the one that holds.
            if certificate.state == "valid" and certificate._recipients():
                document = certificate._document()
                template.send_mail(
                    certificate.id,
                    email_values={"attachment_ids": [(4, document.id)]},
                )

    def _recipients(self):
        """What the template writes to."""
        return self.partner_id._letter_recipients()

    @api.model
    def _replace(self, current, partner, share_class, quantity, date):
        """:return: the new certificate; empty if nothing is paid"""
        if current:
            date = max(date, current.date)
            current.write({"state": "cancelled", "date_cancelled": date})
            current.flush_recordset()  # before another one is valid
        if not quantity:
            return self.browse()
        company = share_class.company_id
        lang = self.env["res.lang"]._get_data(code="fr_CA").code or self.env.lang
        new = self.create(
            {
                "number": self._next_number(company),
                "company_id": company.id,
                "partner_id": partner.id,
                "share_class_id": share_class.id,
                "quantity": quantity,
                "unit_price": share_class.par_value,
                "date": date,
                "holder_name": partner.sudo().name,
                "holder_registry": partner.sudo().company_registry,
                "class_name": share_class.with_context(lang=lang).name,
                "company_name": company.legal_name or company.name,
            }
        )
        current.write({"replaced_by_id": new.id})
        self.env.ref(
            "consortium_membership.ir_cron_share_certificates", raise_if_not_found=False
        )._trigger()
        return new

    @api.model
    def _next_number(self, company):
        """The next number of a company, without a gap: what is rolled back gives it
        back, and a second transaction waits for the first."""
        sequence = self.env["ir.sequence"].sudo().with_company(company)
        code = "consortium.share.certificate"
        if not sequence.search_count(
            [("code", "=", code), ("company_id", "=", company.id)], limit=1
        ):
            sequence.create(
                {
                    "name": self.env._("Certificates of shares"),
                    "code": code,
                    "prefix": "C-",
                    "padding": 5,
                    "implementation": "no_gap",
                    "company_id": company.id,
                }
            )
        return sequence.next_by_code(code)

    @api.model
    def _certificate_of(self, partner, date):
        """The PDF of the certificate that a partner had on a date, the newest first.

        :return: an ``ir.attachment``, or an empty one
        """
        # The letter that takes it is the officer's, who reads certificates.
        date = fields.Date.to_date(date)
        found = self.sudo().search(
            [
                ("partner_id", "=", partner.id),
                ("date", "<=", date),
                "|",
                ("date_cancelled", "=", False),
                ("date_cancelled", ">", date),
            ],
            order="date desc, id desc",
            limit=1,
        )
        return found._document() if found else self.env["ir.attachment"]

    def _document(self):
        """The PDF as issued: drawn once, then always the same."""
        self.ensure_one()
        # Drawn from what the certificate says alone, and kept with it.
        certificate = self.sudo()
        if not certificate.attachment_id:
            lang = self.env["res.lang"]._get_data(code="fr_CA").code or self.env.lang
            report = self.env["ir.actions.report"].sudo()
            content, _kind = report.with_context(
                lang=lang, force_report_rendering=True
            )._render_qweb_pdf(
                "consortium_membership.action_report_share_certificate", certificate.ids
            )
            name = certificate.with_context(lang=lang).env._(
                "Certificate %s.pdf", certificate.number
            )
            certificate.attachment_id = (
                self.env["ir.attachment"]
                .sudo()
                .create(
                    {
                        "name": name,
                        "raw": content,
                        "mimetype": "application/pdf",
                        "res_model": self._name,
                        "res_id": certificate.id,
                        "company_id": certificate.company_id.id,
                    }
                )
            )
        return certificate.attachment_id

    @api.model
    def _cron_draw(self):
        """Draw the PDF of the certificates that have none yet, keep them, and send
        those that are to be sent."""
        domain = Domain("attachment_id", "=", False) | Domain("mailing", "=", "waiting")
        waiting = self.search(domain, order="id", limit=200)
        remaining = len(waiting)
        for certificate in waiting:
            certificate._document()
            certificate.filtered(lambda c: c.mailing == "waiting")._send()
            remaining -= 1
            self.env["ir.cron"]._commit_progress(1, remaining=remaining)

    def _public_url(self):
        """The address that the QR code gives."""
        self.ensure_one()
        return f"{self.get_base_url()}/parts/certificat/{self.sudo().token}"

    def _qr_base64(self):
        """The QR code of the public page, as an image in the document itself."""
        self.ensure_one()
        image = self.env["ir.actions.report"].barcode(
            "QR", self._public_url(), width=220, height=220, quiet=1
        )
        return base64.b64encode(image)

    def _total(self):
        self.ensure_one()
        return shares.from_cents(self.quantity * shares.to_cents(self.unit_price))

    def action_open_document(self):
        """The certificate as issued."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._document().id}?download=true",
            "target": "download",
        }
