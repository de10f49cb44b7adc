from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import ServiceFiguresCase


@tagged("post_install", "-at_install")
class TestSatisfactionFigures(ServiceFiguresCase):
    def answer(self, field, number, yes=3, month="2019-01-01"):
        statements = {
            f"satisfaction_{name}": rank < yes
            for rank, name in enumerate(("recommend", "results", "continue"))
        }
        survey = self.env.ref("consortium_services.survey_satisfaction")
        self.env["survey.user_input"].create(
            [
                {
                    "survey_id": survey.id,
                    "state": "done",
                    "satisfaction_month": month,
                    "satisfaction_expertise_id": field.id,
                    "satisfaction_company_id": self.company.id,
                    "satisfaction_yes": yes,
                    **statements,
                }
            ]
            * number
        )

    def test_by_statement_and_field(self):
        self.answer(self.law, 6)
        self.answer(self.law, 2, yes=1)
        self.answer(self.finance, 2, yes=2)
        self.answer(self.law, 9, month="2018-06-01")
        found = self.values(
            "satisfaction",
            "satisfaction_recommend",
            "satisfaction_results",
            "satisfaction_continue",
            "satisfaction_answers",
        )
        self.assertEqual(found["satisfaction_answers"]["value"], 10)
        self.assertEqual(found["satisfaction"]["value"], 600_000)
        self.assertEqual(found["satisfaction_recommend"]["value"], 1_000_000)
        self.assertEqual(found["satisfaction_results"]["value"], 800_000)
        self.assertEqual(found["satisfaction_continue"]["value"], 600_000)
        self.assertEqual(found["satisfaction"]["previous"], 1_000_000)

    def test_fewer_than_five_are_not_shown(self):
        self.answer(self.law, 4)
        found = self.values("satisfaction", "satisfaction_answers")
        self.assertIsNone(found["satisfaction"]["value"])
        self.assertEqual(found["satisfaction_answers"]["value"], 4)
        self.answer(self.finance, 5)
        by_field = self.values("satisfaction")["satisfaction"]["by"]["field"]
        self.assertFalse(by_field, "the four are all but these five")
        self.answer(self.law, 1, yes=1)
        by_field = self.values("satisfaction")["satisfaction"]["by"]["field"]
        self.assertEqual(
            by_field, {"Finance des essais": 1_000_000, self.law.name: 800_000}
        )

    def test_the_statements_are_in_the_report(self):
        self.answer(self.law, 24)
        self.answer(self.law, 1, yes=2)
        report = self.env["consortium.annual.report"].create(
            {
                "company_id": self.company.id,
                "date_from": "2018-07-01",
                "date_to": "2019-06-30",
            }
        )
        blocks = report._section_satisfaction()
        self.assertEqual(blocks[0]["code"], "satisfaction_statements")
        cells = [row["cells"][1] for row in blocks[0]["rows"]]
        self.assertEqual(cells, [1_000_000, 1_000_000, 960_000, 960_000])

    def test_experts_do_not_read_results(self):
        self.answer(self.law, 10)
        user = self.employee("expert")
        found = self.indicators.with_user(user)._values(
            ["satisfaction"], "2018-07-01", "2019-06-30"
        )
        self.assertIsNone(found["satisfaction"]["value"])
        self.assertTrue(found["satisfaction"]["error"])

    def test_what_a_click_shows_is_counts(self):
        self.answer(self.law, 10)
        action = self.indicators.open_records(
            "satisfaction", "2018-07-01", "2019-06-30"
        )
        self.assertEqual(action["res_model"], "consortium.satisfaction.report")
        manager = self.employee("manager")
        self.assertFalse(
            self.env["survey.user_input"].with_user(manager).has_access("read")
            and self.env["survey.user_input"]
            .with_user(manager)
            .search_count([("satisfaction_company_id", "=", self.company.id)])
        )
        with self.assertRaises(AccessError):
            self.indicators.with_user(self.employee("expert")).open_records(
                "satisfaction", "2018-07-01", "2019-06-30"
            )
