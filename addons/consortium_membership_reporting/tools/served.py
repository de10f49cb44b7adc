"""By which membership an organisation is served on a day, from dated rows."""

from datetime import timedelta


def holds(start, end, day):
    """Whether a period, both days included, is in force on a day; no end: it runs."""
    return start <= day and (not end or day <= end)


class Chain:
    """Who is served through whom.

    :param periods: ``(partner, membership, number, start, end)``
    :param affiliations: ``(organization, network, primary, start, end)``
    """

    def __init__(self, periods, affiliations):
        self.periods, self.affiliations = {}, {}
        for partner, *period in periods:
            self.periods.setdefault(partner, []).append(period)
        for organization, *affiliation in affiliations:
            self.affiliations.setdefault(organization, []).append(affiliation)

    def own(self, partner, day):
        """``(number, membership)`` of the organisation itself, or None."""
        for membership, number, start, end in self.periods.get(partner, ()):
            if holds(start, end, day):
                return number, membership
        return None

    def served(self, partner, day, sponsor=None):
        """Its own membership, else that of the network named as its sponsor, else that
        of a network it belongs to, through others or not: of the primary one first,
        then by member number; else None."""
        own = self.own(partner, day) or self.own(sponsor, day)
        if own:
            return own[1]
        found = []
        for network in self.networks(partner, day):
            theirs = self.own(network, day)
            if theirs:
                found.append((not self._is_primary(partner, network, day), *theirs))
        return min(found)[2] if found else None

    def networks(self, partner, day):
        """Every network the organisation is in on a day, through others or not."""
        seen, waiting = set(), [partner]
        while waiting:
            for network, _primary, start, end in self.affiliations.get(
                waiting.pop(), ()
            ):
                if network not in seen and holds(start, end, day):
                    seen.add(network)
                    waiting.append(network)
        return seen

    def changes(self, partner):
        """The days from which another answer may begin: those on which a membership or
        an affiliation of the organisation, or of a network above it, begins or has
        ended. Between two of them ``served`` says the same."""
        seen, waiting, days = {partner}, [partner], set()
        while waiting:
            each = waiting.pop()
            affiliations = self.affiliations.get(each, ())
            for *_what, start, end in [*self.periods.get(each, ()), *affiliations]:
                days.add(start)
                if end:
                    days.add(end + timedelta(days=1))
            above = {affiliation[0] for affiliation in affiliations} - seen
            seen |= above
            waiting += above
        return days

    def _is_primary(self, partner, network, day):
        return any(
            each == network and primary and holds(start, end, day)
            for each, primary, start, end in self.affiliations.get(partner, ())
        )
