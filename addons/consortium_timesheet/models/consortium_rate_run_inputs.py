import hashlib
import json
from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL


class ConsortiumRateRun(models.Model):
    """What a run is computed from: gathered once, and kept with it."""

    _inherit = "consortium.rate.run"  # pylint: disable=R8180

    def _inputs(self):
        """What is known today, as a structure of whole numbers and text."""
        self.ensure_one()
        return self._target_inputs() if self.kind == "target" else self._final_inputs()

    def _target_inputs(self):
        direct, support, minutes, carried = {}, {}, {}, {}
        for row in self.center_ids:
            code = row.cost_center_id._pool().code
            net = round(row.cost * 100) - round(row.credit * 100)
            place = support if row.cost_center_id.kind == "support" else direct
            place[code] = place.get(code, 0) + net
            if row.cost_center_id.kind == "expertise":
                planned = round(row.planned_hours * 60)
                minutes[code] = minutes.get(code, 0) + planned
                if row.carried:
                    carried[code] = carried.get(code, 0) + round(row.carried * 100)
        if not direct:
            raise UserError(
                self.env._("Give the planned cost and hours of each center first.")
            )
        keys = self._keys(self.date_from, support, direct, minutes)
        return {
            "kind": "target",
            "from": str(self.date_from),
            "to": str(self.date_to),
            "direct": direct,
            "support": {**dict.fromkeys(keys, 0), **support},
            "minutes": minutes,
            "carried": carried,
            "keys": keys,
            "reserve": self._reserve_terms(),
        }

    def _final_inputs(self):
        entries = self._entries()
        cost, credit = defaultdict(int), defaultdict(int)
        for _line, code, role, cents in entries:
            if role == "credit":
                credit[code] -= cents
            else:
                cost[code] += cents
        centers = self._centers()
        net = {
            code: cost[code] - credit[code]
            for code in sorted({*cost, *credit})
            if cost[code] or credit[code]
        }
        support = {c: v for c, v in net.items() if centers[c].kind == "support"}
        direct = {c: v for c, v in net.items() if centers[c].kind == "expertise"}
        cells = self._cells()
        minutes = defaultdict(int)
        for _agreement, code, _rate, worked in cells:
            minutes[code] += worked
        carried = {
            row.cost_center_id.code: round(row.carried * 100)
            for row in self.center_ids
            if row.carried
        }
        targets = {
            row.cost_center_id.code: [
                round(row.total * 100),
                row.minutes,
                row.rate_cents,
            ]
            for row in self.target_id.center_ids
            if row.rate_cents
        }
        keys = self._keys(self.date_to, support, direct, minutes)
        return {
            "kind": "final",
            "from": str(self.date_from),
            "to": str(self.date_to),
            "entries": [list(entry) for entry in entries],
            "hours": self._hours_digest(),
            "cost": dict(cost),
            "credit": dict(credit),
            "direct": direct,
            "support": {**dict.fromkeys(keys, 0), **support},
            "cells": cells,
            "carried": carried,
            "keys": keys,
            "pools": {
                code: center.merge_into_id.code
                for code, center in centers.items()
                if center.merge_into_id
            },
            "targets": targets,
            "reserve": self._reserve_terms(),
        }

    def _reserve_terms(self):
        """The reserve as adopted: share as a fraction in text, basis, cap in cents."""
        return {
            "share": f"{round(self.reserve_percent * 100)}/10000",
            "basis": self.reserve_basis,
            "cap": round(self.reserve_cap * 100),
        }

    def _centers(self):
        """``{code: center}`` of the company, archived ones too."""
        return {
            center.code: center
            for center in self.env["consortium.cost.center"]
            .with_context(active_test=False)
            .search([("company_id", "=", self.company_id.id)])
        }

    def _pools(self):
        """``{center: the center that counts it}``, as the run was computed: a center
        counted with another later on changes nothing of a year that is closed."""
        centers = self._centers()
        kept = json.loads(self.inputs or "{}").get("pools")
        if kept is None:
            return {center: center._pool() for center in centers.values()}
        return {
            center: centers.get(kept.get(code), center)
            for code, center in centers.items()
        }

    def _counted_in(self, pool):
        """The centers that a center counts in the run, itself among them."""
        mine = [center.id for center, other in self._pools().items() if other == pool]
        return pool.browse(mine)

    def _keys(self, date, support, direct, minutes):
        """The keys in force of the support centers, as text: of those that cost
        something, and of those that a key passes some of it to.

        :raise UserError: one of them has no key, or it has nothing to share by
        """
        in_force = {
            key.cost_center_id.code: key
            for key in self.env["consortium.allocation.key"]._on(date, self.company_id)
        }
        centers = self._centers()
        measured = {"minutes": dict(minutes), "direct_cost": direct}
        keys, wanted = {}, sorted(support)
        while wanted:
            code = wanted.pop()
            if code not in in_force:
                raise UserError(
                    self.env._(
                        "The support center %(code)s has a cost and no allocation key "
                        "on %(date)s.",
                        code=code,
                        date=date,
                    )
                )
            shares = in_force[code]._shares(measured)
            keys[code] = {
                center: str(share) for center, share in shares.items() if share
            }
            wanted += [
                center
                for center in keys[code]
                if center not in keys
                and center not in wanted
                and centers[center].kind == "support"
            ]
        return keys

    def _entries(self):
        """Posted entries of the year on centers: ``(line id, code, role, cents)``.

        Costs above zero; one SQL statement, in the order of the lines. The accounts of
        a merged center count as those of the center that it is counted with.
        """
        self.ensure_one()
        self.env.flush_all()
        plan = self.company_id._make_cost_center_plan()
        return self.env.execute_query(
            SQL(
                """
                SELECT line.id, pool.code, account.at_cost_role,
                       round(-line.amount * 100)::bigint
                  FROM account_analytic_line line
                  JOIN account_move_line item ON item.id = line.move_line_id
                  JOIN account_account account ON account.id = line.general_account_id
                  JOIN consortium_cost_center center
                    ON center.analytic_account_id = %(column)s
                  JOIN consortium_cost_center pool
                    ON pool.id = coalesce(center.merge_into_id, center.id)
                 WHERE line.company_id = %(company)s
                   AND line.date BETWEEN %(start)s AND %(end)s
                   AND item.parent_state = 'posted'
                   AND account.at_cost_role IN ('cost', 'credit')
                 ORDER BY line.id
                """,
                column=SQL.identifier("line", plan._column_name()),
                company=self.company_id.id,
                start=self.date_from,
                end=self.date_to,
            )
        )

    def _hours_domain(self):
        """The approved entries of time that count in the run."""
        return (
            Domain("company_id", "=", self.company_id.id)
            & Domain("approval_state", "=", "approved")
            & Domain("project_id", "!=", False)
            & Domain("chargeable", "=", True)
            & Domain("cost_date", ">=", self.date_from)
            & Domain("cost_date", "<=", self.date_to)
        )

    def _open_domain(self):
        """The entries of time of the year that nobody has approved; an empty one, as
        core makes when a company begins, is nothing to approve."""
        return (
            self.env["account.analytic.line"]._time_domain()
            & Domain("minutes", "!=", 0)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("approval_state", "!=", "approved")
            & Domain("date", ">=", self.date_from)
            & Domain("date", "<=", self.date_to)
        )

    def _cells(self):
        """``[agreement, center, cents an hour, minutes]``: one aggregate.

        By SQL: what groups by a record is otherwise sorted by its name, of which the
        canonical order of the cells has no need.
        """
        # The hours of all agreements, whatever projects the accountant follows.
        lines = self.env["account.analytic.line"].sudo()
        query = lines._search(self._hours_domain())
        groups = [
            SQL.identifier(query.table, name)
            for name in ("order_id", "cost_center_id", "hourly_rate_id")
        ]
        query.groupby = SQL(", ").join(groups)
        minutes = SQL("sum(%s)::bigint", SQL.identifier(query.table, "minutes"))
        rows = self.env.execute_query(query.select(*groups, minutes))
        # Few orders, centers and rates make many cells: each is asked once.
        orders = lines.order_id.browse({row[0] for row in rows})
        centers = self.env["consortium.cost.center"].browse({row[1] for row in rows})
        rates = self.env["consortium.hourly.rate"].browse({row[2] for row in rows})
        names = {order.id: f"{order.name}#{order.id}" for order in orders}
        codes = {center.id: center._pool().code for center in centers}
        cents = {rate.id: rate.rate_cents for rate in rates}
        cells = defaultdict(int)
        for order, center, rate, worked in rows:
            cells[names[order], codes[center], cents[rate]] += worked
        return [[*key, worked] for key, worked in sorted(cells.items()) if worked]

    def _hours_digest(self):
        """A hash of the entries of time themselves: number, minutes, day."""
        # The hours of all agreements, whatever projects the accountant follows.
        lines = self.env["account.analytic.line"].sudo()
        query = lines._search(self._hours_domain())
        table = query.table
        ((text,),) = self.env.execute_query(
            query.select(
                SQL(
                    "coalesce(string_agg(concat_ws(':', %(id)s, %(minutes)s, %(day)s), "
                    "',' ORDER BY %(id)s), '')",
                    id=SQL.identifier(table, "id"),
                    minutes=SQL.identifier(table, "minutes"),
                    day=SQL.identifier(table, "date"),
                )
            )
        )
        return hashlib.sha256(text.encode()).hexdigest()

    def _action_hours(self, name, domain):
        """A window on approved time of the run."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Hours of %(name)s", name=name),
            "res_model": "account.analytic.line",
            "views": [
                (
                    self.env.ref(
                        "consortium_timesheet.account_analytic_line_view_list_approval"
                    ).id,
                    "list",
                ),
            ],
            "domain": [*self._hours_domain(), *domain],
        }

    def action_open_unapproved(self):
        """The entries of time that keep the year open."""
        self.ensure_one()
        return {
            **self._action_hours(self.name, []),
            "name": self.env._("Entries Not Approved"),
            "domain": list(self._open_domain()),
        }
