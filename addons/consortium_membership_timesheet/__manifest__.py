{
    "name": "Consortium: true-up of members who left",
    "summary": "Members who left, or are new, are always settled",
    "version": "19.0.1.0.0",
    "category": "Cooperative",
    "author": "Consortium contributors",
    "license": "AGPL-3",
    "depends": ["consortium_membership", "consortium_timesheet"],
    "auto_install": True,
}
