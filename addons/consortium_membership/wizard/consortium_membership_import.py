import base64
import datetime
from contextlib import closing

from odoo import Command, api, fields, models
from odoo.addons.consortium_base.tools import organization_file
from odoo.addons.consortium_base.tools.organization_file import FileProblem
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..models.consortium_membership import PERIOD_STATES
from ..models.consortium_share_operation_import import ImportRefused
from ..tools import history
from ..tools.history_file import MEMBER_COLUMNS, SHARE_COLUMNS, Unreadable


class ConsortiumMembershipImport(models.TransientModel):
    """The history of members or of their shares, from a file: first what would be
    written and what differs from the register, then the import, whole or not at all.

    Nothing is invoiced and nobody is written to.
    """

    _name = "consortium.membership.import"
    _description = "Import of the History"

    content = fields.Selection(
        [("members", "Memberships"), ("shares", "Share Entries")],
        required=True,
        default="members",
    )
    file = fields.Binary(attachment=False)
    name = fields.Char(string="File Name")
    line_ids = fields.One2many("consortium.membership.import.line", "import_id")
    new_count = fields.Integer(string="To Import", compute="_compute_counts")
    same_count = fields.Integer(string="Already There", compute="_compute_counts")
    problem_count = fields.Integer(string="Problems", compute="_compute_counts")
    difference = fields.Text(string="What Changes", readonly=True)
    state = fields.Selection(
        [("draft", "File"), ("checked", "Checked"), ("done", "Imported")],
        default="draft",
        readonly=True,
    )

    @api.depends("line_ids.outcome")
    def _compute_counts(self):
        for run in self:
            outcomes = run.line_ids.mapped("outcome")
            run.new_count = outcomes.count("new")
            run.same_count = outcomes.count("same")
            run.problem_count = outcomes.count("refuse") + outcomes.count("differs")

    @api.onchange("content", "file")
    def _onchange_file(self):
        self.state = "draft"

    def action_check(self):
        """The dry run. Nothing is written but the report."""
        self.ensure_one()
        lines, difference = self._decide()
        if self.content == "shares":
            self._try_entries(lines)
        self.line_ids.unlink()
        self.write(
            {
                "state": "checked",
                "difference": difference,
                "line_ids": [
                    Command.create({k: v for k, v in line.items() if k != "values"})
                    for line in lines
                ],
            }
        )
        return self._reopen()

    def action_import(self):
        """Write what is new, in date order; the file is read and checked again.

        :raise UserError: a row is refused, or nothing is new; nothing is written
        """
        self.ensure_one()
        if self.state != "checked":
            raise UserError(self.env._("Check the file first."))
        lines, _difference = self._decide()
        wrong = [line for line in lines if line["outcome"] in ("refuse", "differs")]
        if wrong:
            raise UserError(
                self.env._(
                    "%(count)s rows are refused or differ from the register; the first "
                    "one is row %(row)s: %(message)s",
                    count=len(wrong),
                    row=wrong[0]["row"],
                    message=wrong[0]["message"],
                )
            )
        values = [line["values"] for line in lines if line["outcome"] == "new"]
        if not values:
            raise UserError(self.env._("Every row is in the register already."))
        if self.content == "members":
            self._import_members(values)
        else:
            self.env["consortium.share.operation"]._import_entries(values)
        self.state = "done"
        return self._reopen()

    def _import_members(self, values):
        values = sorted(values, key=lambda vals: (vals["date_start"], vals["number"]))
        model = self.env["consortium.membership"].with_context(
            tracking_disable=True, mail_notrack=True
        )
        model.create([{**vals, "company_id": self.env.company.id} for vals in values])

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import of the History"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "current",
        }

    # Reading

    def _read(self):
        columns = MEMBER_COLUMNS if self.content == "members" else SHARE_COLUMNS
        required = (
            ("number", "category", "start")
            if self.content == "members"
            else ("share_class", "quantity", "day")
        )
        try:
            rows, _remarks = organization_file.read(
                base64.b64decode(self.file or b""), self.name or "", columns, required
            )
        except FileProblem as problem:
            if problem.code == "missing_column":
                french = (self.env.lang or "").startswith("fr")
                name = columns[problem.details["column"]][0 if french else 1]
                raise UserError(
                    self.env._("The column « %(column)s » is missing.", column=name)
                ) from problem
            sentence = self.env["consortium.organization.import"]._file_sentence
            raise UserError(sentence(problem)) from problem
        return rows

    def _decide(self):
        """The lines of the report, with what each would write, and what changes."""
        rows = self._read()
        find = self._finder(rows)
        named = self._named()
        lines, read = [], []
        parse = self._parse_member if self.content == "members" else self._parse_entry
        for row, cells in rows:
            line = {
                "row": row,
                "organization": cells.get("name") or cells.get("neq") or "",
                "outcome": "refuse",
                "message": False,
                "values": None,
            }
            lines.append(line)
            try:
                line["values"], parsed = parse(cells, find, named)
                if self.content == "shares":
                    line["values"]["row"] = row
                line["summary"] = self._summary(line["values"])
                read.append((len(lines) - 1, parsed))
            except Unreadable as error:
                line["message"] = str(error)
        if self.content == "members":
            return lines, self._decide_members(lines, read)
        return lines, self._decide_entries(lines, read)

    def _decide_members(self, lines, read):
        periods = self.env["consortium.membership"].search(
            Domain("company_id", "=", self.env.company.id)
            & Domain("state", "in", PERIOD_STATES)
        )
        known = [
            history.Period(
                period.partner_id.id,
                period.number,
                period.category_id.id,
                period.date_start,
                period.date_end or None,
                period.founding,
            )
            for period in periods
        ]
        verdicts = history.plan_periods(read, known)
        for key, verdict in verdicts.items():
            lines[key]["outcome"] = verdict.what
            lines[key]["message"] = self._sentence(verdict)
        new = [period for key, period in read if verdicts[key].what == "new"]
        return self._year_ends(known, new)

    def _decide_entries(self, lines, read):
        entries = self.env["consortium.share.entry"]
        operations = self.env["consortium.share.operation"]
        held = entries._holdings(datetime.date.max)
        verdicts = history.plan_entries(read, held, operations._imported_rows())
        change = {}
        for key, verdict in verdicts.items():
            lines[key]["outcome"] = verdict.what
            lines[key]["message"] = self._sentence(verdict)
            if verdict.what == "new":
                entry = dict(read)[key]
                change[entry.share_class] = (
                    change.get(entry.share_class, 0) + entry.quantity
                )
        classes = self.env["consortium.share.class"].browse(change)
        return "\n".join(
            self.env._(
                "%(share_class)s: %(change)+d shares",
                share_class=share_class.display_name,
                change=change[share_class.id],
            )
            for share_class in classes
        )

    def _try_entries(self, lines):
        """Import what is new, and undo it: what the ledger would refuse is refused
        here. While a row is refused or differs the others are not tried."""
        values = [line["values"] for line in lines if line["outcome"] == "new"]
        if len(values) + [line["outcome"] for line in lines].count("same") < len(lines):
            return
        try:
            with closing(self.env.cr.savepoint()):  # always rolled back
                self.env["consortium.share.operation"]._import_entries(values)
        except ImportRefused as refused:
            line = next(line for line in lines if line["row"] == refused.row)
            line.update(outcome="refuse", message=refused.args[0])

    def _year_ends(self, known, new):
        """The number of members at each year end, before and after."""
        if not new:
            return ""
        today = self.env.company._today()
        year, sentences = min(period.start for period in new).year, []
        while year <= today.year:
            day = self.env.company.compute_fiscalyear_dates(datetime.date(year, 6, 1))[
                "date_to"
            ]
            before = history.members_on(known, day)
            after = history.members_on([*known, *new], day)
            if day <= today and before != after:
                sentences.append(
                    self.env._(
                        "%(day)s: %(before)s members, then %(after)s",
                        day=day,
                        before=before,
                        after=after,
                    )
                )
            year += 1
        return "\n".join(sentences)

    def _sentence(self, verdict):
        details = verdict.details
        period, entry = details.get("period"), details.get("entry")
        sentences = {
            "end_before_start": self.env._("It ends before it begins."),
            "number_taken": self.env._(
                "Number %(number)s is that of another organization.",
                number=details.get("number"),
            ),
            "other_number": self.env._(
                "This organization has number %(number)s.",
                number=details.get("number"),
            ),
            "overlap": self.env._(
                "Already a member from %(start)s to %(end)s.",
                start=period and period.start,
                end=period and (period.end or "…"),
            ),
            "differs": self.env._(
                "The register says: until %(end)s, category « %(category)s ».",
                end=period and (period.end or "…"),
                category=period
                and self.env["consortium.member.category"].browse(period.category).name,
            ),
            "entry_differs": self.env._(
                "The ledger says: %(quantity)s shares at %(price).2f.",
                quantity=entry and f"{entry.quantity:+d}",
                price=entry.price / 100 if entry else 0,
            ),
            "no_quantity": self.env._("A quantity is not zero."),
            "negative": self.env._(
                "Only %(held)s shares are held on that day.", held=details.get("held")
            ),
        }
        return sentences.get(verdict.code, False)

    def _summary(self, values):
        if self.content == "members":
            return f"{values['number']} – {values['date_start']}"
        return f"{values['quantity']:+d} – {values['date']}"
