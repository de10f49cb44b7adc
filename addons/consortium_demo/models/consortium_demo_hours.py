import logging

from odoo import fields, models

from ..tools.schedule import spread, working_days

_logger = logging.getLogger(__name__)

# The first day of each fiscal year, and the day its rates were adopted.
YEARS = {"2017": ("2017-07-01", "2017-05-17"), "2018": ("2018-07-01", "2018-05-16")}
SUPPORT = "ADM"
BATCH = 3000
# One intervention in five is on site.
ON_SITE = 5


class ConsortiumDemo(models.AbstractModel):
    """Cost centers, rates of two years, 60 600 then 63 800 approved hours."""

    _inherit = "consortium.demo"  # pylint: disable=consider-merging-classes-inherited

    def _load_centers(self):
        """A center for each field, one for what they share, and two years of rates."""
        centers = self.env["consortium.cost.center"]
        rows = self._rows("centers")
        for row in rows:
            expertise = self._expertise(row["code"])
            center = centers.create({"code": row["code"], "name": expertise.name})
            expertise.cost_center_id = self._remember(f"center_{row['code']}", center)
        support = centers.create(
            {"code": SUPPORT, "name": "Administration et locaux", "kind": "support"}
        )
        self._remember(f"center_{SUPPORT}", support)
        self.env["consortium.allocation.key"].create(
            {
                "cost_center_id": support.id,
                "date_start": YEARS["2017"][0],
                "driver": "minutes",
                "source": "Heures facturables de l'exercice",
            }
        )
        self._load_assignments()
        for year, (first, decided) in YEARS.items():
            self._adopt_rates(rows, year, first, decided)

    def _load_assignments(self):
        """Who has a second field gives it a fifth of its time; each center has three
        people or more, so that its cost tells nobody's pay."""
        values = []
        for row in self._rows("experts"):
            shares = {row["field"]: 100}
            if row["other"]:
                shares = {row["field"]: 80, row["other"]: 20}
            values += [
                {
                    "employee_id": self._named(row["key"]).id,
                    "cost_center_id": self._named(f"center_{code}").id,
                    "share": share,
                    "date_start": YEARS["2017"][0],
                }
                for code, share in shares.items()
            ]
        self.env["consortium.cost.assignment"].create(values)

    def _adopt_rates(self, rows, year, first, decided):
        resolution = self._resolution(
            "rates", decided, f"Tarifs provisoires {year}-{int(year) + 1}"
        )
        rates = self.env["consortium.hourly.rate"].create(
            [
                {
                    "cost_center_id": self._named(f"center_{row['code']}").id,
                    "date_start": first,
                    "rate_cents": int(row[f"rate_{year}"]),
                    "resolution_id": resolution.id,
                }
                for row in rows
            ]
        )
        rates.action_approve()

    def _load_hours(self):
        """What each agreement planned was worked, on working days, and approved."""
        rows = self._hours_rows()
        times = self.env["account.analytic.line"]
        for start in range(0, len(rows), BATCH):
            lines = times.create(rows[start : start + BATCH])
            # Confirmed in its time: nothing to look at years later.
            lines._write_approval({"approval_state": "submitted"})
            lines._approve()
            self.env.flush_all()
            self.env.invalidate_all()
            done = min(start + BATCH, len(rows))
            _logger.info("Demonstration: %s of %s entries of time", done, len(rows))

    def _hours_rows(self):
        people = self._people_by_field()
        load, rows = {}, []
        for number, row in enumerate(self._rows("agreements"), 1):
            order = self._named(f"agreement_{number}")
            # Both sides were told in their time that the ceiling came near.
            order.ceiling_warned = 100
            lines = {line.expertise_id.code: line for line in order.order_line}
            days = working_days(
                fields.Date.to_date(row["signed"]), fields.Date.to_date(row["end"])
            )
            for code, minutes in self._minutes(row):
                task = lines[code].task_id
                lines[code].price_unit = self._rate_of(row["year"], code)
                for employee, day, part in spread(minutes, days, people[code], load):
                    rows.append(
                        {
                            "name": f"{row['title']} : {lines[code].name}",
                            "project_id": task.project_id.id,
                            "task_id": task.id,
                            "employee_id": employee,
                            "date": day,
                            "minutes": part,
                            "unit_amount": part / 60,
                            "cost_center_id": self._named(f"center_{code}").id,
                            "intervention_mode": "remote"
                            if (len(rows) + 1) % ON_SITE
                            else "on_site",
                        }
                    )
        return rows

    def _rate_of(self, year, code):
        """Dollars an hour, of the year of the agreement."""
        rates = {row["code"]: int(row[f"rate_{year}"]) for row in self._rows("centers")}
        return rates[code] / 100

    def _people_by_field(self):
        people = {}
        for row in self._rows("experts"):
            for code in filter(None, (row["field"], row["other"])):
                people.setdefault(code, []).append(self._named(row["key"]).id)
        return people
