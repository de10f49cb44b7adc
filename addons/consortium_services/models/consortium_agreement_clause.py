from odoo import api, fields, models

from .sale_order_agreement import AGREEMENT_TYPES


class ConsortiumAgreementClause(models.Model):
    """A clause that agreements of some types contain, in the wording of the day."""

    _name = "consortium.agreement.clause"
    _description = "Agreement Clause"
    _order = "sequence, id"

    name = fields.Char(string="Title", required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    for_service = fields.Boolean(string="Service Agreements", default=True)
    for_framework = fields.Boolean(string="Framework Agreements", default=True)
    for_partnership = fields.Boolean(string="Partnership Agreements", default=True)
    version_ids = fields.One2many("consortium.agreement.clause.version", "clause_id")
    version_count = fields.Integer(string="Versions", compute="_compute_version_count")

    _code = models.UniqueIndex("(code)", "Another clause has this code.")

    @api.depends("version_ids")
    def _compute_version_count(self):
        for clause in self:
            clause.version_count = len(clause.version_ids)

    def _versions_on(self, agreement_type, date):
        """The wording of each clause that the type requires, in force on a date.

        :param agreement_type: service, framework or partnership
        """
        if agreement_type not in dict(AGREEMENT_TYPES):
            return self.env["consortium.agreement.clause.version"]
        clauses = self.search([(f"for_{agreement_type}", "=", True)])
        versions = self.env["consortium.agreement.clause.version"].search(
            [("clause_id", "in", clauses.ids), ("date_from", "<=", date)],
            order="date_from, number",
        )
        last = {version.clause_id: version for version in versions}
        return versions.browse(
            [last[clause].id for clause in clauses if clause in last]
        )
