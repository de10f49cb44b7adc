from odoo import fields, models

RESPONSIBLES = [
    ("secretary", "Secretary"),
    ("management", "Management"),
    ("accountant", "Accountant"),
    ("president", "President"),
    ("auditor", "Auditor"),
    ("board", "Board of Directors"),
]


class ConsortiumAnnualReportRequirement(models.Model):
    """One thing that the law, or the by-laws, ask of the annual report."""

    _name = "consortium.annual.report.requirement"
    _description = "Requirement of the Annual Report"
    _order = "stage desc, sequence, id"

    code = fields.Char(
        required=True,
        help="What programs know it by: one they don't know is ticked by people.",
    )
    name = fields.Char(required=True, translate=True)
    reference = fields.Char(string="Legal Reference", translate=True)
    sequence = fields.Integer(default=10)
    stage = fields.Selection(
        [("before", "Before the Adoption"), ("after", "After the Adoption")],
        required=True,
        default="before",
    )
    is_mandatory = fields.Boolean(
        string="Mandatory", default=True, help="Without it, no report is adopted."
    )
    responsible = fields.Selection(
        RESPONSIBLES, string="Who Must Act", required=True, default="secretary"
    )
    deadline_kind_id = fields.Many2one(
        "consortium.statutory.deadline.kind",
        string="By When",
        ondelete="restrict",
        help="The deadline that it must be there for.",
    )
    active = fields.Boolean(default=True)

    _code_unique = models.UniqueIndex(
        "(code)", "Another requirement already has this code."
    )
