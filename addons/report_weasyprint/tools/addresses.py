"""What an address in a document stands for: the only way to a resource.

An address is either one that this database answers itself, or refused; none is ever
fetched from a server, this one included.
"""

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

STATIC = re.compile(r"/(\w+)/static/(.+)")
_ID = "<int:id>"
_FIELD = "<string:model>/<int:id>/<string:field>"
_SIZE = "<int:width>x<int:height>"


def _rules():
    for kind in ("image", "content"):
        for named in ("", "/<string:xmlid>", f"/{_ID}", f"/{_FIELD}"):
            yield Rule(f"/web/{kind}{named}", endpoint=kind)
            if named:
                yield Rule(f"/web/{kind}{named}/<string:filename>", endpoint=kind)
    for named in ("<string:xmlid>", _ID, f"{_ID}-<string:unique>", _FIELD):
        yield Rule(f"/web/image/{named}/{_SIZE}", endpoint="image")
        yield Rule(f"/web/image/{named}/{_SIZE}/<string:filename>", endpoint="image")
    yield Rule(f"/web/image/{_ID}-<string:unique>", endpoint="image")
    yield Rule(f"/web/image/{_ID}-<string:unique>/<string:filename>", endpoint="image")
    yield Rule("/web/assets/<string:unique>/<string:filename>", endpoint="assets")
    yield Rule("/report/barcode", endpoint="barcode")
    yield Rule("/report/barcode/<barcode_type>/<path:value>", endpoint="barcode")
    for address in ("/logo", "/logo.png", "/web/binary/company_logo"):
        yield Rule(address, endpoint="logo")


ROUTES = Map(list(_rules()), strict_slashes=False).bind("")


class Refused(ValueError):
    """The address is none that a document may use; the argument says why.

    ``outside`` this database, ``unknown`` to it, ``missing`` or not for this user to
    read, or not the ``content`` that it should be.
    """


@dataclass(frozen=True)
class Address:
    """What to look up: ``kind`` is data, static, image, content, assets, barcode or
    logo."""

    kind: str
    path: str
    values: dict = field(default_factory=dict, hash=False)


def origin(url):
    """The scheme and authority of an address, to compare."""
    parts = urlsplit(url)
    return parts.scheme.lower(), parts.netloc.lower()


def read(url, origins):
    """What ``url`` stands for.

    :param set origins: this database's own, see :func:`origin`
    :raise Refused: not of this database, or nothing that a document may use
    """
    if url[:5].lower() == "data:":
        return Address("data", url)
    try:
        parts = urlsplit(url)
        own = (parts.scheme.lower(), parts.netloc.lower()) in origins
    except ValueError:
        own = False
    if not own:
        raise Refused("outside")
    path = unquote(parts.path)
    if path.startswith("//") or "\\" in path or "\0" in path:
        raise Refused("outside")
    if static := STATIC.fullmatch(path):
        if {".", ".."} & set(path.split("/")):
            raise Refused("outside")
        return Address("static", path, {"module": static[1]})
    try:
        kind, values = ROUTES.match(path, "GET")
    except HTTPException:
        raise Refused("unknown") from None
    return Address(kind, path, {**dict(parse_qsl(parts.query)), **values})
