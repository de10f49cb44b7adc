from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class ConsortiumShareStatement(models.Model):
    """The yearly statement of a holder, with its figures as they were issued."""

    _name = "consortium.share.statement"
    _description = "Statement of Shares"
    _order = "date desc, partner_id"
    _rec_name = "partner_id"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Holder",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    date_from = fields.Date(string="From", required=True, readonly=True)
    date = fields.Date(string="As Of", required=True, readonly=True)
    figures = fields.Json(readonly=True, required=True)
    attachment_id = fields.Many2one(
        "ir.attachment",
        string="Document",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
        groups="base.group_user",
    )

    _once = models.UniqueIndex(
        "(company_id, partner_id, date)",
        "This holder already has a statement of that date.",
    )

    def write(self, vals):
        """:raise UserError: what was issued stays"""
        if not self.env.su:
            raise UserError(self.env._("A statement stays as it was issued."))
        return super().write(vals)

    @api.model
    def _make(self, date_from, date, company=None):
        """Issue the statements of everybody who held shares in the period.

        Those already issued of that date stay. Three queries for the figures of all.

        :param date_from: the first day of the year
        :param date: its last day, included
        :return: the new statements
        """
        company = company or self.env.company
        date_from, date = fields.Date.to_date(date_from), fields.Date.to_date(date)
        if date > company._today():
            raise UserError(self.env._("The year is not over: no statements yet."))
        figures = self._figures(date_from, date, company)
        known = self.search([("company_id", "=", company.id), ("date", "=", date)])
        statements = self.create(
            [
                {
                    "company_id": company.id,
                    "partner_id": partner,
                    "date_from": date_from,
                    "date": date,
                    "figures": figures[partner],
                }
                for partner in sorted(figures.keys() - set(known.partner_id.ids))
            ]
        )
        if statements:
            # Documents are drawn in the background, whoever asked.
            self.env.ref(
                "consortium_membership.ir_cron_share_statements"
            ).sudo()._trigger()
        return statements

    @api.model
    def _figures(self, date_from, date, company):
        """``{partner id: figures}``: classes held, what moved and what was paid."""
        entries = self.env["consortium.share.entry"]
        opening = entries._holdings(
            fields.Date.subtract(date_from, days=1), company=company
        )
        figures = {}
        for row in self._classes_rows(date, company):
            partner, class_id, code, quantity, price, paid, owing = row
            before = opening.get((partner, class_id), 0)
            if quantity or before or owing:
                figures.setdefault(partner, {"classes": [], "moves": []})
                figures[partner]["classes"].append(
                    {
                        "class_id": class_id,
                        "code": code,
                        "opening": before,
                        "closing": quantity,
                        "price": float(price),
                        "paid": float(paid),
                        "owing": float(owing),
                    }
                )
        for partner, day, kind, code, quantity, amount in self._moves_rows(
            date_from, date, company
        ):
            figures.setdefault(partner, {"classes": [], "moves": []})["moves"].append(
                {
                    "date": fields.Date.to_string(day),
                    "kind": kind,
                    "code": code,
                    "quantity": quantity,
                    "amount": float(amount),
                }
            )
        return figures

    @api.model
    def _classes_rows(self, date, company):
        self.env.flush_all()
        rows = self.env["consortium.share.register"]._rows_sql(
            date, where=SQL("e.company_id = %s", company.id)
        )
        return self.env.execute_query(
            SQL(
                """
                SELECT r.partner_id, r.share_class_id, c.code, sum(r.quantity)::integer,
                       max(r.unit_price), sum(r.paid), sum(r.owing)
                  FROM (%s) r
                  JOIN consortium_share_class c ON c.id = r.share_class_id
                 GROUP BY r.partner_id, r.share_class_id, c.code
                 ORDER BY r.partner_id, c.code
                """,
                rows,
            )
        )

    @api.model
    def _moves_rows(self, date_from, date, company):
        return self.env.execute_query(
            SQL(
                """
                SELECT m.partner_id, m.date, m.kind, c.code, m.quantity, m.amount FROM (
                    SELECT partner_id, date, kind, share_class_id, quantity,
                           quantity * unit_price AS amount, company_id
                      FROM consortium_share_entry
                    UNION ALL
                    SELECT partner_id, date, kind, share_class_id, 0, amount, company_id
                      FROM consortium_share_payment) m
                  JOIN consortium_share_class c ON c.id = m.share_class_id
                 WHERE m.company_id = %s AND m.date BETWEEN %s AND %s
                 ORDER BY m.partner_id, m.date, m.kind
                """,
                company.id,
                date_from,
                date,
            )
        )

    def _kind_labels(self):
        entries, payments = (
            self.env["consortium.share.entry"],
            self.env["consortium.share.payment"],
        )
        return {
            **dict(entries._fields["kind"]._description_selection(self.env)),
            **dict(payments._fields["kind"]._description_selection(self.env)),
        }

    def _document(self):
        """The PDF: drawn once from the figures, then always the same."""
        self.ensure_one()
        # Drawn from the figures of the statement alone, and kept with it.
        statement = self.sudo()
        if not statement.attachment_id:
            lang = self.env["res.lang"]._get_data(code="fr_CA").code or self.env.lang
            report = self.env["ir.actions.report"].sudo()
            content, _kind = report.with_context(
                lang=lang, force_report_rendering=True
            )._render_qweb_pdf(
                "consortium_membership.action_report_share_statement", statement.ids
            )
            statement.attachment_id = (
                self.env["ir.attachment"]
                .sudo()
                .create(
                    {
                        "name": statement.with_context(lang=lang).env._(
                            "Statement of shares %s.pdf", statement.date
                        ),
                        "raw": content,
                        "mimetype": "application/pdf",
                        "res_model": self._name,
                        "res_id": statement.id,
                        "company_id": statement.company_id.id,
                    }
                )
            )
        return statement.attachment_id

    @api.model
    def _cron_draw(self):
        """Draw the PDF of the statements that have none yet, and keep them."""
        waiting = self.search([("attachment_id", "=", False)], order="id", limit=200)
        remaining = len(waiting)
        for statement in waiting:
            statement._document()
            remaining -= 1
            self.env["ir.cron"]._commit_progress(1, remaining=remaining)

    def action_open_document(self):
        """The statement as issued."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._document().id}?download=true",
            "target": "download",
        }
