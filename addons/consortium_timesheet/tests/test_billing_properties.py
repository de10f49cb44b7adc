"""Whatever is billed, credited, billed again: no cent is lost, no minute is twice."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from ..tools.apportionment import cumulative_billing, half_up
from ..tools.billing import Reserve, continued
from .common_billing import BillingCommon

MINUTES = st.integers(min_value=1, max_value=24 * 60)
RATES = st.integers(min_value=1, max_value=50_000)
# Each step: bill what is not billed; or free some of what is, or a part of one.
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("work"), st.lists(MINUTES, min_size=1, max_size=4)),
        st.tuples(st.just("bill"), st.integers(1, 4)),
        st.tuples(st.just("free"), st.integers(0, 30)),
        st.tuples(st.just("part"), st.integers(0, 30)),
    ),
    max_size=30,
)


class Ledger:
    """The rules of the ledger, without a database."""

    def __init__(self, rate):
        self.rate, self.open, self.billed = rate, [], []

    def worked(self):
        return sum(minutes for minutes, _cents in self.billed)

    def cents(self):
        return sum(cents for _minutes, cents in self.billed)

    def bill(self, count):
        taken, self.open = self.open[:count], self.open[count:]
        factor = Fraction(self.rate, 60)
        amounts = continued(factor, taken, self.worked(), self.cents())
        self.billed += zip(taken, amounts, strict=True)
        return bool(taken)

    def free(self, index):
        """A credit note: the very cents of the entry, which may be billed again."""
        if self.billed:
            minutes, _cents = self.billed.pop(index % len(self.billed))
            self.open.append(minutes)

    def part(self, index):
        """A part: the correction is billed by its difference, on a credit note."""
        if self.billed:
            minutes, _cents = self.billed[index % len(self.billed)]
            self.open = [-minutes, minutes // 2, *self.open]
            self.bill(2)


@tagged("post_install", "-at_install")
class TestBillingProperties(BaseCase):
    @given(RATES, STEPS)
    def test_billing_gives_the_whole(self, rate, steps):
        ledger = Ledger(rate)
        for kind, value in steps:
            if kind == "work":
                ledger.open += value
            elif kind == "bill":
                if not ledger.bill(value):
                    continue
            else:
                getattr(ledger, kind)(value)
            whole = half_up(Fraction(rate * ledger.worked(), 60))
            if kind == "bill":
                self.assertEqual(ledger.cents(), whole)
            else:
                # A credit note may leave a cent an entry: the next bill catches it up.
                self.assertLessEqual(abs(ledger.cents() - whole), len(steps))
            if not ledger.billed:
                self.assertEqual(ledger.cents(), 0)

    @given(RATES, st.lists(MINUTES, min_size=1, max_size=20), st.integers(0, 20))
    def test_invoices_or_entries(self, rate, minutes, cut):
        """However the time is cut into invoices, the same cents for each entry."""
        factor = Fraction(rate, 60)
        first = continued(factor, minutes[:cut])
        rest = continued(factor, minutes[cut:], sum(minutes[:cut]), sum(first))
        self.assertEqual(first + rest, cumulative_billing(rate, minutes))

    @given(
        st.lists(st.integers(-100_000, 100_000), max_size=20),
        st.fractions(min_value=0, max_value=1, max_denominator=10_000),
    )
    def test_the_reserve_follows_the_cost(self, cents, share):
        parts = continued(share, cents)
        self.assertEqual(sum(parts), half_up(share * sum(cents)))

    @given(
        st.fractions(min_value=0, max_value=1, max_denominator=10_000),
        st.integers(0, 200_000),
        st.lists(
            st.tuples(st.sampled_from("ABC"), st.integers(-100_000, 300_000)),
            max_size=30,
        ),
    )
    def test_the_reserve_never_passes_its_cap(self, share, cap, parts):
        """Whatever is billed and credited, in whatever cell, never above the cap, never
        above what each cell owes; where there is room, all that it owes."""
        reserve = Reserve()
        billed, done = dict.fromkeys("ABC", 0), dict.fromkeys("ABC", 0)
        for cell, cents in parts:
            room = max(0, cap - reserve.taken) if cap else None
            due = half_up(share * (billed[cell] + cents)) - done[cell]
            part = reserve.of(cell, share, cents, cap)
            billed[cell] += cents
            done[cell] += part
            if due <= 0 or room is None:
                self.assertEqual(part, due)
            else:
                self.assertEqual(part, min(due, room))
            self.assertEqual(reserve.taken, sum(done.values()))
            for each in "ABC":
                self.assertLessEqual(
                    done[each], max(0, half_up(share * billed[each])) if cap else 10**9
                )
        positive = sum(max(0, v) for v in done.values())
        if cap and all(cents >= 0 for _cell, cents in parts):
            whole = sum(half_up(share * cents) for cents in billed.values())
            self.assertLessEqual(positive, cap)
            if whole <= cap:
                self.assertEqual(positive, whole)


@tagged("post_install", "-at_install")
class TestBillingSequences(BillingCommon):
    """The same through the models: sequences drawn once, kept as they are."""

    SEQUENCES = (
        ("bill", "reverse", "bill", "reset", "post", "cancel", "bill"),
        ("bill", "reverse", "undo", "cancel", "bill", "reverse", "bill"),
        ("bill", "part", "bill", "reverse", "bill"),
        ("bill", "cancel", "bill", "part", "reverse", "bill"),
    )

    def test_sequences(self):
        for number, steps in enumerate(self.SEQUENCES):
            order, _line, project, task = self.agreement(f"Suite {number}")
            self.order = order
            values = {"project_id": project.id, "task_id": task.id}
            invoice = credit = None
            for index, step in enumerate(steps):
                values["date"] = f"2018-09-{number * 7 + index + 1:02}"
                self.worked(7 + index, 50, 11 * (index + 1), **values)
                if step == "bill":
                    invoice = self.post(self.bill(order))
                    minutes, cents = self.ledger(order)
                    self.assertEqual(cents, half_up(Fraction(12_200 * minutes, 60)))
                elif step == "reverse":
                    credit = self.reverse(invoice)
                    credit.action_post()
                elif step == "undo":
                    credit.button_cancel()
                elif step == "reset":
                    invoice.button_draft()
                elif step == "post":
                    invoice.action_post()
                elif step == "cancel":
                    invoice.button_cancel()
                elif step == "part":
                    entry = invoice._creditable_entries()[-1]
                    wizard = (
                        self.env["consortium.billing.credit"]
                        .with_context(default_move_id=invoice.id)
                        .create({"reason": "Trop", "date": "2018-10-15"})
                    )
                    line = wizard.line_ids.filtered(
                        lambda each, entry=entry: each.entry_id == entry
                    )
                    line.write({"credited": True, "kept": 5 / 60})
                    action = wizard.action_credit()
                    self.env["account.move"].browse(action["res_id"]).action_post()
                self.check_truth(order)
                self.check_books(order)

    def check_books(self, order):
        """Posted invoices say what the ledger says, to the cent."""
        posted = order.invoice_ids.filtered(lambda move: move.state == "posted")
        books = sum(-move.direction_sign * move.amount_untaxed for move in posted)
        self.assertEqual(round(books * 100), self.ledger(order)[1])
