"""Core's quotation and timesheets on paper, in a database of their own: the addons that
they come with are not among what ours depend on yet."""

import os
import subprocess

import pdfplumber
import pytest
from helpers import odoo, templates

MODULES = ["sale", "hr_timesheet"]
OURS = ["report_weasyprint_l10n_ca"]
LETTERHEAD = ("NEQ", "1179482265", "123456789 RT0001", "1234567890 TQ0001")
LINES = 45
PRINTING = f"""
import os, pathlib
env = env(context={{"lang": "fr_CA", "force_report_rendering": True}})
env.company.write({{
    "name": "Coopérative des lacs", "street": "155, boulevard Charest",
    "company_registry": "1179482265", "vat": "123456789 RT0001",
    "l10n_ca_pst": "1234567890 TQ0001",
    "external_report_layout_id": env.ref("web.external_layout_standard").id,
    "paperformat_id": env.ref("base.paperformat_us").id,
    "company_details": "<p>Coopérative des lacs<br/>155, boulevard Charest</p>",
}})
partner = env["res.partner"].create({{"name": "Atelier Boréal", "lang": "fr_CA"}})
product = env["product.product"].create({{"name": "Heures", "type": "service"}})
order = env["sale.order"].create({{
    "partner_id": partner.id,
    "order_line": [
        (0, 0, {{"product_id": product.id, "name": f"Service-{{n}}"}})
        for n in range({LINES})
    ],
}})
project = env["project.project"].create({{"name": "Fusion", "allow_timesheets": True}})
employee = env["hr.employee"].create({{"name": "Élodie Gingras"}})
env["account.analytic.line"].create([
    {{"project_id": project.id, "employee_id": employee.id, "date": "2019-05-31",
      "name": f"Service-{{n}}", "unit_amount": 1.5}}
    for n in range({LINES})
])
folder = pathlib.Path(os.environ["PAPER_FOLDER"])
for name, records in (
    ("sale.report_saleorder", order), ("hr_timesheet.report_timesheet_project", project)
):
    content, kind = env["ir.actions.report"]._render_qweb_pdf(name, records.ids)
    assert kind == "pdf"
    (folder / f"{{name}}.pdf").write_bytes(content)
"""


@pytest.fixture(scope="module")
def folder(server, tmp_path_factory):
    """Where core's two reports have been printed."""
    name = templates.beside(server, "consortium_paper", OURS, MODULES)
    path = tmp_path_factory.mktemp("paper")
    visible = templates.VAR / "beside" / name
    done = subprocess.run(
        [*odoo.command("shell", "-d", name, "--no-http"), "--log-level=warn"],
        env={
            **os.environ,
            **odoo.environment(server, visible),
            "PAPER_FOLDER": str(path),
        },
        input=PRINTING,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    assert not templates.complaints_in(done.stdout + done.stderr)
    return path


@pytest.mark.parametrize(
    ("report", "title", "letterhead"),
    [
        ("sale.report_saleorder", "Devis", LETTERHEAD),
        # Core's layout for inside the house: date, company, page.
        ("hr_timesheet.report_timesheet_project", "Fusion", ("Coopérative", "lacs")),
    ],
)
def test_report(folder, report, title, letterhead):
    """Every line once, between a header and a footer that each page has."""
    with pdfplumber.open(folder / f"{report}.pdf") as pdf:
        assert len(pdf.pages) in (2, 3, 4)
        assert title in pdf.pages[0].extract_text()
        lines = []
        for number, page in enumerate(pdf.pages, 1):
            text = page.extract_text()
            for words in (*letterhead, f"{number} / {len(pdf.pages)}"):
                assert words in text
            words = page.extract_words()
            own = [word for word in words if word["text"].startswith("Service-")]
            lines += [word["text"] for word in own]
            last = letterhead[-1].split()[-1]
            head = max(w["bottom"] for w in words if w["text"] == last)
            foot = min((w["top"] for w in words if w["text"] == "Page"), default=1e9)
            assert head < min((w["top"] for w in own), default=foot)
            assert max((w["bottom"] for w in own), default=head) < foot
            assert "Description" in text or not own, "the head of the table again"
            assert max(w["x1"] for w in words) <= page.width
    assert sorted(lines) == sorted(f"Service-{n}" for n in range(LINES))
