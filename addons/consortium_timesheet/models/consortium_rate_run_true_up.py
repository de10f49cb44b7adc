from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.true_up import by_agreement, decide


class ConsortiumRateRun(models.Model):
    """The true-up of a year: established from the ledger, checked, approved."""

    _inherit = "consortium.rate.run"  # pylint: disable=R8180

    settlement_policy = fields.Selection(
        [
            ("settle", "Settle: an Invoice or a Credit Note Each"),
            ("carry", "Carry Forward Into the Next Rates"),
            ("threshold", "Carry Forward Below a Threshold"),
        ],
        default="settle",
        tracking=True,
    )
    settlement_threshold = fields.Monetary(
        help="An agreement whose true-up is below it is carried forward.",
        tracking=True,
    )
    settlement_resolution_id = fields.Many2one(
        "consortium.resolution",
        ondelete="restrict",
        check_company=True,
        copy=False,
        domain="[('kind', '=', 'settlement'), ('state', '=', 'adopted')]",
        tracking=True,
    )
    carry_into = fields.Date(
        string="Carried Into the Year Of",
        compute="_compute_carry_into",
        store=True,
        readonly=False,
        help="A day of the fiscal year whose cost takes what is carried forward.",
    )
    fixed_price_source = fields.Char(
        string="What Nobody Owes Is Borne By",
        copy=False,
        tracking=True,
        help="The source of what hours sold at a fixed price cost above their price, "
        "and of what is under-billed where the agreement has no clause for it: a fund, "
        "the reserve. It is never silently a cost of the other members.",
    )
    has_fixed_price = fields.Boolean(compute="_compute_true_up_total")
    true_up_ids = fields.One2many("consortium.true.up", "run_id", readonly=True)
    true_up_state = fields.Selection(
        [("draft", "To Approve"), ("approved", "Approved")],
        string="True-Up",
        readonly=True,
        copy=False,
        tracking=True,
    )
    true_up_total = fields.Monetary(
        string="True-Up, Reserve Included", compute="_compute_true_up_total"
    )
    true_up_gaps = fields.Text(
        string="What Doesn't Close", compute="_compute_true_up_gaps"
    )

    _threshold = models.Constraint(
        "CHECK (settlement_threshold >= 0)", "A threshold is zero or more."
    )

    @api.depends("date_to", "kind")
    def _compute_carry_into(self):
        """The year after: its final cost is still to be worked out."""
        for run in self:
            if run.kind == "final" and run.date_to:
                run.carry_into = fields.Date.add(run.date_to, days=1)
            else:
                run.carry_into = False

    @api.depends(
        "true_up_ids.difference_cents",
        "true_up_ids.is_fixed_price",
        "true_up_ids.order_id.owes_true_up",
    )
    def _compute_true_up_total(self):
        sums = dict.fromkeys(self.ids, 0)
        for run, cost, reserve in self.env["consortium.true.up"]._read_group(
            [("run_id", "in", self.ids)],
            ["run_id"],
            ["difference_cents:sum", "reserve_difference_cents:sum"],
        ):
            sums[run.id] = cost + reserve
        for run in self:
            run.true_up_total = sums.get(run.id, 0) / 100
            # The terms of agreements, whoever coordinates them.
            orders = run.sudo().true_up_ids.order_id
            run.has_fixed_price = any(run.true_up_ids.mapped("is_fixed_price")) or any(
                not order.owes_true_up for order in orders
            )

    @api.depends("true_up_ids", "true_up_state", "fixed_price_source", "carry_into")
    def _compute_true_up_gaps(self):
        for run in self:
            run.true_up_gaps = ""
            if run.true_up_state == "draft":
                together, enough = run._counted_together()
                rows = run._true_ups(together)
                sentences = run._gap_sentences(rows, together, enough)
                run.true_up_gaps = "\n".join(sentences)

    def write(self, vals):
        """The true-up goes on by its buttons; its terms stay once it is approved."""
        terms = {"settlement_policy", "settlement_threshold", "carry_into"}
        terms |= {"settlement_resolution_id", "fixed_price_source"}
        if "true_up_state" in vals and not self.env.su:
            raise UserError(self._button_message())
        if terms & set(vals) and "approved" in self.mapped("true_up_state"):
            raise UserError(self._true_up_message(self[:1]))
        return super().write(vals)

    def _true_up_message(self, run):
        return self.env._(
            "The true-up of « %(name)s » is approved: a later run gives the "
            "difference.",
            name=run.name,
        )

    def action_true_up(self):
        """Establish the true-up from the frozen cost and the ledger as it is now.

        Repeated until it is approved: what was there is replaced.

        :raise UserError: the run is not approved or final, or its true-up is approved
        """
        for run in self:
            run.check_access("write")
            run._lock_true_up()
            if run.kind != "final" or run.state != "approved":
                raise UserError(
                    self.env._("Approve the final run first: its cost is then known.")
                )
            run.true_up_ids.unlink()
            together, _enough = run._counted_together()
            rows = run._true_ups(together)
            # Agreements of the year, whoever coordinates them.
            orders = self.env["sale.order"].sudo()
            orders = orders.browse({order for (order, _fixed), _center in rows})
            left = orders._members_who_left(run.company_id._today())
            new = orders._members_new(run.date_from, run.date_to)
            centers = run._centers()
            self.env["consortium.true.up"].sudo().create(
                [
                    {
                        "run_id": run.id,
                        "company_id": run.company_id.id,
                        "order_id": order_id,
                        "partner_id": orders.browse(order_id).partner_id.id,
                        "cost_center_id": centers[code].id,
                        "has_left": order_id in left.ids,
                        "is_new": order_id in new.ids,
                        "is_fixed_price": fixed,
                        "is_together": code in together,
                        **run._true_up_figures(row),
                    }
                    for ((order_id, fixed), code), row in rows.items()
                ]
            )
            run.sudo().true_up_state = "draft"
        return True

    def action_approve_true_up(self):
        """Freeze the true-up; each agreement is then to settle or carried forward.

        :raise UserError: no resolution, changed since it was established, or a gap: it
            says where
        """
        for run in self:
            run.check_access("write")
            run._lock_true_up()
            if run.true_up_state != "draft":
                raise UserError(self.env._("Establish the true-up first."))
            run.settlement_resolution_id._require("settlement", run.company_id._today())
            together, enough = run._counted_together()
            rows = run._true_ups(together)
            run._check_same(rows)
            if sentences := run._gap_sentences(rows, together, enough):
                raise UserError("\n".join(sentences[:10]))
            by_row = run._rows_by_cell()
            decided = run._decided(rows)
            for choice in ("settle", "carry", "fixed", "borne", "even"):
                mine = [
                    row for cell, row in by_row.items() if decided[cell[0]] == choice
                ]
                # The button alone approves; who may was checked above.
                self.env["consortium.true.up"].sudo().concat(*mine).write(
                    {"settlement": choice, "state": "approved"}
                )
            run.sudo().true_up_state = "approved"
            run.flush_recordset()
        return True

    def _decided(self, rows):
        """``{(order id, fixed price or not): settlement}`` by the policy of the run.

        What is under-billed is asked of those whose agreement has the clause for it.
        """
        self.ensure_one()
        by_row = self._rows_by_cell()
        decided = decide(
            rows,
            self.settlement_policy or "settle",
            round(self.settlement_threshold * 100),
            {c[0] for c, row in by_row.items() if row.has_left or row.is_new},
            {cell[0] for cell in by_row if cell[0][1]},
        )
        amounts = by_agreement(rows.items())
        # The terms of agreements, whoever coordinates them.
        orders = self.env["sale.order"].sudo().browse({a for a, _fixed in decided})
        waived = {order.id for order in orders if not order.owes_true_up}
        for agreement, choice in decided.items():
            under = amounts[agreement] > 0 and agreement[0] in waived
            if choice == "settle" and under:
                decided[agreement] = "borne"
        return decided

    def _gap_sentences(self, rows, together, enough):
        """Also what is under-billed where no clause owes it and no source bears it, and
        what is carried into no open year."""
        sentences = super()._gap_sentences(rows, together, enough)
        decided = self._decided(rows)
        if "carry" in decided.values():
            sentences += self._carry_sentences()
        borne = {agreement for agreement in decided if decided[agreement] == "borne"}
        if borne and not (self.fixed_price_source or "").strip():
            amounts = by_agreement(rows.items())
            # Their numbers, whoever coordinates them.
            orders = self.env["sale.order"].sudo().browse(sorted(a for a, _f in borne))
            sentences.append(
                self.env._(
                    "%(orders)s: %(amount)s under-billed, and no clause by which it is "
                    "owed: say which source bears it.",
                    orders=", ".join(orders.mapped("name")),
                    amount=self.currency_id.format(
                        sum(amounts[each] for each in borne) / 100
                    ),
                )
            )
        return sentences

    def _carry_sentences(self):
        """What is carried into no year, or a closed one, would be lost."""
        closed, into = self.company_id.at_cost_closed_until, self.carry_into
        if into and not (closed and into <= closed):
            return []
        return [
            self.env._(
                "Say into which year the true-up is carried forward: one whose cost is "
                "not closed."
            )
        ]

    def _lock_true_up(self):
        """One at a time: the second waits, then sees what the first did.

        :raise UserError: it is approved
        """
        self.ensure_one()
        self.env.execute_query(
            SQL(
                "UPDATE consortium_rate_run SET true_up_state = true_up_state "
                "WHERE id = %s RETURNING id",
                self.id,
            )
        )
        self.invalidate_recordset(["true_up_state", "true_up_ids"])
        if self.true_up_state == "approved":
            raise UserError(self._true_up_message(self))

    # Carried forward

    def _carried_into(self):
        """``{center: cents}`` that approved true-ups carry into the year of this run.

        The reserve that is carried becomes cost of that year, so that nothing is lost.
        """
        rows = self.env["consortium.true.up"]._read_group(
            Domain("company_id", "=", self.company_id.id)
            & Domain("state", "=", "approved")
            & Domain("settlement", "=", "carry")
            & Domain("run_id.carry_into", ">=", self.date_from)
            & Domain("run_id.carry_into", "<=", self.date_to),
            ["cost_center_id"],
            ["difference_cents:sum", "reserve_difference_cents:sum"],
        )
        found = defaultdict(int)
        for center, cost, reserve in rows:
            found[center._pool()] += cost + reserve
        return found

    def _bring_carried(self):
        """Put what is carried forward in the rows of the centers: in a final run,
        nothing else is, whatever was typed."""
        carried = self._carried_into()
        rows = {row.cost_center_id: row for row in self.center_ids}
        if self.kind == "final":
            carried = {**dict.fromkeys(rows, 0), **carried}
        for center, cents in carried.items():
            if center in rows:
                rows[center].carried = cents / 100
            else:
                self.env["consortium.rate.run.center"].create(
                    {
                        "run_id": self.id,
                        "cost_center_id": center.id,
                        "carried": cents / 100,
                    }
                )

    def action_compute(self):
        """Also with what earlier years carry into this one."""
        for run in self:
            run.check_access("write")
            run._check_open()
            run._bring_carried()
        return super().action_compute()

    def _check_approvable(self):
        """Also that what is carried is what true-ups carry: of a final run, wholly."""
        result = super()._check_approvable()
        typed = {
            row.cost_center_id: round(row.carried * 100) for row in self.center_ids
        }
        expected = self._carried_into()
        for center in {**expected, **(typed if self.kind == "final" else {})}:
            cents = expected.get(center, 0)
            if typed.get(center, 0) != cents:
                raise UserError(
                    self.env._(
                        "%(center)s has %(amount)s carried forward from an earlier "
                        "year: compute the run again.",
                        center=center.display_name,
                        amount=self.currency_id.format(cents / 100),
                    )
                )
        return result
