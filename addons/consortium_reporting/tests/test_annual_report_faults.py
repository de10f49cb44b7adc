from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_annual_report import AnnualReportCommon
from .common_figures import YEAR, FiguresCase

COMPUTE = "odoo.addons.consortium_reporting.models.consortium_annual_report_compute"
NO_BUDGET = "Le budget n'est pas saisi."
WAIT = "Somebody else is computing."


@tagged("post_install", "-at_install")
class TestAnnualReportFaults(AnnualReportCommon):
    """Bad input, and what goes wrong while a report is made."""

    def test_a_year_with_no_data(self):
        nothing = {
            code: {**self.figure(None, 9), "error": None}
            for code in self.indicators.mapped("code")
        }
        registry = self.env.registry
        indicators = registry["consortium.indicator"]
        self.patch(
            indicators,
            "_values",
            lambda model, codes, *dates: {
                code: nothing.get(code, next(iter(nothing.values()))) for code in codes
            },
        )
        empty = {"last": None, "actual": 0, "budget": None, "variance": None}
        rows = [{"code": "x", "label": "X", "level": 0, "next_budget": None, **empty}]
        self.patch(
            registry["res.company"],
            "_financial_table",
            lambda *args: {"years": {}, "rows": rows, "last_imported": False},
        )
        self.patch(
            registry["consortium.member.operations"],
            "_for_year",
            lambda *args: {"status": "none"},
        )
        allocation = {
            **self.allocation(None, None, None),
            "surplus": 0,
            "to_reserve": 0,
            "reserve": {"opening": 0, "rows": [], "closing": 0},
        }
        self.patch(
            registry["consortium.surplus.allocation"],
            "_for_year",
            lambda *a: allocation,
        )
        report = self.report(complete=False)
        report.action_compute()
        self.assertFalse(report._failed_sections())
        for code in ("members", "services", "finances", "operations", "surplus"):
            self.assertEqual(self.section(report, code)["state"], "empty", code)
        self.assertTrue(report.preview)

    def test_a_section_that_fails_is_named_and_the_others_go_on(self):
        report = self.report()
        registry = type(report)
        with (
            patch.object(registry, "_section_board", lambda self: 1 // 0),
            self.assertLogs(COMPUTE, "WARNING") as logs,
        ):
            report.action_compute()
        self.assertIn("ZeroDivisionError", logs.output[0])
        failed = self.section(report, "board", "fr_CA")
        self.assertEqual(failed["state"], "failed")
        self.assertIn("ZeroDivisionError", failed["problem"])
        self.assertEqual(self.section(report, "finances")["state"], "done")
        self.assertIn("ZeroDivisionError", str(report.failed_html))

    def test_a_section_that_fails_in_the_database_does_not_stop_the_others(self):
        report = self.report()

        def broken(report):
            report.env.cr.execute("SELECT 1 / 0")

        with (
            patch.object(type(report), "_section_members", broken),
            self.assertLogs(COMPUTE, "WARNING"),
            mute_logger("odoo.sql_db"),
        ):
            report.action_compute()
        self.assertEqual(self.section(report, "members")["state"], "failed")
        self.assertEqual(self.section(report, "finances")["state"], "done")

    def test_a_sentence_for_people_is_kept_as_it_is(self):
        report = self.report()

        def refuses(report):
            raise UserError(NO_BUDGET)

        with patch.object(type(report), "_section_finances", refuses):
            report.action_compute()
        failed = self.section(report, "finances")
        self.assertEqual(failed["problem"], NO_BUDGET)

    def test_an_indicator_that_fails_is_named_and_the_others_are_shown(self):
        self.patch(type(self), "errors", {"t_members": "Registre illisible."})
        report = self.report()
        report.action_compute()
        section = self.section(report, "members")
        self.assertEqual(section["state"], "failed")
        self.assertIn("Registre illisible.", section["problem"])
        self.assertTrue(section["blocks"])

    def test_a_float_is_refused(self):
        report = self.report()
        block = report._block_table("x", "X", [("a", "text")], [((0.1,), {})])
        with (
            patch.object(type(report), "_section_other", lambda self: [block]),
            self.assertLogs(COMPUTE, "WARNING"),
        ):
            report.action_compute()
        self.assertEqual(self.section(report, "other")["state"], "failed")

    def test_scripts_are_taken_out(self):
        report = self.report()
        # Behind the back of the ORM, which cleans what people type.
        dirty = (
            '<p>Bonjour<script>alert(1)</script><img src="x" onerror="alert(2)"/></p>'
        )
        self.env.cr.execute(
            "UPDATE consortium_annual_report "
            "SET president_text = jsonb_build_object('en_US', %s::text) WHERE id = %s",
            (dirty, report.id),
        )
        self.env.invalidate_all()
        report.action_compute()
        self.assertIn("Bonjour", report.content)
        for harmful in ("script", "onerror", "<img"):
            self.assertNotIn(harmful, report.content)
            self.assertNotIn(f"<{harmful}", str(report.preview))

    def test_content_is_by_buttons_only(self):
        report = self.report()
        for name, value in (
            ("state", "adopted"),
            ("content", "{}"),
            ("content_hash", "0"),
            ("adopted_on", "2019-01-01"),
        ):
            with self.assertRaisesRegex(UserError, "comes from the buttons"):
                report.write({name: value})
        with self.assertRaisesRegex(UserError, "comes from the buttons"):
            self.reports.create(
                {
                    "date_from": "2001-07-01",
                    "date_to": "2002-06-30",
                    "state": "adopted",
                }
            )

    def test_nothing_to_print_before_the_computation(self):
        report = self.report()
        for action in ("action_print", "action_spreadsheet", "action_compare"):
            with self.assertRaisesRegex(UserError, "not been computed"):
                getattr(report, action)()

    def test_each_button_waits_for_the_others(self):
        """Two people at once: see also the test with two real connections."""
        report = self.adoptable()
        content, state = report.content, report.state

        def taken(report):
            raise UserError(WAIT)

        with patch.object(type(report), "_lock_or_refuse", taken):
            for action in ("action_compute", "action_adopt"):
                with self.assertRaisesRegex(UserError, WAIT):
                    getattr(report, action)()
        self.assertEqual((report.content, report.state), (content, state))


@tagged("post_install", "-at_install")
class TestEmptyYear(FiguresCase):
    def test_a_report_of_a_year_without_anything(self):
        """With the figures of every addon that is there: nothing is divided by zero."""
        report = self.env["consortium.annual.report"].create(
            {"date_from": YEAR[0], "date_to": YEAR[1]}
        )
        report.action_compute()
        self.assertEqual(report.state, "review")
        self.assertFalse(report._failed_sections())
        self.assertTrue(report.preview)
