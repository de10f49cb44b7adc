from odoo import api, fields, models


class ConsortiumAnnualReportItem(models.Model):
    """Where a requirement stands for one report: known to the program, or said by
    somebody, with a reason."""

    _name = "consortium.annual.report.item"
    _description = "Checklist of the Annual Report"
    _order = "stage desc, sequence, id"

    report_id = fields.Many2one(
        "consortium.annual.report", required=True, index=True, ondelete="cascade"
    )
    requirement_id = fields.Many2one(
        "consortium.annual.report.requirement", required=True, ondelete="restrict"
    )
    stage = fields.Selection(related="requirement_id.stage", store=True)
    sequence = fields.Integer(related="requirement_id.sequence", store=True)
    reference = fields.Char(related="requirement_id.reference")
    is_mandatory = fields.Boolean(related="requirement_id.is_mandatory")
    responsible = fields.Selection(related="requirement_id.responsible")
    date_due = fields.Date(string="By When", compute="_compute_date_due")
    said = fields.Selection(
        [("satisfied", "Satisfied"), ("not_applicable", "Not Applicable")],
        help="When the program can't know, or is mistaken: give the reason.",
    )
    reason = fields.Char(translate=True)
    state = fields.Selection(
        [
            ("satisfied", "Satisfied"),
            ("missing", "Missing"),
            ("not_applicable", "Not Applicable"),
        ],
        string="Status",
        compute="_compute_state",
    )

    _once = models.UniqueIndex(
        "(report_id, requirement_id)", "This report already has this requirement."
    )
    _reasoned = models.Constraint(
        "CHECK (said IS NULL OR coalesce(reason::text, '') <> '')",
        "What is said of a requirement has a reason.",
    )

    @api.depends("requirement_id")
    def _compute_display_name(self):
        for item in self:
            item.display_name = item.requirement_id.name

    @api.depends("said", "requirement_id", "report_id")
    def _compute_state(self):
        for item in self:
            item.state = item.said or item.report_id._requirement_state(
                item.requirement_id
            )

    @api.depends("requirement_id", "report_id")
    def _compute_date_due(self):
        for item in self:
            report, kind = item.report_id, item.requirement_id.deadline_kind_id
            item.date_due = kind and kind._date_due(
                report.company_id, report.date_to, report.meeting_date
            )

    def _blocks_adoption(self):
        self.ensure_one()
        return self.stage == "before" and self.is_mandatory

    @api.model_create_multi
    def create(self, vals_list):
        items = super().create(vals_list)
        items._refuse_late()
        return items

    def write(self, vals):
        self._refuse_late()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_adopted(self):
        self._refuse_late()

    def _refuse_late(self):
        """What was there at the adoption stays so; what comes after is still said."""
        self.filtered(lambda item: item.stage == "before").report_id._refuse_adopted()
