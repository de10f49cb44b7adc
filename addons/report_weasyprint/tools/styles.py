"""Parsed style sheets, kept in the worker: parsing them is most of the first page."""

import hashlib
import itertools
import re
import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from weasyprint import CSS
from weasyprint.text.fonts import FontConfiguration

from . import media

KEPT = 8  # sets of sheets, each a few dozen megabytes
FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}")
SOURCE = re.compile(r"url\(\s*['\"]?([^'\")]+)")
RULE = re.compile(r"([^{}@;]+)\{([^{}]*\b(?:fill|stroke)\s*:[^{}]*)\}")
OUTSIDE = re.compile(r"(?:[a-z]+:)?//", re.IGNORECASE)


@dataclass
class Styles:
    """Parsed sheets, the fonts that they declare, and their rules for drawings."""

    sheets: list
    fonts: FontConfiguration
    drawings: list
    token: int = field(default_factory=itertools.count().__next__)


class StyleCache:
    """The parsed style sheets last used, by the checksum of their text.

    The same text means other fonts in another database, hence the scope.
    """

    def __init__(self, size=KEPT):
        self.size = size
        self.lock = threading.RLock()
        self._kept = OrderedDict()
        self._conditions = OrderedDict()

    def get(self, scope, texts, width, base_url, fetcher):
        """The parsed ``texts``, for pages so many CSS pixels wide."""
        sums = tuple(hashlib.sha256(text.encode()).hexdigest() for text in texts)
        with self.lock:
            decided = tuple(
                media.holds(condition, width)
                for checksum, text in zip(sums, texts, strict=True)
                for condition in self._conditions_of(checksum, text)
            )
            key = (scope, base_url, sums, decided)
            if key not in self._kept:
                self._kept[key] = _parse(texts, width, base_url, fetcher)
            self._kept.move_to_end(key)
            while len(self._kept) > self.size:
                self._kept.popitem(last=False)
            return self._kept[key]

    def clear(self):
        """Forget all, as a new worker."""
        with self.lock:
            self._kept.clear()
            self._conditions.clear()

    def __len__(self):
        return len(self._kept)

    def _conditions_of(self, checksum, text):
        if checksum not in self._conditions:
            self._conditions[checksum] = media.conditions(text)
            while len(self._conditions) > 16 * self.size:
                self._conditions.popitem(last=False)
        return self._conditions[checksum]


def without_remote_fonts(css):
    """The sheet less the fonts that only another server has; core's declares some."""

    def kept(match):
        sources = SOURCE.findall(match[0])
        return "" if sources and all(map(OUTSIDE.match, sources)) else match[0]

    return FONT_FACE.sub(kept, css)


def _parse(texts, width, base_url, fetcher):
    fonts = FontConfiguration()
    decided = [without_remote_fonts(media.decide(text, width)) for text in texts]
    sheets = [
        CSS(
            string=text,
            base_url=base_url,
            url_fetcher=fetcher,
            font_config=fonts,
        )
        for text in decided
    ]
    drawings = [rule for text in decided for rule in RULE.findall(text)]
    return Styles(sheets, fonts, drawings)
