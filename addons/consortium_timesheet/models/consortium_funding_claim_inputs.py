from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.clock import clock


class ConsortiumFundingClaim(models.Model):
    """What an accountability report is computed from: the frozen true-up of the year,
    the terms of the envelope, what was claimed of it before."""

    _inherit = "consortium.funding.claim"  # pylint: disable=R8180

    def _inputs(self):
        """What is known today, as a structure of whole numbers and text.

        :raise UserError: nothing to report on, a later run, or time outside the dates
        """
        self.ensure_one()
        funding, run = self.funding_id, self.run_id
        self._check_last_run()
        rows = self._true_ups()
        self._check_dates(rows.order_id)
        fixed = rows.filtered("is_fixed_price")
        approved = funding._approved() - self
        same_year = approved.filtered(
            lambda claim: claim.run_id.date_from == run.date_from
        )
        return {
            "funding": funding.id,
            "reference": funding.reference or "",
            "funder": funding.funder_id.id,
            "from": str(funding.date_start),
            "to": str(funding.date_end),
            "year": [str(run.date_from), str(run.date_to)],
            "run": run.hash or "",
            "cells": sorted(
                [
                    f"{row.order_id.name}#{row.order_id.id}",
                    row.cost_center_id.code,
                    row.minutes,
                    row.cost_cents,
                    row.reserve_cents,
                ]
                for row in rows - fixed
            ),
            "fixed": sum(fixed.mapped("cost_cents")),
            "caps": funding._caps(run._pools()),
            "envelope": funding._cents(),
            "others": sum((approved - same_year).mapped("funder_cents")),
            "earlier": sum(same_year.mapped("funder_cents")),
        }

    def _true_ups(self):
        """The approved rows of the agreements of the envelope: the whole year, of which
        the cost is that of the last run.

        :raise UserError: there are none
        """
        # The agreements of the envelope, whoever coordinates them.
        rows = (
            self.env["consortium.true.up"]
            .sudo()
            .search(
                Domain("run_id", "=", self.run_id.id)
                & Domain("state", "=", "approved")
                & Domain("order_id.funding_id", "=", self.funding_id.id)
            )
        )
        if not rows:
            raise UserError(
                self.env._(
                    "No agreement of « %(name)s » has an approved true-up in that "
                    "year.",
                    name=self.funding_id.name,
                )
            )
        return rows

    def _check_last_run(self):
        """A run counts the whole year: the last one is reported on.

        :raise UserError: its true-up is not approved, or a later one's is
        """
        run = self.run_id
        last = run.search(
            Domain("company_id", "=", run.company_id.id)
            & Domain("kind", "=", "final")
            & Domain("true_up_state", "=", "approved")
            & Domain("date_from", "=", run.date_from),
            order="approved_on desc, id desc",
            limit=1,
        )
        if not last or run.true_up_state != "approved":
            raise UserError(
                self.env._("Approve the true-up of « %(name)s » first.", name=run.name)
            )
        if last != run:
            raise UserError(
                self.env._(
                    "A later run of that year has an approved true-up: report on it."
                )
            )

    def _check_dates(self, orders):
        """The cost of an agreement in a year is not cut by date: all the time that it
        counts was worked within the dates of the envelope, both included.

        :raise UserError: some was not; it says of which agreement
        """
        funding, run = self.funding_id, self.run_id
        # The hours of all agreements, whatever projects the accountant follows.
        rows = (
            self.env["account.analytic.line"]
            .sudo()
            ._read_group(
                run._hours_domain()
                & ~run._fixed_domain()
                & Domain("order_id", "in", orders.ids)
                & (
                    Domain("date", "<", funding.date_start)
                    | Domain("date", ">", funding.date_end)
                ),
                ["order_id", "cost_center_id"],
                ["minutes:sum", "date:min", "date:max"],
            )
        )
        for order, _center, minutes, first, last in rows:
            # What was taken back to the minute costs nothing.
            if minutes:
                raise UserError(
                    self.env._(
                        "%(order)s has %(time)s h of that year outside the dates of "
                        "« %(name)s », from %(first)s to %(last)s: give them an "
                        "agreement of their own, or widen the dates.",
                        order=order.name,
                        time=clock(minutes),
                        name=funding.name,
                        first=first,
                        last=last,
                    )
                )

    def _claimed_accounts(self):
        """``{analytic account: center}`` of the centers claimed, and of those that the
        run counts with them."""
        run = self.run_id
        # Through them entries feed the centers, whoever keeps analytic accounts.
        return {
            center.sudo().analytic_account_id: pool
            for pool in self.line_ids.cost_center_id
            for center in run._counted_in(pool)
        }

    def _double_funding(self):
        """What the funder pays already, as a credit, in the centers claimed.

        Posted entries of the year; a center where all was taken back has none.

        :return: lists ``[entry number, center code, cents]``
        """
        self.ensure_one()
        centers = self._claimed_accounts()
        column = self.company_id._make_cost_center_plan().sudo()._column_name()
        funder = self.funding_id.funder_id.commercial_partner_id
        by_funder = Domain("partner_id.commercial_partner_id", "=", funder.id) | Domain(
            "move_id.commercial_partner_id", "=", funder.id
        )
        # Who reads the report reads the books: all entries, whoever made them.
        rows = (
            self.env["account.analytic.line"]
            .sudo()
            ._read_group(
                Domain("company_id", "=", self.company_id.id)
                & Domain("date", ">=", self.run_id.date_from)
                & Domain("date", "<=", self.run_id.date_to)
                & Domain(column, "in", [account.id for account in centers])
                & Domain("general_account_id.at_cost_role", "=", "credit")
                & Domain("move_line_id.parent_state", "=", "posted")
                & Domain("move_line_id", "any", by_funder),
                ["move_line_id", column],
                ["amount:sum"],
            )
        )
        found = defaultdict(lambda: defaultdict(int))
        for item, account, amount in rows:
            found[centers[account].code][item.move_id.name] += round(amount * 100)
        return [
            [entry, code, cents]
            for code, entries in sorted(found.items())
            for entry, cents in sorted(entries.items())
            if cents and sum(entries.values()) > 0
        ]
