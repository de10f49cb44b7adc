from odoo.tests import tagged

from .common import ServiceFiguresCase


@tagged("post_install", "-at_install")
class TestServiceFigures(ServiceFiguresCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Days are those of Québec: the first evening is still June 30, the last is too.
        cls.first = cls.agreement(
            cls.alize, "2018-07-01 04:00:00", {cls.law: 600, cls.finance: 60}
        )
        cls.last = cls.agreement(cls.boreale, "2019-07-01 03:59:59", {cls.law: 90})
        cls.agreement(cls.boreale, "2018-07-01 03:59:59", {cls.law: 30})
        cls.agreement(cls.alize, "2019-07-01 04:00:00", {cls.law: 1_000})
        cls.agreement(cls.alize, "2019-01-01 12:00:00", {cls.law: 5}, signed=False)
        cls.framework = cls.agreement(
            cls.alize,
            "2018-09-01 12:00:00",
            {cls.law: 7},
            agreement_type="framework",
        )

    def test_agreements_by_type_and_month(self):
        found = self.values("agreements", "framework_agreements")
        self.assertEqual(found["agreements"]["value"], 2)
        self.assertEqual(found["agreements"]["previous"], 1)
        self.assertEqual(
            found["agreements"]["by"]["month"], {"2018-07": 1, "2019-06": 1}
        )
        self.assertEqual(found["framework_agreements"]["value"], 1)
        self.assertEqual(
            self.values("partnership_agreements")["partnership_agreements"]["value"], 0
        )

    def test_before_the_first_agreement_there_is_no_figure(self):
        """And after it, a year without any is a year of zero."""
        codes = ("agreements", "hours_planned", "organizations_served")
        for year, value in ((2015, None), (2030, 0)):
            days = (f"{year}-07-01", f"{year + 1}-06-30")
            found = self.values(*codes, "requests", year=days)
            for code in codes:
                self.assertEqual(found[code]["value"], value, (code, year))
                self.assertFalse(found[code]["error"])
            # Nobody has asked for anything yet.
            self.assertIsNone(found["requests"]["value"])

    def test_hours_planned_by_field(self):
        found = self.values("hours_planned")["hours_planned"]
        self.assertEqual(found["value"], 750)
        self.assertEqual(
            found["by"]["field"], {"Droit des essais": 690, "Finance des essais": 60}
        )

    def test_options_left_are_not_planned(self):
        line = self.first.order_line.filtered(lambda each: each.planned_minutes == 60)
        line.write({"is_agreement_option": True, "option_state": "left"})
        self.assertEqual(self.values("hours_planned")["hours_planned"]["value"], 690)

    def test_organizations_served(self):
        served = self.organization("Servie", organization_kind_id=self.kind.id)
        self.agreement(
            self.alize, "2018-08-01 12:00:00", {self.law: 1}, beneficiary_id=served.id
        )
        found = self.values("organizations_served")["organizations_served"]
        self.assertEqual(found["value"], 3)
        self.assertEqual(
            found["by"]["region"], {self.region.name: 2, "Not specified": 1}
        )
        self.assertEqual(
            self.records_behind("organizations_served"),
            self.alize | self.boreale | served,
        )

    def test_drill_down(self):
        self.assertEqual(self.records_behind("agreements"), self.last | self.first)
        found = self.records_behind("agreements", "month", "2018-07")
        self.assertEqual(found, self.first)
        found = self.records_behind("hours_planned", "field", "Finance des essais")
        self.assertEqual(found, self.first)
        found = self.records_behind("agreements", "region", self.region.name)
        self.assertEqual(len(found), 2)
        self.assertFalse(self.records_behind("agreements", "region", "Not specified"))

    def test_the_beneficiary_of_an_invoiced_line(self):
        served = self.organization("Servie", "user")
        payer = self.organization("Payeur", "none")
        order = self.agreement(
            payer, "2018-08-01 12:00:00", {self.law: 60}, beneficiary_id=served.id
        )
        self.invoice(
            payer,
            "2018-09-01",
            80,
            sale_line_ids=[(6, 0, order.order_line.ids)],
        )
        self.invoice(payer, "2018-09-01", 20)
        classes = self.operations._for_year("2018-07-01", "2019-06-30")["by_class"]
        self.assertEqual((classes["user"], classes["none"]), (80_00, 20_00))

    def test_the_network_that_the_agreement_names(self):
        """A register of members reads there what the operation counts as."""
        network = self.organization("Réseau")
        order = self.agreement(
            self.alize,
            "2018-08-01 12:00:00",
            {self.law: 60},
            sponsor_network_id=network.id,
        )
        line = self.invoice(
            self.alize, "2018-09-01", 80, sale_line_ids=[(6, 0, order.order_line.ids)]
        ).invoice_line_ids
        self.invoice(self.alize, "2018-09-01", 20)
        year = ("2018-07-01", "2019-06-30", self.company)
        groups = {row[2]: row[4] for row in self.operations._read_books(*year)}
        self.assertEqual(groups, {network.id: 80_00, None: 20_00})
        counted = {row[0]: row[3] for row in self.operations._counted_lines(*year)}
        self.assertEqual(counted[line.id], network.id)

    def test_requests_their_delay_and_recommendations(self):
        leads = self.env["crm.lead"].create(
            [
                {
                    "name": "Demande",
                    "is_service_request": True,
                    "company_id": self.company.id,
                    "partner_id": self.alize.id,
                    "received_at": f"2018-{month:02}-15 12:00:00",
                    "request_line_ids": [
                        (0, 0, {"expertise_id": self.law.id, "need": "Aide"})
                    ],
                }
                for month in (6, 8, 9, 10)
            ]
        )
        for lead, minutes in zip(leads, (9, 60, 121, None), strict=True):
            if minutes is not None:
                lead.write(
                    {
                        "first_answer_at": "2018-10-15 12:00:00",
                        "first_answer_minutes": minutes,
                    }
                )
        lines = leads.request_line_ids
        lines.write({"is_recommended": True, "option_answer_date": "2018-12-01"})
        lines[:3].option_answer = "taken"
        lines[3].option_answer = "left"
        found = self.values("requests", "request_delay", "recommendations_taken")
        self.assertEqual(found["requests"]["value"], 3)
        self.assertEqual(found["request_delay"]["value"], 91)  # 181 / 2, half up
        self.assertEqual(found["recommendations_taken"]["value"], 750_000)
        self.assertEqual(self.records_behind("requests"), leads[1:])
        later = self.values("requests", year=("2030-07-01", "2031-06-30"))
        self.assertEqual(later["requests"]["value"], 0)
        self.assertEqual(len(self.records_behind("recommendations_taken")), 4)

    def test_employees_by_office_and_field(self):
        office = self.env["res.partner"].create({"name": "Québec", "type": "office"})
        staff = self.env["hr.employee"].create(
            [
                {
                    "name": name,
                    "company_id": self.company.id,
                    "contract_date_start": start,
                    "service_office_id": office.id,
                    "expertise_ids": [(6, 0, field.ids)],
                }
                for name, field, start in (
                    ("A", self.law, "2015-01-01"),
                    ("B", self.law, "2018-06-30"),
                    ("C", self.finance, "2018-07-01"),
                    # Put on file today, without a contract: not there in those years.
                    ("D", self.finance, False),
                )
            ]
        )
        staff[1].departure_date = "2019-06-30"
        found = self.values("employees")["employees"]
        self.assertEqual((found["value"], found["previous"]), (2, 2))
        field = self.records_behind("employees", "field", self.finance.name)
        self.assertEqual(field, staff[2])
        opened = self.bars_that_open(
            ["agreements", "framework_agreements", "organizations_served", "employees"]
        )
        for expected in (
            ("agreements", "kind"),
            ("organizations_served", "network"),
            ("employees", "office"),
            ("employees", "field"),
        ):
            self.assertIn(expected, opened)
        early = self.values("employees", year=("2013-07-01", "2014-06-30"))
        self.assertIsNone(early["employees"]["value"])
        self.assertEqual(
            found["by"]["field"], {"Droit des essais": 1, "Finance des essais": 1}
        )
        report = self.env["consortium.annual.report"].create(
            {
                "company_id": self.company.id,
                "date_from": "2018-07-01",
                "date_to": "2019-06-30",
            }
        )
        self.assertEqual(report.employee_count, 2)
        items = {item.requirement_id.code: item for item in report.item_ids}
        self.assertEqual(items["employees"].state, "satisfied")

    def test_queries_do_not_grow_with_the_agreements(self):
        codes = ["agreements", "organizations_served", "hours_planned"]

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.values(*codes)
            return self.env.cr.sql_log_count - before

        count()
        few = count()
        for index in range(8):
            member = self.organization(f"M{index}", organization_kind_id=self.kind.id)
            self.agreement(member, "2018-11-01 12:00:00", {self.law: 10})
        self.assertEqual(count(), few)
