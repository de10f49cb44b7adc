import logging

import psycopg2
from odoo import api, fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)


class ConsortiumBillingRunLine(models.Model):
    """What a billing run proposes for an agreement, and what became of it."""

    _name = "consortium.billing.run.line"
    _description = "Billing Run Line"
    _order = "payer_id, order_id, id"
    _rec_name = "order_id"
    _check_company_auto = True

    run_id = fields.Many2one(
        "consortium.billing.run", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="run_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    order_id = fields.Many2one(
        "sale.order",
        string="Agreement",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    payer_id = fields.Many2one("res.partner", readonly=True, ondelete="restrict")
    position_id = fields.Many2one(
        "account.fiscal.position", string="Taxes", readonly=True, ondelete="set null"
    )
    minutes = fields.Integer(readonly=True, aggregator="sum")
    late_minutes = fields.Integer(readonly=True, aggregator="sum")
    open_minutes = fields.Integer(readonly=True, aggregator="sum")
    hours = fields.Float(compute="_compute_hours", help="Approved hours to be billed.")
    late_hours = fields.Float(
        compute="_compute_hours", string="Late", help="Approved after their period."
    )
    open_hours = fields.Float(
        compute="_compute_hours",
        string="Not Approved",
        help="Left for a later invoice: nobody approved them yet.",
    )
    amount = fields.Monetary(string="Cost of Hours", readonly=True)
    reserve = fields.Monetary(readonly=True)
    expenses = fields.Monetary(string="Disbursements", readonly=True)
    others = fields.Monetary(
        string="Other Lines",
        readonly=True,
        help="What else is to be invoiced of the agreement: fixed prices, milestones, "
        "down payments to deduct.",
    )
    total = fields.Monetary(readonly=True, string="Before Taxes")
    leave_out = fields.Boolean()
    state = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("created", "Invoice Made"),
            ("done", "Invoice and Hours"),
            ("left", "Left Out"),
            ("problem", "Problem"),
        ],
        required=True,
        default="proposed",
        readonly=True,
    )
    problem = fields.Char(readonly=True)
    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )

    _once = models.UniqueIndex(
        "(run_id, order_id)", "An agreement is in a billing run once."
    )

    @api.depends("minutes", "late_minutes", "open_minutes")
    def _compute_hours(self):
        for line in self:
            line.hours = line.minutes / 60
            line.late_hours = line.late_minutes / 60
            line.open_hours = line.open_minutes / 60

    def write(self, vals):
        """People only leave out, while it is reviewed."""
        if not self.env.su:
            if set(vals) - {"leave_out"}:
                raise UserError(self.env._("A billing run goes on by its buttons."))
            self.run_id._check_state("proposed")
        return super().write(vals)

    def _billed_by(self, moves):
        """What invoices bill: ``{order: values of its line of a run}``."""
        found = {}
        for line in moves.invoice_line_ids:
            sold, sign = line.sale_line_ids[:1], -line.move_id.direction_sign
            if not sold:
                continue
            names = ("minutes", "amount", "reserve", "expenses", "others", "total")
            values = found.setdefault(sold.order_id, dict.fromkeys(names, 0))
            values["move_id"] = line.move_id.id
            if line.billing_rate_id:
                values["minutes"] += round(sign * line.quantity)
                name = "amount"
            elif line.is_at_cost_reserve:
                name = "reserve"
            else:
                name = "expenses" if sold.is_expense else "others"
            for each in (name, "total"):
                values[each] += sign * line.price_subtotal
        return found

    def _attach_hours(self):
        """The detail of the hours of each invoice, as a PDF attached to it.

        One that can't be made keeps neither the others nor the run: its invoice is
        there, and posting it makes its detail again.
        """
        for move, lines in self.grouped("move_id").items():
            problem = False
            try:
                with self.env.cr.savepoint():
                    if move._of_ledger():
                        move._attach_hours()
            except psycopg2.OperationalError:
                raise  # a conflict or a lost connection: nothing of this batch
            except Exception:
                _logger.exception("Detail of the hours of invoice %s", move.id)
                problem = self.env._(
                    "The invoice is made, without the detail of its hours: posting it "
                    "attaches it."
                )
            lines.write({"state": "done", "problem": problem})
