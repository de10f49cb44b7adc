import io
import logging
from collections import OrderedDict
from contextlib import contextmanager

import psycopg2
from odoo import api, fields, models
from odoo.addons.base.models.ir_qweb import QWebError
from odoo.exceptions import RedirectWarning, UserError
from odoo.tools import file_open, str2bool
from odoo.tools.safe_eval import safe_eval, time
from PIL import Image
from pypdf.errors import PyPdfError
from reportlab.graphics.utils import RenderPMError

from ..tools import barcodes, document, engine, merged, paper
from ..tools.fetcher import Fetcher

_logger = logging.getLogger(__name__)

ENGINES = [("weasyprint", "WeasyPrint"), ("wkhtmltopdf", "wkhtmltopdf")]
ENGINE_PARAMETER = "report_weasyprint.engine"
STRICT_PARAMETER = "report_weasyprint.strict"
STYLE_SHEET = "report_weasyprint/static/src/css/report_weasyprint.css"
PAPER_FIELDS = (
    "print_page_width", "print_page_height", "orientation", "margin_top",
    "margin_bottom", "margin_left", "margin_right", "header_spacing", "header_line",
    "disable_shrinking", "dpi",
)  # fmt: skip
NAMED = 5  # records named in a message


class CannotPrint(Exception):
    """What is wrong with a report, in the user's language."""


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    pdf_engine = fields.Selection(
        ENGINES,
        string="PDF Engine",
        help="What makes the PDF of this report. Empty: as the system parameter "
        "report_weasyprint.engine says, and WeasyPrint if there is none.",
    )

    # --- which engine ---

    def _get_pdf_engine(self):
        """The engine of this report, or of none in particular."""
        if chosen := self.pdf_engine:
            return chosen
        # Anybody may print; only administrators read system parameters.
        parameter = self.env["ir.config_parameter"].sudo().get_param(ENGINE_PARAMETER)
        return parameter if parameter in dict(ENGINES) else "weasyprint"

    @api.model
    def get_wkhtmltopdf_state(self):
        """Extends base: the web client asks before it prints, and shows HTML instead
        when wkhtmltopdf is missing. Whether a report needs it is known on printing.
        """
        if self.env.context.get("report_weasyprint_other_engine"):
            return super().get_wkhtmltopdf_state()
        return "ok"

    def _with_other_engine(self):
        return self.with_context(report_weasyprint_other_engine=True)

    # --- base's two ways to a PDF ---

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        """Replaces base's for the reports that WeasyPrint prints: each record is a
        document of its own, so that nothing has to be cut apart afterwards."""
        report = self._get_report(report_ref)
        if report._get_pdf_engine() != "weasyprint":
            return super(
                IrActionsReport, self._with_other_engine()
            )._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=res_ids)
        streams = self._weasyprint_saved_streams(report, res_ids)
        wanted = [res_id for res_id, known in streams.items() if not known["stream"]]
        if res_ids and not wanted:
            return streams
        repeated = bool(res_ids) and len(res_ids) != len(set(res_ids))
        printed = res_ids if repeated else wanted
        data = {} if data is None else data
        data.setdefault("report_type", "pdf")
        data.setdefault("debug", False)
        quiet = self.with_context(debug=False)
        with quiet._weasyprint_errors(report, printed):
            html = quiet._weasyprint_html(report_ref, report, data, printed)
            written = quiet._weasyprint_streams(report, html, printed, repeated)
        if repeated or not res_ids:
            streams.clear()
        for res_id, stream in written.items():
            streams.setdefault(res_id, {"attachment": None})["stream"] = stream
        return streams

    @api.model
    def _run_wkhtmltopdf(
        self,
        bodies,
        report_ref=False,
        header=None,
        footer=None,
        landscape=False,
        specific_paperformat_args=None,
        set_viewport_size=False,
    ):
        """Replaces base's for those who call it directly, with complete pages."""
        report = self._get_report(report_ref) if report_ref else self
        if report._get_pdf_engine() != "weasyprint":
            return super(IrActionsReport, self._with_other_engine())._run_wkhtmltopdf(
                bodies,
                report_ref=report_ref,
                header=header,
                footer=footer,
                landscape=landscape,
                specific_paperformat_args=specific_paperformat_args,
                set_viewport_size=set_viewport_size,
            )
        with self._weasyprint_errors(report, []):
            arguments = specific_paperformat_args
            job = self._weasyprint_job(report, arguments, landscape or None)
            laid_out = [
                engine.lay_out(job, self._weasyprint_page(report, frame, part))
                for frame, part in document.pages(bodies, header, footer)
            ]
            content = engine.write(job, laid_out)
            self._weasyprint_tell(report, [], job.fetcher.problems)
            return content

    @api.model
    def _merge_pdfs(self, streams, *args, **kwargs):
        """Extends base, which loses titles: each document gets a bookmark."""
        given = list(streams)
        merged_stream = super()._merge_pdfs(streams, *args, **kwargs)
        try:
            documents = merged.titles(given)
            if len(documents) < 2:
                return merged_stream
            lang = (self.env.context.get("lang") or "").replace("_", "-")
            return merged.with_bookmarks(merged_stream, documents, lang)
        except (PyPdfError, ValueError, TypeError) as error:
            # Whatever is wrong with a file, base has just told it.
            _logger.info("No bookmarks in merged documents: %s", error)
            return merged_stream

    # --- streams ---

    def _weasyprint_saved_streams(self, report, res_ids):
        """What base returns, with the PDFs that ``attachment_use`` reloads."""
        streams = OrderedDict()
        repeated = bool(res_ids) and len(res_ids) != len(set(res_ids))
        saves = (
            report.attachment
            and not repeated
            and not self.env.context.get("report_pdf_no_attachment")
        )
        for record in self.env[report.model].browse(res_ids or []):
            if record.id in streams:
                continue
            attachment = report.retrieve_attachment(record) if saves else None
            stream = None
            if attachment and report.attachment_use:
                stream = self._weasyprint_read_attachment(attachment)
            streams[record.id] = {"stream": stream, "attachment": attachment}
        return streams

    def _weasyprint_read_attachment(self, attachment):
        if not (attachment.mimetype or "").startswith("image"):
            return io.BytesIO(attachment.raw)
        stream = io.BytesIO()
        with Image.open(io.BytesIO(attachment.raw)) as image:
            image.convert("RGB").save(stream, format="pdf")
        return stream

    def _weasyprint_streams(self, report, html, res_ids, repeated):
        """Lay out the records' HTML: ``{res_id: stream}``, or ``{False: stream}`` when
        the documents are not of one record each."""
        source = document.split(html)
        landscape = self.env.context.get("landscape")
        job = self._weasyprint_job(report, source.arguments, landscape)
        groups = self._weasyprint_lay_out(report, job, source)
        own = set(groups) - {None}
        if report.attachment and not repeated and own != set(res_ids or []):
            raise CannotPrint(
                self.env._(
                    "its template does not say which record each document is of, so"
                    " that none can be saved as an attachment"
                )
            )
        if repeated or not res_ids:
            groups = {False: sum(groups.values(), [])}
        elif len(res_ids) == 1:
            groups = {res_ids[0]: sum(groups.values(), [])}
        elif own != set(res_ids):
            groups = {False: sum(groups.values(), [])}
        else:
            groups.pop(None, None)
        written = {
            res_id: io.BytesIO(engine.write(job, laid_out))
            for res_id, laid_out in groups.items()
        }
        self._weasyprint_tell(report, res_ids, job.fetcher.problems)
        return written

    def _weasyprint_lay_out(self, report, job, source):
        """The laid out documents of each record, in the order of the template."""
        frames, groups = {}, OrderedDict()
        for part in source.parts:
            if part.lang not in frames:
                frames[part.lang] = self._weasyprint_frame(report, part.lang)
            res_id = part.res_id if part.model == report.model else None
            with self._weasyprint_errors(report, [res_id] if res_id else []):
                page = self._weasyprint_page(report, frames[part.lang], part)
                page.lang = (part.lang or source.lang or "").replace("_", "-")
                groups.setdefault(res_id, []).append(engine.lay_out(job, page))
        return groups

    # --- what a document is made of ---

    @api.model
    def barcode(self, barcode_type, value, **kwargs):
        """Extends base: reportlab draws a PNG only with a compiled library, which is
        not made for every Python; without it, Pillow draws the same bars."""
        try:
            return super().barcode(barcode_type, value, **kwargs)
        except RenderPMError:
            return barcodes.draw(barcode_type, value, kwargs)

    def _weasyprint_html(self, report_ref, report, data, res_ids):
        """The HTML of the records, all at once.

        :raise UserError: naming the records whose template fails
        """
        try:
            return self._render_qweb_html(report_ref, res_ids, data=data)[0]
        except QWebError as error:
            if len(res_ids or []) < 2 or self._weasyprint_passes(error):
                raise
            for res_id in dict.fromkeys(res_ids):
                with self._weasyprint_errors(report, [res_id]):
                    self._render_qweb_html(report_ref, [res_id], data=dict(data))
            raise

    def _weasyprint_job(self, report, arguments, landscape=None):
        paperformat = report.get_paperformat()
        values = {name: paperformat[name] for name in PAPER_FIELDS if paperformat}
        base_url = report.get_base_url().rstrip("/")
        with file_open(STYLE_SHEET) as sheet:
            common = [sheet.read()]
        return engine.Job(
            sheet=paper.read(values, arguments, landscape),
            fetcher=Fetcher(self.env, {base_url, report._get_report_url()}),
            base_url=base_url,
            scope=self.env.cr.dbname,
            common=common,
        )

    def _weasyprint_frame(self, report, lang):
        """What core's minimal layout puts around a document in that language."""
        renderer = report.env["ir.qweb"]
        if lang:
            renderer = renderer.with_context(lang=lang)
        html = renderer._render(
            report._get_layout().id,
            {
                "subst": False,
                "body": "",
                "base_url": report._get_report_url(),
                "report_xml_id": report.xml_id,
                "debug": False,
            },
        )
        frame, _body = document.frame(html)
        classes = set(frame.body.get("class", "").split()) - {"o_css_margins"}
        if report.get_paperformat().css_margins:
            classes.add("o_css_margins")
        frame.body["class"] = " ".join(sorted(classes))
        return frame

    def _weasyprint_page(self, report, frame, part):
        """A part with its frame, and what readers of the file are told of it."""
        record = self.env[report.model or "base"]
        if part.res_id and part.model == report.model:
            record = record.browse(part.res_id)
        return engine.Page(
            part=part,
            frame=frame,
            title=self._weasyprint_title(report, record),
            author=self.env.company.name or "",
            lang=(self.env.context.get("lang") or "").replace("_", "-"),
        )

    def _weasyprint_title(self, report, record):
        """The name under which the web client would save the file."""
        if record and report.print_report_name:
            try:
                names = {"object": record, "time": time}
                return str(safe_eval(report.print_report_name, names))
            except ValueError:
                _logger.info("The name of report %s fails for %s", report.name, record)
        names = [report.name or "", record.display_name if record else ""]
        return " - ".join(filter(None, names))

    # --- what goes wrong ---

    def _weasyprint_tell(self, report, res_ids, problems):
        """Log what was left out of the documents, or refuse them altogether."""
        if not problems:
            return
        listed = ", ".join(
            f"{url} ({self._weasyprint_refusal(reason)})"
            for url, reason in problems.items()
        )
        # Anybody may print; only administrators read system parameters.
        parameter = self.env["ir.config_parameter"].sudo().get_param(STRICT_PARAMETER)
        if str2bool(parameter or "", False):
            raise CannotPrint(
                self.env._(
                    "these images or style sheets cannot be used: %(addresses)s",
                    addresses=listed,
                )
            )
        names = self._weasyprint_names(report, res_ids)
        _logger.warning("Report %s, %s: left out %s", report.name, names, listed)

    def _weasyprint_refusal(self, reason):
        """Why an address was not used."""
        return {
            "outside": self.env._("outside the database"),
            "unknown": self.env._("not for documents"),
            "missing": self.env._("missing, or you may not read it"),
        }.get(reason, self.env._("unusable content"))

    @contextmanager
    def _weasyprint_errors(self, report, res_ids):
        """Have any failure told in one sentence that names the report and the record,
        to the user and in the log. What others say to the user passes as it is."""
        try:
            yield
        except Exception as error:
            if self._weasyprint_passes(error):
                raise
            message = self.env._(
                "The report “%(report)s” cannot be printed (%(records)s): %(reason)s.",
                report=report.name,
                records=self._weasyprint_names(report, res_ids),
                reason=self._weasyprint_reason(error),
            )
            _logger.error(message, exc_info=True)
            raise UserError(message) from error

    def _weasyprint_passes(self, error):
        """Whether the error is already a sentence for the user, or one of the database
        that whoever opened the transaction must handle."""
        if isinstance(error, UserError | RedirectWarning):
            return True
        while error:
            if isinstance(error, psycopg2.Error):
                return True
            error = error.__cause__
        return False

    def _weasyprint_reason(self, error):
        """What is wrong, for the end of a sentence."""
        if isinstance(error, CannotPrint):
            return str(error)
        if isinstance(error, document.Malformed):
            if str(error) == "empty":
                return self.env._("there is nothing to print")
            return self.env._("its HTML cannot be read")
        if isinstance(error, QWebError):
            return self.env._(
                "its template %(template)s fails with %(error)s",
                template=error.qweb.template or error.qweb.ref,
                error=str(error.qweb.error).rstrip("."),
            )
        return f"{type(error).__name__}: {error}".rstrip(".")

    def _weasyprint_names(self, report, res_ids):
        """The names of the records, or of as many as one cares to read."""
        if not res_ids:
            return self.env._("without a record")
        try:
            records = self.env[report.model].browse(dict.fromkeys(res_ids[:NAMED]))
            names = ", ".join(records.mapped("display_name"))
        except (KeyError, UserError):
            names = ", ".join(map(str, res_ids[:NAMED]))
        return f"{names}…" if len(res_ids) > NAMED else names
