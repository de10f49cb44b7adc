from odoo.tests import tagged

from .common_annual_report import AnnualReportCommon


@tagged("post_install", "-at_install")
class TestDivisions(AnnualReportCommon):
    """How an indicator is divided: a table and a chart for each way."""

    def codes(self, parts):
        known = self.figure

        def divided(code, back):
            figure = known(code, back)
            if code == "t_hours":
                figure["by"] = {"field": parts if back == 0 else {}}
            return figure

        self.patch(type(self), "figure", divided)
        report = self.report()
        report.action_compute()
        return [
            block.get("code") for block in self.section(report, "services")["blocks"]
        ]

    def test_a_table_and_a_chart(self):
        codes = self.codes({"Droit": 120, "Finance": 0})
        self.assertEqual(codes.count("t_hours_field"), 2)

    def test_what_was_zero_all_along_is_not_divided(self):
        self.assertNotIn("t_hours_field", self.codes({"Droit": 0, "Finance": None}))
