"""Where the surplus of a year goes: the arithmetic, in whole cents.

The shares are given as fractions: they are legal parameters, never constants here.
"""

from fractions import Fraction


def at_least(share, amount):
    """The smallest whole number of cents that is at least ``share`` of ``amount``.

    >>> from fractions import Fraction
    >>> at_least(Fraction(1, 10), 75048_05), at_least(Fraction(1, 10), 0)
    (750481, 0)
    """
    product = Fraction(share) * amount
    return -(-product.numerator // product.denominator)


def propose(surplus, equity, debts, shares, nonprofit):
    """The proposal for a surplus, in cents.

    :param surplus: of the year; negative: a deficit
    :param equity: of the cooperative at year end, the surplus included
    :param debts: at year end
    :param shares: ``{"reserve", "extra", "equity_debt", "nonprofit"}``: fractions
    :param nonprofit: the articles forbid rebates and interest
    :return: ``{"rule", "to_reserve", "to_members", "minimum", "in_shares"}``:
        ``minimum`` is what must go to the reserve at the least, ``in_shares`` what must
        go to the reserve or to rebates in shares besides, ``to_members`` what may go to
        members; ``rule`` is deficit, nothing, nonprofit, required or free
    """
    if surplus <= 0:
        rule = "deficit" if surplus else "nothing"
        return _proposal(rule, surplus, surplus, 0, 0)
    if nonprofit:
        minimum = min(at_least(shares["nonprofit"], surplus), surplus)
        return _proposal("nonprofit", surplus, minimum, minimum, 0)
    if equity >= Fraction(shares["equity_debt"]) * debts:
        return _proposal("free", surplus, surplus, 0, 0)
    minimum = min(at_least(shares["reserve"], surplus), surplus)
    extra = min(at_least(shares["extra"], surplus), surplus - minimum)
    return _proposal("required", surplus, surplus, minimum, extra)


def _proposal(rule, surplus, to_reserve, minimum, in_shares):
    return {
        "rule": rule,
        "to_reserve": to_reserve,
        "to_members": surplus - to_reserve,
        "minimum": minimum,
        "in_shares": in_shares,
    }
