"""Names and postal codes as they are compared, without what is written in two ways."""

import re
import unicodedata

_NOT_WORD = re.compile(r"[\W_]+")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l"})


def fold(value):
    """``value`` in lower case, without accents, one space between words.

    Apostrophes, hyphens and other signs count as spaces: « Caisse d’économie » and
    « caisse d'economie » are the same name.
    """
    text = unicodedata.normalize("NFKD", value or "").casefold()
    text = unicodedata.normalize("NFKD", text)  # lower case may bring signs back
    letters = "".join(char for char in text if not unicodedata.combining(char))
    return _NOT_WORD.sub(" ", letters.translate(_LIGATURES)).strip()


def fold_postal_code(value):
    """A postal code in capitals, without space nor dash."""
    return fold(value).replace(" ", "").upper()
