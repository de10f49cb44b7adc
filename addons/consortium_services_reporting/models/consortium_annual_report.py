from odoo import models
from odoo.addons.consortium_services.models.consortium_satisfaction_invitation import (
    STATEMENTS,
)


class ConsortiumAnnualReport(models.Model):
    """What services add to the annual report."""

    _inherit = "consortium.annual.report"

    def _known_counts(self):
        """Persons employed at the year end, where employees are kept."""
        counts = super()._known_counts()
        indicators = self.env["consortium.indicator"].with_company(self.company_id)
        employees = indicators._employed_on(self.date_to)
        if employees:
            counts["employee_count"] = len(employees)
        return counts

    def _has_employees(self):
        return bool(self._known_counts().get("employee_count")) or (
            super()._has_employees()
        )

    def _section_satisfaction(self):
        """The statements as they were put to the members, and who says yes to each."""
        model = self.env["consortium.indicator"]
        values = model._values(
            [
                "satisfaction_answers",
                "satisfaction",
                *(f"satisfaction_{name}" for name in STATEMENTS),
            ],
            self.date_from,
            self.date_to,
        )
        if values["satisfaction"]["value"] is None:
            return super()._section_satisfaction()
        _survey, questions = self.env["consortium.satisfaction.invitation"]._survey()
        rows = [
            (
                (questions[name].title, values[f"satisfaction_{name}"]["value"]),
                {},
            )
            for name in STATEMENTS
        ]
        total = (self.env._("Yes to all three"), values["satisfaction"]["value"])
        return [
            self._block_table(
                "satisfaction_statements",
                self.env._("What Members Say of the Services"),
                [(self.env._("Statement"), "text"), (self.env._("Yes"), "share")],
                [*rows, (total, {"style": "total"})],
                [
                    self.env._(
                        "%(count)s answers.",
                        count=values["satisfaction_answers"]["value"],
                    )
                ],
            ),
            *super()._section_satisfaction(),
        ]
