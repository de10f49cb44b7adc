import base64
import io

import openpyxl
from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .agreement_common import AgreementCommon

HEADER = "Numéro;Membre;Titre;Début;Fin;Champs et heures;Heures déjà faites;Signée le\n"


@tagged("post_install", "-at_install")
class TestAgreementImport(AgreementCommon):
    def imported(self, rows, name="ententes.csv", header=HEADER):
        content = rows if isinstance(rows, bytes) else (header + rows).encode()
        return (
            self.env["consortium.agreement.import"]
            .with_user(self.coordinator)
            .create({"name": name, "file": base64.b64encode(content)})
        )

    ROW = (
        "2018-7;Coopérative Alizé;Appui;2018-07-01;2019-06-30;"
        "T-LAW: 10; T-FIN: 2,5;;2018-06-20\n"
    )

    def row(self, **cells):
        names = ("number", "member", "title", "start", "end", "fields", "spent", "on")
        values = {
            "number": "2018-7",
            "member": "Coopérative Alizé",
            "title": "Appui",
            "start": "2018-07-01",
            "end": "2019-06-30",
            "fields": '"T-LAW: 10; T-FIN: 2,5"',
            "spent": "T-LAW: 4",
            "on": "2018-06-20",
            **cells,
        }
        return ";".join(values[name] for name in names) + "\n"

    def run_import(self, import_):
        """Who may sign for the cooperative has the agreements made."""
        import_.with_user(self.manager).action_run()

    def test_who_may_sign_for_the_cooperative_runs_it(self):
        import_ = self.imported(self.row())
        import_.action_check()
        with self.assertRaisesRegex(AccessError, "sign for the cooperative"):
            import_.action_run()
        self.assertFalse(import_.line_ids.order_id)
        self.run_import(import_)
        order = import_.line_ids.order_id
        self.assertEqual(order.countersigned_by_id, self.manager)
        self.assertEqual(order.version_ids.countersigned_by_id, self.manager)

    def test_dry_run_makes_nothing(self):
        count = self.env["sale.order"].search_count([])
        import_ = self.imported(self.row() + self.row(number="", member="Inconnue"))
        import_.action_check()
        self.assertEqual((import_.create_count, import_.refuse_count), (1, 1))
        self.assertIn("Inconnue", import_.line_ids[1].message)
        self.assertEqual(self.env["sale.order"].search_count([]), count)

    def test_import(self):
        import_ = self.imported(self.row())
        import_.action_check()
        self.run_import(import_)
        order = import_.line_ids.order_id
        self.assertEqual(order.name, "2018-7")
        self.assertEqual(order.agreement_state, "running")
        self.assertEqual(order.ceiling_minutes, 750)
        self.assertEqual(
            {line.expertise_id: line.planned_minutes for line in order.order_line},
            {self.law: 600, self.finance: 150},
        )
        self.assertAlmostEqual(order.spent_hours, 4)
        self.assertEqual(str(order.signed_on.date()), "2018-06-20")
        self.assertTrue(order.project_id.task_ids)
        self.assertEqual(order.version_ids.state, "in_force")
        self.assertTrue(order.version_ids._is_intact())
        self.assertTrue(order.clause_version_ids)
        self.assertEqual(order.user_id, self.coordinator)

    def test_signed_on_the_first_day_of_the_fiscal_year(self):
        self.env.company.partner_id.tz = "America/Toronto"
        import_ = self.imported(self.row(on="2018-07-01"))
        import_.action_check()
        self.run_import(import_)
        order = import_.line_ids.order_id
        there = fields.Datetime.context_timestamp(
            order.with_context(tz="America/Toronto"), order.signed_on
        )
        self.assertEqual(there.isoformat(), "2018-07-01T12:00:00-04:00")
        self.assertEqual(order.date_order, order.signed_on)
        self.assertEqual(order.version_ids.signed_on, order.signed_on)

    def test_hours_spent_before_count(self):
        import_ = self.imported(self.row(spent="T-LAW: 10"))
        import_.action_check()
        self.run_import(import_)
        order = import_.line_ids.order_id
        self.assertEqual(order.ceiling_warned, 75)
        self.enter(order, 150)
        with self.assertRaises(UserError):
            self.enter(order, 1)

    def test_twice(self):
        import_ = self.imported(self.row())
        import_.action_check()
        self.run_import(import_)
        with self.assertRaisesRegex(UserError, "Check the file first"):
            self.run_import(import_)
        again = self.imported(self.row())
        again.action_check()
        self.assertEqual((again.create_count, again.known_count), (0, 1))
        with self.assertRaisesRegex(UserError, "no row"):
            self.run_import(again)

    def test_bad_rows_are_one_sentence_each(self):
        rows = {
            "is no date": {"start": "01/07/2018"},
            "ends on or after": {"end": "2018-01-01"},
            "field of expertise « T-XXX » is unknown": {"fields": "T-XXX: 10"},
            "can't be read": {"fields": "T-LAW dix"},
            "Hours were spent": {"fields": "T-LAW: 10", "spent": "T-FIN: 1"},
            "formula": {"title": "=1+1"},
            "is empty": {"title": ""},
        }
        text = "".join(
            self.row(number=str(number), **cells)
            for number, cells in enumerate(rows.values())
        )
        import_ = self.imported(text + self.row(number="0"))
        import_ = import_.with_context(lang="en_US")
        import_.action_check()
        for expected, line in zip(rows, import_.line_ids, strict=False):
            self.assertEqual(line.outcome, "refuse")
            self.assertIn(expected, line.message)

    def test_the_same_number_twice(self):
        import_ = self.imported(self.row() + self.row())
        import_.action_check()
        self.assertEqual((import_.create_count, import_.refuse_count), (1, 1))

    def test_files_of_no_use(self):
        cases = (
            (b"", "Choose a file"),
            (b"\x89PNG\r\n\x1a\n\x00\x00", "neither text"),
            (b"PK\x03\x04 forged", "not a readable Excel"),
            (b"Nom;Ville\nA;B\n", "is missing"),
        )
        for content, expected in cases:
            with self.assertRaisesRegex(UserError, expected):
                self.imported(content).action_check()

    def test_xlsx(self):
        workbook = openpyxl.Workbook()
        sheet = workbook.active
        sheet.append(["Membre", "Titre", "Début", "Fin", "Champs et heures"])
        sheet.append(
            ["Coopérative Alizé", "Appui", "2018-07-01", "2019-06-30", "T-LAW: 10"]
        )
        stream = io.BytesIO()
        workbook.save(stream)
        import_ = self.imported(stream.getvalue(), "ententes.xlsx")
        import_.action_check()
        self.run_import(import_)
        self.assertRegex(import_.line_ids.order_id.name, "^ES-")

    def test_template_reads_itself(self):
        import_ = self.imported(self.row())
        content = base64.b64decode(import_.with_context(lang="fr_CA").template)
        again = self.imported(content, "gabarit.xlsx")
        again.action_check()
        self.assertEqual(again.refuse_count, 1, "its member is an example")

    def test_who_imports(self):
        model = self.env["consortium.agreement.import"]
        self.assertTrue(model.with_user(self.coordinator).has_access("create"))
        for user in (self.expert_user, self.signatory, self.employee("auditor")):
            self.assertFalse(model.with_user(user).has_access("create"))
        import_ = self.imported(self.row())
        with self.assertRaisesRegex(UserError, "buttons"):
            import_.state = "checked"
