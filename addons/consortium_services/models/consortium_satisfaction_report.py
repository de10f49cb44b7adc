from odoo import api, fields, models
from odoo.tools import SQL

# Fewer answers would tell who said what.
ENOUGH = 5


class ConsortiumSatisfactionReport(models.Model):
    """Answers counted by one thing at a time, where at least five were given.

    Each row is a count already: nothing finer is kept for the screens. What is not
    shown of a year, counted by one thing, is nothing or five answers at least: when it
    would be fewer, the next smallest count is kept back too, for nobody to find them by
    subtraction from the year. Percentages are of those rows alone.
    """

    _name = "consortium.satisfaction.report"
    _description = "Satisfaction: Results"
    _auto = False
    _order = "dimension, key_name"

    dimension = fields.Selection(
        [
            ("year", "All Together, by Year"),
            ("field", "By Field of Expertise"),
            ("month", "By Month"),
            ("kind", "By Kind of Organization"),
        ],
        string="Counted By",
        readonly=True,
    )
    key_name = fields.Char(string="Of", readonly=True)
    year = fields.Char(readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    answers = fields.Integer(readonly=True)
    satisfied = fields.Integer(string="Yes to All Three", readonly=True)
    satisfied_percent = fields.Float(
        string="Satisfied (%)", readonly=True, aggregator="avg"
    )
    recommend_percent = fields.Float(
        string="Would Recommend (%)", readonly=True, aggregator="avg"
    )
    results_percent = fields.Float(
        string="Results Reached (%)", readonly=True, aggregator="avg"
    )
    continue_percent = fields.Float(
        string="Will Go On (%)", readonly=True, aggregator="avg"
    )

    @api.model
    def _dimensions(self):
        """What answers are counted by: ``{dimension: (joins, name of the key)}``. An
        answer without a key is in no row, but counts among what isn't shown.
        """
        return {
            "year": (SQL(""), SQL("to_char(answer.satisfaction_month, 'YYYY')")),
            "month": (SQL(""), SQL("to_char(answer.satisfaction_month, 'YYYY-MM')")),
            "field": (
                SQL(
                    "LEFT JOIN consortium_expertise field "
                    "ON field.id = answer.satisfaction_expertise_id"
                ),
                SQL("field.name"),
            ),
            "kind": (
                SQL(
                    "LEFT JOIN consortium_organization_kind kind "
                    "ON kind.id = answer.satisfaction_kind_id"
                ),
                SQL("coalesce(kind.name->>%s, kind.name->>'en_US')", self._language()),
            ),
        }

    @api.model
    def _language(self):
        return self.env.lang or "en_US"

    @property
    def _table_query(self):
        parts = [
            SQL(
                """
                SELECT %s AS dimension, %s AS key_name,
                       to_char(answer.satisfaction_month, 'YYYY') AS year,
                       answer.satisfaction_company_id AS company_id,
                       count(*) AS answers,
                       count(*) FILTER (WHERE answer.satisfaction_yes = 3) AS satisfied,
                       %s AS satisfied_percent, %s AS recommend_percent,
                       %s AS results_percent, %s AS continue_percent
                  FROM survey_user_input answer %s
                 WHERE answer.satisfaction_month IS NOT NULL AND answer.state = 'done'
                   AND answer.test_entry IS NOT TRUE
                 GROUP BY 2, 3, 4
                """,
                dimension,
                key,
                self._percent(SQL("answer.satisfaction_yes = 3")),
                self._percent(SQL("answer.satisfaction_recommend")),
                self._percent(SQL("answer.satisfaction_results")),
                self._percent(SQL("answer.satisfaction_continue")),
                joins,
            )
            for dimension, (joins, key) in self._dimensions().items()
        ]
        union = SQL(" UNION ALL ").join(parts)
        # Rows are shown from the smallest on, once those before it are none or enough.
        return SQL(
            """
            SELECT row_number() OVER (ORDER BY dimension, key_name, year, company_id)
                   AS id, dimension, key_name, year, company_id, answers, satisfied,
                   satisfied_percent, recommend_percent, results_percent,
                   continue_percent
              FROM (SELECT counted.*, coalesce(sum(answers) OVER (
                           PARTITION BY dimension, year, company_id
                           ORDER BY key_name IS NOT NULL, answers, key_name
                           ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)
                           AS smaller
                      FROM (%s) counted) counted
             WHERE key_name IS NOT NULL AND answers >= %s
               AND (smaller = 0 OR smaller >= %s)
            """,
            union,
            ENOUGH,
            ENOUGH,
        )

    @api.model
    def _percent(self, condition):
        return SQL("100.0 * count(*) FILTER (WHERE %s) / count(*)", condition)
