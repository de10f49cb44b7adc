"""Figures as they are kept and told apart.

=========  ==============================================================
unit       value
=========  ==============================================================
``count``  a whole number
``money``  cents, a whole number
``rate``   cents an hour, a whole number
``hours``  minutes, a whole number
``share``  millionths, a whole number: 123 000 is 12,3 %; None without base
=========  ==============================================================
"""

import hashlib
import json

MILLION = 1_000_000


def share(part, whole):
    """``part`` of ``whole`` in millionths, to the nearest (half up); None of nothing.

    >>> share(123, 1000), share(1, 3), share(-1, 8), share(5, 0)
    (123000, 333333, -125000, None)
    """
    if not whole:
        return None
    if whole < 0:
        part, whole = -part, -whole
    return (2 * part * MILLION + whole) // (2 * whole)


def canonical(content):
    """The one text of a plain structure: keys in order, no spaces, no floats.

    :raise TypeError: a float, or anything that JSON does not know, is in it
    """
    _refuse_floats(content)
    return json.dumps(
        content, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )


def digest(text):
    """The SHA-256 of a canonical text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def _refuse_floats(content):
    if isinstance(content, float):
        raise TypeError("a figure that is kept is a whole number")
    if isinstance(content, dict):
        for key, value in content.items():
            if not isinstance(key, str):
                raise TypeError("a key that is kept is a text")
            _refuse_floats(value)
    elif isinstance(content, list | tuple):
        for value in content:
            _refuse_floats(value)
