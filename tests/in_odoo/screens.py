"""For Odoo's shell: what keeps a screen from opening, by role, as one line of JSON.

Each entry of the menus is opened as the web client opens it, without drawing it: its
views, the fields that they show of its first records, a new record where one may be
made. A field that may not be read keeps the whole screen from opening, and sends back
to the home page whoever asked for it.
"""

import datetime
import json

from lxml import etree
from odoo.tools import safe_eval

LOGINS = ("expert", "coordination", "secretariat", "comptable", "direction", "audit")
RECORDS = {"list": 40, "kanban": 40, "form": 5}
# Menus that core shows to people who may not read what is behind them.
REFUSED_BY_CORE = {
    ("comptable", "account_payment.payment_method_menu"),
    (
        "audit",
        "spreadsheet_dashboard.spreadsheet_dashboard_menu_configuration_dashboards",
    ),
}


def specification(node):
    """The fields of a view, with those of the lists and forms inside of it."""
    found = {}
    for child in node:
        if child.tag == "groupby":
            continue  # The fields of another model.
        if child.tag != "field":
            found |= specification(child)
            continue
        inside = [view for view in child if view.tag in ("list", "form", "kanban")]
        fields = {"fields": specification(inside[0])} if inside else {}
        found[child.get("name")] = fields or found.get(child.get("name"), {})
    return found


def opened(model, kind, arch, domain):
    """Read what a view shows.

    :return: how many records there were
    """
    fields = specification(arch)
    if kind == "form":
        records = model.browse()
        if model._auto and not model._transient:
            records = model.search(domain, limit=RECORDS[kind])
        for record in records:
            # Each by a request of its own: nothing read before is remembered.
            env.invalidate_all()
            record.web_read(fields)
        if arch.get("create") not in ("0", "false") and model.has_access("create"):
            model.onchange({}, [], fields)
        return len(records)
    if kind in RECORDS:
        return len(
            model.web_search_read(domain, fields, limit=RECORDS[kind])["records"]
        )
    if kind == "pivot":
        rows = [
            name
            + (":month" if model._fields[name].type in ("date", "datetime") else "")
            for node in arch
            if node.get("type") in ("row", "col")
            for name in [node.get("name")]
        ]
        sums = [
            f"{node.get('name')}:sum" for node in arch if node.get("type") == "measure"
        ]
        return len(model.formatted_read_group(domain, rows[:2], [*sums, "__count"]))
    return 0


def screen(user, action):
    """Open an action as a user.

    :return: how many of its views were read, and how many records
    """
    names = {
        "uid": user.id,
        "active_id": False,
        "active_ids": [],
        "allowed_company_ids": user.company_ids.ids,
        "company_id": user.company_id.id,
        "context_today": datetime.date.today,
        "datetime": safe_eval.datetime,
        "time": safe_eval.time,
        "relativedelta": safe_eval.dateutil.relativedelta.relativedelta,
    }
    there = env(
        user=user.id,
        context={
            "lang": user.lang,
            "tz": user.tz,
            "allowed_company_ids": user.company_ids.ids,
            **safe_eval.safe_eval(action["context"] or "{}", names),
        },
    )
    domain = safe_eval.safe_eval(action["domain"] or "[]", names)
    model = there[action["res_model"]]
    search = action["search_view_id"] and action["search_view_id"][0]
    views = model.get_views(
        [*action["views"], (search, "search")],
        {"action_id": action["id"], "toolbar": True, "load_filters": True},
    )["views"]
    records = 0
    for kind, view in views.items():
        if kind != "search":
            records += opened(model, kind, etree.fromstring(view["arch"]), domain)
    return len(views) - 1, records


views = records = 0
refused = []
for login in LOGINS:
    user = env["res.users"].search([("login", "=", login)])
    for menu in env(user=user.id)["ir.ui.menu"].load_menus(False).values():
        if menu.get("action_model") != "ir.actions.act_window":
            continue
        if (login, menu["xmlid"]) in REFUSED_BY_CORE:
            continue
        # The action is read by the server for the client.
        action = env["ir.actions.act_window"].browse(menu["action_id"])
        try:
            with env.cr.savepoint():
                more = screen(user, action._get_action_dict())
        except Exception as error:
            env.invalidate_all()
            refused.append(f"{login}, {menu['xmlid']}: {str(error)[:300]}")
            continue
        views, records = views + more[0], records + more[1]
print("SCREENS " + json.dumps({"views": views, "records": records, "refused": refused}))
env.cr.rollback()
