{
    "name": "Consortium: members in the annual report",
    "summary": "Figures and lists of members, state of capital, operations by category",
    "version": "19.0.1.0.0",
    "category": "Cooperative",
    "author": "Consortium contributors",
    "license": "AGPL-3",
    "depends": ["consortium_membership", "consortium_reporting"],
    "data": ["data/consortium_indicator_data.xml"],
    "auto_install": True,
    "post_init_hook": "post_init_hook",
}
