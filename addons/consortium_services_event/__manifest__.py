{
    "name": "Consortium: training",
    "summary": "Training sessions, their registration in the portal, their hours",
    "version": "19.0.1.0.0",
    "category": "Cooperative",
    "author": "Consortium contributors",
    "license": "AGPL-3",
    "depends": ["consortium_services", "event"],
    "data": [
        "security/ir.model.access.csv",
        "security/event_security.xml",
        "views/event_event_views.xml",
        "views/training_portal_templates.xml",
    ],
    "demo": ["demo/event_demo.xml"],
    "auto_install": True,
}
