import io

import xlsxwriter
from odoo.addons.consortium_base.controllers.office_register import XLSX
from odoo.http import Controller, content_disposition, request, route
from werkzeug.exceptions import NotFound

DATES, MONEY = (2, 3), (5, 6, 7)
WIDTHS = (36, 10, 12, 12, 8, 12, 14, 14, 24, 24, 24, 14)


def spreadsheet(register, labels):
    """Render the share register.

    :param register: the structure of ``consortium.share.register._register_on``
    :param labels: the words of the sheet that are not in the structure
    :return: the file's content
    """
    stream = io.BytesIO()
    # What people typed is text, even when it begins with an equals sign.
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "default_date_format": "yyyy-mm-dd",
    }
    with xlsxwriter.Workbook(stream, options) as book:
        title = book.add_format({"bold": True, "font_size": 14})
        head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#EEEEEE"})
        money = book.add_format({"num_format": "#,##0.00"})
        bold = book.add_format({"bold": True})
        bold_money = book.add_format({"bold": True, "num_format": "#,##0.00"})
        sheet = book.add_worksheet(labels["sheet"][:31])
        sheet.write_string(0, 0, labels["title"], title)
        sheet.write_string(1, 0, f"{register['company']} – {labels['as_of']}")
        for column, (_key, label) in enumerate(register["columns"]):
            sheet.write_string(3, column, label, head)
            sheet.set_column(column, column, WIDTHS[column])
        line = 4
        for row in register["rows"]:
            for column, value in enumerate(row):
                if value is None:
                    continue
                if column in DATES:
                    sheet.write_datetime(line, column, value)
                elif column in MONEY:
                    sheet.write_number(line, column, value, money)
                elif column == 4:
                    sheet.write_number(line, column, value)
                else:
                    sheet.write_string(line, column, value)
            line += 1
        for code, (quantity, paid, owing) in register["totals"].items():
            sheet.write_string(line, 0, labels["total"], bold)
            sheet.write_string(line, 1, code, bold)
            sheet.write_number(line, 4, quantity, bold)
            sheet.write_number(line, 6, paid, bold_money)
            sheet.write_number(line, 7, owing, bold_money)
            line += 1
        sheet.freeze_panes(4, 1)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(3)
    return stream.getvalue()


class ShareRegister(Controller):
    @route("/consortium/shares.xlsx", type="http", auth="user", readonly=True)
    def spreadsheet(self, register=None, **kwargs):
        """The register chosen on its screen, which only who opened it reads."""
        model = request.env["consortium.share.register.print"]
        if not str(register or "").isdecimal() or not model.has_access("read"):
            raise NotFound()
        screen = model.browse(int(register)).exists()
        if not screen or not screen.has_access("read"):
            raise NotFound()
        env = screen.env
        labels = {
            "sheet": env._("Shares"),
            "title": env._("Share Register"),
            "as_of": env._("as of %(date)s", date=screen.date),
            "total": env._("Total"),
        }
        name = env._("Share register %(date)s", date=screen.date)
        return request.make_response(
            spreadsheet(screen._figures(), labels),
            headers=[
                ("Content-Type", XLSX),
                ("Content-Disposition", content_disposition(f"{name}.xlsx")),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
