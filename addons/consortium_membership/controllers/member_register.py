import datetime
import io

import xlsxwriter
from odoo import fields
from odoo.http import Controller, content_disposition, request, route
from werkzeug.exceptions import NotFound

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTHS = {"number": 7, "name": 36, "address": 40, "representative": 28, "email": 30}


def spreadsheet(register, as_of):
    """Render a register.

    :param register: the structure of ``consortium.membership._register_on``
    :param as_of: the words for the date
    :return: the file's content
    """
    stream = io.BytesIO()
    # What people typed is text, even when it begins with an equals sign.
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(stream, options) as book:
        formats = {
            "title": book.add_format({"bold": True, "font_size": 14}),
            "head": book.add_format(
                {"bold": True, "bottom": 1, "bg_color": "#EEEEEE", "text_wrap": True}
            ),
            "cell": book.add_format({"text_wrap": True, "valign": "top"}),
            "day": book.add_format(
                {"num_format": "yyyy-mm-dd", "align": "left", "valign": "top"}
            ),
        }
        sheet = book.add_worksheet(register["title"][:31])
        sheet.write_string(0, 0, register["title"], formats["title"])
        sheet.write_string(1, 0, f"{register['company']} – {as_of}")
        for column, (key, label) in enumerate(register["columns"]):
            sheet.write_string(3, column, label, formats["head"])
            sheet.set_column(column, column, WIDTHS.get(key, 18))
        line = 4
        for row in register["rows"]:
            for column, (key, _label) in enumerate(register["columns"]):
                _write(sheet, line, column, row.get(key, ""), formats)
            line += 1
        for text in (*register["totals"], *register["remarks"]):
            line += 1
            sheet.write_string(line, 0, text)
        sheet.freeze_panes(4, 2)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(3)
    return stream.getvalue()


def _write(sheet, line, column, value, formats):
    if isinstance(value, datetime.date):
        moment = fields.Datetime.to_datetime(value)
        sheet.write_datetime(line, column, moment, formats["day"])
    elif isinstance(value, int) and not isinstance(value, bool):
        sheet.write_number(line, column, value, formats["cell"])
    else:
        sheet.write_string(line, column, value or "", formats["cell"])


class MemberRegister(Controller):
    @route("/consortium/members.xlsx", type="http", auth="user", readonly=True)
    def spreadsheet(
        self, report="members", date=None, company=None, departed=None, **kwargs
    ):
        """A register as of a date, with what the user may read of it."""
        env = request.env
        model = env["consortium.membership"]
        if not env.user._is_internal() or not model.has_access("read"):
            raise NotFound()
        if report not in model._register_titles():
            raise NotFound()
        try:
            date = fields.Date.to_date(date) or env.company._today()
        except ValueError as error:
            raise NotFound() from error
        chosen = env.company
        if company:
            known = env.user.company_ids.ids
            if not str(company).isdecimal() or int(company) not in known:
                raise NotFound()
            chosen = chosen.browse(int(company))
        register = model._register_on(report, date, chosen, departed == "1")
        content = spreadsheet(register, env._("as of %(date)s", date=date))
        name = f"{register['title']} {date}"
        return request.make_response(
            content,
            headers=[
                ("Content-Type", XLSX),
                ("Content-Disposition", content_disposition(f"{name}.xlsx")),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
