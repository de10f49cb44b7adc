import base64
from datetime import datetime, time

import pytz
from odoo import api, fields, models
from odoo.addons.consortium_base.tools import organization_file
from odoo.addons.consortium_base.tools.organization_file import FORMULA, FileProblem
from odoo.exceptions import AccessError, UserError

from ..tools import agreement_content, agreement_file


class ConsortiumAgreementImport(models.Model):
    """A file of agreements that run already, from its dry run to its report.

    The dry run says what each row would make, and makes nothing. The real one makes
    all the rows that are right, in one transaction: killed, nothing is there.
    """

    _name = "consortium.agreement.import"
    _description = "Import of Running Agreements"
    _order = "id desc"

    name = fields.Char(string="File Name")
    file = fields.Binary(attachment=True)
    state = fields.Selection(
        [("draft", "To Check"), ("checked", "Checked"), ("done", "Done")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one(
        "res.users",
        string="Coordinator of the Agreements",
        required=True,
        default=lambda self: self.env.user,
    )
    line_ids = fields.One2many("consortium.agreement.import.line", "import_id")
    create_count = fields.Integer(string="To Create", compute="_compute_counts")
    refuse_count = fields.Integer(string="Refused", compute="_compute_counts")
    known_count = fields.Integer(string="Already There", compute="_compute_counts")
    template = fields.Binary(compute="_compute_template", attachment=False)

    @api.depends("line_ids.outcome")
    def _compute_counts(self):
        counts = {
            (import_, outcome): count
            for import_, outcome, count in self.env[
                "consortium.agreement.import.line"
            ]._read_group(
                [("import_id", "in", self.ids)], ["import_id", "outcome"], ["__count"]
            )
        }
        for import_ in self:
            import_.create_count = counts.get((import_._origin, "create"), 0)
            import_.refuse_count = counts.get((import_._origin, "refuse"), 0)
            import_.known_count = counts.get((import_._origin, "known"), 0)

    @api.depends_context("lang")
    def _compute_template(self):
        rows = agreement_file.template_rows(self._is_french())
        organizations = self.env["consortium.organization.import"]
        self.template = base64.b64encode(organizations._write_xlsx(rows))

    @api.depends("name")
    def _compute_display_name(self):
        for import_ in self:
            import_.display_name = import_.name or self.env._("New import")

    @api.model
    def _is_french(self):
        return not (self.env.lang or "").startswith("en")

    def write(self, vals):
        """Only the buttons say how far an import is."""
        if "state" in vals and not self.env.su:
            raise UserError(self.env._("An import goes on by its buttons."))
        return super().write(vals)

    def action_download_template(self):
        self.ensure_one()
        name = self.env._("agreements.xlsx")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/template/{name}?download=true",
            "target": "download",
        }

    def action_check(self):
        """The dry run: what would be made of each row. Nothing else is written."""
        self.ensure_one()
        if self.state == "done":
            raise UserError(self.env._("This import is already done."))
        if not self.file:
            raise UserError(self.env._("Choose a file first."))
        self.check_access("write")
        rows = self._read_rows()
        decided = self._decide(rows)
        # People read the rows, and this method alone writes them, from the file.
        trusted = self.sudo()
        trusted.line_ids.unlink()
        trusted.line_ids.create(
            [
                {
                    "import_id": self.id,
                    "number": number,
                    "agreement": cells.get("number", "").replace(FORMULA, "="),
                    "member": cells.get("member", "").replace(FORMULA, "="),
                    "title": cells.get("title", "").replace(FORMULA, "="),
                    "outcome": outcome,
                    "message": message,
                    "data": values,
                }
                for (number, cells), (outcome, message, values) in zip(
                    rows, decided, strict=True
                )
            ]
        )
        trusted.state = "checked"

    def _read_rows(self):
        """:raise UserError: why the file is of no use"""
        try:
            rows, _remarks = organization_file.read(
                base64.b64decode(self.file),
                self.name or "",
                columns=agreement_file.COLUMNS,
                required=agreement_file.REQUIRED,
            )
        except FileProblem as problem:
            raise UserError(self._file_sentence(problem)) from problem
        if len(rows) > agreement_file.MAX_ROWS:
            raise UserError(
                self.env._(
                    "The file has more than %(limit)s rows: split it.",
                    limit=agreement_file.MAX_ROWS,
                )
            )
        return rows

    def _file_sentence(self, problem):
        if problem.code == "missing_column":
            texts = agreement_file.COLUMNS[problem.details["column"]]
            return self.env._(
                "The column « %(column)s » is missing: see the template.",
                column=texts[0 if self._is_french() else 1],
            )
        return self.env["consortium.organization.import"]._file_sentence(problem)

    def action_run(self):
        """Make the agreements of the rows that are right, all or none."""
        self.ensure_one()
        if self.state != "checked":
            raise UserError(self.env._("Check the file first."))
        lines = self.line_ids.filtered(lambda line: line.outcome == "create")
        if not lines:
            raise UserError(self.env._("There is no row to import."))
        self.check_access("write")
        # These were signed on paper; here, who imports them engages the cooperative.
        if not self.env.user.has_group("consortium_services.group_countersigner"):
            raise AccessError(
                self.env._(
                    "Only those who may sign for the cooperative import agreements "
                    "that were signed on paper."
                )
            )
        trusted = self.sudo()
        for line in lines.sudo():
            line.order_id = trusted._make_agreement(line.data)
        trusted.state = "done"

    def _noon(self, day):
        """Noon of that day where the cooperative is: the same day in UTC, too."""
        zone = pytz.timezone(self.company_id.partner_id.tz or "America/Toronto")
        noon = zone.localize(datetime.combine(day, time(12)))
        return noon.astimezone(pytz.utc).replace(tzinfo=None)

    def _make_agreement(self, data):
        """A running agreement, signed elsewhere, with its project and first version."""
        day = fields.Date.to_date(data["signed_on"])
        signed = self._noon(day)
        values = {
            name: data[name]
            for name in (
                "partner_id",
                "agreement_type",
                "agreement_title",
                "agreement_start",
                "agreement_end",
            )
        }
        if data["name"]:
            values["name"] = data["name"]
        if data.get("payer_id"):
            values["partner_invoice_id"] = data["payer_id"]
        spent = dict(map(tuple, data["spent"]))
        order = self.env["sale.order"].create(
            {
                **values,
                "is_service_agreement": True,
                "beneficiary_id": data.get("beneficiary_id") or False,
                # Known from the beginning: who was served is worked out as of then.
                "date_order": signed,
                "signed_on": signed,
                "company_id": self.company_id.id,
                "user_id": self.user_id.id,
                "order_line": [
                    fields.Command.create(
                        {
                            "expertise_id": expertise,
                            "planned_minutes": minutes,
                            "opening_minutes": spent.get(expertise, 0),
                        }
                    )
                    for expertise, minutes in data["planned"]
                ],
            }
        )
        order.ceiling_minutes = data["ceiling_minutes"]
        signed_by = data["signed_by"] or self.env._("On paper")
        order.write(
            {
                "signed_by": signed_by,
                "countersigned_by_id": self.env.uid,
                "countersigned_on": signed,
                "clause_version_ids": [
                    fields.Command.set(
                        self.env["consortium.agreement.clause"]
                        ._versions_on(order.agreement_type, day)
                        .ids
                    )
                ],
            }
        )
        order.action_confirm()
        order.date_order = signed
        order.ceiling_warned = order._ceiling_mark()
        content = order._agreement_content()
        self.env["consortium.agreement.version"].create(
            {
                "order_id": order.id,
                "state": "in_force",
                "content": content,
                "content_sha256": agreement_content.digest(content),
                "signed_by": signed_by,
                "signed_on": signed,
                "countersigned_by_id": self.env.uid,
                "countersigned_on": signed,
            }
        )
        return order
