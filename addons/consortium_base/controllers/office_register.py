import io

import xlsxwriter
from odoo import fields
from odoo.http import Controller, content_disposition, request, route
from werkzeug.exceptions import NotFound

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTHS = {"name": 28, "domicile": 40, "organization": 34, "group": 28, "state": 26}


def spreadsheet(register, labels):
    """Render the register of directors and officers.

    :param register: the structure of ``consortium.office._register_on``
    :param labels: the words of the sheet that are not in the structure
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
        title = book.add_format({"bold": True, "font_size": 14})
        head = book.add_format(
            {"bold": True, "bottom": 1, "bg_color": "#EEEEEE", "text_wrap": True}
        )
        cell = book.add_format({"text_wrap": True, "valign": "top"})
        day = book.add_format(
            {"num_format": "yyyy-mm-dd", "align": "left", "valign": "top"}
        )
        sheet = book.add_worksheet(labels["sheet"][:31])
        sheet.write_string(0, 0, labels["title"], title)
        sheet.write_string(1, 0, f"{register['company']} – {labels['as_of']}")
        for column, (key, label) in enumerate(register["columns"]):
            sheet.write_string(3, column, label, head)
            sheet.set_column(column, column, WIDTHS.get(key, 16))
        line = 4
        for row in register["rows"]:
            for column, (key, _label) in enumerate(register["columns"]):
                value = row[key]
                if key in ("start", "term_end") and value:
                    sheet.write_datetime(
                        line, column, fields.Datetime.to_datetime(value), day
                    )
                else:
                    sheet.write_string(line, column, value or "", cell)
            line += 1
        for check in register["checks"]:
            line += 1
            mark = labels["ok"] if check["ok"] else labels["to_check"]
            sheet.write_string(line, 0, f"{mark} – {check['message']}")
        sheet.freeze_panes(4, 1)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(3)
    return stream.getvalue()


class OfficeRegister(Controller):
    @route("/consortium/offices.xlsx", type="http", auth="user", readonly=True)
    def spreadsheet(self, date=None, company=None, **kwargs):
        """The register as of a date, with what the user may read of it."""
        env = request.env
        offices = env["consortium.office"]
        if not env.user._is_internal() or not offices.has_access("read"):
            raise NotFound()
        try:
            date = fields.Date.to_date(date) or env.company._today()
        except ValueError as error:
            raise NotFound() from error
        companies = env.user.company_ids
        if company and str(company).isdecimal():
            companies = companies.filtered(lambda c: c.id == int(company))
        if not companies:
            raise NotFound()
        chosen = companies[:1] if company else env.company
        title = env._("Register of Directors and Officers")
        content = spreadsheet(
            offices._register_on(date, chosen),
            {
                "sheet": env._("Directors and Officers"),
                "title": title,
                "as_of": env._("as of %(date)s", date=date),
                "ok": env._("In order"),
                "to_check": env._("To check"),
            },
        )
        name = env._("Directors and officers %(date)s", date=date)
        return request.make_response(
            content,
            headers=[
                ("Content-Type", XLSX),
                ("Content-Disposition", content_disposition(f"{name}.xlsx")),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
