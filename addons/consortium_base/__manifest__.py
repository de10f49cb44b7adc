{
    "name": "Consortium: shared kernel",
    "summary": "The cooperative, its organisations, representatives and registers",
    "version": "19.0.1.0.0",
    "category": "Cooperative",
    "author": "Consortium contributors",
    "license": "AGPL-3",
    "depends": ["account", "portal"],
    "data": [
        "security/consortium_security.xml",
        "views/consortium_base_menus.xml",
    ],
    "application": True,
}
