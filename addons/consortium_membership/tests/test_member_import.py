import base64
from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odoo.exceptions import UserError
from odoo.tests import BaseCase, tagged

from ..tools import history
from .common_members import MemberCommon

HEADER = (
    "NEQ;Nom;Numéro de membre;Catégorie;Depuis;Jusqu'au;Motif;Fondateur;Résolution\n"
)

# Odoo's own runner has no profile of ours: a slow machine is no fault.
QUIET = settings(deadline=None, suppress_health_check=list(HealthCheck))


@tagged("post_install", "-at_install")
class TestMemberImport(MemberCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.alize.company_registry = "1142000000"

    def run_of(self, text, content="members", name="historique.csv"):
        return self.env["consortium.membership.import"].create(
            {
                "content": content,
                "file": base64.b64encode(text.encode()),
                "name": name,
            }
        )

    def checked(self, rows):
        run = self.run_of(HEADER + rows)
        run.action_check()
        return run

    def outcomes(self, run):
        return [(line.outcome, line.message or "") for line in run.line_ids]

    def test_dry_run_then_import(self):
        run = self.checked(
            "1142000000;;12;t_user;2015-07-01;2017-06-30;Démission;oui;CA-2015-3\n"
            ";Mutuelle Boréale;13;Test auxiliary;2016-01-01;;;;\n"
            "1142 000 000;;12;t_support;2018-01-01;;;;CA-2018-1\n"
        )
        self.assertEqual([o for o, _m in self.outcomes(run)], ["new"] * 3)
        self.assertFalse(self.membership_model.search([("number", "=", 12)]))
        self.assertIn("members, then", run.difference)
        mails = self.env["mail.mail"].search_count([])
        run.action_import()
        first, second = self.alize.membership_ids.sorted("date_start")
        self.assertEqual((first.number, second.number), (12, 12))
        self.assertEqual(first.state, "ended")
        self.assertEqual(first.end_reason, "resignation")
        self.assertTrue(first.founding)
        self.assertEqual(first.resolution_reference, "CA-2015-3")
        self.assertEqual(second.state, "admitted")
        self.assertIn(first, self.on("2017-06-30"))
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        self.assertEqual(self.admit(self.organization("X"), "2026-01-01").number, 14)

    def test_again_is_already_there(self):
        rows = "1142000000;;12;t_user;2015-07-01;2017-06-30;;;CA-1\n"
        self.checked(rows).action_import()
        run = self.checked(rows)
        self.assertEqual(self.outcomes(run), [("same", "")])
        with self.assertRaisesRegex(UserError, "in the register already"):
            run.action_import()

    def test_a_difference_is_shown_and_nothing_is_written(self):
        self.checked("1142000000;;12;t_user;2015-07-01;;;;\n").action_import()
        run = self.checked(
            "1142000000;;12;t_user;2015-07-01;2019-01-01;;;\n"
            ";Mutuelle Boréale;13;t_user;2016-01-01;;;;\n"
        )
        self.assertEqual(self.outcomes(run)[0][0], "differs")
        with self.assertRaisesRegex(UserError, "1 rows are refused or differ"):
            run.action_import()
        self.assertFalse(self.boreale.membership_ids)

    def test_refused_rows(self):
        self.admit(self.boreale, "2016-01-01", number=40)
        for row, words in (
            ("1199999999;;1;t_user;2016-01-01;;;;", "No organization has the NEQ"),
            (";Inconnue;1;t_user;2016-01-01;;;;", "0 organizations have this name"),
            ("1142000000;;x;t_user;2016-01-01;;;;", "not a whole number"),
            ("1142000000;;0;t_user;2016-01-01;;;;", "one or more"),
            ("1142000000;;1;rien;2016-01-01;;;;", "There is no category"),
            ("1142000000;;1;t_user;30 juin;;;;", "is not a date"),
            ("1142000000;;1;t_user;2016-01-02;2016-01-01;;;", "ends before it begins"),
            ("1142000000;;40;t_user;2016-01-01;;;;", "that of another organization"),
            (";Mutuelle Boréale;41;t_user;2010-01-01;2011-01-01;;;", "has number 40"),
            (
                ";Mutuelle Boréale;40;t_user;2015-01-01;2016-02-01;;;",
                "Already a member",
            ),
        ):
            [(outcome, message)] = self.outcomes(self.checked(row + "\n"))
            self.assertEqual(outcome, "refuse", row)
            self.assertIn(words, message)

    def test_overlap_within_the_file(self):
        run = self.checked(
            "1142000000;;12;t_user;2018-01-01;;;;\n"
            "1142000000;;12;t_user;2015-07-01;2018-01-01;;;\n"
        )
        self.assertEqual([o for o, _m in self.outcomes(run)], ["refuse", "new"])

    def test_missing_column(self):
        with self.assertRaisesRegex(UserError, "« Category » is missing"):
            self.run_of("Nom;Numéro;Depuis\nx;1;2016-01-01\n").action_check()

    def test_an_empty_file(self):
        with self.assertRaisesRegex(UserError, "empty"):
            self.run_of("").action_check()

    def test_import_needs_the_check(self):
        run = self.run_of(HEADER + "1142000000;;12;t_user;2015-07-01;;;;\n")
        with self.assertRaisesRegex(UserError, "Check the file first"):
            run.action_import()

    def test_query_budget(self):
        """A file of ten rows or of forty is checked in as many queries."""

        def queries(count):
            rows = "".join(
                f"1142000000;;12;t_user;{1950 + i}-01-01;{1950 + i}-02-01;;;\n"
                for i in range(count)
            )
            run = self.run_of(HEADER + rows)
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            run._decide()
            return self.env.cr.sql_log_count - start

        queries(10)
        self.assertLessEqual(queries(40), queries(10) + 1)


@tagged("post_install", "-at_install")
class TestHistory(BaseCase):
    """Whatever the file, what is new never overlaps nor shares a number."""

    period = st.builds(
        history.Period,
        partner=st.integers(1, 3),
        number=st.integers(1, 3),
        category=st.integers(1, 2),
        start=st.dates(date(2015, 1, 1), date(2016, 1, 1)),
        end=st.one_of(st.none(), st.dates(date(2015, 1, 1), date(2017, 1, 1))),
    )

    @QUIET
    @given(st.lists(period, max_size=8), st.lists(period, max_size=4))
    def test_what_is_new_is_consistent(self, rows, before):
        known = []
        first = history.plan_periods(list(enumerate(before)), [])
        known = [before[key] for key, verdict in first.items() if verdict.what == "new"]
        verdicts = history.plan_periods(list(enumerate(rows)), known)
        self.assertEqual(set(verdicts), set(range(len(rows))))
        kept = known + [rows[k] for k, v in verdicts.items() if v.what == "new"]
        for i, one in enumerate(kept):
            for other in kept[i + 1 :]:
                if one.partner == other.partner:
                    self.assertFalse(one.overlaps(other))
                    self.assertEqual(one.number, other.number)
                else:
                    self.assertNotEqual(one.number, other.number)
        again = history.plan_periods(list(enumerate(kept)), kept)
        self.assertEqual({v.what for v in again.values()} - {"same"}, set())

    entry = st.builds(
        history.Entry,
        holder=st.integers(1, 2),
        share_class=st.integers(1, 2),
        quantity=st.integers(-6, 6),
        day=st.dates(date(2015, 1, 1), date(2015, 1, 10)),
    )

    @QUIET
    @given(st.lists(entry, max_size=10))
    def test_no_holding_is_negative(self, rows):
        verdicts = history.plan_entries(list(enumerate(rows)), {})
        kept = [rows[k] for k, v in verdicts.items() if v.what == "new"]
        for day in {row.day for row in kept}:
            for place in {(row.holder, row.share_class) for row in kept}:
                held = sum(
                    row.quantity
                    for row in kept
                    if row.day <= day and (row.holder, row.share_class) == place
                )
                self.assertGreaterEqual(held, 0)
        again = history.plan_entries(list(enumerate(kept)), {}, kept)
        self.assertEqual({v.what for v in again.values()} - {"same"}, set())
