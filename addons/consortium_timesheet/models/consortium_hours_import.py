import base64
import hashlib

from odoo import Command, api, fields, models
from odoo.addons.consortium_base.tools.organization_file import FileProblem
from odoo.addons.consortium_base.tools.text import fold
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.clock import clock
from ..tools.hours_file import read_hours


class ConsortiumHoursImport(models.Model):
    """A file of hours: a dry run that lists its rows, then all of them, or none."""

    _name = "consortium.hours.import"
    _description = "Import of Hours"
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(string="File Name")
    file = fields.Binary(
        attachment=True, help="CSV or XLSX: date, employee, project, task, hours."
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    fingerprint = fields.Char(
        readonly=True, copy=False, export_string_translation=False
    )
    state = fields.Selection(
        [("draft", "To Check"), ("checked", "Checked"), ("done", "Done")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
    )
    line_ids = fields.One2many(
        "consortium.hours.import.line", "import_id", readonly=True
    )
    row_count = fields.Integer(string="Rows", readonly=True, copy=False)
    refused_count = fields.Integer(string="Refused", readonly=True, copy=False)
    rounded_count = fields.Integer(
        string="Rounded to the Minute", readonly=True, copy=False
    )

    _once = models.UniqueIndex(
        "(company_id, fingerprint) WHERE state = 'done'",
        "This very file is already imported.",
    )

    @api.depends("name")
    def _compute_display_name(self):
        for each in self:
            each.display_name = each.name or self.env._("New import")

    def write(self, vals):
        """Buttons say how far an import is; another file is checked again."""
        if not self.env.su and (
            {"state", "fingerprint", "row_count", "refused_count"} & set(vals)
        ):
            raise UserError(self.env._("An import goes on by its buttons."))
        if "file" in vals:
            if self.filtered(lambda each: each.state == "done"):
                raise UserError(self.env._("This import is done: make another one."))
            # Buttons alone write the state: another file is one that isn't checked.
            self.sudo().state = "draft"
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        if self.filtered(lambda each: each.state == "done"):
            raise UserError(self.env._("An import that was done is kept."))

    def action_check(self):
        """The dry run: what is wrong with each row, and which were rounded.

        :raise UserError: the file is of no use
        """
        self.check_access("write")
        rows, values = self._plan()
        kept = [
            (row, vals)
            for row, vals in zip(rows, values, strict=True)
            if row.problems or row.rounded
        ]
        # The rows of the dry run are written by it alone.
        self.sudo().write(
            {
                "line_ids": [Command.clear()]
                + [Command.create(self._prepare_row(row)) for row, _vals in kept],
                "state": "checked",
                "row_count": len(rows),
                "refused_count": sum(bool(row.problems) for row in rows),
                "rounded_count": sum(row.rounded and not row.problems for row in rows),
            }
        )

    def action_run(self):
        """Enter all the rows, to be confirmed; a row that is wrong, and none is.

        :raise UserError: not checked, a row is refused, or the file was imported before
        """
        self.check_access("write")
        if self.state != "checked":
            raise UserError(self.env._("Check the file first."))
        rows, values = self._plan()
        if wrong := next((row for row in rows if row.problems), None):
            raise UserError(
                self.env._(
                    "Row %(number)s is refused: correct the file, nothing was entered.",
                    number=wrong.number,
                )
            )
        digest = hashlib.sha256(base64.b64decode(self.file)).hexdigest()
        if self.search_count(
            Domain("company_id", "=", self.company_id.id)
            & Domain("state", "=", "done")
            & Domain("fingerprint", "=", digest),
            limit=1,
        ):
            raise UserError(self.env._("This very file is already imported."))
        # Buttons alone write the state. Two at once: the index lets one through.
        self.sudo().write({"state": "done", "fingerprint": digest})
        self.flush_recordset()
        self.env["account.analytic.line"].create(values)

    def _plan(self):
        """``(rows, values of the entries)``, in the order of the file; four queries."""
        self.ensure_one()
        if not self.file:
            raise UserError(self.env._("Choose a file first."))
        try:
            rows = read_hours(base64.b64decode(self.file), self.name or "")
        except FileProblem as problem:
            imports = self.env["consortium.organization.import"]
            raise UserError(imports._file_sentence(problem)) from problem
        people, projects, tasks, reasons = self._known()
        values = []
        for row in rows:
            cells = row.cells
            employee = self._match(
                row, people, fold(cells.get("employee", "")), "employee"
            )
            project = self._match(
                row, projects, fold(cells.get("project", "")), "project"
            )
            task = False
            if cells.get("task") and project:
                key = (project, fold(cells["task"]))
                task = self._match(row, tasks, key, "task")
            vals = {
                "date": row.day,
                "employee_id": employee,
                "project_id": project,
                "task_id": task,
                "name": cells.get("name") or "/",
                "unit_amount": row.minutes / 60,
                "intervention_mode": "on_site" if row.on_site else "remote",
                "company_id": self.company_id.id,
            }
            if cells.get("reason"):
                vals["chargeable"] = False
                vals["nonchargeable_reason_id"] = self._match(
                    row, reasons, fold(cells["reason"]), "reason"
                )
            values.append(vals)
        return rows, values

    def _known(self):
        """What cells may name: ``{text: id}``, or None where it names several."""
        company = Domain("company_id", "in", [self.company_id.id, False])
        people, projects, tasks, reasons = {}, {}, {}, {}
        # Who imports hours of everybody may not read every employee's card.
        for employee in (
            self.env["hr.employee"]
            .sudo()
            .search_fetch(company, ["name", "work_email", "barcode"])
        ):
            for text in (employee.name, employee.work_email, employee.barcode):
                self._learn(people, fold(text or ""), employee.id)
        known = self.env["project.project"].search_fetch(
            company & Domain("allow_timesheets", "=", True), ["name"]
        )
        for project in known:
            self._learn(projects, fold(project.name), project.id)
        for task in self.env["project.task"].search_fetch(
            Domain("project_id", "in", known.ids), ["name", "project_id"]
        ):
            self._learn(tasks, (task.project_id.id, fold(task.name)), task.id)
        for reason in self.env["consortium.nonchargeable.reason"].search(
            Domain("active", "=", True)
        ):
            for text in {fold(reason.code), fold(reason.name)}:
                self._learn(reasons, text, reason.id)
        return people, projects, tasks, reasons

    def _learn(self, known, key, record):
        known[key] = None if known.get(key, record) != record else record

    def _match(self, row, known, key, column):
        found = known.get(key) if key else None
        if not found:
            row.problems.append(column)
        return found

    def _prepare_row(self, row):
        sentences = {
            "formula": self.env._("a formula: paste values"),
            "date": self.env._("the date is not like 2019-06-30"),
            "time": self.env._("the time is not between a minute and a day"),
            "employee": self.env._("no such employee, or several"),
            "project": self.env._("no such project, or several"),
            "task": self.env._("no such task in this project, or several"),
            "reason": self.env._("no such reason not to charge"),
        }
        return {
            "number": row.number,
            "employee": row.cells.get("employee", ""),
            "date": row.day,
            "said": row.cells.get("minutes") or row.cells.get("time", ""),
            "written": clock(row.minutes),
            "refused": bool(row.problems),
            "message": "; ".join(sentences[code] for code in row.problems)
            or self.env._("rounded to the nearest minute"),
        }


class ConsortiumHoursImportLine(models.Model):
    """A row that the dry run has something to say about."""

    _name = "consortium.hours.import.line"
    _description = "Row of an Import of Hours"
    _order = "refused desc, number, id"
    _rec_name = "number"

    import_id = fields.Many2one(
        "consortium.hours.import", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="import_id.company_id")
    number = fields.Integer(string="Row", aggregator=None)
    employee = fields.Char()
    date = fields.Date()
    said = fields.Char(string="In the File")
    written = fields.Char(string="As Entered")
    refused = fields.Boolean()
    message = fields.Char(string="Why")
