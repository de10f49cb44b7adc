"""Which experts for a need, and why. One query, whatever the number of experts."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

WEEKS = 6  # how far ahead time is looked for, when no date is wished
MANY = 500
# Leave of less than three quarters of a working day is an absence of some hours.
MOST_OF_AN_HOUR = 45


class ConsortiumServiceRequestLine(models.Model):
    _inherit = "consortium.service.request.line"

    def _proposed_experts(self):
        """The experts of the field of this need, the most suitable first.

        A conflict of interest or an absence does not hide anybody: it is said, and
        comes last. The choice is human.

        :return: ``[{employee_id, name, score, free_minutes, conflict, away,
            reasons}]``, ``reasons`` being sentences for the coordinator;
            ``free_minutes`` is None where the load is not known that far ahead
        """
        self.ensure_one()
        self.check_access("read")
        rows = self._expert_rows()
        experts = [self._expert_values(row) for row in rows]
        return sorted(experts, key=lambda row: (-row["score"], row["name"]))

    def _expert_rows(self):
        """What is known of each expert of the field: one query.

        Employees, leave and timesheets are not all the coordinator's to read; only
        these totals come out, of the experts of one field, in the request's company.
        """
        today = self.env.company._today()
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """
            WITH need AS (
                SELECT n.id, n.expertise_id, n.partner_id, n.company_id, p.region_id,
                       g.id AS lang_id, d.first, d.last
                  FROM consortium_service_request_line n
                  JOIN crm_lead r ON r.id = n.lead_id
             LEFT JOIN res_partner p ON p.id = n.partner_id
             LEFT JOIN res_partner who ON who.id = r.request_person_id
             LEFT JOIN res_lang g ON g.code = coalesce(p.lang, who.lang, %(french)s)
            CROSS JOIN LATERAL (
                SELECT greatest(r.wished_start, %(today)s) AS first,
                       greatest(coalesce(r.wished_end,
                            greatest(r.wished_start, %(today)s) + %(days)s),
                            %(today)s) AS last
                       ) d
                 WHERE n.id = %(line)s)
            SELECT e.id, e.name,
                   load.free, CASE WHEN load.until < need.last THEN load.until END,
                   EXISTS (SELECT FROM consortium_employee_lang_rel r
                            WHERE r.employee_id = e.id AND r.lang_id = need.lang_id),
                   EXISTS (SELECT FROM consortium_employee_region_rel r
                            WHERE r.employee_id = e.id
                              AND r.region_id = need.region_id),
                   (SELECT count(*) FROM consortium_service_request_line h
                     WHERE h.employee_id = e.id AND h.partner_id = need.partner_id
                       AND h.id <> need.id),
                   (SELECT sum(a.unit_amount) FROM account_analytic_line a
                     WHERE a.employee_id = e.id AND a.project_id IS NOT NULL
                       AND a.partner_id = need.partner_id),
                   (SELECT string_agg(c.reason, '; ')
                      FROM consortium_conflict_interest c
                     WHERE c.employee_id = e.id AND c.partner_id = need.partner_id
                       AND c.date_start <= need.last
                       AND (c.date_end IS NULL OR c.date_end >= need.first)),
                   need.first,
                   (SELECT array_agg(ARRAY[(v.date_from AT TIME ZONE 'UTC'
                                            AT TIME ZONE s.tz)::date,
                                           (v.date_to AT TIME ZONE 'UTC'
                                            AT TIME ZONE s.tz)::date]
                                     ORDER BY v.date_from)
                      FROM resource_calendar_leaves v
                      JOIN resource_resource s ON s.id = v.resource_id
                 LEFT JOIN resource_calendar c ON c.id = s.calendar_id
                     WHERE v.resource_id = e.resource_id
                       AND (v.date_from AT TIME ZONE 'UTC' AT TIME ZONE s.tz)::date
                           <= need.last
                       AND (v.date_to AT TIME ZONE 'UTC' AT TIME ZONE s.tz)::date
                           >= need.first
                       AND v.date_to - v.date_from
                           >= coalesce(c.hours_per_day, 8) * %(most)s)
              FROM need
              JOIN consortium_expertise_employee_rel x
                ON x.expertise_id = need.expertise_id
              JOIN hr_employee e ON e.id = x.employee_id AND e.active
               AND e.company_id = coalesce(need.company_id, %(company)s)
        CROSS JOIN LATERAL (
            SELECT sum(l.free_minutes) AS free, max(l.week_start) + 6 AS until
              FROM consortium_expert_load l
             WHERE l.employee_id = e.id AND l.week_start
                   BETWEEN date_trunc('week', need.first) AND need.last) load
             LIMIT %(many)s
            """,
                line=self.id,
                today=today,
                days=7 * WEEKS,
                french="fr_CA",
                company=self.env.company.id,
                most=timedelta(minutes=MOST_OF_AN_HOUR),
                many=MANY,
            )
        )

    @api.model
    def _expert_values(self, row):
        """A row of the query, as a proposal with its score and reasons.

        The score orders the list and nothing else: time first, then language, history,
        region.
        """
        (employee, name, free, until, speaks, near, needs, hours, conflict) = row[:9]
        first, leaves = row[9:]
        leaves, hours = leaves or [], hours or 0
        score, reasons = 0, []
        if conflict:
            score -= 1000
            reasons.append(
                self.env._("conflict of interest: %(reason)s", reason=conflict)
            )
        # Leave that comes later is in the time left; whoever can't begin comes last.
        if any(begin <= first for begin, _end in leaves):
            score -= 100
        reasons += [
            self.env._(
                "on leave from %(start)s to %(end)s",
                start=fields.Date.to_string(begin),
                end=fields.Date.to_string(end),
            )
            for begin, end in leaves
        ]
        if free is not None and free >= (self.estimate_min or 60):
            score += 40
        elif free is not None and free > 0:
            score += 15
        reasons.append(self._free_words(free, until))
        if speaks:
            score += 20
            reasons.append(self.env._("works in the language of the organization"))
        if near:
            score += 10
            reasons.append(self.env._("serves the region in person"))
        if needs or hours:
            score += 15
            reasons.append(
                self.env._(
                    "knows the organization: %(needs)s needs, %(hours)s h",
                    needs=needs,
                    hours=round(hours),
                )
            )
        return {
            "employee_id": employee,
            "name": name,
            "score": score,
            "free_minutes": free,
            "conflict": bool(conflict),
            "away": bool(leaves),
            "reasons": reasons,
        }

    @api.model
    def _free_words(self, free, until):
        """The time left, and until when it is known, if not for the whole period."""
        if free is None:
            return self.env._("time free in the wished period not known yet")
        hours = max(free, 0) // 60
        if until:
            return self.env._(
                "%(hours)s h free until %(date)s, not known after",
                hours=hours,
                date=fields.Date.to_string(until),
            )
        return self.env._("%(hours)s h free in the wished period", hours=hours)
