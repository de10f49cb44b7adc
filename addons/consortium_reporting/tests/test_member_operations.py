import json
from unittest.mock import patch

from odoo.exceptions import AccessError, LockError, UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger
from psycopg2.errors import CheckViolation, ExclusionViolation

from ..tools.canonical import digest
from .common_figures import LAST_YEAR, NEXT_YEAR, YEAR, FiguresCase


@tagged("post_install", "-at_install")
class TestMemberOperations(FiguresCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_member = cls.organization("Coopérative Alizé", "user")
        cls.outsider = cls.organization("Mutuelle Boréale", "none")

    def year(self, year=YEAR, **values):
        return self.operations.create(
            {
                "company_id": self.company.id,
                "date_from": year[0],
                "date_to": year[1],
                **values,
            }
        )

    def manual(self, year, with_members, total, basis="users", unit="money"):
        return self.env["consortium.member.operations.manual"].create(
            {
                "operations_id": year.id,
                "name": "Filiale inc.",
                "basis": basis,
                "unit": unit,
                "with_members": with_members,
                "total": total,
                "source": "États financiers de la filiale",
            }
        )

    def users(self):
        return self.operations._for_year(*YEAR)["users"]

    def test_the_proportion(self):
        self.invoice(self.user_member, "2018-07-01", 75.05)
        self.invoice(self.outsider, "2019-06-30", 25)
        self.invoice(self.outsider, "2019-07-01", 1_000)
        self.assertEqual(
            self.users(), {"with_members": 75_05, "total": 100_05, "share": 750_125}
        )

    def test_credit_notes_and_drafts(self):
        self.invoice(self.user_member, "2018-08-01", 100)
        self.invoice(self.user_member, "2018-09-01", -40)
        self.invoice(self.user_member, "2018-09-01", 1_000, post=False)
        self.assertEqual(self.users()["with_members"], 60_00)

    def test_a_credit_note_undoes_what_it_names_in_its_class(self):
        """Invoiced before an admission and credited after it, nothing is left."""
        invoice = self.invoice(self.user_member, "2018-08-01", 100)
        note = invoice._reverse_moves([{"invoice_date": "2018-10-01"}])
        note.action_post()
        self.invoice(self.user_member, "2018-10-02", -30)  # it names nothing
        model = self.env.registry["consortium.member.operations"]

        def classify(records, groups):
            return {
                group: "user" if str(group[1]) >= "2018-09-01" else "none"
                for group in groups
            }

        year = self.year()
        with patch.object(model, "_classify", classify):
            found = self.operations._for_year(*YEAR)["by_class"]
            year.action_compute()
            opened = year._line_ids(self.user_member, "none")
        self.assertEqual((found["none"], found["user"]), (0, -30_00))
        moves = self.env["account.move.line"].browse(opened).move_id
        self.assertEqual(moves, invoice | note)

    def test_accounts_say_what_counts(self):
        self.invoice(self.user_member, "2018-08-01", 60)
        self.invoice(self.outsider, "2018-08-01", 500, "grants")
        year = self.operations._for_year(*YEAR)
        self.assertEqual(year["users"]["share"], 1_000_000)
        self.assertEqual(year["excluded"], 500_00)

    def test_products_say_otherwise(self):
        products = self.env["product.product"].create(
            [
                {"name": "Don", "operations_scope": "excluded"},
                {"name": "Projet", "operations_scope": "included"},
            ]
        )
        self.invoice(self.user_member, "2018-08-01", 60, product_id=products[0].id)
        self.invoice(
            self.outsider, "2018-08-01", 40, "grants", product_id=products[1].id
        )
        year = self.operations._for_year(*YEAR)
        self.assertEqual(year["users"], {"with_members": 0, "total": 40_00, "share": 0})
        self.assertEqual(year["excluded"], 60_00)

    def test_alone_nothing_is_classified(self):
        self.invoice(self.organization("Inconnue"), "2018-08-01", 10)
        year = self.operations._for_year(*YEAR)
        self.assertEqual(year["by_class"]["unclassified"], 10_00)
        self.assertEqual(year["status"], "incomplete")

    def test_the_class_is_that_of_the_day(self):
        """What a register of members answers comes by the hook, date by date."""
        self.invoice(self.user_member, "2018-08-01", 30)
        self.invoice(self.user_member, "2018-12-01", 70)
        model = self.env.registry["consortium.member.operations"]

        def classify(records, groups):
            return {
                group: "user" if str(group[1]) >= "2018-10-01" else "none"
                for group in groups
            }

        with self.subTest("by the hook"):
            original = model._classify
            model._classify = classify
            try:
                self.assertEqual(self.users()["share"], 700_000)
            finally:
                model._classify = original

    def test_subsidiaries_and_workers_are_typed(self):
        self.invoice(self.user_member, "2018-08-01", 100)
        year = self.year()
        self.manual(year, 0, 300)
        self.manual(year, 80, 160, "workers")
        found = self.operations._for_year(*YEAR)
        self.assertEqual(found["users"]["share"], 250_000)
        self.assertEqual(found["workers"]["share"], 500_000)
        self.assertEqual(found["status"], "below")
        self.assertEqual([row["total"] for row in found["manual"]], [300_00, 160_00])

    def test_the_work_of_workers_is_in_one_unit(self):
        year = self.year()
        self.manual(year, 600, 1_200, "workers", "hours")
        found = self.operations._for_year(*YEAR)["workers"]
        self.assertEqual(
            found,
            {
                "with_members": 600 * 60,
                "total": 1_200 * 60,
                "share": 500_000,
                "unit": "hours",
            },
        )
        with self.assertRaisesRegex(UserError, "either in hours or in dollars"):
            self.manual(year, 1, 1, "workers")
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            self.manual(self.year(LAST_YEAR), 1, 1, "users", "hours")

    def test_a_part_is_not_more_than_its_total(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            self.manual(self.year(), 2, 1)

    def test_thresholds_are_those_of_the_law(self):
        self.invoice(self.user_member, "2018-08-01", 55)
        self.invoice(self.outsider, "2018-08-01", 45)
        year = self.operations._for_year(*YEAR)
        self.assertEqual((year["minimum"], year["warning"]), (500_000, 600_000))
        self.assertEqual(year["status"], "warning")

    def test_computation_shows_beneficiaries(self):
        self.invoice(self.user_member, "2018-08-01", 100)
        self.invoice(self.user_member, "2018-09-01", -40)
        self.invoice(self.outsider, "2018-08-01", 40)
        year = self.year()
        year.action_compute()
        self.assertEqual(
            [
                (line.partner_id, line.operations_class, line.amount, line.number)
                for line in year.line_ids
            ],
            [(self.user_member, "user", 60, 2), (self.outsider, "none", 40, 1)],
        )
        self.assertAlmostEqual(year.user_share, 0.6)
        self.assertEqual(year.status, "met")

    def test_drill_down_to_the_lines(self):
        first = self.invoice(self.user_member, "2018-08-01", 100)
        self.invoice(self.user_member, "2018-08-01", 7, "grants")
        year = self.year()
        year.action_compute()
        action = year.line_ids.action_open_lines()
        lines = self.env["account.move.line"].search(action["domain"])
        self.assertEqual(lines, first.invoice_line_ids)

    def test_the_note(self):
        self.invoice(self.user_member, "2018-08-01", 100)
        note = self.operations._for_year(*YEAR)["note"]
        for part in ("2019-06-30", "100", "Coopérative d'essai", "50"):
            self.assertIn(part, note)

    def test_frozen_whatever_becomes_of_the_books(self):
        self.invoice(self.user_member, "2018-08-01", 100)
        year = self.year()
        year.action_freeze()
        self.invoice(self.outsider, "2018-08-02", 900)
        found = self.operations._for_year(*YEAR)
        self.assertTrue(found["frozen"])
        self.assertEqual(found["users"]["share"], 1_000_000)
        self.assertEqual(found["hash"], digest(year.content))
        self.assertEqual(json.loads(year.content)["users"]["total"], 100_00)

    def test_freezing_again_gives_the_same_digest(self):
        self.invoice(self.user_member, "2018-08-01", 100)
        year = self.year()
        year.action_freeze()
        year.action_correct()
        new = self.operations.search([("replaces_id", "=", year.id)])
        new.action_freeze()
        self.assertEqual(new.content_hash, year.content_hash)
        self.assertEqual(year.state, "replaced")

    def test_what_is_frozen_is_refused(self):
        year = self.year()
        manual = self.manual(year, 1, 1)
        year.action_freeze()
        for change in (
            lambda: year.write({"date_to": "2019-05-31"}),
            lambda: year.unlink(),
            lambda: year.action_compute(),
            lambda: year.action_freeze(),
            lambda: manual.write({"total": 5}),
            lambda: manual.unlink(),
            lambda: self.manual(year, 1, 2),
        ):
            with self.assertRaisesRegex(UserError, "frozen"):
                change()

    def test_only_buttons_freeze_and_replace(self):
        year = self.year()
        for name, value in (("state", "replaced"), ("status", "met")):
            with self.assertRaisesRegex(UserError, "buttons"):
                year.write({name: value})
        year.action_freeze()
        for name, value in (("state", "replaced"), ("user_share", 1)):
            with self.assertRaisesRegex(UserError, "buttons"):
                year.write({name: value})
        forged = {"state": "frozen", "content": "{}", "content_hash": "0"}
        last = self.by_default(self.operations, {**forged, "user_share": 1}).create(
            {"date_from": LAST_YEAR[0], "date_to": LAST_YEAR[1]}
        )
        self.assertEqual(
            (last.state, last.status, last.user_share), ("draft", "none", 0)
        )
        self.assertFalse(last.content or last.content_hash)
        addon = self.env.ref("base.module_consortium_reporting")
        with self.assertRaisesRegex(UserError, "Operations with Members"):
            addon._check_no_ledger()

    def test_not_even_by_sql(self):
        year = self.year()
        year.action_freeze()
        self.env.flush_all()
        table = SQL.identifier(year._table)
        for statement in (
            SQL("UPDATE %s SET content = '{}' WHERE id = %s", table, year.id),
            SQL("UPDATE %s SET state = 'draft' WHERE id = %s", table, year.id),
            SQL("DELETE FROM %s WHERE id = %s", table, year.id),
            SQL("TRUNCATE %s CASCADE", table),
        ):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(CheckViolation),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(statement)

    def test_what_is_not_classified_keeps_from_freezing(self):
        self.invoice(self.organization("Inconnue inc."), "2018-08-01", 10)
        with self.assertRaisesRegex(UserError, "Inconnue inc."):
            self.year().action_freeze()

    def test_a_year_that_runs_is_not_frozen(self):
        with self.assertRaisesRegex(UserError, "not over"):
            self.year(("2019-07-01", "2020-06-30")).action_freeze()

    def test_years_do_not_overlap(self):
        self.year()
        with mute_logger("odoo.sql_db"), self.assertRaises(ExclusionViolation):
            self.year(("2019-06-30", "2020-06-29"))

    def test_correction_copies_what_was_typed(self):
        year = self.year()
        self.manual(year, 1, 2)
        with self.assertRaisesRegex(UserError, "frozen"):
            year.action_correct()
        year.action_freeze()
        action = year.action_correct()
        new = self.operations.browse(action["res_id"])
        self.assertEqual(new.manual_ids.total, 2)
        self.assertEqual(new.replaces_id, year)

    def warnings(self):
        return self.env["mail.activity"].search(
            [("res_model", "=", "consortium.member.operations")]
        )

    def test_managers_are_warned_once(self):
        manager = self.employee("manager")
        self.invoice(self.outsider, "2019-08-01", 100)
        self.invoice(self.user_member, "2019-08-01", 10)
        for _each in range(2):
            self.operations._cron_warn()
        warned = self.warnings().filtered(lambda a: a.user_id == manager)
        self.assertEqual(len(warned), 1)
        self.assertRegex(warned.summary, "9[.,]1")
        self.invoice(self.user_member, "2019-08-02", 1_000)
        self.operations._cron_warn()
        self.assertFalse(self.warnings().filtered(lambda a: a.user_id == manager))

    def test_the_warning_names_the_lowest_proportion(self):
        manager = self.employee("manager")
        self.invoice(self.user_member, "2019-08-01", 100)
        self.manual(self.year(NEXT_YEAR), 10, 100, "workers")
        self.operations._cron_warn()
        warned = self.warnings().filtered(lambda a: a.user_id == manager)
        self.assertRegex(warned.summary, "(?i)work.*10[.,]0|travail.*10[.,]0")

    def test_a_year_that_is_not_read_leaves_the_others(self):
        self.manual(self.year(NEXT_YEAR), 1, 100)
        other = self.company.create({"name": "Première", "legal_form": "solidarity"})
        model = self.env.registry["consortium.member.operations"]
        original = model._of_today

        def of_today(records, company):
            if company == other:
                raise LockError("busy")
            return original(records, company)

        with (
            patch.object(model, "_of_today", of_today),
            self.assertLogs("odoo.addons.consortium_reporting", "WARNING") as said,
        ):
            self.operations.with_context(
                allowed_company_ids=(other | self.company).ids
            )._cron_warn()
        self.assertIn("Première", said.output[0])
        self.assertEqual(self.operations._of_today(self.company).status, "below")

    def test_nobody_is_warned_of_what_is_not_classified(self):
        manager = self.employee("manager")
        self.invoice(self.organization("Inconnue"), "2019-08-01", 100)
        self.operations._cron_warn()
        self.assertFalse(self.warnings().filtered(lambda a: a.user_id == manager))

    def test_the_class_of_a_contact_is_for_those_who_count(self):
        expert = self.employee("expert")
        with self.assertRaises(AccessError):
            self.user_member.with_user(expert).read(["operations_class"])

    def test_one_query_reads_the_books(self):
        def count():
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.operations._figures(*YEAR, self.company)
            return self.env.cr.sql_log_count - before

        self.invoice(self.user_member, "2018-08-01", 10)
        count()
        one = count()
        for _each in range(5):
            self.invoice(self.organization("Autre", "none"), "2018-08-01", 10)
        self.env.invalidate_all()
        self.assertLessEqual(count(), one + 1)

    def test_the_year_before_is_apart(self):
        self.invoice(self.user_member, "2017-08-01", 10)
        self.assertEqual(self.operations._for_year(*LAST_YEAR)["users"]["total"], 10_00)
        self.assertIsNone(self.users()["share"])
