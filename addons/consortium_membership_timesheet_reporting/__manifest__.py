{
    "name": "Consortium: hours by category of members",
    "summary": "Hours rendered by category; work of worker members",
    "version": "19.0.1.0.0",
    "category": "Cooperative",
    "author": "Consortium contributors",
    "license": "AGPL-3",
    "depends": ["consortium_membership_reporting", "consortium_timesheet_reporting"],
    "auto_install": True,
}
