{
    "name": "Consortium: services at cost",
    "summary": "The cost center of each field of expertise; what an agreement costs",
    "version": "19.0.1.0.0",
    "category": "Cooperative",
    "author": "Consortium contributors",
    "license": "AGPL-3",
    "depends": ["consortium_services", "consortium_timesheet"],
    "data": [
        "views/consortium_expertise_views.xml",
        "views/sale_order_views.xml",
        "views/agreement_portal_templates.xml",
    ],
    "auto_install": True,
}
