from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class ConsortiumAgreementClauseVersion(models.Model):
    """The wording of a clause from a date on. Once an agreement has it, it stays."""

    _name = "consortium.agreement.clause.version"
    _description = "Wording of a Clause"
    _order = "clause_id, number desc"

    clause_id = fields.Many2one(
        "consortium.agreement.clause", required=True, index=True, ondelete="restrict"
    )
    number = fields.Integer(string="Version", readonly=True, copy=False)
    date_from = fields.Date(
        string="In Use From",
        required=True,
        default=lambda self: self.env.company._today(),
    )
    body = fields.Html(string="Wording", required=True, translate=True)
    is_used = fields.Boolean(compute="_compute_is_used")

    _number = models.Constraint(
        "UNIQUE (clause_id, number)",
        "This clause already has a version of this number.",
    )

    @api.depends("clause_id.name", "number")
    def _compute_display_name(self):
        for version in self:
            version.display_name = self.env._(
                "%(clause)s, version %(number)s",
                clause=version.clause_id.name or "",
                number=version.number,
            )

    def _compute_is_used(self):
        # Whoever writes clauses may not read every agreement.
        orders = self.env["sale.order"].sudo()
        used = orders.search(
            [("clause_version_ids", "in", self.ids), ("state", "!=", "draft")]
        ).clause_version_ids
        for version in self:
            version.is_used = version._origin in used

    @api.constrains("date_from", "clause_id")
    def _check_order(self):
        for version in self:
            others = version.clause_id.version_ids - version
            if any(
                other.number < version.number and other.date_from > version.date_from
                for other in others
            ):
                raise ValidationError(
                    self.env._(
                        "A new wording is in use after the last one, not before."
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Versions are numbered in the order in which they are written."""
        last = {}
        for vals in vals_list:
            clause = vals.get("clause_id")
            if clause not in last:
                last[clause] = max(
                    self.search([("clause_id", "=", clause)]).mapped("number"),
                    default=0,
                )
            last[clause] += 1
            vals["number"] = last[clause]
        return super().create(vals_list)

    def write(self, vals):
        """A wording that somebody was proposed is not written again."""
        if {"body", "date_from", "clause_id", "number"} & set(vals):
            if any(version.is_used for version in self):
                raise UserError(self._used_message())
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if any(version.is_used for version in self):
            raise UserError(self._used_message())

    @api.model
    def _used_message(self):
        return self.env._(
            "Agreements contain this wording: write a new version of the clause."
        )
