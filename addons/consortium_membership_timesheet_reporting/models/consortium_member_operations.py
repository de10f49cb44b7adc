from odoo import api, models
from odoo.tools import SQL


class ConsortiumMemberOperations(models.Model):
    _inherit = "consortium.member.operations"

    @api.model
    def _worker_volume(self, date_from, date_to, company):
        """Minutes worked, and those of employees who are worker members that day.

        An employee is a member by its own contact, of which no two periods overlap.
        Leave is not work.

        :return: minutes; what another addon says, if no worker is a member in the year
        """
        workers = SQL(
            """
            SELECT member.partner_id, member.date_start,
                   COALESCE(member.date_end, 'infinity') AS date_end
              FROM consortium_membership member
              JOIN consortium_member_category category
                ON category.id = member.category_id AND category.kind = 'worker'
             WHERE member.company_id = %s AND member.state IN ('admitted', 'ended')
               AND member.date_start <= %s
               AND (member.date_end IS NULL OR member.date_end >= %s)
            """,
            company.id,
            date_to,
            date_from,
        )
        for model in ("consortium.membership", "account.analytic.line", "hr.employee"):
            self.env[model].flush_model()
        # Most cooperatives have none: nothing is then added up.
        if not self.env.execute_query(SQL("%s LIMIT 1", workers)):
            return super()._worker_volume(date_from, date_to, company)
        ((total, theirs),) = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(SUM(line.minutes), 0)::bigint,
                       COALESCE(SUM(line.minutes) FILTER (
                            WHERE worker.employee_id IS NOT NULL), 0)::bigint
                  FROM account_analytic_line line
                  LEFT JOIN (
                        SELECT employee.id AS employee_id, member.date_start,
                               member.date_end
                          FROM (%s) member
                          JOIN hr_employee employee
                            ON employee.work_contact_id = member.partner_id
                  ) worker ON worker.employee_id = line.employee_id
                          AND line.date BETWEEN worker.date_start AND worker.date_end
                 WHERE line.company_id = %s AND line.project_id IS NOT NULL
                   AND line.approval_state = 'approved' AND line.employee_id IS NOT NULL
                   AND line.holiday_id IS NULL AND line.global_leave_id IS NULL
                   AND line.date BETWEEN %s AND %s
                """,
                workers,
                company.id,
                date_from,
                date_to,
            )
        )
        return {"with_members": theirs, "total": total, "unit": "hours"}
