"""What an agreement says, as a plain structure: its digest, and what changes in it.

Pure: no Odoo import. The structure holds texts, integers, lists and dictionaries only.
"""

import hashlib
import json


def canonical(content):
    """The one way of writing a content, so that the same one has the same digest."""
    return json.dumps(
        content, sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )


def digest(content):
    """SHA-256 of the content, in hexadecimal."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def differences(old, new):
    """What a new version changes.

    Lines are told by their ``key``, other lists as a whole.

    :return: ``[(name, key or None, old value or None, new value or None), …]``; the
        name is that of the entry, the key that of the line
    """
    found = []
    for name in sorted(old.keys() | new.keys()):
        before, after = old.get(name), new.get(name)
        if before == after:
            continue
        if _keyed(before) and _keyed(after):
            found += [(name, *rest) for rest in _line_differences(before, after)]
        else:
            found.append((name, None, before, after))
    return found


def _keyed(value):
    return (
        isinstance(value, list)
        and value is not None
        and all(isinstance(row, dict) and "key" in row for row in value)
    )


def _line_differences(before, after):
    olds = {row["key"]: row for row in before}
    news = {row["key"]: row for row in after}
    for key in [*olds, *(key for key in news if key not in olds)]:
        if olds.get(key) != news.get(key):
            yield key, olds.get(key), news.get(key)


def sha256(raw):
    """SHA-256 of bytes, in hexadecimal."""
    return hashlib.sha256(raw).hexdigest()
