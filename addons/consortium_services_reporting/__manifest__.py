{
    "name": "Consortium: services in the annual report",
    "summary": "Agreements, organizations served, requests, satisfaction, staff",
    "version": "19.0.1.0.0",
    "category": "Cooperative",
    "author": "Consortium contributors",
    "license": "AGPL-3",
    "depends": ["consortium_services", "consortium_reporting"],
    "data": ["data/consortium_indicator_data.xml"],
    "auto_install": True,
}
