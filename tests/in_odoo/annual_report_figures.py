"""For Odoo's shell: what the annual report of 2018-2019 says, as one line of JSON.

The report is computed anew from the records, and read as people read it: from its
structure, not from the tables behind it.
"""

import json

report = env["consortium.annual.report"].search([("date_to", "=", "2019-06-30")])
report.action_compute()
version, _lang = report._read_version()
sections = {section["code"]: section for section in version["sections"]}


def rows(section, code):
    """The cells of a table by the first one of each row."""
    for block in sections[section]["blocks"]:
        if block["kind"] == "table" and block["code"] == code:
            return {row["cells"][0]: row["cells"][1:] for row in block["rows"]}
    return {}


def row_of(section, name):
    """The figures of an indicator over the years, in the table of its section."""
    indicator = env["consortium.indicator"].search([("code", "=", name)])
    label = indicator.with_context(lang=_lang).name
    return rows(section, f"figures_{indicator.section}")[label]


totals = [
    row["cells"][1:]
    for block in sections["finances"]["blocks"]
    if block["kind"] == "table" and block["code"] == "finances"
    for row in block["rows"]
    if row.get("style") == "total"
]
stars = sum(
    str(row["cells"][1]).startswith("★")
    for block in sections["members"]["blocks"]
    if block["kind"] == "table" and block["code"].startswith("members_")
    for row in block["rows"]
)
print(
    "FIGURES "
    + json.dumps(
        {
            "failed": [c for c, s in sections.items() if s["state"] == "failed"],
            "members": row_of("members", "members"),
            "members_new": row_of("members", "members_new")[-1],
            "stars": stars,
            "hours": row_of("services", "hours")[-2:],
            "agreements": row_of("services", "agreements")[-2:],
            "satisfaction": row_of("satisfaction", "satisfaction")[-1],
            "nonfounding": row_of("operations", "nonfounding_revenue_share"),
            "operations": list(rows("operations", "operations").values())[0][-1],
            "surplus": row_of("finances", "surplus"),
            "surplus_share": row_of("finances", "surplus_share")[-1],
            "finances": totals,
            "capital": bool(rows("capital", "shares_amount")),
            "checklist": {
                item.requirement_id.code: item.state for item in report.item_ids
            },
        }
    )
)
env.cr.rollback()
