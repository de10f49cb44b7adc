"""Which fields of expertise answer the words of a need. Pure: no Odoo import."""

from odoo.addons.consortium_base.tools.text import fold

# Words that say nothing of the need, folded.
STOP = frozenset(
    """a afin ai ainsi alors apres as au aucun aussi autre aux avant avec avoir avons
    besoin bien car ce cela ces cet cette chez comme comment d dans de depuis des deux
    doit donc du elle elles en encore entre est et etre faire fait faut il ils j je l la
    le les leur leurs lui m ma mais me meme mes mon ne nos notre nous on ont ou par pas
    peu peut plus pour pouvoir qu quand que quel quelle qui quoi s sa sans se ses si son
    sont sous sur ta te tout tous toute toutes tres trop un une veut voudrais vos votre
    vous y i my need our the to we with for of and in is""".split()
)
# Weights of the lines of a text: name, code, keywords; any other line.
WEIGHTS = (8, 8, 5)
OTHER = 1
STEM = 4


def words(query):
    """The words that count in a query, each once, in their order."""
    found = dict.fromkeys(fold(query).split())
    return [word for word in found if word not in STOP and len(word) > 1]


def stem(word):
    """The part of a French word that its plural, feminine and family share.

    Crude on purpose: « comptables », « comptabilité » and « comptable » meet.
    """
    for ending in ("issements", "issement", "ations", "ation", "ements", "ement"):
        if word.endswith(ending) and len(word) - len(ending) >= STEM:
            return word[: -len(ending)]
    for ending in ("ilite", "iques", "ique", "ables", "able", "ales", "aux", "al"):
        if word.endswith(ending) and len(word) - len(ending) >= STEM:
            return word[: -len(ending)]
    for ending in ("es", "s", "x", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= STEM:
            return word[: -len(ending)]
    return word


def rank(query, documents):
    """The documents that answer a query, the best first.

    All of the words need not be there: a need is told in sentences. A document that has
    more of them comes first, then the one that has them in its name.

    :param query: what somebody typed
    :param documents: ``{key: folded text}``, the lines of which are in order of weight
    :return: keys; every one, in their order, when no word of the query counts
    """
    stems = [stem(word) for word in words(query)]
    if not stems:
        return list(documents)
    scores = {}
    for key, text in documents.items():
        lines = [line.split() for line in (text or "").split("\n")]
        found = [_weight(wanted, lines) for wanted in stems]
        if any(found):
            scores[key] = (sum(1 for weight in found if weight), sum(found))
    order = {key: number for number, key in enumerate(documents)}
    return sorted(scores, key=lambda key: (*(-n for n in scores[key]), order[key]))


def _weight(wanted, lines):
    """The greatest weight of the lines that have a word of that stem; 0 when none."""
    best = 0
    for number, line in enumerate(lines):
        weight = WEIGHTS[number] if number < len(WEIGHTS) else OTHER
        if weight > best and any(_same(wanted, word) for word in line):
            best = weight
    return best


def _same(wanted, word):
    if len(wanted) < STEM:
        return word == wanted
    return word.startswith(wanted)
