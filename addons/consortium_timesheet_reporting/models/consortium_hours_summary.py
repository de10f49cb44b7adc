from odoo import api, fields, models
from odoo.tools import SQL

# What entries of time add to the summary: a cell by center and mode, one by contact.
ENTRIES = """
    SELECT company_id, date_trunc('month', date)::date AS month,
           COALESCE(cost_center_id, 0) AS center, COALESCE(partner_id, 0) AS partner,
           COALESCE(intervention_mode, '') AS mode, minutes, amount
      FROM {table}
     WHERE project_id IS NOT NULL AND approval_state = 'approved' AND chargeable
"""
ADD = """
    INSERT INTO consortium_hours_summary
           (company_id, month, center_key, partner_key, mode, minutes, amount)
    SELECT company_id, month, COALESCE(center, -1), COALESCE(partner, -1),
           COALESCE(mode, ''), SUM(minutes), SUM(amount)
      FROM ({entries}) line
     GROUP BY GROUPING SETS (
            (company_id, month, center, mode), (company_id, month, partner))
    HAVING SUM(minutes) <> 0 OR SUM(amount) <> 0
"""


class ConsortiumHoursSummary(models.Model):
    """Hours rendered by month, center and mode, and by month and contact, kept as they
    change: a cell of one kind has -1 in place of what the other is of.

    Triggers of PostgreSQL add a row for what each statement changes of the entries of
    time: nobody waits for anybody, and the sum is exact at any moment. Every night the
    rows of a same cell become one. Centers and contacts are plain numbers: a deleted
    one leaves cells that add up to nothing.
    """

    _name = "consortium.hours.summary"
    _description = "Summary of Hours Rendered"
    _log_access = False

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    month = fields.Date(required=True, readonly=True)
    center_key = fields.Integer(required=True, readonly=True)
    partner_key = fields.Integer(required=True, readonly=True)
    mode = fields.Char(required=True, readonly=True)
    minutes = fields.Integer(required=True, readonly=True)
    amount = fields.Float(required=True, readonly=True, digits=(16, 2))

    _month_idx = models.Index("(company_id, center_key, month)")

    def init(self):
        """The triggers, and what there is already. The uninstall hook drops them."""
        result = super().init()
        self.env.cr.execute(TRIGGERS)
        self._rebuild()
        return result

    @api.model
    def _rebuild(self):
        """Add everything up again, in the snapshot of the transaction: what others
        change meanwhile is in neither, and comes with its own rows."""
        self.env.cr.execute("DELETE FROM consortium_hours_summary")
        self.env.cr.execute(SQL(ADDED_UP))

    @api.model
    def _cron_compact(self):
        """One row a cell, none for what adds up to nothing."""
        self.flush_model()
        self.env.execute_query(
            SQL(
                """
                WITH several AS (
                    SELECT company_id, month, center_key, partner_key, mode
                      FROM consortium_hours_summary
                     GROUP BY 1, 2, 3, 4, 5
                    HAVING COUNT(*) > 1 OR (SUM(minutes) = 0 AND SUM(amount) = 0)
                ), gone AS (
                    DELETE FROM consortium_hours_summary each USING several
                     WHERE (each.company_id, each.month, each.center_key,
                            each.partner_key, each.mode) = (
                            several.company_id, several.month, several.center_key,
                            several.partner_key, several.mode)
                    RETURNING each.*
                )
                INSERT INTO consortium_hours_summary
                       (company_id, month, center_key, partner_key, mode, minutes,
                        amount)
                SELECT company_id, month, center_key, partner_key, mode,
                       SUM(minutes), SUM(amount)
                  FROM gone GROUP BY 1, 2, 3, 4, 5
                HAVING SUM(minutes) <> 0 OR SUM(amount) <> 0
                RETURNING id
                """
            )
        )


def _add(*tables):
    """The statement that adds entries of the tables, or with a minus takes them off."""
    entries = " UNION ALL ".join(
        ENTRIES.format(table=table)
        if sign == "+"
        else ENTRIES.format(table=table).replace(
            "minutes, amount", "-minutes AS minutes, -amount AS amount"
        )
        for sign, table in tables
    )
    return ADD.format(entries=entries)


ADDED_UP = _add(("+", "account_analytic_line"))
TRIGGERS = f"""
CREATE OR REPLACE FUNCTION consortium_hours_summary_keep() RETURNS trigger AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        {_add(("+", "added"))};
    ELSIF TG_OP = 'DELETE' THEN
        {_add(("-", "removed"))};
    ELSIF TG_OP = 'UPDATE' THEN
        {_add(("+", "added"), ("-", "removed"))};
    ELSE
        DELETE FROM consortium_hours_summary;
    END IF;
    RETURN NULL;
END $$ LANGUAGE plpgsql;
CREATE OR REPLACE TRIGGER consortium_hours_summary_insert
    AFTER INSERT ON account_analytic_line REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION consortium_hours_summary_keep();
CREATE OR REPLACE TRIGGER consortium_hours_summary_update
    AFTER UPDATE ON account_analytic_line
    REFERENCING OLD TABLE AS removed NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION consortium_hours_summary_keep();
CREATE OR REPLACE TRIGGER consortium_hours_summary_delete
    AFTER DELETE ON account_analytic_line REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION consortium_hours_summary_keep();
CREATE OR REPLACE TRIGGER consortium_hours_summary_truncate
    AFTER TRUNCATE ON account_analytic_line
    FOR EACH STATEMENT EXECUTE FUNCTION consortium_hours_summary_keep();
"""
