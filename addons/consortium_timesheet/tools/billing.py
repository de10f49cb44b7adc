"""What successive invoices bill of one whole, to the cent. No Odoo here, no float."""

from collections.abc import Hashable, Mapping, Sequence
from fractions import Fraction

from .apportionment import half_up


def continued(
    factor: int | Fraction, parts: Sequence[int], whole: int = 0, done: int = 0
) -> list[int]:
    """The cents of each further part, after ``done`` cents for a ``whole``.

    At each step what was done and what is given sum to the half-up rounding of
    ``factor`` times the whole: no cent is lost or made by rounding, and what credit
    notes left over is caught up.

    :param factor: cents for one of what is counted: a rate / 60, a share of a cost
    :param parts: what is added each time, in whole minutes or cents, below zero too
    :param whole: what was counted before
    :param done: the cents billed for it
    """
    amounts = []
    for part in parts:
        whole += part
        amounts.append(half_up(Fraction(factor) * whole) - done)
        done += amounts[-1]
    return amounts


class Reserve:
    """The reserve of successive parts of the cost of a year, never above its cap.

    Each cell has the half-up rounding of its share of all that it was billed; once the
    cap is reached it has what there is room for, and catches up when a credit note
    makes room again. What is due back is always given back.

    :param taken: the cents of reserve that the year was billed so far, all cells
    :param cells: what each was billed so far: ``(minutes, cents, cents of reserve)``
    """

    def __init__(
        self, taken: int = 0, cells: Mapping[Hashable, tuple[int, int, int]] = ()
    ):
        self.taken = taken
        self.cells = {cell: sums[1:] for cell, sums in dict(cells).items()}

    def of(self, cell: Hashable, share: Fraction, amount: int, cap: int = 0) -> int:
        """The reserve of a further amount of a cell.

        :param share: the part of the cost that the reserve is
        :param amount: cents, below zero too
        :param cap: in cents; none when it is zero
        """
        billed, done = self.cells.get(cell, (0, 0))
        billed += amount
        due = half_up(share * billed) - done
        if cap and due > 0:
            due = min(due, max(0, cap - self.taken))
        self.taken += due
        self.cells[cell] = (billed, done + due)
        return due
