"""Which of the counts that make a total may be shown beside it."""


def shown(counts, enough):
    """The keys whose counts may be shown: each is of ``enough`` at least, and what is
    kept back is nothing or ``enough`` too, or it would be known by subtraction.

    :param counts: ``{key: count}``, all those that make the total
    :return: set of keys
    """
    keys, smaller = set(), 0
    for key in sorted(counts, key=lambda key: (counts[key], key)):
        if counts[key] >= enough and (not smaller or smaller >= enough):
            keys.add(key)
        smaller += counts[key]
    return keys
