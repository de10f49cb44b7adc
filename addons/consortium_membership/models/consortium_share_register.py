from odoo import api, fields, models
from odoo.tools import SQL

# What the law asks for each share: article and paragraph are printed from the
# parameter « share_register_contents ».
COLUMNS = (
    "holder",
    "share_class",
    "lot_date",
    "date_acquired",
    "quantity",
    "unit_price",
    "paid",
    "owing",
    "dates_redeemed",
    "dates_repaid",
    "dates_transferred",
    "certificate",
)


class ConsortiumShareRegister(models.Model):
    """The share register as of a date: a row for each lot of each holder.

    Read from the ledger at each query, as of the context's ``consortium_date`` (today
    if none) and, with ``consortium_known_at``, as it was known at a moment. Holders who
    have left stay, with no shares.
    """

    _name = "consortium.share.register"
    _description = "Share Register"
    _auto = False
    _order = "partner_id, lot_date, id"
    _rec_name = "partner_id"

    lot_id = fields.Many2one("consortium.share.entry", string="Issue", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one("res.partner", string="Holder", readonly=True)
    share_class_id = fields.Many2one("consortium.share.class", readonly=True)
    lot_date = fields.Date(string="Subscribed On", readonly=True)
    date_acquired = fields.Date(string="Held Since", readonly=True)
    quantity = fields.Integer(string="Shares", readonly=True)
    unit_price = fields.Monetary(string="Price of One", readonly=True, aggregator=None)
    paid = fields.Monetary(readonly=True)
    owing = fields.Monetary(readonly=True)
    repaid = fields.Monetary(readonly=True)
    dates_redeemed = fields.Char(string="Redeemed On", readonly=True)
    dates_repaid = fields.Char(string="Repaid On", readonly=True)
    dates_transferred = fields.Char(string="Transferred On", readonly=True)
    certificate = fields.Char(string="Old Certificate", readonly=True)
    is_held = fields.Boolean(string="Held", readonly=True)

    @property
    def _table_query(self):
        date = self.env["res.partner"]._consortium_date()
        return self._rows_sql(date, self.env.context.get("consortium_known_at"))

    @api.model
    def _rows_sql(self, date, known_at=None, where=None):
        """The rows of the register, in one statement over the two ledgers.

        Dates are gathered apart: sorted aggregates would sort the whole ledger. What
        was undone by that day, as it was known, has no date any more.

        :param where: limits the entries ``e`` and the payments, which both have a
            company, a holder and a class
        """
        entries = self.env["consortium.share.entry"]
        where = where or SQL("TRUE")
        day = fields.Date.to_date(date)
        known = entries._known_sql(SQL("e.recorded_at"), known_at)
        undone = SQL(
            "r.date <= %s AND %s",
            day,
            entries._known_sql(SQL("r.recorded_at"), known_at),
        )
        return SQL(
            """
            SELECT l.id_first AS id, l.lot_id, l.company_id, l.partner_id,
                   l.share_class_id, o.date AS lot_date, l.date_acquired, l.quantity,
                   l.unit_price, l.paid + coalesce(p.paid, 0) AS paid,
                   l.quantity * l.unit_price - l.paid - coalesce(p.paid, 0) AS owing,
                   coalesce(p.repaid, 0) AS repaid, d.dates_redeemed, p.dates_repaid,
                   d.dates_transferred, o.certificate_reference AS certificate,
                   l.quantity > 0 AS is_held
              FROM (SELECT min(e.id) AS id_first,
                           coalesce(e.origin_entry_id, e.id) AS lot_id,
                           e.company_id, e.partner_id, e.share_class_id,
                           min(e.date) AS date_acquired,
                           sum(e.quantity)::integer AS quantity,
                           min(e.unit_price) AS unit_price,
                           sum(coalesce(e.paid_change, 0)) AS paid
                      FROM consortium_share_entry e
                     WHERE e.date <= %(day)s AND %(known)s AND %(where)s
                     GROUP BY e.partner_id, coalesce(e.origin_entry_id, e.id),
                              e.company_id, e.share_class_id) l
              JOIN consortium_share_entry o ON o.id = l.lot_id
              LEFT JOIN (SELECT e.partner_id, e.origin_entry_id,
                                string_agg(to_char(e.date, 'YYYY-MM-DD'), ', '
                                           ORDER BY e.date)
                                    FILTER (WHERE e.kind = 'redemption')
                                    AS dates_redeemed,
                                string_agg(to_char(e.date, 'YYYY-MM-DD'), ', '
                                           ORDER BY e.date)
                                    FILTER (WHERE e.kind = 'transfer')
                                    AS dates_transferred
                           FROM consortium_share_entry e
                          WHERE e.kind IN ('redemption', 'transfer')
                            AND e.date <= %(day)s AND %(known)s AND %(where)s
                            AND NOT EXISTS (SELECT FROM consortium_share_entry r
                                             WHERE r.reversed_entry_id = e.id
                                               AND %(undone)s)
                          GROUP BY e.partner_id, e.origin_entry_id) d
                ON d.partner_id = l.partner_id AND d.origin_entry_id = l.lot_id
              LEFT JOIN (SELECT e.partner_id, e.lot_id,
                                sum(e.amount) FILTER (WHERE e.kind = 'paid') AS paid,
                                sum(e.amount) FILTER (WHERE e.kind = 'repaid')
                                    AS repaid,
                                string_agg(DISTINCT to_char(e.date, 'YYYY-MM-DD'), ', ')
                                    FILTER (WHERE e.kind = 'repaid' AND e.amount > 0
                                                  AND r.id IS NULL)
                                    AS dates_repaid
                           FROM consortium_share_payment e
                           LEFT JOIN consortium_share_payment r
                             ON r.reverses_id = e.id AND %(undone)s
                          WHERE e.date <= %(day)s AND %(known)s AND %(where)s
                          GROUP BY e.partner_id, e.lot_id) p
                ON p.partner_id = l.partner_id AND p.lot_id = l.lot_id
            """,
            day=day,
            known=known,
            undone=undone,
            where=where,
        )

    @api.model
    def _register_on(self, date, company=None, known_at=None, share_class=None):
        """The register as a plain structure, which screen, PDF and XLSX only render.

        One query; names are compared once a holder, not once a lot. Money in the
        currency of the company, dates as dates or as text « 2019-06-30, … ».

        :param date: a date, or a string in ISO format
        :return: ``{"date", "known_at", "company", "columns": [(key, label), …],
            "rows": [tuple in the order of columns], "totals": {class: …}}``
        """
        company = company or self.env.company
        where = SQL("e.company_id = %s", company.id)
        if share_class:
            where = SQL("%s AND e.share_class_id = %s", where, share_class.id)
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT h.complete_name, c.code, r.lot_date, r.date_acquired, r.quantity,
                       r.unit_price, r.paid, r.owing, r.dates_redeemed, r.dates_repaid,
                       r.dates_transferred, r.certificate
                  FROM (%s) r
                  JOIN (SELECT id, complete_name,
                               row_number() OVER (ORDER BY complete_name, id) AS place
                          FROM res_partner
                         WHERE id IN (SELECT partner_id FROM consortium_share_entry)) h
                    ON h.id = r.partner_id
                  JOIN consortium_share_class c ON c.id = r.share_class_id
                 ORDER BY h.place, r.lot_date, r.id
                """,
                self._rows_sql(date, known_at, where),
            )
        )
        return {
            "date": fields.Date.to_date(date),
            "known_at": known_at,
            "company": company.legal_name or company.name,
            "columns": list(zip(COLUMNS, self._labels(), strict=True)),
            "rows": rows,
            "totals": self._totals(rows),
        }

    @api.model
    def _labels(self):
        return (
            self.env._("Holder"),
            self.env._("Class"),
            self.env._("Subscribed On"),
            self.env._("Held Since"),
            self.env._("Shares"),
            self.env._("Price of One"),
            self.env._("Paid"),
            self.env._("Owing"),
            self.env._("Redeemed On"),
            self.env._("Repaid On"),
            self.env._("Transferred On"),
            self.env._("Old Certificate"),
        )

    @api.model
    def _totals(self, rows):
        """``{class code: (shares, paid, owing)}``"""
        totals = {}
        for row in rows:
            shares, paid, owing = totals.get(row[1], (0, 0, 0))
            totals[row[1]] = (shares + row[4], paid + row[6], owing + row[7])
        return totals

    @api.model
    def _lot_rows(self, partner, share_class):
        """The lots that a holder has now in a class, the oldest first.

        All entries count, those of days to come too: the ledger is in date order.
        """
        self.env.flush_all()
        where = SQL(
            "e.partner_id = %s AND e.share_class_id = %s", partner.id, share_class.id
        )
        rows = self.env.execute_query(
            SQL(
                "SELECT lot_id, quantity, unit_price, paid FROM (%s) r "
                "WHERE quantity > 0 ORDER BY lot_date, lot_id",
                self._rows_sql("9999-12-31", where=where),
            )
        )
        names = ("lot_id", "quantity", "unit_price", "paid")
        return [dict(zip(names, row, strict=True)) for row in rows]

    def action_open_entries(self):
        """The entries of the ledger behind a row."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "consortium_membership.consortium_share_entry_action"
        )
        return {
            **action,
            "domain": [
                ("partner_id", "=", self.partner_id.id),
                "|",
                ("id", "=", self.lot_id.id),
                ("origin_entry_id", "=", self.lot_id.id),
            ],
            "context": {},
        }
