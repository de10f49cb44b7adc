from odoo import models

from ..tools.clock import clock


class ConsortiumTrueUp(models.Model):
    """What a member reads of its true-up: a plain structure, for paper and portal."""

    _inherit = "consortium.true.up"  # pylint: disable=R8180

    def _statements(self):
        """One statement an agreement and run, in the language of the payer.

        The cost of an hour is split only where three people or more make it. Nothing is
        stated of a fixed price: what it costs is not the member's.
        """
        told = {
            run: self.env["consortium.cost.center"]._told_over(
                run.company_id, run.date_from, run.date_to, run._pools()
            )
            for run in self.run_id
        }
        stated = self.filtered(lambda row: not row.is_fixed_price)
        groups = stated.sorted(lambda row: row.cost_center_id.code).grouped(
            lambda row: (row.run_id, row.order_id)
        )
        return [
            rows.with_context(
                lang=order.sudo().partner_invoice_id.lang or self.env.lang
            )._statement(told[run])
            for (run, order), rows in groups.items()
        ]

    def _statement(self, told):
        """The statement of the rows of one agreement in one run.

        :param told: the centers whose cost of an hour may be told
        """
        run = self.run_id
        # The statement names its agreement and payer, whoever prints it.
        order = self.order_id.sudo()
        cents = self._cents()
        reserve = {
            "cost": sum(self.mapped("reserve_cents")),
            "billed": sum(
                row.reserve_billed_cents + row.reserve_earlier_cents for row in self
            ),
            "difference": sum(self.mapped("reserve_difference_cents")),
        }
        hidden = self[0].state == "draft" and not run._counted_together()[1]
        return {
            "lang": self.env.lang,
            "company": run.company_id,
            "order": order,
            "member": order.partner_id.commercial_partner_id.name,
            "agreement": order.name,
            "start": run.date_from,
            "end": run.date_to,
            # What would tell somebody's pay is not approved either: see the gaps.
            "rows": []
            if hidden
            else [row._statement_row(row.cost_center_id in told) for row in self],
            "reserve": {name: self._said(value) for name, value in reserve.items()}
            if any(reserve.values()) and not hidden
            else None,
            "cents": cents,
            "total": "" if hidden else self._said(cents),
            "is_together": any(self.mapped("is_together")),
            "state": self[0].state,
            "settlement": self[0].settlement,
            "resolution": run.settlement_resolution_id.sudo().number or "",
            "document": self.move_id.filtered(lambda m: m.state == "posted").name or "",
        }

    def _statement_row(self, is_told):
        self.ensure_one()
        center = self.run_id.center_ids.filtered(
            lambda row: row.cost_center_id == self.cost_center_id
        )
        hour = center._hour() if is_told and center and self.minutes else (0, 0, 0)
        whole, direct, support = map(self._said, hour)
        return {
            "name": self.cost_center_id.name,
            "time": clock(self.minutes),
            "hour": whole if hour[0] else "",
            "direct": direct,
            "support": support,
            "cost": self._said(self.cost_cents),
            "billed": self._said(self.billed_cents + self.earlier_cents),
            "difference": self._said(self.difference_cents),
        }

    def _said(self, cents):
        return self.currency_id.format(cents / 100)
