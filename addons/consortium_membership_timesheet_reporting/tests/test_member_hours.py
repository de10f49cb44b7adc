from datetime import date

from odoo.addons.consortium_timesheet.tests.common_time import TimeCommon
from odoo.exceptions import UserError
from odoo.tests import tagged

YEAR = ("2018-07-01", "2019-06-30")


@tagged("post_install", "-at_install")
class TestMemberHours(TimeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admission = cls.env["consortium.resolution"].create(
            {
                "subject": "Admissions",
                "kind": "admission",
                "date": "2015-01-15",
                "unanimous": True,
                "company_id": cls.company.id,
            }
        )
        cls.admission.action_decide()
        cls.support = cls.env["consortium.member.category"].create(
            {"name": "Soutien", "code": "t_support", "kind": "support"}
        )
        cls.workers = cls.env["consortium.member.category"].create(
            {"name": "Travailleurs", "code": "t_worker", "kind": "worker"}
        )

    def admit(self, partner, start, category):
        self.env["consortium.membership"]._admit(
            partner, category, start, resolution_id=self.admission.id
        )

    def network(self, date_start, date_end=False):
        """A network that the organisation of the agreement is of on these days."""
        kind = self.env.ref("consortium_base.organization_kind_network")
        network = self.env["res.partner"].create(
            {"name": "Réseau", "is_company": True, "organization_kind_id": kind.id}
        )
        self.env["consortium.affiliation"].create(
            {
                "organization_id": self.order.partner_id.id,
                "network_id": network.id,
                "date_start": date_start,
                "date_end": date_end,
            }
        )
        return network

    def hours(self):
        return self.env["consortium.indicator"]._values(["hours"], *YEAR)["hours"]

    def test_hours_by_the_category_of_the_day(self):
        self.admit(self.order.partner_id, "2018-10-01", self.support)
        for day, minutes in (("2018-09-28", 30), ("2018-10-01", 90)):
            self.approve(self.time(minutes, date=day))
        found = self.hours()
        self.assertEqual(found["by"]["category"], {"Soutien": 90, "Not a member": 30})
        self.assertEqual(sum(found["by"]["category"].values()), found["value"])

    def test_hours_through_a_network(self):
        network = self.network("2018-01-01")
        self.admit(network, "2018-07-01", self.support)
        self.approve(self.time(30))
        self.assertEqual(self.hours()["by"]["category"], {"Soutien": 30})

    def test_months_in_which_nothing_changes_say_the_same_as_days(self):
        """Against the membership of each day, asked entry by entry."""
        lines = self.env["account.analytic.line"]
        for month in range(8, 13):
            for day in (1, 14, 15, 28):
                lines |= self.time(day, date=f"2018-{month:02}-{day:02}")
        self.approve(lines)
        # Through a network for some days of September; by itself in October from the
        # 15th on.
        network = self.network("2018-09-14", "2018-09-27")
        self.admit(network, "2018-08-20", self.workers)
        self.admit(self.order.partner_id, "2018-10-15", self.support)
        indicators = self.env["consortium.indicator"]
        for start, end in (
            (date(2018, 7, 1), date(2019, 6, 30)),
            (date(2018, 9, 10), date(2018, 11, 20)),
            (date(2018, 9, 1), date(2018, 9, 20)),
            (date(2018, 10, 14), date(2018, 10, 15)),
        ):
            own = lines.filtered(
                lambda line, start=start, end=end: start <= line.date <= end
            )
            served = self.env["consortium.membership"]._served_by(
                {(self.order.partner_id.id, line.date) for line in own}
            )
            parts = {}
            for line in own:
                membership = served.get((self.order.partner_id.id, line.date))
                name = membership.category_id.name if membership else "Not a member"
                parts[name] = parts.get(name, 0) + line.minutes
            found = indicators._compute_hours(["hours"], start, end)["hours"]
            self.assertEqual(found["by"]["category"], parts)
            self.assertEqual(sum(parts.values()), found["value"])
            for key, minutes in parts.items():
                action = indicators.open_records("hours", start, end, "category", key)
                opened = self.env["account.analytic.line"].search(action["domain"])
                self.assertEqual(sum(opened.mapped("minutes")), minutes)

    def test_the_work_of_worker_members(self):
        operations = self.env["consortium.member.operations"]
        self.assertIsNone(operations._worker_volume(*YEAR, self.company))
        other = self.employee("Autre", ("LEG", 100, "2018-07-01", False))
        contact = self.expert.work_contact_id or self.env["res.partner"].create(
            {"name": "Édith Expert"}
        )
        self.expert.work_contact_id = contact
        self.admit(contact, "2018-10-01", self.workers)
        self.approve(self.time(60, date="2018-09-28"))
        self.approve(self.time(100, date="2018-10-01"))
        self.approve(self.time(40, date="2018-10-01", employee_id=other.id))
        self.assertEqual(
            operations._worker_volume(*YEAR, self.company),
            {"with_members": 100, "total": 200, "unit": "hours"},
        )
        year = operations.create(
            {
                "company_id": self.company.id,
                "date_from": YEAR[0],
                "date_to": YEAR[1],
            }
        )
        manual = {
            "operations_id": year.id,
            "name": "Filiale",
            "basis": "workers",
            "unit": "hours",
            "with_members": 1,
            "total": 10,
            "source": "Feuilles de temps de la filiale",
        }
        manuals = self.env["consortium.member.operations.manual"]
        manuals.create(manual)
        self.assertEqual(
            operations._for_year(*YEAR, self.company)["workers"],
            {"with_members": 160, "total": 800, "share": 200_000, "unit": "hours"},
        )
        with self.assertRaisesRegex(UserError, "either in hours or in dollars"):
            manuals.create({**manual, "unit": "money"})
