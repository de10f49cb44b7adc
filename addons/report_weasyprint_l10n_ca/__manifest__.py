{
    "name": "PDF reports by WeasyPrint: Canada",
    "summary": "NEQ, GST and QST numbers in the letterhead of every document",
    "version": "19.0.1.0.0",
    "category": "Technical",
    "author": "Consortium contributors",
    "license": "AGPL-3",
    "depends": ["report_weasyprint", "l10n_ca"],
    "data": ["views/report_templates.xml"],
    "demo": ["demo/res_company_demo.xml"],
    "auto_install": True,
}
