"""Resources of a document, from the database and the modules' static files."""

import base64
import mimetypes
from contextlib import contextmanager
from urllib.request import DataHandler, Request

import psycopg2
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import root
from odoo.tools import file_open
from odoo.tools.image import image_guess_size_from_field_name, image_process
from odoo.tools.mimetypes import guess_mimetype
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from . import addresses
from .addresses import Refused

SHORT = 120  # characters of an address worth reading
PLACEHOLDER = "web/static/img/placeholder.png"
LOGO = "/web/static/img/logo.png"


class Fetcher(URLFetcher):
    """Answers every address itself, with the rights of the user who prints.

    It opens no connection: what :mod:`.addresses` does not know is refused.
    """

    def __init__(self, env, origins):
        super().__init__(allowed_protocols=set())
        # A portal page prints as superuser; its reader's rights are what counts.
        self.env = env(su=False)
        self.origins = {addresses.origin(url) for url in origins if url}
        self.problems = {}
        self._kept = {}

    def fetch(self, url, headers=None):
        """The resource at ``url``.

        :raise Refused: an address outside the database, or that the user may not read
        """
        if url not in self._kept:
            try:
                self._kept[url] = self._fetch(url)
            except Refused as error:
                self.complain(url, str(error))
                raise
        content, mimetype = self._kept[url]
        return URLFetcherResponse(url, content, {"Content-Type": mimetype})

    def complain(self, url, reason):
        """Keep the first thing that is wrong with an address."""
        self.problems.setdefault(url[:SHORT], reason)

    @contextmanager
    def quietly(self):
        """Keep no problem: a font has other sources, or another font replaces it."""
        known = dict(self.problems)
        try:
            yield
        finally:
            self.problems = known

    def text(self, url):
        """A style sheet's text."""
        return self.fetch(url).read().decode("utf-8", errors="replace")

    def _fetch(self, url):
        address = addresses.read(url, self.origins)
        try:
            return getattr(self, f"_{address.kind}")(address)
        except psycopg2.Error as error:
            # The transaction is lost: whoever retries it must hear of it.
            raise FatalURLFetchingError(url) from error
        except (AccessError, MissingError) as error:
            raise Refused("missing") from error
        except UserError as error:
            raise Refused("content") from error

    def _data(self, address):
        response = DataHandler().data_open(Request(address.path))
        return response.read(), response.headers.get_content_type()

    def _static(self, address):
        path = root.get_static_file(address.path)
        if not path:
            raise Refused("missing")
        with file_open(path, "rb") as file:
            return file.read(), mimetypes.guess_type(path)[0] or "text/plain"

    def _content(self, address):
        return self._binary(dict(address.values))[0]

    def _image(self, address):
        values = dict(address.values)
        size = int(values.pop("width", 0)), int(values.pop("height", 0))
        crop = values.pop("crop", False)
        (content, mimetype), record, name = self._binary(values)
        if not content:
            placeholder = record._get_placeholder_filename(name) or PLACEHOLDER
            return self._static(addresses.Address("static", f"/{placeholder}"))
        if size == (0, 0):
            size = image_guess_size_from_field_name(name)
        if (any(size) or crop) and mimetype.startswith("image/"):
            content = image_process(content, size=size, crop=crop)
        return content, mimetype

    def _binary(self, values):
        """The content and type of a record's binary field; the record; the field."""
        name = values.get("field", "raw")
        res_id = values.get("id")
        record = self.env["ir.binary"]._find_record(
            values.get("xmlid"),
            values.get("model", "ir.attachment"),
            res_id and int(res_id),
            values.get("access_token"),
            field=name,
        )
        field = record._fields.get(name)
        if field is None or field.type != "binary":
            raise Refused("content")
        if record._name == "ir.attachment":
            return self._attachment(record), record, "raw"
        content = base64.b64decode(record.with_context(bin_size=False)[name] or b"")
        return (content, guess_mimetype(content)), record, name

    def _attachment(self, attachment):
        if attachment.type != "url":
            return attachment.raw or b"", attachment.mimetype
        # A redirection: only to a module's file, as the server itself allows.
        address = addresses.Address("static", attachment.url or "")
        if not addresses.STATIC.fullmatch(address.path) or ".." in address.path:
            raise Refused("outside")
        return self._static(address)

    def _assets(self, address):
        """A bundle, made if need be; anybody may read it."""
        env, values = self.env, address.values
        saved = env["ir.attachment"].sudo().search(
            [
                ("url", "=", address.path),
                ("public", "=", True),
                ("res_model", "=", "ir.ui.view"),
                ("res_id", "=", 0),
                ("create_uid", "=", 1),
            ],
            limit=1,
        )  # fmt: skip
        if not saved:
            try:
                name, rtl, kind, autoprefix = env["ir.asset"]._parse_bundle_name(
                    values["filename"], False
                )
            except ValueError as error:
                raise Refused("missing") from error
            if kind != "css":
                raise Refused("content")
            bundle = env["ir.qweb"]._get_asset_bundle(
                name, css=True, js=False, rtl=rtl, autoprefix=autoprefix
            )
            # The bundle's attachment belongs to nobody: core reads it so too.
            saved = bundle.css().sudo()
        return saved.raw, "text/css"

    def _barcode(self, address):
        values = dict(address.values)
        kind, value = values.pop("barcode_type", None), values.pop("value", None)
        if not kind or not value:
            raise Refused("content")
        try:
            image = self.env["ir.actions.report"].barcode(kind, value, **values)
        except (AttributeError, TypeError, ValueError) as error:
            raise Refused("content") from error
        return image, "image/png"

    def _logo(self, address):
        company = self.env.company
        if (wanted := address.values.get("company", "")).isdigit():
            company = company.browse(int(wanted)).exists() or company
        # As core's own route, which asks for no right at all.
        content = base64.b64decode(company.sudo().logo_web or b"")
        if not content:
            return self._static(addresses.Address("static", LOGO))
        return content, guess_mimetype(content)
