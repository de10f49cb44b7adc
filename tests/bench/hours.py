"""Hours: a file of ten thousand entries in seconds, and queries beside the archive.

The file is checked and entered as a coordinator does it. The week and the approval are
asked for before and after the file: their queries must be as many.
"""

import base64
import time
from datetime import date, timedelta

ROWS = 10_000
PEOPLE = 100
SECONDS = 30  # the budget of the import
FIRST_DAY = date(2019, 1, 1)


def measure(env):
    """Yield the rows of the table; see ``config/helpers/bench.py``."""
    env = env(context={**env.context, "tracking_disable": True})
    employees, project, tasks = make(env)
    expert = env.user
    few = queries(env, expert, tasks[0])
    file = env["consortium.hours.import"].create(
        {
            "name": "banc.csv",
            "file": base64.b64encode(content(employees, project, tasks)),
        }
    )
    start = time.perf_counter()
    file.action_check()
    checked = time.perf_counter() - start
    file.action_run()
    env.flush_all()
    spent = time.perf_counter() - start
    name = f"{ROWS} hours: dry run, in seconds"
    yield name, checked, "", None, None
    name = f"{ROWS} hours: dry run and import, in seconds"
    yield name, spent, "the budget", SECONDS, 1
    many = queries(env, expert, tasks[0])
    for name in ("week", "approval"):
        yield (
            f"{name}: queries after {ROWS} more hours",
            many[name],
            "before them",
            few[name],
            1,
        )


def make(env):
    """A hundred people of one center, a project of theirs, ten tasks."""
    company = env.company
    center = env["consortium.cost.center"].create({"code": "BANC", "name": "Banc"})
    employees = env["hr.employee"].create(
        [
            {"name": f"Personne {i}", "work_email": f"p{i}@banc.example"}
            for i in range(PEOPLE)
        ]
    )
    if not env.user.employee_id:
        env["hr.employee"].create({"name": "Banc", "user_id": env.uid})
    env["consortium.cost.assignment"].create(
        [
            {
                "employee_id": employee.id,
                "cost_center_id": center.id,
                "date_start": "2018-07-01",
            }
            for employee in employees
        ]
    )
    project = env["project.project"].create(
        {"name": "Entente du banc", "company_id": company.id}
    )
    tasks = env["project.task"].create(
        [{"name": f"Tâche {i}", "project_id": project.id} for i in range(10)]
    )
    return employees, project, tasks


def content(employees, project, tasks):
    """The file: each person, a hundred days, one entry a day."""
    rows = ["Date;Employé;Projet;Tâche;Heures;Description"]
    for number in range(ROWS):
        day = FIRST_DAY + timedelta(days=number // PEOPLE)
        employee = employees[number % PEOPLE]
        task = tasks[number % len(tasks)]
        rows.append(
            f"{day};{employee.work_email};{project.name};{task.name};1,25;Travail"
        )
    return "\n".join(rows).encode()


def queries(env, user, task):
    """How many queries the two screens make, for one entry shown by each."""
    Line = env["account.analytic.line"]
    line = Line.create(
        {
            "name": "Travail",
            "date": env.company._today(),
            "employee_id": user.employee_id.id,
            "project_id": task.project_id.id,
            "task_id": task.id,
            "unit_amount": 0.1,
        }
    )
    line.action_submit()
    counts = {}
    for name, ask in (
        ("week", env["consortium.time.week"].get_week),
        ("approval", lambda: approval(Line)),
    ):
        env.flush_all()
        env.invalidate_all()
        before = env.cr.sql_log_count
        ask()
        counts[name] = env.cr.sql_log_count - before
    line.action_recall()
    line.unlink()
    return counts


def approval(lines):
    """What the screen of approval asks for."""
    domain = [("approval_state", "=", "submitted"), *lines._time_domain()]
    fields = {"oddities": {}, "date": {}, "name": {}, "minutes": {}, "employee_id": {}}
    lines.web_search_read(domain, fields, order="is_odd desc, date, id", limit=80)
