"""For Odoo's shell: an approved hour, and one that is not charged."""

center = env["consortium.cost.center"].create({"code": "FIN", "name": "Finances"})
employee = env["hr.employee"].create({"name": "Iris Interrompue"})
env["consortium.cost.assignment"].create(
    {
        "employee_id": employee.id,
        "cost_center_id": center.id,
        "share": 100,
        "date_start": "2018-07-01",
    }
)
project = env["project.project"].create({"name": "Travaux"})
approved, free = env["account.analytic.line"].create(
    [
        {
            "name": "Travail",
            "date": "2018-09-03",
            "employee_id": employee.id,
            "project_id": project.id,
            "unit_amount": 1,
        }
        for _each in range(2)
    ]
)
free.write(
    {
        "chargeable": False,
        "nonchargeable_reason_id": env["consortium.nonchargeable.reason"]
        .search([], limit=1)
        .id,
    }
)
(approved | free).action_submit()
approved.action_approve()
assert approved.approval_state == "approved"
env.cr.commit()
