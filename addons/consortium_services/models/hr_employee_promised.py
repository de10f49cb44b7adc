from odoo import models
from odoo.fields import Domain

from ..tools import weeks


class HrEmployee(models.Model):
    _inherit = "hr.employee"  # pylint: disable=consider-merging-classes-inherited

    def _promised_minutes(self, date_from, date_to):
        """What the agreements still ask of each expert: the hours left of their lines,
        evenly over the weeks left, from signature to the last day."""
        found = super()._promised_minutes(date_from, date_to)
        # The board of the load shows weeks, not whose agreements they are of.
        lines = (
            self.env["sale.order.line"]
            .sudo()
            .search(
                Domain("expert_id", "in", self.ids)
                & Domain("order_id.agreement_state", "in", ("signed", "running"))
                & Domain("planned_minutes", ">", 0)
                & Domain("order_id.agreement_start", "<=", date_to)
                & Domain("order_id.agreement_end", ">=", date_from)
            )
        )
        spent = lines.order_id._consumed_minutes()
        today = self.env.company._today()
        for line in lines.filtered("is_taken"):
            order = line.order_id
            mine = spent.setdefault(order.id, {})
            # Several lines of one field: the first ones are done first.
            done = min(mine.get(line.expertise_id.id, 0), line.planned_minutes)
            mine[line.expertise_id.id] = mine.get(line.expertise_id.id, 0) - done
            start = max(order.agreement_start, today)
            left = line.planned_minutes - done
            promised = found.setdefault(line.expert_id.id, {})
            spread = weeks.spread(left, start, max(order.agreement_end, start))
            for week, minutes in spread.items():
                if weeks.monday(date_from) <= week <= date_to:
                    promised[week] = promised.get(week, 0) + minutes
        return found
