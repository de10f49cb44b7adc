from odoo import Command, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import run as arithmetic
from ..tools.cost import CostProblem


class ConsortiumRateRun(models.Model):
    """From inputs to figures that people read."""

    _inherit = "consortium.rate.run"  # pylint: disable=R8180

    def action_compute(self):
        """Gather what is known, work out what follows, and show it.

        :raise UserError: in one sentence, what prevents it
        """
        for run in self:
            run.check_access("write")
            run._check_open()
            inputs = run._inputs()
            result = run._arithmetic(inputs)
            run._write_run(
                {
                    "state": "computed",
                    "inputs": arithmetic.canonical(inputs),
                    "result": arithmetic.canonical(result),
                    "hash": False,
                }
            )
            run._show(inputs, result)
        return True

    def _arithmetic(self, inputs):
        """The result of inputs, or why there is none, in a sentence."""
        try:
            return arithmetic.compute(inputs)
        except CostProblem as problem:
            raise UserError(self._problem_sentence(problem)) from problem

    def _problem_sentence(self, problem):
        """What a ``CostProblem`` says to people."""
        names = ", ".join(problem.centres)
        return {
            "negative": self.env._(
                "The cost of %(centers)s is below zero: see its entries.",
                centers=names,
            ),
            "no_minutes": self.env._(
                "%(centers)s has a cost, and no chargeable hours to carry it.",
                centers=names,
            ),
            "taken_back": self.env._(
                "%(centers)s: no more hours were worked than corrections took back of "
                "an earlier year; count it with another center.",
                centers=names,
            ),
            "unknown": self.env._(
                "Hours are charged to %(centers)s, which has no cost.",
                centers=names,
            ),
            "no_key": self.env._(
                "The support center %(centers)s has no allocation key.",
                centers=names,
            ),
            "not_support": self.env._(
                "%(centers)s has an allocation key and is no support center.",
                centers=names,
            ),
            "negative_share": self.env._(
                "The allocation key of %(support)s gives %(center)s a share below "
                "zero.",
                support=problem.centres[0],
                center=problem.centres[-1],
            ),
            "not_one": self.env._(
                "The allocation key of %(centers)s does not make 100 %%.",
                centers=names,
            ),
            "closed_loop": self.env._(
                "The support centers %(centers)s share their cost among themselves "
                "alone: give one of them a key that leads to a field of expertise.",
                centers=names,
            ),
        }[problem.code]

    def _show(self, inputs, result):
        """Rows of what was computed, for people to read and open."""
        self.ensure_one()
        centers = {
            center.code: center
            for center in self.env["consortium.cost.center"]
            .with_context(active_test=False)
            .search([("company_id", "=", self.company_id.id)])
        }
        rows = {row.cost_center_id.code: row for row in self.center_ids}
        commands = []
        for code in sorted({*result["centres"], *inputs["support"]}):
            values = self._center_values(code, inputs, result)
            if code in rows:
                commands.append(Command.update(rows[code].id, values))
            else:
                values["cost_center_id"] = centers[code].id
                commands.append(Command.create(values))
        if self.kind == "final":
            commands += [
                Command.delete(row.id)
                for code, row in rows.items()
                if code not in {*result["centres"], *inputs["support"]}
            ]
        self._show_cells(result.get("cells", ()), centers)
        totals = result["centres"].values()
        # What is computed is nobody's to type: the run writes it; who may compute it
        # was checked.
        self.sudo()._write_run(
            {
                "center_ids": commands,
                "total": sum(row["total"] for row in totals) / 100,
                "provisional": sum(row.get("provisional", 0) for row in totals) / 100,
                "reserve_total": result.get("reserve", 0) / 100,
            }
        )

    def _show_cells(self, cells, centers):
        """Replace the rows of agreements, by SQL: nothing hangs on them, and thousands
        of them take ten times as long as the figures themselves otherwise. Whoever
        computes the run was checked."""
        rows = [
            (int(order.rpartition("#")[2]), centers[code].id, *figures)
            for order, code, *figures in cells
        ]
        shown = self.env["consortium.rate.run.cell"]
        shown.flush_model()
        self.env["sale.order"].flush_model(["partner_id"])
        self.env.cr.execute(
            SQL("DELETE FROM consortium_rate_run_cell WHERE run_id = %s", self.id)
        )
        columns = zip(*rows, strict=True) if rows else [()] * 7
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO consortium_rate_run_cell
                       (run_id, company_id, order_id, partner_id, cost_center_id,
                        minutes, cost, provisional, reserve, provisional_reserve,
                        create_uid, create_date, write_uid, write_date)
                SELECT %(run)s, %(company)s, sale.id, sale.partner_id, center, minutes,
                       cost / 100.0, provisional / 100.0, reserve / 100.0,
                       reserve_billed / 100.0, %(user)s, %(now)s, %(user)s, %(now)s
                  FROM unnest(%(columns)s) cell (sale_id, center, minutes, cost,
                       provisional, reserve, reserve_billed)
                  JOIN sale_order sale ON sale.id = cell.sale_id
                """,
                run=self.id,
                company=self.company_id.id,
                columns=SQL(", ").join(
                    SQL("%s::bigint[]", list(column)) for column in columns
                ),
                user=self.env.uid,
                now=self.env.cr.now(),
            )
        )
        shown.invalidate_model()
        self.invalidate_recordset(["cell_ids"])

    def _center_values(self, code, inputs, result):
        row = result["centres"].get(code, {})
        parts = row.get("variance", {})
        values = {
            "support": row.get("support", 0) / 100,
            "total": row.get("total", inputs["support"].get(code, 0)) / 100,
            "minutes": row.get("minutes", 0),
            "rate_cents": row.get("rate", 0),
            "provisional": row.get("provisional", 0) / 100,
            **{
                name: parts.get(name, 0) / 100
                for name in (
                    "spending",
                    "volume",
                    "rate_rounding",
                    "revision",
                    "line_rounding",
                )
            },
        }
        if self.kind == "final":
            values["cost"] = inputs["cost"].get(code, 0) / 100
            values["credit"] = inputs["credit"].get(code, 0) / 100
        return values
