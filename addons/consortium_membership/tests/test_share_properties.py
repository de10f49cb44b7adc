from datetime import date, timedelta

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from odoo.addons.consortium_membership.tools import shares
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_shares import ShareCommon

STEP = st.tuples(
    st.sampled_from(
        ["issue", "pay", "transfer", "redeem", "repay", "convert", "reverse", "bounce"]
    ),
    st.integers(0, 1),  # who
    st.integers(1, 6),  # how many
    st.integers(0, 20),  # days after the step before
)
START = date(2018, 1, 1)
# A sequence in which every step does something.
ALL = [
    ("issue", 0, 4, 0),
    ("pay", 0, 6, 1),
    ("transfer", 0, 2, 1),
    ("convert", 0, 1, 1),
    ("redeem", 1, 1, 1),
    ("repay", 1, 3, 1),
    ("issue", 1, 3, 1),
    ("reverse", 1, 1, 1),
    ("bounce", 0, 1, 1),
]


class Undo(Exception):
    """Leave the savepoint of one case."""


@tagged("post_install", "-at_install")
class TestShareProperties(ShareCommon):
    """Random sequences of operations: what must hold after any of them."""

    def setUp(self):
        super().setUp()
        self.holders = (self.alize, self.boreale)

    def step(self, kind, who, count, day):
        """:return: whether there was something to do"""
        partner, other = self.holders[who], self.holders[1 - who]
        mine = self.operations.search(
            [("partner_id", "=", partner.id), ("state", "=", "done")], order="id desc"
        )
        requests = self.env["consortium.share.redemption"].search(
            [("partner_id", "=", partner.id), ("state", "=", "approved")]
        )
        issues = mine.filtered(
            lambda o: o.kind == "issue" and self.invoice(o).amount_residual
        )
        if kind == "issue":
            self.issue(partner, count, day)
        elif kind == "pay" and issues:
            due = self.invoice(issues[0]).amount_residual
            self.pay(issues[0], min(due, count * 7.35), day)
        elif kind == "transfer":
            self.transfer(count, day, partner, other)
        elif kind == "redeem":
            self.redeem(count, day, partner)
        elif kind == "repay" and requests:
            self.repay(requests[0], min(requests[0].amount_due, count * 4.05), day)
        elif kind == "convert":
            self.prepare(
                "conversion", 2 * count, day, partner, target_class_id=self.preferred.id
            ).action_confirm()
        elif kind == "reverse" and mine:
            self.reverse(mine[0], max(mine[0].date, day))
        elif kind == "bounce" and mine:
            lines = mine.move_ids.filtered(lambda m: m.move_type == "out_invoice")
            partials = lines.line_ids.matched_credit_ids.filtered(
                lambda p: not p.credit_move_id.move_id.share_operation_id
            )[:1]
            return partials.unlink() if partials else False
        else:
            return False
        return True

    def snapshot(self, day):
        """The register of a day: who holds what, and what is paid and owing of it."""
        holdings = self.entries._holdings(day, company=self.company)
        rows = self.register._register_on(day, self.company)["rows"]
        return holdings, sorted(map(str, rows))

    def check(self, days, snapshots):
        self.assertBooks()
        entries = self.entries.search(
            [("partner_id", "in", (self.alize | self.boreale).ids)], order="id"
        )
        rows = [
            (e.date, e.partner_id.id, e.share_class_id.id, e.quantity) for e in entries
        ]
        for day in {*days, START}:
            found = self.entries._holdings(day, company=self.company)
            self.assertEqual(found, shares.holdings(rows, day))
            self.assertTrue(all(quantity > 0 for quantity in found.values()))
        # The books of each account and holder are the register's, to the cent.
        figures = self.register._register_on("9999-12-31", self.company)
        for code, share_class in (("PS", self.common), ("PP", self.preferred)):
            paid = figures["totals"].get(code, (0, 0, 0))[1]
            self.assertEqual(
                self.balance(share_class.equity_account_id), shares.to_cents(paid)
            )
        for day, snapshot in snapshots.items():
            self.assertEqual(self.snapshot(day), snapshot)

    @settings(
        max_examples=12,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(st.lists(STEP, min_size=3, max_size=9))
    @example(ALL)
    def test_any_sequence_of_operations(self, steps):
        done = []
        try:
            with self.env.cr.savepoint():
                day, days, snapshots = START, [], {}
                for kind, who, count, after in steps:
                    if after:
                        # Later operations leave the register of that day as it was.
                        snapshots[day] = self.snapshot(day)
                    day += timedelta(after)
                    days.append(day)
                    try:
                        with self.env.cr.savepoint():
                            if self.step(kind, who, count, day):
                                done.append(kind)
                            self.env.flush_all()
                    except UserError:
                        self.env.invalidate_all()
                    self.check(days, snapshots)
                raise Undo()
        except Undo:
            self.env.invalidate_all()
        if steps == ALL:
            self.assertEqual(done, [kind for kind, *_rest in ALL])
