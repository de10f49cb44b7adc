"""The worked example in the books: entries, keys, hours, runs."""

from datetime import date, timedelta

from odoo import Command

from .common_time import TimeCommon
from .oracle import CENTRES, CREDITS, DIRECT, SUPPORT, TARGETS, cells


class RunCommon(TimeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.credit_account = cls.company_data["default_account_revenue"].copy(
            {"at_cost_role": "credit"}
        )
        for code in SUPPORT:
            cls.key(code)
        for code, cents in {**DIRECT, **SUPPORT}.items():
            cls.entry(cls.expense, code, cents)
        for code, cents in CREDITS.items():
            cls.entry(cls.credit_account, code, -cents)
        cls.final_resolution = cls.env["consortium.resolution"].create(
            {
                "subject": "Coût réel 2018-2019",
                "kind": "rates",
                "date": "2019-09-15",
                "unanimous": True,
                "company_id": cls.company.id,
            }
        )
        cls.final_resolution.action_decide()
        cls.reserve_resolution = cls.env["consortium.resolution"].create(
            {
                "subject": "Réserve",
                "kind": "reserve",
                "date": "2018-05-15",
                "unanimous": True,
                "company_id": cls.company.id,
            }
        )
        cls.reserve_resolution.action_decide()

    @classmethod
    def entry(cls, account, code, cents, day="2019-03-31", **values):
        """A posted entry that feeds a center: a cost above zero, a credit below."""
        bank = cls.company_data["default_account_assets"]
        lines = [
            {
                "account_id": account.id,
                "balance": cents / 100,
                "analytic_distribution": {cls.center[code].analytic_account_id.id: 100}
                if code
                else False,
            },
            {"account_id": bank.id, "balance": -cents / 100},
        ]
        move = cls.env["account.move"].create(
            {
                "move_type": "entry",
                "date": day,
                "journal_id": cls.company_data["default_journal_misc"].id,
                "line_ids": [Command.create(line) for line in lines],
                **values,
            }
        )
        move.action_post()
        return move

    @classmethod
    def hours(cls):
        """The approved hours of the worked example, day after day: a day has 24 of
        them, so each center has a person who never sleeps, and two who rest."""
        for code in CENTRES:
            cls.team(code, 2)
        people = {
            code: cls.employee(f"Équipe {code}", (code, 100, "2018-07-01", False))
            for code in CENTRES
        }
        days = dict.fromkeys(CENTRES, date(2018, 7, 1))
        cls.agreements = {}
        rows = []
        for (agreement, code), minutes in sorted(cells("minutes").items()):
            if agreement not in cls.agreements:
                cls.agreements[agreement] = cls.agreement(agreement)
            _order, _line, project, task = cls.agreements[agreement]
            while minutes:
                part = min(minutes, 24 * 60)
                minutes -= part
                rows.append(
                    cls.time_values(
                        part,
                        employee_id=people[code].id,
                        project_id=project.id,
                        task_id=task.id,
                        date=days[code],
                    )
                )
                days[code] += timedelta(days=1)
        return cls.approve(cls.env["account.analytic.line"].create(rows))

    @classmethod
    def new_run(cls, kind="final", **values):
        values = {
            "kind": kind,
            "company_id": cls.company.id,
            "date_from": "2018-07-01",
            **values,
        }
        if "resolution_id" not in values:
            values["resolution_id"] = cls.final_resolution.id
        return cls.env["consortium.rate.run"].create(values)

    @classmethod
    def target(cls, **values):
        """The target of the worked example, in full cost, without support."""
        return cls.new_run(
            "target",
            resolution_id=cls.resolution.id,
            center_ids=[
                Command.create(
                    {
                        "cost_center_id": cls.center[code].id,
                        "cost": cents / 100,
                        "planned_hours": minutes / 60,
                    }
                )
                for code, (cents, minutes) in TARGETS.items()
            ],
            **values,
        )
