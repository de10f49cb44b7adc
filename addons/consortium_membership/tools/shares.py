"""Arithmetic of shares: whole numbers of shares, whole cents, no Odoo.

A lot is what one holder has of the shares of one issue. Its paid capital is what was
paid on the shares that it still has; what is owing is the rest of their price.
"""

from typing import NamedTuple


class Lot(NamedTuple):
    """What one holder has of one issue; money in cents."""

    origin: int
    quantity: int
    price: int
    paid: int

    @property
    def owing(self):
        return self.quantity * self.price - self.paid

    @property
    def fully_paid(self):
        """How many shares are paid in full: payments fill one share after another."""
        if self.price <= 0:
            return self.quantity
        return max(0, min(self.quantity, self.paid // self.price))


def to_cents(amount):
    """An amount of money in whole cents."""
    return round(amount * 100)


def from_cents(cents):
    """Whole cents as an amount of money."""
    return cents / 100


def take(lots, quantity):
    """Choose shares, first in, first out.

    :param lots: the lots of one holder and class, the oldest first
    :return: ``[(lot, quantity), …]``
    :raise ValueError: there are not so many
    """
    taken, left = [], quantity
    for lot in lots:
        if left <= 0:
            break
        part = min(left, lot.quantity)
        if part > 0:
            taken.append((lot, part))
            left -= part
    if left > 0:
        raise ValueError(f"{left} shares short")
    return taken


def release(lot, quantity):
    """What becomes of the money when ``quantity`` shares of a lot cease to exist.

    The shares that owe the most go first: what was paid stays on those that remain, as
    far as their price goes.

    :return: ``(to repay, no longer owing)`` in cents; their sum is the shares' price
    """
    if not 0 <= quantity <= lot.quantity:
        raise ValueError("More shares than the lot has")
    kept = min(lot.paid, (lot.quantity - quantity) * lot.price)
    repaid = lot.paid - kept
    return repaid, quantity * lot.price - repaid


def apportion(amount, parts):
    """Apportion a payment to what is due, first in, first out.

    :param amount: cents, not more than the sum of ``parts``
    :param parts: ``[(key, cents due), …]``
    :return: ``[(key, cents), …]`` without zeros; sums to ``amount``
    """
    shares, left = [], amount
    for key, due in parts:
        part = min(left, due)
        if part > 0:
            shares.append((key, part))
            left -= part
    if left > 0:
        raise ValueError(f"{left} cents more than what is due")
    return shares


def percentages(count):
    """Equal percentages of ``count`` instalments, six decimals, summing to 100."""
    millionths = 100 * 10**6
    each = millionths // count
    last = millionths - each * (count - 1)
    return [part / 10**6 for part in [each] * (count - 1) + [last]]


def holdings(rows, date):
    """What each holder had at the end of ``date``.

    :param rows: ``(date, holder, share class, signed quantity)``
    :return: ``{(holder, share class): quantity}`` without zeros
    """
    found = {}
    for day, holder, share_class, quantity in rows:
        if day <= date:
            key = (holder, share_class)
            found[key] = found.get(key, 0) + quantity
    return {key: quantity for key, quantity in found.items() if quantity}
