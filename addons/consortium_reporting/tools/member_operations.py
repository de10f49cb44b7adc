"""The proportion of operations with members: the arithmetic, in whole cents."""

from .canonical import share

UNCLASSIFIED = "unclassified"
CLASSES = ("user", "worker", "none", UNCLASSIFIED)


def summary(rows, classes):
    """Add up what was invoiced.

    :param rows: ``(beneficiary, date, sponsor, counts, cents, number of lines)``
    :param classes: ``{(beneficiary, date, sponsor): class}``
    :return: ``{"by_class": {class: cents}, "excluded": cents, "partners":
        {(beneficiary, class): (cents, number of lines)}}``
    """
    by_class = dict.fromkeys(CLASSES, 0)
    excluded = 0
    partners = {}
    for beneficiary, day, sponsor, counts, amount, number in rows:
        if not counts:
            excluded += amount
            continue
        own = classes[beneficiary, day, sponsor]
        by_class[own] += amount
        before = partners.get((beneficiary, own), (0, 0))
        partners[beneficiary, own] = (before[0] + amount, before[1] + number)
    return {"by_class": by_class, "excluded": excluded, "partners": partners}


def proportion(with_members, total):
    """A proportion as it is kept.

    >>> proportion(1, 2)
    {'with_members': 1, 'total': 2, 'share': 500000}
    """
    return {
        "with_members": with_members,
        "total": total,
        "share": share(with_members, total),
    }


def status(proportions, unclassified, minimum, warning):
    """How the worst of the proportions stands, compared exactly.

    :param proportions: of ``proportion``, or None where nothing is measured; the first
        one is that of the users
    :param unclassified: cents of the users' total that nobody has classified yet
    :param minimum: the fraction under which the law is not respected
    :param warning: the fraction under which one is warned
    :return: none, incomplete (what is not classified decides), below, warning or met
    """
    measured = [p for p in proportions if p and p["total"] > 0]
    if not measured:
        return "none"

    def below(limit, more=0):
        return any(
            p["with_members"] + (more if p is proportions[0] else 0)
            < limit * p["total"]
            for p in measured
        )

    if below(minimum):
        return "below" if below(minimum, unclassified) else "incomplete"
    return "warning" if below(warning) else "met"
