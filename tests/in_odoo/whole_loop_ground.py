"""For Odoo's shell, in a database with every addon and no demonstration data: the
cooperative that the whole loop is walked in. Its fiscal year ends on the day of the
walk. Environment: LOOP_ADDRESS of the application, LOOP_MAIL the port of the mailbox.
"""

import os

from odoo import Command, fields

company = env.company
today = company._today()
first = fields.Date.add(today, years=-1, days=1)


def ref(name):
    return env.ref(name)


def resolution(kind, date, subject):
    made = env["consortium.resolution"].create(
        {"kind": kind, "date": date, "subject": subject, "unanimous": True}
    )
    made.action_decide()
    return made


# Where the application is, and where its messages go.
env["ir.config_parameter"].set_param("web.base.url", os.environ["LOOP_ADDRESS"])
env["ir.config_parameter"].set_param("web.base.url.freeze", "True")
env["ir.mail_server"].create(
    {
        "name": "Boîte aux lettres",
        "smtp_host": "127.0.0.1",
        "smtp_port": os.environ["LOOP_MAIL"],
        "smtp_encryption": "none",
    }
)
company.write(
    {
        "name": "Coopérative du Cercle",
        "legal_name": "Coopérative du Cercle",
        "email": "bonjour@cercle.example",
        "street": "1, rue du Cercle",
        "city": "Québec",
        "zip": "G1K 3G6",
        "nonprofit_clause": True,
        "fiscalyear_last_day": today.day,
        "fiscalyear_last_month": str(today.month),
    }
)

# Whom messages are from, when nobody signs them.
env["mail.alias.domain"].create({"name": "cercle.example", "default_from": "bonjour"})

# The people; each logs in with the name of its role.
users = {
    role: env["res.users"].create(
        {
            "name": name,
            "login": role,
            "password": role,
            "email": f"{role}@cercle.example",
            "group_ids": [Command.link(ref(f"consortium_base.group_{role}").id)],
        }
    )
    for role, name in {
        "expert": "Élise Experte",
        "coordinator": "Colin Coordonnateur",
        "membership_officer": "Solange Secrétaire",
        "accountant": "Carl Comptable",
        "manager": "Diane Directrice",
        "auditor": "Aude Auditrice",
    }.items()
}

# Who attests the annual report.
env["consortium.office"].create(
    [
        {
            "person_id": env["res.partner"].create({"name": name}).id,
            "role": role,
            "date_start": first,
        }
        for name, role in (
            ("Pauline Présidente", "president"),
            ("Albert Administrateur", "director"),
        )
    ]
)

# What a user member subscribes.
shares = env["consortium.share.class"].create(
    {
        "code": "PS",
        "name": "Parts sociales de qualification",
        "kind": "common",
        "is_qualifying": True,
    }
)
shares.action_set_up_accounting()
ref("consortium_membership.member_category_user").qualifying_ids = [
    Command.create({"share_class_id": shares.id, "quantity": 10})
]

# Two fields of the catalogue: their coordinator, expert, center and rate.
expert = env["hr.employee"].create(
    {"name": "Élise Experte", "user_id": users["expert"].id}
)
rates = resolution("rates", fields.Date.add(first, days=-30), "Tarifs provisoires")
centers = {}
for code, cents in {"JUR": 12_000, "FIN": 9_000}.items():
    field = env["consortium.expertise"].search([("code", "=", code)])
    field.write({"manager_id": users["coordinator"].id, "employee_ids": expert.ids})
    center = env["consortium.cost.center"].create({"code": code, "name": field.name})
    field.cost_center_id = centers[code] = center
    env["consortium.hourly.rate"].create(
        {
            "cost_center_id": center.id,
            "date_start": first,
            "rate_cents": cents,
            "resolution_id": rates.id,
        }
    ).action_approve()
# Three people in each: their cost tells nobody's pay.
colleagues = env["hr.employee"].create([{"name": "Paul"}, {"name": "Rose"}])
env["consortium.cost.assignment"].create(
    [
        {
            "employee_id": person.id,
            "cost_center_id": center.id,
            "share": 50,
            "date_start": first,
        }
        for person in expert | colleagues
        for center in centers.values()
    ]
)
env["consortium.expert.load"]._refresh(expert)
resolution("rates", today, "Coût réel de l'exercice")
resolution("settlement", today, "Régularisation de l'exercice")

# What the year has cost, in the books of each center.
expense = env["account.account"].search([("account_type", "=", "expense")], limit=1)
bank = env["account.journal"].search([("type", "=", "bank")], limit=1)
paid = bank.default_account_id
lines = []
for code, amount in {"JUR": 690, "FIN": 195}.items():
    analytic = centers[code].analytic_account_id
    lines += [
        {
            "account_id": expense.id,
            "balance": amount,
            "analytic_distribution": {str(analytic.id): 100},
        },
        {"account_id": paid.id, "balance": -amount},
    ]
env["account.move"].create(
    {
        "date": today,
        "journal_id": env["account.journal"].search([("type", "=", "general")])[:1].id,
        "line_ids": [Command.create(line) for line in lines],
    }
).action_post()
print("READY", today, first)
env.cr.commit()
