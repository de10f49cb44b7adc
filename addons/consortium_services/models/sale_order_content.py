from odoo import fields, models
from odoo.tools import html2plaintext, html_sanitize
from odoo.tools.misc import formatLang

from ..tools import agreement_content


class SaleOrder(models.Model):
    """What an agreement says, as the plain structure that is shown, signed and kept."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    def _agreement_content(self):
        """The content of the agreement as it stands; texts in its own language.

        Options that the member has not taken are there, marked so: what was left is
        part of what was signed.
        """
        self.ensure_one()
        order = self.with_context(lang=self.agreement_lang or self.env.lang)
        date = fields.Date.to_string
        return {
            "number": order.name,
            "type": order.agreement_type,
            "title": order.agreement_title or "",
            "member": order.partner_id.commercial_partner_id.name,
            "beneficiary": order.beneficiary_id.name or "",
            "payer": order.partner_invoice_id.commercial_partner_id.name or "",
            "funder": order.funder_id.name or "",
            "network": order.sponsor_network_id.name or "",
            "framework": order.parent_agreement_id.name or "",
            "start": date(order.agreement_start) or "",
            "end": date(order.agreement_end) or "",
            "renewal": order.agreement_renewal or "",
            "ceiling_minutes": order.ceiling_minutes,
            "scope": str(html_sanitize(order.agreement_scope or "")),
            "deliverables": str(html_sanitize(order.agreement_deliverables or "")),
            "lines": order._content_lines(),
            "disbursements": order._content_disbursements(),
            "clauses": [
                {
                    "key": version.clause_id.code,
                    "title": version.clause_id.name,
                    "number": version.number,
                    "body": str(version.body or ""),
                }
                for version in order.clause_version_ids.sorted(
                    lambda version: (version.clause_id.sequence, version.id)
                )
            ],
        }

    def _content_lines(self):
        lines = self.order_line.filtered(
            lambda line: (
                line.expertise_id
                # A field that an amendment took away has no hours left.
                and (line.planned_minutes or line.order_id.agreement_state != "running")
            )
        )
        rates = lines._provisional_rate()
        return [
            {
                "key": line._content_key(),
                "field": line.expertise_id.name,
                "text": line.name if line.name != line.expertise_id.name else "",
                "minutes": line.planned_minutes,
                "rate": f"{rates[line.id]:.2f}" if rates[line.id] else "",
                "option": line.option_state or "",
            }
            for line in lines
        ]

    def _content_disbursements(self):
        lines = self.order_line.filtered("is_disbursement")
        return [
            {
                "key": str(line.id),
                "label": line.name,
                "amount": f"{line.price_unit * line.product_uom_qty:.2f}",
            }
            for line in lines
        ]

    def _content_digest(self):
        """What tells the member's browser which content it shows."""
        self.ensure_one()
        return agreement_content.digest(self._agreement_content())

    def _difference_words(self, differences):
        """Differences of contents, as people read them.

        :param differences: from ``tools.agreement_content``
        :return: ``[(name, before, after), …]``, in the order of an agreement
        """
        labels = self._content_labels()
        order = list(labels)
        rows = []
        for name, key, before, after in sorted(
            differences, key=lambda row: order.index(row[0]) if row[0] in order else 99
        ):
            label = labels.get(name, name)
            row = after or before
            if key is not None and isinstance(row, dict):
                label = row.get("field") or row.get("label") or row.get("title")
            rows.append((label, self._said(name, before), self._said(name, after)))
        return rows

    def _content_labels(self):
        return {
            "title": self.env._("Title"),
            "member": self.env._("Member"),
            "beneficiary": self.env._("Beneficiary"),
            "payer": self.env._("Payer"),
            "funder": self.env._("Funder"),
            "network": self.env._("Sponsoring Network"),
            "framework": self.env._("Framework Agreement"),
            "start": self.env._("Starts On"),
            "end": self.env._("Ends On"),
            "renewal": self.env._("Renewal"),
            "ceiling_minutes": self.env._("Hour Ceiling"),
            "scope": self.env._("Scope"),
            "deliverables": self.env._("Deliverables"),
            "lines": self.env._("Fields of Expertise"),
            "disbursements": self.env._("Disbursements"),
            "clauses": self.env._("Clauses"),
        }

    def _said(self, name, value):
        """One value of a content, in words."""
        if value in (None, "", []):
            return "—"
        if name == "ceiling_minutes":
            return self._hours_text(value)
        if name == "lines":
            return self._hours_text(value["minutes"])
        if name == "disbursements":
            return f"{value['label']} ({value['amount']})"
        if name == "clauses":
            return self.env._("version %(number)s", number=value["number"])
        if name == "renewal":
            return dict(
                self._fields["agreement_renewal"]._description_selection(self.env)
            )[value]
        if name in ("scope", "deliverables"):
            return html2plaintext(value)
        return value

    def _hours_text(self, minutes):
        """Minutes as hours: « 12 h », « 1 h 30 »; the fewer the better to read."""
        hours, rest = divmod(abs(minutes), 60)
        sign = "−" if minutes < 0 else ""
        return f"{sign}{hours} h {rest:02d}" if rest else f"{sign}{hours} h"

    # What the document says, in the language of the agreement

    def _type_words(self):
        self.ensure_one()
        return dict(
            self._fields["agreement_type"]._description_selection(self.env)
        ).get(self.agreement_type)

    def _party_words(self, content):
        """Who, from when to when: ``[(label, text), …]``, what is empty left out."""
        labels = self._content_labels()
        names = ("member", "beneficiary", "payer", "funder", "network", "framework")
        names += ("start", "end", "renewal", "ceiling_minutes")
        return [
            (labels[name], self._said(name, content[name]))
            for name in names
            if content[name]
            and not (name == "payer" and content["payer"] == content["member"])
        ]

    def _safe(self, html):
        """HTML of a content, which was sanitized when it was written, once more."""
        return html_sanitize(html)

    def _money_text(self, amount):
        """An amount of a content, which is text, in the currency of the agreement."""
        self.ensure_one()
        if not amount:
            return ""
        return formatLang(self.env, float(amount), currency_obj=self.currency_id)
