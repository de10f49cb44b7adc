{
    "name": "PDF reports by WeasyPrint",
    "summary": "Letterhead, footer and page numbers on every page, without wkhtmltopdf",
    "version": "19.0.1.0.0",
    "category": "Technical",
    "author": "Consortium contributors",
    "license": "AGPL-3",
    "depends": ["web"],
    "data": ["views/ir_actions_report_views.xml"],
    "external_dependencies": {"python": ["weasyprint"]},
}
