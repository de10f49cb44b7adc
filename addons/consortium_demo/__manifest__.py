{
    "name": "Consortium: the demonstration year",
    "summary": "An invented cooperative, from its founders to its annual report",
    "version": "19.0.1.0.0",
    "category": "Cooperative",
    "author": "Consortium contributors",
    "license": "AGPL-3",
    "depends": [
        "consortium_membership_services",
        "consortium_membership_timesheet_reporting",
        "consortium_services_event",
        "consortium_services_reporting",
        "consortium_services_timesheet",
        "report_weasyprint_l10n_ca",
    ],
    "demo": ["demo/consortium_demo.xml"],
}
