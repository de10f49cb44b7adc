from odoo import api, fields, models
from odoo.addons.consortium_base.tools.frozen import keep_frozen
from odoo.exceptions import UserError

from ..tools.clock import clock

TRACED = (
    "minutes",
    "date",
    "employee_id",
    "project_id",
    "task_id",
    "so_line",
    "cost_center_id",
    "chargeable",
)


class ConsortiumTimesheetChange(models.Model):
    """Who changed what in a time entry. Added by changes themselves, never altered."""

    _name = "consortium.timesheet.change"
    _description = "Change of a Time Entry"
    _order = "id desc"
    _rec_name = "field_label"

    # No foreign key: the trace of a deleted entry stays.
    line_ref = fields.Integer(
        string="Time Entry Number", required=True, index=True, readonly=True
    )
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    employee_id = fields.Many2one(
        "hr.employee", readonly=True, index=True, ondelete="restrict"
    )
    date = fields.Date(string="Day Worked", readonly=True)
    user_id = fields.Many2one(
        "res.users", string="Changed By", readonly=True, ondelete="restrict"
    )
    field_label = fields.Char(string="What", readonly=True)
    old_value = fields.Char(string="Before", readonly=True)
    new_value = fields.Char(string="After", readonly=True)

    _frozen = models.Constraint(
        "CHECK (line_ref > 0)", "The trace of changes is neither changed nor deleted."
    )

    def init(self):
        """PostgreSQL refuses to change the trace, to everybody."""
        result = super().init()
        keep_frozen(self.env.cr, self._table)
        return result

    def write(self, vals):
        """What happened is never rewritten."""
        if self:
            raise UserError(self.env._("The trace of changes is not changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The trace of changes is not deleted."))

    @api.model
    def _snapshot(self, lines, names=TRACED):
        """What is traced of entries, as people read it: ``{id: {field: text}}``."""
        return {
            line.id: {name: self._text(line, name) for name in names}
            for line in lines
            if line.project_id
        }

    def _text(self, line, name):
        value = line[name]
        if isinstance(value, models.BaseModel):
            # The name as it was, whoever changes the entry.
            return value.sudo().display_name or ""
        if name == "minutes":
            return clock(value)
        return str(value)

    @api.model
    def _record(self, lines, before):
        """Add a row for each traced field that is not as it was."""
        if not before:
            return self
        names = next(iter(before.values())).keys()
        after = self._snapshot(lines.filtered("id"), names)
        rows = [
            self._prepare(line, name, old, after[line.id][name])
            for line in lines
            for name, old in before.get(line.id, {}).items()
            if line.id in after and after[line.id][name] != old
        ]
        # Nobody may write the trace directly.
        return self.sudo().create(rows)

    @api.model
    def _record_deletion(self, lines):
        rows = [
            self._prepare(line, "minutes", self._text(line, "minutes"), "")
            for line in lines
        ]
        # Nobody may write the trace directly.
        return self.sudo().create(rows)

    def _prepare(self, line, name, old, new):
        return {
            "line_ref": line.id,
            "company_id": line.company_id.id,
            "employee_id": line.employee_id.id,
            "date": line.date,
            "user_id": self.env.uid,
            "field_label": line._fields[name]._description_string(self.env),
            "old_value": old,
            "new_value": new,
        }
