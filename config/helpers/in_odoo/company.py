"""For Odoo's shell, in a database with ``base`` alone: a company in Québec, its
currency and time zone, and French (Canada) for everybody, present and to come."""

quebec = env.ref("base.state_ca_qc")
env.company.write(
    {
        "country_id": quebec.country_id.id,
        "state_id": quebec.id,
        "currency_id": env.ref("base.CAD").id,
    }
)
# Core's names of states are in English, and are not translatable.
for code, name in {
    "bc": "Colombie-Britannique",
    "nb": "Nouveau-Brunswick",
    "nl": "Terre-Neuve-et-Labrador",
    "ns": "Nouvelle-Écosse",
    "nt": "Territoires du Nord-Ouest",
    "pe": "Île-du-Prince-Édouard",
    "qc": "Québec",
}.items():
    env.ref(f"base.state_ca_{code}").name = name
partners = env["res.partner"].with_context(active_test=False).search([])
partners.write({"lang": "fr_CA", "tz": "America/Toronto"})
env["ir.default"].set("res.partner", "lang", "fr_CA")
env["ir.default"].set("res.partner", "tz", "America/Toronto")
env.cr.commit()
