import hashlib

from markupsafe import Markup
from odoo import api, fields, models
from odoo.addons.consortium_base.tools.frozen import keep_frozen, unchanged
from odoo.exceptions import UserError

from ..tools import agreement_content

# Once the member has signed, these are kept as they were, whoever writes.
SIGNED_FIELDS = (
    "order_id",
    "number",
    "content",
    "content_sha256",
    "signatory_id",
    "signed_by",
    "signed_on",
    "document",
    "document_sha256",
)


class ConsortiumAgreementVersion(models.Model):
    """A version of an agreement: the first, or an amendment. What was signed stays.

    The content is a plain structure (see ``tools/agreement_content.py``); the page, the
    PDF and the list of changes only show it.
    """

    _name = "consortium.agreement.version"
    _description = "Version of an Agreement"
    _inherit = ["mail.thread"]
    _order = "order_id, number desc, id desc"
    _rec_name = "number"

    order_id = fields.Many2one(
        "sale.order",
        string="Agreement",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('is_service_agreement', '=', True)]",
    )
    company_id = fields.Many2one(related="order_id.company_id", store=True)
    agreement_state = fields.Selection(
        related="order_id.agreement_state", export_string_translation=False
    )
    number = fields.Integer(string="Version", readonly=True, copy=False)
    state = fields.Selection(
        [
            ("draft", "Being Written"),
            ("proposed", "Proposed"),
            ("signed", "Awaiting Countersignature"),
            ("in_force", "In Force"),
            ("replaced", "Replaced"),
            ("refused", "Declined or Withdrawn"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    reason = fields.Text(string="Why It Changes")
    withdrawal_reason = fields.Text(
        string="Why It Is Withdrawn",
        copy=False,
        tracking=True,
        help="The member, who signed it, is told.",
    )
    agreement_title = fields.Char(string="Title")
    agreement_scope = fields.Html(string="Scope")
    agreement_deliverables = fields.Html(string="Deliverables")
    agreement_end = fields.Date(string="Ends On")
    ceiling_minutes = fields.Integer()
    ceiling_hours = fields.Float(
        string="Hour Ceiling",
        compute="_compute_ceiling_hours",
        inverse="_inverse_ceiling_hours",
    )
    line_ids = fields.One2many("consortium.agreement.version.line", "version_id")
    content = fields.Json(readonly=True, copy=False)
    content_sha256 = fields.Char(
        string="Digest of the Content", readonly=True, copy=False
    )
    changes = fields.Html(compute="_compute_changes", string="What Changes")
    signatory_id = fields.Many2one("res.partner", readonly=True, copy=False)
    signed_by = fields.Char(readonly=True, copy=False)
    signed_on = fields.Datetime(readonly=True, copy=False)
    countersigned_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    countersigned_on = fields.Datetime(readonly=True, copy=False)
    document = fields.Binary(
        string="As Signed by the Member", attachment=True, readonly=True, copy=False
    )
    document_sha256 = fields.Char(
        string="SHA-256 of the Document", readonly=True, copy=False
    )
    final_document = fields.Binary(
        string="As Countersigned", attachment=True, readonly=True, copy=False
    )
    final_sha256 = fields.Char(
        string="SHA-256 of the Countersigned Document", readonly=True, copy=False
    )
    document_name = fields.Char(compute="_compute_document_name")

    _number_once = models.Constraint(
        "UNIQUE (order_id, number)",
        "This agreement already has a version of that number.",
    )
    _one_pending = models.UniqueIndex(
        "(order_id) WHERE state IN ('draft', 'proposed', 'signed')",
        "Another version of this agreement is on its way: finish or withdraw it first.",
    )
    # Raised by the trigger too, for whoever writes by SQL.
    _frozen = models.Constraint(
        "CHECK (signed_on IS NULL OR (content_sha256 IS NOT NULL "
        "AND signed_by IS NOT NULL))",
        "What was signed is never changed nor deleted: propose an amendment.",
    )

    def init(self):
        """The trigger that keeps what was signed. The uninstall hook drops it.

        It names a declared constraint, for people to read that one's message.
        """
        keep_frozen(
            self.env.cr,
            self._table,
            frozen="OLD.signed_on IS NOT NULL",
            allowed=unchanged(
                "order_id",
                "number",
                "content",
                "content_sha256",
                "signatory_id",
                "signed_by",
                "signed_on",
            )
            + " AND (OLD.document_sha256 IS NULL"
            " OR OLD.document_sha256 = NEW.document_sha256)",
        )

    @api.depends("order_id.name", "number")
    def _compute_display_name(self):
        for version in self:
            version.display_name = self.env._(
                "%(agreement)s, version %(number)s",
                agreement=version.order_id.name or "",
                number=version.number,
            )

    @api.depends("order_id.name", "number")
    def _compute_document_name(self):
        for version in self:
            version.document_name = f"{version.order_id.name}-v{version.number}.pdf"

    @api.depends("ceiling_minutes")
    def _compute_ceiling_hours(self):
        for version in self:
            version.ceiling_hours = version.ceiling_minutes / 60

    def _inverse_ceiling_hours(self):
        for version in self:
            version.ceiling_minutes = round(version.ceiling_hours * 60)

    @api.depends(
        "content",
        "agreement_title",
        "agreement_scope",
        "agreement_deliverables",
        "agreement_end",
        "ceiling_minutes",
        "line_ids.planned_minutes",
        "line_ids.expertise_id",
    )
    def _compute_changes(self):
        for version in self:
            rows = version._changes() if version.order_id else []
            version.changes = Markup("<ul>%s</ul>") % Markup("").join(
                Markup("<li><b>%s</b>: <del>%s</del> → <ins>%s</ins></li>") % row
                for row in rows
            )

    @api.onchange("line_ids")
    def _onchange_line_ids(self):
        """The ceiling follows the hours of the fields, if it was their sum."""
        order = self.order_id
        taken = order.order_line.filtered(lambda line: line.expertise_id)
        planned = sum(taken.filtered("is_taken").mapped("planned_minutes"))
        if order.ceiling_minutes == planned:
            hours = self.line_ids.mapped("planned_hours")
            self.ceiling_hours = sum(round(each * 60) for each in hours) / 60

    @api.model_create_multi
    def create(self, vals_list):
        """An amendment begins as the agreement stands; only buttons sign it.

        :raise UserError: the agreement isn't running
        """
        self.flush_model(["state"])  # one at a time is on its way
        for vals in vals_list:
            order = self.env["sale.order"].browse(vals.get("order_id"))
            if not self.env.su:
                self._check_steps(vals)
                if order.agreement_state != "running":
                    raise UserError(self.env._("Only a running agreement is amended."))
            vals["number"] = (
                max(order.sudo().version_ids.mapped("number"), default=0) + 1
            )
            for name in (
                "agreement_title",
                "agreement_scope",
                "agreement_deliverables",
                "agreement_end",
                "ceiling_minutes",
            ):
                if not (name == "ceiling_minutes" and "ceiling_hours" in vals):
                    vals.setdefault(name, order[name])
            vals.setdefault("line_ids", self._lines_of(order))
        return super().create(vals_list)

    def write(self, vals):
        """What was signed or proposed stays; the steps are taken by their buttons."""
        if not self.env.su:
            self._check_steps(vals)
            if any(set(vals) - version._writable() for version in self):
                raise UserError(
                    self.env._(
                        "This version has been proposed: withdraw it to write it again."
                    )
                )
        return super().write(vals)

    def _writable(self):
        """What may be written of the version as it stands."""
        self.ensure_one()
        if self.state == "draft":
            return set(self._fields)
        said = {"message_main_attachment_id", "message_follower_ids"}
        return said | {"withdrawal_reason"} if self.state == "signed" else said

    @api.model
    def _check_steps(self, vals):
        steps = {
            *SIGNED_FIELDS,
            "state",
            "countersigned_by_id",
            "countersigned_on",
            "final_document",
            "final_sha256",
        }
        if (steps - {"order_id"}) & set(vals):
            raise UserError(
                self.env._("A version is proposed and signed by its buttons only.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(version.state != "draft" for version in self):
            raise UserError(self.env._("A version that was proposed stays."))

    @api.model
    def _lines_of(self, order):
        return [
            fields.Command.create(
                {
                    "sale_line_id": line.id,
                    "expertise_id": line.expertise_id.id,
                    "planned_minutes": line.planned_minutes,
                }
            )
            for line in order.order_line.filtered("expertise_id")
            if line.is_taken and line.planned_minutes
        ]

    def _changes(self):
        """What this version changes from the one before, in words.

        :return: ``[(name, before, after), …]``
        """
        self.ensure_one()
        before = self._previous().content or {}
        after = self.content or (before and self._proposed_content())
        if not before:
            return []
        return self.order_id._difference_words(
            agreement_content.differences(before, after or {})
        )

    def _previous(self):
        """The version that was in force before this one."""
        self.ensure_one()
        # One's own version names the one before, whoever may read it.
        return self.sudo().order_id.version_ids.filtered(
            lambda other: (
                other.number < self.number and other.state in ("in_force", "replaced")
            )
        )[:1]

    def _proposed_content(self):
        """The content of the agreement as this amendment would make it."""
        self.ensure_one()
        content = self.order_id._agreement_content()
        # Rates are provisional: they move by themselves, and no amendment says so.
        signed = {row["key"]: row for row in self._previous().content["lines"]}
        rows = []
        for line in self.line_ids.filtered("planned_minutes"):
            row = dict(signed.get(line._key()) or line._new_row())
            row.update(minutes=line.planned_minutes)
            if row["option"] != "taken":
                row["option"] = ""
            rows.append(row)
        kept = {row["key"] for row in rows}
        rows += [
            row
            for row in signed.values()
            if row["option"] == "left" and row["key"] not in kept
        ]
        content.update(
            title=self.agreement_title or "",
            scope=str(self.agreement_scope or ""),
            deliverables=str(self.agreement_deliverables or ""),
            end=fields.Date.to_string(self.agreement_end) or "",
            ceiling_minutes=self.ceiling_minutes,
            lines=rows,
        )
        return content

    def _freeze(self, content):
        """Keep what is proposed, as it is read and signed."""
        self.ensure_one()
        self.write(
            {
                "content": content,
                "content_sha256": agreement_content.digest(content),
            }
        )

    def _render_document(self):
        """The PDF of the version, in the language of the agreement."""
        self.env.flush_all()
        report = self.env["ir.actions.report"].with_context(
            lang=self.order_id.agreement_lang or self.env.lang
        )
        return report._render_qweb_pdf(
            "consortium_services.action_report_agreement_version", self.ids
        )[0]

    def _file(self, field):
        """Render the PDF and keep it, with its SHA-256.

        :param field: ``document`` or ``final_document``
        """
        self.ensure_one()
        pdf = self._render_document()
        digest = hashlib.sha256(pdf).hexdigest()
        self.env["ir.attachment"].create(
            {
                "name": self.document_name,
                "res_model": self._name,
                "res_id": self.id,
                "res_field": field,
                "raw": pdf,
                "mimetype": "application/pdf",
            }
        )
        self.invalidate_recordset([field])
        self.write(
            {"document_sha256" if field == "document" else "final_sha256": digest}
        )
