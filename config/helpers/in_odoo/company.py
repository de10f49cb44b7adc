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
partners = env["res.partner"].with_context(active_test=False).search([])
partners.write({"lang": "fr_CA", "tz": "America/Toronto"})
env["ir.default"].set("res.partner", "lang", "fr_CA")
env["ir.default"].set("res.partner", "tz", "America/Toronto")
env.cr.commit()
