from dateutil.relativedelta import relativedelta
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError
from psycopg2.errors import ExclusionViolation

from .common_annual_report import AnnualReportCommon


@tagged("post_install", "-at_install")
class TestAnnualReport(AnnualReportCommon):
    def refused(self, error, **values):
        with mute_logger("odoo.sql_db"), self.assertRaises(error):
            with self.cr.savepoint():
                self.report(**values)
                self.env.flush_all()

    # The year

    def test_default_is_the_last_year_that_ended(self):
        form = Form(self.reports)
        self.assertEqual(form.date_from, self.date_from)
        self.assertEqual(form.date_to, self.date_to)

    def test_two_overlapping_years(self):
        self.report()
        self.refused(ExclusionViolation)
        self.refused(
            ExclusionViolation,
            date_from=self.date_to,
            date_to=self.date_to + relativedelta(years=1),
        )
        self.report(
            date_from=self.date_to + relativedelta(days=1),
            date_to=self.date_to + relativedelta(years=1),
        )

    def test_another_cooperative_has_its_own_years(self):
        self.report()
        other = self.env["res.company"].create({"name": "Autre"})
        self.report(company_id=other.id)

    def test_a_year_ends_after_it_begins(self):
        self.refused(IntegrityError, date_to=self.date_from)

    def test_counts_are_not_negative(self):
        self.refused(IntegrityError, employee_count=-1)

    def test_name(self):
        self.assertIn(
            f"{self.date_from.year}-{self.date_to.year}", self.report().display_name
        )

    # Computing

    def test_sections_are_in_order(self):
        report = self.report()
        report.action_compute()
        version, lang = report._read_version()
        self.assertEqual(lang, "fr_CA")
        self.assertEqual(
            [section["code"] for section in version["sections"]],
            [code for code, _title, _method in report._sections()],
        )
        self.assertEqual(report.state, "review")
        self.assertEqual(report.computed_by_id, self.env.user)
        self.assertFalse(report._failed_sections())

    def test_computing_twice_gives_the_same_text(self):
        report = self.report()
        report.action_compute()
        first = report.content
        report.action_compute()
        self.assertEqual(report.content, first)
        self.assertEqual(report.previous_content, first)
        self.assertFalse(report._last_differences())

    def test_whoever_computes_gets_the_same(self):
        report = self.report()
        report.action_compute()
        content = report.content
        for group in ("membership_officer", "accountant", "manager"):
            report.with_user(self.employee_of(group)).action_compute()
            self.assertEqual(report.content, content, group)

    def test_figures_of_the_years(self):
        report = self.report()
        report.action_compute()
        table = self.block(report, "members", "figures_members")
        self.assertEqual(table["rows"][0]["cells"], ["Membres", 20, 25, 36, 56])
        year = self.date_from.year
        self.assertEqual(
            [column["label"] for column in table["columns"][1:]],
            [f"{year - back}-{year - back + 1}" for back in (3, 2, 1, 0)],
        )

    def test_dimensions(self):
        report = self.report()
        report.action_compute()
        table = self.block(report, "services", "t_hours_field")
        self.assertEqual(sum(row["cells"][1] for row in table["rows"]), 3_828_000)

    def test_finances(self):
        report = self.report()
        report.action_compute()
        table = self.block(report, "finances", "finances")
        self.assertEqual(
            table["rows"][2]["cells"],
            ["Excédent", 4144000, 7504800, 3143600, None, 4575800],
        )

    def test_the_first_computation_has_nothing_to_compare(self):
        report = self.report()
        report.action_compute()
        self.assertFalse(report.previous_content)
        self.assertFalse(report.difference_html)

    def test_review_says_what_changed(self):
        report = self.report()
        report.action_compute()
        report.president_text = "<p>Chers membres, quelle belle année.</p>"
        report.employee_count = 51
        report.action_compute()
        changes = report._last_differences()
        self.assertEqual(
            sorted((change["before"], change["after"]) for change in changes),
            [
                ("50", "51"),
                (
                    "Chers membres, quelle année.",
                    "Chers membres, quelle belle année.",
                ),
            ],
        )
        self.assertIn("quelle belle année", str(report.difference_html))

    def test_english_version_if_asked(self):
        report = self.report()
        report.action_compute()
        self.assertEqual(list(report._read_content()["versions"]), ["fr_CA"])
        report.english = True
        report.action_compute()
        versions = report._read_content()["versions"]
        self.assertEqual(set(versions), {"fr_CA", "en_US"})
        title = self.section(report, "identity", "en_US")["title"]
        self.assertEqual(title, "The Cooperative")

    def test_objectives_and_actions(self):
        report = self.report(
            objective_ids=[
                (0, 0, {"name": "Dix membres", "state": "reached"}),
                (0, 0, {"name": "Un bureau", "is_next_year": True}),
            ]
        )
        actions = self.env["consortium.development.action"]
        for audience, day in (
            ("members", self.date_from),
            ("members", self.date_to),
            ("public", self.date_to + relativedelta(days=1)),
        ):
            actions.create(
                {"name": "A", "audience": audience, "date": day, "attendance": 3}
            )
        report.action_compute()
        rows = self.block(report, "objectives", "objectives")["rows"]
        self.assertEqual([row["cells"][0] for row in rows], ["Dix membres"])
        rows = self.block(report, "objectives", "next_objectives")["rows"]
        self.assertEqual([row["cells"] for row in rows], [["Un bureau"]])
        rows = self.block(report, "development", "development_audience")["rows"]
        self.assertEqual(rows[-1]["cells"][1:], [2, 6])

    def test_board_without_domiciles(self):
        self.offices[0].person_id.sudo().domicile = "1, rue Secrète"
        report = self.report()
        report.action_compute()
        rows = self.block(report, "board", "board")["rows"]
        self.assertEqual(len(rows), 3)
        self.assertNotIn("Secrète", report.content)

    def test_figures_from_before_the_system_are_marked(self):
        """Cell by cell: of the four years, the two before the last one."""
        known, finances = self.figure, self.financial_table

        def imported(code, back):
            figure = known(code, back)
            if back == 0:
                figure["previous_by"] = {"field": {"Services juridiques": 60}}
            name = "previous_" if back == 0 else ""
            source = "Rapport de 2018" if back == 0 else "Rapport de 2017"
            return {**figure, f"{name}imported": True, f"{name}source": source}

        def table(_class):
            return {
                **finances(),
                "last_imported": True,
                "last_source": "Rapport de 2018",
            }

        self.patch(type(self), "figure", imported)
        self.patch(type(self), "financial_table", classmethod(table))
        report = self.report()
        report.action_compute()
        table = self.block(report, "members", "figures_members")
        self.assertEqual(table["rows"][0]["cells"], ["Membres", 20, 25, 36, 56])
        self.assertEqual(
            report._shown_table(table, "en_US")["rows"][0]["texts"],
            ["Membres", "20", "25 *", "36 *", "56"],
        )
        self.assertIn("Rapport de 2017, Rapport de 2018", table["notes"][0])
        table = self.block(report, "services", "t_hours_field")
        self.assertRegex(table["columns"][1]["label"], r"\*$")
        self.assertNotRegex(table["columns"][2]["label"], r"\*")
        self.assertIn("Rapport de 2018", table["notes"][0])
        table = self.block(report, "finances", "finances")
        self.assertRegex(table["columns"][1]["label"], r"\*$")
        self.assertIn("Rapport de 2018", table["notes"][-1])

    def test_years_before_the_first_figure_are_left_out(self):
        """A year without a figure between two others stays, with a dash."""
        known = self.figure

        def figure(unknown):
            def of_year(code, back):
                figure = known(code, back)
                if back in unknown:
                    figure["value"] = None
                if back + 1 in unknown:
                    figure["previous"] = None
                return figure

            return of_year

        report = self.report()
        for unknown, cells in (
            ({2}, [20, None, 36, 56]),
            ({3}, [25, 36, 56]),
            ({2, 3}, [36, 56]),
        ):
            self.patch(type(self), "figure", figure(unknown))
            report.action_compute()
            table = self.block(report, "members", "figures_members")
            self.assertEqual(table["rows"][0]["cells"], ["Membres", *cells])
            self.assertEqual(len(table["columns"]), 1 + len(cells))

    def test_volumes_typed_by_hand_are_named(self):
        year = self.operations(None, None, None)
        year["manual"] = [
            {"basis": "users", "name": "Filiale", "source": "États de la filiale"}
        ]
        year["workers"] = {
            "with_members": 36_000,
            "total": 72_000,
            "share": 500_000,
            "unit": "hours",
        }
        self.patch(
            self.env.registry["consortium.member.operations"],
            "_for_year",
            lambda *args: year,
        )
        report = self.report()
        report.action_compute()
        table = self.block(report, "operations", "operations")
        self.assertIn("États de la filiale", table["notes"][0])
        workers = report._shown("en_US")
        section = next(s for s in workers["sections"] if s["code"] == "operations")
        workers = next(
            b for b in section["blocks"] if b.get("code") == "operations_workers"
        )
        self.assertEqual(
            workers["rows"][0]["texts"],
            ["Membres travailleurs", "600\u00a0h", "1\u00a0200\u00a0h", "50,0\u00a0%"],
        )
        self.assertEqual(workers["notes"], [year["reference"]])

    def test_extension_by_another_addon(self):
        """Glue adds a section, and a requirement that it knows."""
        registry = type(self.reports)
        sections = registry._sections
        checks = registry._requirement_checks
        self.patch(
            registry,
            "_sections",
            lambda model: [*sections(model), ("glue", "Glue", "_section_glue")],
        )
        registry._section_glue = lambda report: [report._block_note("Collé.")]
        registry._has_glue = lambda report: True
        self.addCleanup(delattr, registry, "_section_glue")
        self.addCleanup(delattr, registry, "_has_glue")
        self.patch(
            registry,
            "_requirement_checks",
            lambda model: {**checks(model), "glue": "_has_glue"},
        )
        self.env["consortium.annual.report.requirement"].create(
            {"code": "glue", "name": "Colle"}
        )
        report = self.report()
        report.action_compute()
        self.assertEqual(self.section(report, "glue")["blocks"][0]["text"], "Collé.")
        item = report.item_ids.filtered(lambda i: i.requirement_id.code == "glue")
        self.assertEqual(item.state, "satisfied")

    def test_query_count_does_not_grow_with_the_records(self):
        report = self.report()
        actions = self.env["consortium.development.action"]

        def queries():
            report.action_compute()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            report._content()
            return self.env.cr.sql_log_count - before

        actions.create({"name": "A", "date": self.date_from})
        report.objective_ids = [(0, 0, {"name": "O"})]
        few = queries()
        actions.create([{"name": "A", "date": self.date_from}] * 200)
        report.objective_ids = [(0, 0, {"name": "O"})] * 60
        self.assertEqual(queries(), few)
