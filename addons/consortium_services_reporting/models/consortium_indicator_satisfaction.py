from odoo import api, models
from odoo.addons.consortium_reporting.tools.canonical import share
from odoo.addons.consortium_services.models.consortium_satisfaction_invitation import (
    STATEMENTS,
)
from odoo.addons.consortium_services.models.consortium_satisfaction_report import (
    ENOUGH,
)
from odoo.addons.consortium_services.tools.small_counts import shown
from odoo.tools import SQL

COLUMNS = ("yes", *STATEMENTS)
SATISFACTION = ("satisfaction_answers", "satisfaction") + tuple(
    f"satisfaction_{name}" for name in STATEMENTS
)


class ConsortiumIndicator(models.Model):
    """The figures of satisfaction, where at least five answers were given."""

    _inherit = "consortium.indicator"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _computations(self):
        return {
            **super()._computations(),
            **dict.fromkeys(SATISFACTION, "_compute_satisfaction"),
        }

    @api.model
    def _record_domains(self):
        return {
            **super()._record_domains(),
            **dict.fromkeys(SATISFACTION, "_domain_of_satisfaction"),
        }

    @api.model
    def _satisfaction_counts(self, date_from, date_to):
        """SQL: answers, and yes to all three and to each, by field; by month of answer,
        whole months. Totals, never an answer: whoever reads the results reads them.

        :return: ``{name of the field: (answers, yes to all, recommend, results,
            continue)}``
        """
        self.env["consortium.satisfaction.report"].check_access("read")
        self.env["survey.user_input"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT field.name, count(*),
                       count(*) FILTER (WHERE answer.satisfaction_yes = 3),
                       count(*) FILTER (WHERE answer.satisfaction_recommend),
                       count(*) FILTER (WHERE answer.satisfaction_results),
                       count(*) FILTER (WHERE answer.satisfaction_continue)
                  FROM survey_user_input answer
                  JOIN consortium_expertise field
                    ON field.id = answer.satisfaction_expertise_id
                 WHERE answer.satisfaction_company_id = %s
                   AND answer.satisfaction_month BETWEEN %s AND %s
                   AND answer.state = 'done' AND answer.test_entry IS NOT TRUE
                 GROUP BY 1 ORDER BY 2 DESC, 1
                """,
                self.env.company.id,
                date_from.replace(day=1),
                date_to,
            )
        )
        return {row[0]: row[1:] for row in rows}

    @api.model
    def _compute_satisfaction(self, codes, date_from, date_to):
        """The part of the answers that say yes: to all three statements, to each."""
        counts = self._satisfaction_counts(date_from, date_to)
        totals = [sum(each) for each in zip(*counts.values(), strict=True)]
        if not totals:
            return {"satisfaction_answers": {"value": 0}}
        result = {"satisfaction_answers": {"value": totals[0]}}
        if totals[0] < ENOUGH:
            return result
        for rank, name in enumerate(COLUMNS, 1):
            code = "satisfaction" if name == "yes" else f"satisfaction_{name}"
            result[code] = {"value": share(totals[rank], totals[0])}
        fields = shown({name: row[0] for name, row in counts.items()}, ENOUGH)
        result["satisfaction"]["by"] = {
            "field": {
                name: share(row[1], row[0])
                for name, row in counts.items()
                if name in fields
            }
        }
        return result

    @api.model
    def _domain_of_satisfaction(self, code, date_from, date_to, dimension, key):
        """The results, which are counts already; never the answers."""
        return "consortium.satisfaction.report", [
            ("dimension", "=", "month"),
            ("key_name", ">=", date_from.strftime("%Y-%m")),
            ("key_name", "<=", date_to.strftime("%Y-%m")),
            ("company_id", "=", self.env.company.id),
        ]
