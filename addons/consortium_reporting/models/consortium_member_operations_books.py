from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import member_operations
from .consortium_indicator_books import INVOICES


class ConsortiumMemberOperations(models.Model):
    """How the books are read: which lines count, whose they are, from when."""

    _inherit = "consortium.member.operations"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _classify(self, groups):
        """As what operations count, by who benefits from them and their date.

        To extend: what the register of members says comes before what is returned here.
        Here, without a register, what the organisation's contact says.

        :param groups: a set of ``(id of the beneficiary or None, date, id of the
            sponsoring network or None)``
        :return: ``{group: "user" | "worker" | "none" | "unclassified"}``, for each; of
            the current company
        """
        ids = {group[0] for group in groups if group[0]}
        # The field is for accountants; the class of an operation is in every figure.
        partners = self.env["res.partner"].sudo().browse(ids)
        classes = {partner.id: partner.operations_class for partner in partners}
        return {
            group: classes.get(group[0]) or member_operations.UNCLASSIFIED
            for group in groups
        }

    @api.model
    def _worker_volume(self, date_from, date_to, company):
        """What workers did over a period: pay or hours, and how much of it members.

        To extend, where workers may be members; here nothing is known of them.

        :return: ``{"with_members", "total", "unit"}``, in cents (unit « money ») or in
            minutes (« hours »), or None
        """
        return None

    @api.model
    def _sql_beneficiary(self):
        """SQL: who benefits from a line, an organisation. To extend where an agreement
        names it; here, who is invoiced. Tables: ``line``, ``move``."""
        return SQL("move.commercial_partner_id")

    @api.model
    def _sql_sponsor(self):
        """SQL: the network that a line is served through, where an agreement names it;
        here nobody says. Tables as above."""
        return SQL("NULL::integer")

    @api.model
    def _sql_operation_date(self):
        """SQL: the day of the operation; here that of the invoice, and for a credit
        note that of the invoice it names: what is undone leaves the class it was in.
        Tables as above, and ``reversed``."""
        return SQL("COALESCE(reversed.invoice_date, move.invoice_date, line.date)")

    @api.model
    def _sql_joins(self):
        """SQL: more tables, joined to ``line`` or ``move``, never multiplying lines."""
        return SQL("")

    @api.model
    def _sql_filter(self):
        """SQL: what is no operation at all, left out even of what doesn't count."""
        return SQL("TRUE")

    @api.model
    def _sql_lines(self, date_from, date_to, company):
        """SQL: FROM and WHERE of the invoiced lines of a period, credit notes included.

        Both days included, by the date of the books. A line counts if its product says
        so, or its account where the product says nothing.
        """
        return SQL(
            """
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id
              LEFT JOIN account_move reversed
                     ON reversed.id = move.reversed_entry_id
                    AND reversed.state = 'posted'
                    AND move.move_type = 'out_refund'
              JOIN account_account account ON account.id = line.account_id
              LEFT JOIN product_product product ON product.id = line.product_id
              LEFT JOIN product_template template
                     ON template.id = product.product_tmpl_id
              %(joins)s
             WHERE line.company_id = %(company)s
               AND line.date BETWEEN %(date_from)s AND %(date_to)s
               AND line.parent_state = 'posted'
               AND line.display_type = 'product'
               AND move.move_type IN %(types)s
               AND %(filter)s
            """,
            joins=self._sql_joins(),
            filter=self._sql_filter(),
            company=company.id,
            date_from=fields.Date.to_date(date_from),
            date_to=fields.Date.to_date(date_to),
            types=INVOICES,
        )

    @api.model
    def _sql_counts(self):
        """SQL: whether a line counts."""
        return SQL(
            """
            CASE COALESCE(template.operations_scope, 'account')
                WHEN 'account'
                THEN COALESCE(account.operations_scope, 'excluded') = 'included'
                ELSE template.operations_scope = 'included'
            END
            """
        )

    @api.model
    def _books(self, date_from, date_to, company):
        """``_read_books``; within an annual report, once for all its sections."""
        kept = self.env.context.get("annual_books", {})
        # No context that comes from outside has such keys.
        period = (fields.Date.to_date(date_from), fields.Date.to_date(date_to), company)
        if period not in kept:
            kept[period] = self._read_books(date_from, date_to, company)
        return kept[period]

    @api.model
    def _read_books(self, date_from, date_to, company):
        """What was invoiced, by who benefits and through which network, day and whether
        it counts: one query.

        Whoever calls it may read the books; see ``_figures``.

        :return: rows ``(beneficiary, date, sponsor, counts, cents, number of lines)``
        """
        self.env["account.move.line"].flush_model()
        self.env["account.account"].flush_model(["operations_scope"])
        self.env["product.template"].flush_model(["operations_scope"])
        return self.env.execute_query(
            SQL(
                """
                SELECT %(beneficiary)s, %(day)s, %(sponsor)s, %(counts)s,
                       ROUND(-SUM(line.balance) * 100)::bigint, COUNT(*)
                %(lines)s
                 GROUP BY 1, 2, 3, 4
                """,
                beneficiary=self._sql_beneficiary(),
                day=self._sql_operation_date(),
                sponsor=self._sql_sponsor(),
                counts=self._sql_counts(),
                lines=self._sql_lines(date_from, date_to, company),
            )
        )

    @api.model
    def _figures(self, date_from, date_to, company):
        """The figures of a period as the books say now, without manual lines.

        :return: see ``tools.member_operations.summary``, and ``partners``
        :raise AccessError: who asks may not read the books
        """
        self.env["account.move.line"].check_access("read")
        rows = self._books(date_from, date_to, company)
        groups = {row[:3] for row in rows if row[3]}
        classes = self.with_company(company)._classify(groups)
        return member_operations.summary(rows, classes)

    @api.model
    def _counted_lines(self, date_from, date_to, company, condition=None):
        """``[(line, beneficiary, day, sponsor)]`` of the invoiced lines that count, as
        ids: for whoever may read the books.

        :param condition: SQL, more of what they are
        """
        self.env["account.move.line"].check_access("read")
        self.env["account.move.line"].flush_model()
        return self.env.execute_query(
            SQL(
                """
                SELECT line.id, %(beneficiary)s, %(day)s, %(sponsor)s
                %(lines)s AND %(counts)s AND %(condition)s
                """,
                beneficiary=self._sql_beneficiary(),
                day=self._sql_operation_date(),
                sponsor=self._sql_sponsor(),
                lines=self._sql_lines(date_from, date_to, company),
                counts=self._sql_counts(),
                condition=condition or SQL("TRUE"),
            )
        )

    def _line_ids(self, partner, operations_class):
        """The invoiced lines of a beneficiary that count and are of this class."""
        self.ensure_one()
        rows = self._counted_lines(
            self.date_from,
            self.date_to,
            self.company_id,
            SQL(
                "%s IS NOT DISTINCT FROM %s",
                self._sql_beneficiary(),
                partner.id or None,
            ),
        )
        books = self.with_company(self.company_id)
        classes = books._classify({row[1:] for row in rows})
        return [row[0] for row in rows if classes[row[1:]] == operations_class]
