import base64
import csv
import io
import logging

import psycopg2
import xlsxwriter
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools import organization_file
from ..tools.organization_file import COLUMNS, FileProblem

BATCH = 500
# What a bad cell may raise, in Odoo or in the database.
ROW_ERRORS = (
    UserError,
    ValidationError,
    ValueError,
    psycopg2.DataError,
    psycopg2.IntegrityError,
)
_logger = logging.getLogger(__name__)


class ConsortiumOrganizationImport(models.Model):
    """A file of organizations, from its dry run to its report.

    The dry run writes what would be done, row by row, and nothing else. The real one
    goes by batches, each in its own transaction with the state of its rows: stopped
    anywhere, it goes on from the batch that was not finished.
    """

    _name = "consortium.organization.import"
    _description = "Import of Organizations"
    _order = "id desc"

    name = fields.Char(string="File Name")
    file = fields.Binary(attachment=True)
    state = fields.Selection(
        [
            ("draft", "To Check"),
            ("checked", "Checked"),
            ("running", "Running"),
            ("done", "Done"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Imported By",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    fallback_kind_id = fields.Many2one(
        "consortium.organization.kind",
        string="Kind if Not Given",
        help="For the rows that do not say what kind of organization it is.",
    )
    fallback_date_start = fields.Date(
        string="Affiliated From, if Not Given",
        required=True,
        default=lambda self: self.env.company._today(),
        help="For the rows that name a network and no date.",
    )
    remarks = fields.Text(readonly=True)
    line_ids = fields.One2many("consortium.organization.import.line", "import_id")
    row_count = fields.Integer(string="Rows", compute="_compute_counts")
    create_count = fields.Integer(string="To Create", compute="_compute_counts")
    match_count = fields.Integer(string="Already Known", compute="_compute_counts")
    refuse_count = fields.Integer(string="Refused", compute="_compute_counts")
    done_count = fields.Integer(string="Done", compute="_compute_counts")
    progress = fields.Float(compute="_compute_counts")
    template_csv = fields.Binary(compute="_compute_template", attachment=False)
    template_xlsx = fields.Binary(compute="_compute_template", attachment=False)
    report_file = fields.Binary(compute="_compute_report_file", attachment=False)

    @api.depends("line_ids.outcome", "line_ids.state")
    def _compute_counts(self):
        counts = {}
        for import_, outcome, state, count in self.env[
            "consortium.organization.import.line"
        ]._read_group(
            [("import_id", "in", self.ids)],
            ["import_id", "outcome", "state"],
            ["__count"],
        ):
            mine = counts.setdefault(import_.id, {})
            mine[outcome] = mine.get(outcome, 0) + count
            mine[state] = mine.get(state, 0) + count
        for import_ in self:
            mine = counts.get(import_._origin.id, {})
            import_.create_count = mine.get("create", 0)
            import_.match_count = mine.get("match", 0)
            import_.refuse_count = mine.get("refuse", 0)
            import_.done_count = mine.get("done", 0)
            todo = import_.create_count + import_.match_count
            import_.row_count = todo + import_.refuse_count
            import_.progress = 100 * import_.done_count / todo if todo else 0

    @api.depends("name")
    def _compute_display_name(self):
        for import_ in self:
            import_.display_name = import_.name or self.env._("New import")

    @api.depends_context("lang")
    def _compute_template(self):
        french = not (self.env.lang or "").startswith("en")
        rows = organization_file.template_rows(french)
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=";").writerows(rows)
        self.template_csv = base64.b64encode(text.getvalue().encode("utf-8-sig"))
        self.template_xlsx = base64.b64encode(self._write_xlsx(rows))

    @api.depends_context("lang")
    def _compute_report_file(self):
        for import_ in self:
            import_.report_file = base64.b64encode(
                self._write_xlsx(import_._report_rows())
            )

    @api.model_create_multi
    def create(self, vals_list):
        """An import begins as a draft, in the name of whoever makes it."""
        for vals in vals_list:
            vals.update(state="draft", user_id=self.env.uid)
        return super().create(vals_list)

    def write(self, vals):
        """Only the buttons say how far an import is, and nobody whose it is."""
        self.check_access("write")
        if {"state", "user_id", "remarks"} & set(vals) and not self.env.su:
            raise UserError(
                self.env._("An import goes on by its buttons, in its author's name.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_running(self):
        if self.filtered(lambda import_: import_.state == "running"):
            raise UserError(self.env._("This import is running: wait for its end."))

    def action_check(self):
        """The dry run: what would be done with each row. Nothing else is written."""
        self.ensure_one()
        if self.state not in ("draft", "checked"):
            raise UserError(self.env._("This import is already done or running."))
        if not self.file:
            raise UserError(self.env._("Choose a file first."))
        try:
            rows, remarks = organization_file.read(
                base64.b64decode(self.file), self.name or ""
            )
        except FileProblem as problem:
            raise UserError(self._file_sentence(problem)) from problem
        self.check_access("write")
        outcomes = self._decide(rows, self._coming_networks(rows))
        # People read the rows and this method alone writes them, from the file.
        trusted = self.sudo()
        trusted.line_ids.unlink()
        trusted.line_ids.create(
            [
                {
                    "import_id": self.id,
                    "number": number,
                    "name": cells.get("name", "").replace(
                        organization_file.FORMULA, "="
                    ),
                    "neq": outcome.values.get("company_registry") or cells.get("neq"),
                    "outcome": outcome.what,
                    "state": "refused" if outcome.what == "refuse" else "pending",
                    "message": self._row_sentences(outcome.problems),
                    "partner_id": outcome.partner_id,
                    "brings_network": outcome.is_network,
                    "data": cells if outcome.what != "refuse" else False,
                }
                for (number, cells), outcome in zip(rows, outcomes, strict=True)
            ]
        )
        trusted.write({"state": "checked", "remarks": self._remark_sentences(remarks)})

    def action_run(self):
        """The real import, by the scheduled action, at once."""
        self.ensure_one()
        if self.state != "checked":
            raise UserError(self.env._("Check the file first."))
        if not self.create_count + self.match_count:
            raise UserError(self.env._("There is no row to import."))
        self.check_access("write")
        self.sudo().state = "running"  # this button alone starts it
        self._trigger_cron()

    def action_open_lines(self):
        """The rows of the file, those of the context's outcome first."""
        self.ensure_one()
        outcome = self.env.context.get("consortium_outcome")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "consortium_base.consortium_organization_import_line_action"
        )
        return {
            **action,
            "name": self.display_name,
            "display_name": self.display_name,
            "domain": [("import_id", "=", self.id)],
            "context": {f"search_default_{outcome}": 1} if outcome else {},
        }

    def action_download(self):
        """The file that the context names: a template, or the report."""
        self.ensure_one()
        name = self.env.context.get("consortium_file")
        filenames = {
            "template_csv": self.env._("organizations.csv"),
            "template_xlsx": self.env._("organizations.xlsx"),
            "report_file": self.env._("import-%(id)s-report.xlsx", id=self.id),
        }
        if name not in filenames:
            raise UserError(self.env._("There is no such file."))
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/{name}/{filenames[name]}"
            "?download=true",
            "target": "download",
        }

    def _trigger_cron(self):
        # Whoever may import may start it; scheduled actions are the administrator's.
        self.env.ref("consortium_base.ir_cron_organization_import").sudo()._trigger()

    @api.model
    def _cron_run(self):
        """Go on with the imports that run, batch by batch, as long as there is time.

        One that fails is left as it was for the next turn, and the others go on.
        """
        Line = self.env["consortium.organization.import.line"]
        Cron = self.env["ir.cron"]
        imports = self.search([("state", "=", "running")], order="id")
        todo = [
            ("import_id", "in", imports.ids),
            ("state", "in", ("pending", "created")),
        ]
        remaining = Line.search_count(todo)
        Cron._commit_progress(remaining=remaining)
        for import_ in imports:
            while lines := import_._next_lines():
                try:
                    with self.env.cr.savepoint():
                        import_._process(lines)
                except psycopg2.OperationalError:
                    raise  # a conflict or a lost connection: nothing of this import
                except Exception:
                    _logger.exception("The import %s stops here.", import_.id)
                    break
                time_left = Cron._commit_progress(len(lines))
                if not time_left:
                    self._trigger_cron()  # the next turn at once, not in a minute
                    Cron._commit_progress()
                    return
            else:
                import_.state = "done"
                Cron._commit_progress()

    def _next_lines(self):
        """The next rows: networks first, then their own networks, then the rest."""
        Line = self.env["consortium.organization.import.line"]
        base = [("import_id", "=", self.id)]
        for domain in (
            [("state", "=", "pending"), ("brings_network", "=", True)],
            [("state", "=", "created")],
            [("state", "=", "pending")],
        ):
            if lines := Line.search(base + domain, order="number", limit=BATCH):
                return lines
        return Line

    def _process(self, lines):
        """Import rows, all of them; those that cannot be are refused, one by one."""
        as_user = lines.with_user(self.user_id).with_context(
            lang=self.user_id.lang,
            tracking_disable=True,
            mail_create_nolog=True,
            mail_create_nosubscribe=True,
            _partners_skip_fields_sync=True,
        )
        import_ = self.with_env(as_user.env)
        try:
            with self.env.cr.savepoint():
                import_._import_lines(as_user)
        except ROW_ERRORS:
            self.env.invalidate_all(flush=False)
            for line in as_user:
                import_._process_alone(line)

    def _process_alone(self, line):
        try:
            with self.env.cr.savepoint():
                self._import_lines(line)
        except (UserError, ValidationError) as error:
            reason = str(error.args[0])
        except psycopg2.IntegrityError as error:
            model = self.env["res.partner"]
            if error.diag.table_name == "consortium_affiliation":
                model = self.env["consortium.affiliation"]
            reason = model._sql_error_to_message(error)
        except (ValueError, psycopg2.DataError):
            _logger.info("Row %s of import %s", line.number, self.id, exc_info=True)
            reason = self.env._(
                "Something in this row cannot be recorded: correct it and import the "
                "file again."
            )
        else:
            return
        self.env.invalidate_all(flush=False)
        # As everywhere else: people do not write rows.
        line.sudo().write({"state": "refused", "outcome": "refuse", "message": reason})

    def _report_rows(self):
        self.ensure_one()
        labels = {
            name: dict(
                self.env["consortium.organization.import.line"]
                ._fields[name]
                ._description_selection(self.env)
            )
            for name in ("outcome", "state")
        }
        yield [
            self.env._("Row"),
            self.env._("Name"),
            "NEQ",
            self.env._("Outcome"),
            self.env._("State"),
            self.env._("Why"),
        ]
        for line in self.line_ids:
            yield [
                line.number,
                line.name or "",
                line.neq or "",
                labels["outcome"].get(line.outcome, ""),
                labels["state"].get(line.state, ""),
                line.message or "",
            ]

    @api.model
    def _write_xlsx(self, rows):
        """A workbook of these rows: text is written as text, never as a formula."""
        buffer = io.BytesIO()
        workbook = xlsxwriter.Workbook(
            buffer, {"in_memory": True, "strings_to_formulas": False}
        )
        sheet = workbook.add_worksheet()
        bold = workbook.add_format({"bold": True, "bottom": 1})
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, 30, 18)
        for position, row in enumerate(rows):
            for column, value in enumerate(row):
                write = (
                    sheet.write_number if isinstance(value, int) else sheet.write_string
                )
                write(position, column, value, None if position else bold)
        workbook.close()
        return buffer.getvalue()

    def _column_name(self, key):
        french = not (self.env.lang or "").startswith("en")
        return COLUMNS[key][0 if french else 1]
