from collections import defaultdict

from dateutil.relativedelta import relativedelta
from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.spans import columns, unchanged, whole_months


class ConsortiumIndicator(models.Model):
    _inherit = "consortium.indicator"

    @api.model
    def _hours_by_organization(self, date_from, date_to):
        """``[(organisation or None, day, minutes)]`` of the hours rendered, as finely
        as needed to know by which membership each was served.

        Days between which nothing changes for an organisation come together, on the
        first of them: whole months from the kept summary, the others from the entries.
        """
        until = date_to + relativedelta(days=1)
        start, end = self._whole_months(date_from, date_to)
        chain = self.env["consortium.membership"]._chain_between(
            date_from, date_to, self.env.company
        )
        organizations = dict(self._contacts_served(date_from, date_to))
        spans = [
            (contact, *days, start <= days[0] < end and not whole_months(*days))
            for contact, organization in organizations.items()
            for days in unchanged(chain.changes(organization), date_from, until)
        ]
        rows = self._minutes_of_spans(date_from, date_to, spans)
        if parts := [span for span in spans if span[3]]:
            rows += self._minutes_of_parts(parts)
        return [(organizations.get(who), day, minutes) for who, day, minutes in rows]

    @api.model
    def _record_dimensions(self):
        known = super()._record_dimensions()
        return {**known, "hours": (*known["hours"], "category")}

    @api.model
    def _domain_of_hours(self, code, date_from, date_to, dimension, key):
        """Also of a category: by contact, and by days where its membership changes."""
        model, domain = super()._domain_of_hours(
            code, date_from, date_to, dimension, key
        )
        if dimension != "category":
            return model, domain
        memberships = self.env["consortium.membership"]
        until = date_to + relativedelta(days=1)
        chain = memberships._chain_between(date_from, date_to, self.env.company)
        spans = [
            (contact, organization, *days)
            for contact, organization in self._contacts_served(date_from, date_to)
            for days in unchanged(chain.changes(organization), date_from, until)
            or [(date_from, until)]
        ]
        served = memberships._served_by({(span[1], span[2]) for span in spans})
        none = self.env._("Not a member")
        whole, parts = [], []
        for contact, organization, start, end in spans:
            membership = served.get((organization, start))
            if (membership.category_id.name if membership else none) != key:
                continue
            if (start, end) == (date_from, until):
                whole.append(contact)
            else:
                parts.append(
                    Domain("partner_id", "=", contact)
                    & Domain("date", ">=", start)
                    & Domain("date", "<", end)
                )
        if key == none:
            whole.append(False)  # time of nobody
        return model, domain & Domain.OR([Domain("partner_id", "in", whole), *parts])

    @api.model
    def _contacts_served(self, date_from, date_to):
        """``[(contact, its organisation)]`` of the projects of the hours rendered."""
        return self.env.execute_query(
            SQL(
                """
                SELECT partner.id, partner.commercial_partner_id
                  FROM (SELECT DISTINCT partner_key FROM (%s) line) contact
                  JOIN res_partner partner ON partner.id = contact.partner_key
                """,
                self._sql_by_contact(date_from, date_to),
            )
        )

    @api.model
    def _minutes_of_spans(self, date_from, date_to, spans):
        """``[(contact, first day of its span, minutes)]``, but for parts of months of
        which the kept summary has the whole."""
        return self.env.execute_query(
            SQL(
                """
                SELECT line.partner_key, COALESCE(span.since, %s),
                       SUM(line.minutes)::bigint
                  FROM (%s) line
                  LEFT JOIN unnest(%s::int[], %s::date[], %s::date[], %s::bool[])
                            span (contact, since, until, is_part)
                         ON span.contact = line.partner_key
                        AND line.day >= span.since AND line.day < span.until
                 WHERE span.is_part IS NOT TRUE
                 GROUP BY 1, 2
                """,
                date_from,
                self._sql_by_contact(date_from, date_to),
                *columns(spans, 4),
            )
        )

    @api.model
    def _minutes_of_parts(self, spans):
        """``[(contact, first day of its span, minutes)]`` from the entries. ``OFFSET
        0`` has the days looked for in the index, where PostgreSQL may read all of a
        contact."""
        return self.env.execute_query(
            SQL(
                """
                SELECT span.contact, span.since, SUM(line.minutes)::bigint
                  FROM unnest(%s::int[], %s::date[], %s::date[])
                       span (contact, since, until)
                 CROSS JOIN LATERAL (
                    SELECT line.minutes FROM account_analytic_line line
                     WHERE line.partner_id = span.contact AND %s
                       AND line.date >= span.since AND line.date < span.until
                    OFFSET 0) line
                 GROUP BY 1, 2
                """,
                *columns(spans, 4)[:3],
                self._sql_rendered(),
            )
        )

    @api.model
    def _compute_hours(self, codes, date_from, date_to):
        """Also by category, of the membership that serves on the day worked."""
        result = super()._compute_hours(codes, date_from, date_to)
        if "hours" not in codes or not result.get("hours", {}).get("value"):
            return result
        rows = self._hours_by_organization(date_from, date_to)
        served = self.env["consortium.membership"]._served_by(
            {row[:2] for row in rows if row[0]}
        )
        none = self.env._("Not a member")
        parts = defaultdict(int)
        for organization, day, minutes in rows:
            membership = served.get((organization, day))
            parts[membership.category_id.name if membership else none] += minutes
        by_size = sorted(parts.items(), key=lambda part: -part[1])
        result["hours"]["by"]["category"] = dict(by_size)
        return result
