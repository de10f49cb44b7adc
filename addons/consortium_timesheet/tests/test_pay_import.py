import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import AtCostCommon


@tagged("post_install", "-at_install")
class TestPayImport(AtCostCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_pay_accounts()
        cls.team("LEG")
        cls.team("FIN")
        cls.shared = cls.employee(
            "Partagée Roy",
            ("LEG", 50, "2018-07-01", False),
            ("FIN", 50, "2018-07-01", False),
            work_email="partagee@coop.example",
            barcode="1234",
        )

    def rows(self, **amounts):
        paid = {
            f"{code} {i}": "1000,00;100,00"
            for code in ("LEG", "FIN")
            for i in (1, 2, 3)
        }
        paid["Partagée Roy"] = "2000,01;0,01"
        paid.update(amounts)
        lines = [f"{name};{text}" for name, text in paid.items() if text]
        return "\n".join(["Employé;Salaire;Charges", *lines])

    def test_dry_run_then_post(self):
        pay = self.pay(self.rows(), control_total=8600.02)
        self.assertFalse(pay.problems)
        self.assertEqual((pay.people_count, pay.total), (7, 8600.02))
        self.assertFalse(pay.move_id)
        by_center = {line.cost_center_id.code: line for line in pay.line_ids}
        # Equal weights: the odd cent goes to the lower key, that is the first made.
        self.assertEqual(
            sorted(line.amount for line in by_center.values()), [4000.0, 4000.01]
        )
        self.assertEqual(by_center["LEG"].people_count, 4)
        pay.action_post()
        self.assertEqual((pay.state, pay.move_id.state), ("posted", "posted"))
        self.assertEqual(self.fed("LEG", "FIN"), 860_002)
        self.assertEqual(len(pay.move_id.line_ids), 5)

    def test_the_file_is_not_kept(self):
        pay = self.pay(self.rows(), control_total=8600.02)
        pay.action_post()
        pay.invalidate_recordset()
        self.assertFalse(pay.file)
        self.assertFalse(
            self.env["ir.attachment"].search([("res_model", "=", pay._name)])
        )
        self.env.flush_all()
        self.cr.execute("SELECT * FROM consortium_pay_import WHERE id = %s", (pay.id,))
        self.assertNotIn("2000", str(self.cr.fetchall()))
        moves = str(pay.move_id.line_ids.mapped("name"))
        self.assertNotIn("Roy", moves)

    def test_control_total(self):
        pay = self.pay(self.rows(), control_total=8600.03)
        with self.assertRaisesRegex(UserError, "nothing was posted"):
            pay.action_post()
        self.assertFalse(pay.move_id)

    def test_twice_the_same(self):
        self.pay(self.rows(), control_total=8600.02).action_post()
        again = self.pay(self.rows(), control_total=8600.02)
        with self.assertRaisesRegex(UserError, "already posted"):
            again.action_post()
        elsewhere = self.pay(
            self.rows(),
            control_total=8600.02,
            name="Autre",
            date_start="2019-01-01",
            date_end="2019-01-14",
        )
        with self.assertRaisesRegex(UserError, "already posted"):
            elsewhere.action_post()

    def test_overlap_of_periods(self):
        self.pay(self.rows(), control_total=8600.02).action_post()
        other = self.rows(**{"LEG 1": "1;0"})
        pay = self.pay(
            other, control_total=7501.02, date_start="2018-07-14", date_end="2018-07-20"
        )
        with self.assertRaisesRegex(UserError, "already posted"):
            pay.action_post()
        pay.name = "Prime"
        pay.control_total = 7501.02
        self.assertEqual(pay.state, "draft")

    def test_reverse_then_again(self):
        pay = self.pay(self.rows(), control_total=8600.02)
        pay.action_post()
        pay.action_reverse()
        self.assertEqual(pay.reversal_id.state, "posted")
        again = self.pay(self.rows(), control_total=8600.02)
        again.action_post()
        self.assertEqual(self.fed("LEG", "FIN"), 860_002)

    def test_reversed_in_the_books(self):
        """By the accountant, on the entry: the cost is taken back once."""
        pay = self.pay(self.rows(), control_total=8600.02)
        pay.action_post()
        back = pay.move_id._reverse_moves([{"date": "2018-07-31"}], cancel=True)
        pay.action_reverse()
        self.assertEqual((pay.state, pay.reversal_id), ("reversed", back))
        self.assertEqual(self.fed("LEG", "FIN"), 0)

    def test_partly_reversed_in_the_books(self):
        pay = self.pay(self.rows(), control_total=8600.02)
        pay.action_post()
        for _each in range(2):
            pay.move_id._reverse_moves([{"date": "2018-07-31"}], cancel=True)
        with self.assertRaisesRegex(UserError, "undo that first"):
            pay.action_reverse()

    def test_its_entry_stays_in_the_books(self):
        """Reset to draft, the cost of the centers would be without that pay."""
        pay = self.pay(self.rows(), control_total=8600.02)
        pay.action_post()
        with self.assertRaisesRegex(UserError, "reverse that pay instead"):
            pay.move_id.button_draft()
        pay.action_reverse()
        with self.assertRaisesRegex(UserError, "reverse that pay instead"):
            pay.reversal_id.button_draft()
        self.assertEqual(self.fed("LEG", "FIN"), 0)
        with self.assertRaisesRegex(UserError, "reverse it"):
            pay.accounting_date = "2018-09-01"

    def test_button_pressed_twice(self):
        pay = self.pay(self.rows(), control_total=8600.02)
        pay.action_post()
        with self.assertRaises(UserError):
            pay.action_post()

    def refused(self, text, pattern):
        pay = self.pay(text)
        self.assertRegex(pay.problems, pattern)
        self.assertFalse(pay.line_ids)
        with self.assertRaises(UserError):
            pay.action_post()

    def test_somebody_unknown(self):
        self.refused(self.rows(Inconnue="5;5"), "Row 9: nobody is called « Inconnue »")

    def test_two_of_the_same_name(self):
        self.employee("LEG 1")
        self.refused(self.rows(), "several people")

    def test_number_and_email(self):
        text = self.rows(**{"Partagée Roy": None}).replace("Employé", "Courriel")
        self.assertRegex(self.pay(text).problems, "nobody")
        lines = "Numéro;Employé;Salaire\n;LEG 1;1\n;LEG 2;1\n;LEG 3;1\n1234;x;1\n"
        lines += ";FIN 1;1\n;FIN 2;1"
        pay = self.pay(lines)
        self.assertFalse(pay.problems)
        self.assertEqual(pay.total, 6)

    def test_bad_amounts(self):
        self.refused(self.rows(**{"LEG 1": "-1;0"}), "Row 2: « Salaire » is negative")
        self.refused(self.rows(**{"LEG 1": "1,005;0"}), "two decimals")

    def test_in_no_center(self):
        self.employee("Sans Centre")
        self.refused(self.rows(**{"Sans Centre": "1;1"}), "in no cost center")

    def test_shares_not_whole(self):
        self.employee("À Moitié", ("LEG", 50, "2018-07-01", False))
        self.refused(
            self.rows(**{"À Moitié": "1;1"}), "do not make 100 % on 2018-07-01"
        )

    def test_fewer_than_three_people(self):
        self.team("COM", 2)
        text = self.rows(**{"COM 1": "5;5", "COM 2": "5;5"})
        self.refused(text, "COM .*only 2 people")
        self.center["COM"].merge_into_id = self.center["LEG"]
        self.assertFalse(self.pay(text).problems)

    def test_people_without_an_amount_hide_nobody(self):
        """Named with nothing of their own: what is left is the pay of one."""
        self.team("COM")
        com = {f"COM {i}": "0;0" for i in (2, 3)}
        text = self.rows(**com, **{"COM 1": "5000;500"})
        self.refused(text, "COM .*only 1 people")
        # Each of the two totals of a center is an amount of its own.
        com = {f"COM {i}": "4000;0" for i in (2, 3)}
        self.refused(self.rows(**com, **{"COM 1": "5000;500"}), "COM .*only 1 people")
        com = {f"COM {i}": "4000;0" for i in (1, 2, 3)}
        pay = self.pay(self.rows(**com, **{"LEG 1": "0;0"}))
        self.assertFalse(pay.problems)
        counts = {line.cost_center_id.code: line.people_count for line in pay.line_ids}
        self.assertEqual(counts, {"LEG": 3, "FIN": 4, "COM": 3})

    def test_what_a_difference_would_tell_of_charges(self):
        """The pay of both centers hides everybody; the charges of one are told."""
        for i in range(3):
            self.employee(
                f"Moitié {i}",
                ("COM", 50, "2018-07-01", False),
                ("ADM", 50, "2018-07-01", False),
            )
        for i in range(3):
            self.employee(f"Une {i}", ("ADM", 100, "2018-07-01", False))
        names = {f"Moitié {i}": "1000;100" for i in range(3)}
        names |= {f"Une {i}": "3000;0" for i in range(3)}
        self.assertFalse(self.pay(self.rows(**names)).problems)
        names["Une 0"] = "3000;300"
        self.refused(self.rows(**names), "pay of Une 0")

    def test_what_a_difference_would_tell(self):
        """Three are shared by halves between two centers; a fourth is in one only."""
        for i in range(3):
            self.employee(
                f"Moitié {i}",
                ("COM", 50, "2018-07-01", False),
                ("ADM", 50, "2018-07-01", False),
            )
        self.employee("Seule Gagnon", ("ADM", 100, "2018-07-01", False))
        names = {f"Moitié {i}": "1000;0" for i in range(3)}
        self.refused(
            self.rows(**names, **{"Seule Gagnon": "3000;0"}), "pay of Seule Gagnon"
        )

    def test_other_days_other_shares(self):
        pay = self.pay(self.rows(), control_total=8600.02)
        pay.date_end = "2018-07-20"
        self.assertFalse(pay.line_ids)
        with self.assertRaisesRegex(UserError, "Choose the pay file"):
            pay.action_post()

    def test_useless_files(self):
        for content, pattern in (
            (b"", "empty|Choose"),
            (b"Nom\nAline", "Salaire"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel"),
        ):
            if not content:
                continue
            with self.assertRaisesRegex(UserError, pattern):
                self.env["consortium.pay.import"].create(
                    {
                        "company_id": self.company.id,
                        "date_start": "2018-07-01",
                        "date_end": "2018-07-14",
                        "file": base64.b64encode(content),
                    }
                )

    def test_accounts_missing(self):
        self.company.pay_journal_id = False
        pay = self.pay(self.rows(), control_total=8600.02)
        with self.assertRaisesRegex(UserError, "Journal of Pay Entries"):
            pay.action_post()

    def test_posted_does_not_change(self):
        pay = self.pay(self.rows(), control_total=8600.02)
        pay.action_post()
        with self.assertRaises(UserError):
            pay.control_total = 1
        with self.assertRaises(UserError):
            pay.file = base64.b64encode(self.rows().encode())
        with self.assertRaises(UserError):
            pay.unlink()

    def test_state_by_its_buttons(self):
        accountant = self.role("accountant")
        pay = self.pay(self.rows(), control_total=8600.02).with_user(accountant)
        with self.assertRaises(UserError):
            pay.state = "posted"
        pay.action_post()
        self.assertEqual(pay.move_id.state, "posted")
        pay.action_reverse()

    def test_who_reads_a_pay(self):
        pay = self.pay(self.rows())
        for role in ("expert", "coordinator", "membership_officer"):
            with self.assertRaises(AccessError):
                pay.with_user(self.role(role)).read(["total"])
        for role in ("manager", "auditor"):
            pay.with_user(self.role(role)).read(["total"])
            with self.assertRaises(AccessError):
                pay.with_user(self.role(role)).action_post()

    def test_form(self):
        accountant = self.role("accountant")
        model = self.env["consortium.pay.import"].with_user(accountant)
        with Form(model.with_company(self.company)) as form:
            form.date_start = "2018-07-01"
            form.date_end = "2018-07-14"
            form.control_total = 8600.02
            form.file = base64.b64encode(self.rows().encode())
        self.assertEqual(form.record.total, 8600.02)
        form.record.action_post()
