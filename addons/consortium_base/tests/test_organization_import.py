import base64
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_organization import HEADER, OrganizationCase


@tagged("post_install", "-at_install")
class TestOrganizationImport(OrganizationCase):
    def run_all(self, import_):
        """The real import, in this transaction: the batches without their commits."""
        import_.action_run()
        while lines := import_._next_lines():
            import_._process(lines)
        import_.sudo().state = "done"  # as the scheduled action does
        self.env.flush_all()
        return import_

    def found(self, *names):
        return self.env["res.partner"].search([("name", "in", names)], order="id")

    def test_creates(self):
        import_ = self.check(
            HEADER + "Coop A;1142 345 678;Coopérative;03;G9N 1A1;a@exemple.test;;\n"
            "Fédé B;1142345679;network;Mauricie;G9N 1A2;;;\n"
            "Coop C;;OBNL;;;;Fédé B;2018-07-01\n"
            "Coop D;;nonprofit;;;;Fédé B;2018-07-01\n"
        )
        self.assertEqual(import_.create_count, 3)
        self.assertEqual(import_.refuse_count, 1)  # no such kind as « OBNL »
        self.assertFalse(self.found("Coop A"))
        self.run_all(import_)
        partner = self.found("Coop A")
        self.assertEqual(partner.company_registry, "1142345678")
        self.assertEqual(partner.region_id.code, "03")
        self.assertEqual(partner.state_id, self.quebec)
        self.assertEqual(partner.country_id.code, "CA")
        self.assertEqual(partner.organization_kind_id, self.kind_cooperative)
        self.assertEqual(
            self.found("Coop D")._networks_on("2018-07-01"), self.found("Fédé B")
        )
        self.assertEqual(import_.done_count, 3)
        self.assertEqual(import_.progress, 100)

    def test_english_headers(self):
        import_ = self.check("Name,Registry number,Kind\nCoop A,1142345678,Mutual\n")
        self.assertEqual(import_.create_count, 1)

    def test_matched_by_neq(self):
        known = self.organization("Coop", company_registry="1142345678", city="Lévis")
        import_ = self.check(
            "Nom;NEQ;Ville;Téléphone\nAutre nom;1142 345 678;Québec;418 555-0100\n"
        )
        self.assertEqual(import_.match_count, 1)
        self.assertEqual(import_.line_ids.partner_id, known)
        self.run_all(import_)
        self.assertEqual(known.name, "Coop")
        self.assertEqual(known.city, "Lévis")
        self.assertEqual(known.phone, "418 555-0100")

    def test_matched_by_name_and_postal_code(self):
        known = self.organization("Coopérative d’Été", zip="G9N 1A1")
        import_ = self.check(
            "Nom;NEQ;Code postal\nCOOPERATIVE D'ETE;1142345678;g9n1a1\n"
            "Coopérative d'été;;H2X 1A1\n"
        )
        self.assertEqual(import_.line_ids[0].partner_id, known)
        self.assertEqual(import_.line_ids[1].outcome, "create")
        self.run_all(import_)
        self.assertEqual(known.company_registry, "1142345678")

    def test_other_neq_at_the_same_place(self):
        self.organization("Coop", zip="G9N 1A1", company_registry="1142345678")
        import_ = self.check("Nom;NEQ;Code postal\nCoop;1142345679;G9N 1A1\n")
        self.assertIn("another NEQ, 1142345678", import_.line_ids.message)

    def test_archived_organization(self):
        self.organization("Coop", company_registry="1142345678").active = False
        import_ = self.check("Nom;NEQ\nCoop;1142345678\n")
        self.assertIn("archived", import_.line_ids.message)

    def test_refused_line_by_line(self):
        import_ = self.check(
            HEADER
            + "A;9942345678;;;;;;\n"
            + "B;;planète;;;;;\n"
            + "C;;;99;;;;\n"
            + "D;;;;;pas un courriel;;\n"
            + "E;;;;;;Réseau inconnu;\n"
            + ";1142345678;;;;;;\n"
            + "G;1142345679;;;;;;\n"
            + "H;1142 345 679;;;;;;\n"
            + "I;;;;G9N 1A1;;;\n"
            + "i;;;;g9n1a1;;;\n"
            + "K;;;;;;;hier\n"
            + "=1+1;;;;;;;\n"
            + "<b>L</b>;;;;;;;\n"
            + "M" * 300
            + ";;;;;;;\n",
        )
        words = [
            "is not a NEQ",
            "kind « planète »",
            "region « 99 »",
            "not an e-mail",
            "network « Réseau inconnu »",
            "name is missing",
            "",
            "already in row 8",
            "",
            "already in row 10",
            "not a date",
            "formula",
            "HTML",
            "more than 250",
        ]
        self.assertEqual(len(import_.line_ids), len(words))
        for line, word in zip(import_.line_ids, words, strict=True):
            with self.subTest(line.number):
                self.assertIn(word, line.message or "")
                self.assertEqual(line.outcome, "refuse" if word else "create")
        french = self.import_of(HEADER + "A;9942345678;;;;;;\n").with_context(
            lang="fr_CA"
        )
        french.action_check()
        self.assertEqual(
            french.line_ids.message,
            "« 9942345678 » n'est pas un NEQ : un NEQ a 10 chiffres et commence par "
            "11, 22, 33 ou 88.",
        )

    def test_again_changes_nothing(self):
        content = HEADER + "A;1142345678;;03;G9N 1A1;;B;\nB;;network;;;;;\n"
        self.run_all(self.check(content))
        before = self.env["res.partner"].search_count([])
        import_ = self.run_all(self.check(content))
        self.assertEqual(import_.match_count, 2)
        self.assertEqual(self.env["res.partner"].search_count([]), before)
        self.assertEqual(len(self.found("A").affiliation_ids), 1)

    def test_networks_of_networks(self):
        import_ = self.check(
            HEADER
            + "Coop;;;;;;Local; 2018-07-01\n"
            + "Local;;network;;;;Sommet;2018-07-01\n"
            + "Sommet;;network;;;;;\n"
        )
        self.run_all(import_)
        self.assertEqual(self.found("Sommet").member_count, 2)
        self.assertEqual(self.found("Coop").network_id, self.found("Local"))

    def test_several_networks(self):
        self.network("Un")
        self.network("Deux", company_registry="1142345678")
        import_ = self.check(
            "Nom;Réseaux;Depuis;Jusqu'à\n"
            'Coop;"Un; 1142 345 678";2018-07-01;2019-06-30\n'
        )
        self.run_all(import_)
        lines = self.found("Coop").affiliation_ids
        self.assertEqual(lines.filtered("is_primary").network_id.name, "Un")
        self.assertEqual(len(lines), 2)
        self.assertEqual(set(map(str, lines.mapped("date_end"))), {"2019-06-30"})

    def test_loop_in_the_file(self):
        import_ = self.check(
            HEADER + "A;;network;;;;B;\nB;;network;;;;A;\nC;;;;;;A;\nD;;;;;;;\n"
        )
        self.run_all(import_)
        self.assertEqual(import_.refuse_count, 1)
        refused = import_.line_ids.filtered(lambda line: line.outcome == "refuse")
        self.assertIn("ferait partie d'elle-même", refused.message)
        self.assertEqual(import_.done_count, 3)

    def test_appeared_in_between(self):
        import_ = self.check("Nom;NEQ\nCoop;1142345678\n")
        known = self.organization("Coop", company_registry="1142345678")
        self.run_all(import_)
        self.assertEqual(import_.line_ids.partner_id, known)
        self.assertEqual(import_.line_ids.outcome, "match")

    def test_number_of_elsewhere(self):
        import_ = self.check(
            "Nom;NEQ;Province\nA;12-34;Ontario\nB;12-34;QC\nC;12-34;Manitoba\n"
        )
        self.assertEqual(
            import_.line_ids.mapped("outcome"), ["create", "refuse", "create"]
        )
        self.run_all(import_)
        self.assertEqual(self.found("A").company_registry, "12-34")
        self.assertEqual(self.found("A").region_id.code, "ON")

    def test_many_rows_with_bad_ones(self):
        rows = "".join(
            f"Org {i};{'99' if i % 40 == 3 else '11'}{i:08d};cooperative;;;;;\n"
            for i in range(2000)
        )
        import_ = self.check(HEADER + rows)
        self.assertEqual((import_.create_count, import_.refuse_count), (1950, 50))
        self.env.flush_all()
        import_.action_run()
        before = self.env.cr.sql_log_count
        lines = import_._next_lines()
        import_._process(lines)
        self.env.flush_all()
        self.assertLess((self.env.cr.sql_log_count - before) / len(lines), 0.3)

    def test_states(self):
        import_ = self.import_of("Nom\nA\n")
        with self.assertRaisesRegex(UserError, "Check the file first"):
            import_.action_run()
        import_.action_check()
        import_.action_check()
        self.assertEqual(len(import_.line_ids), 1)
        import_.action_run()
        with self.assertRaisesRegex(UserError, "done or running"):
            import_.action_check()
        with self.assertRaisesRegex(UserError, "is running"):
            import_.unlink()
        empty = self.check("Nom;NEQ\nA;12\n")
        with self.assertRaisesRegex(UserError, "no row to import"):
            empty.action_run()

    def test_who_imports(self):
        officer = self.user("officer_of_test", "membership_officer")
        import_ = (
            self.env["consortium.organization.import"]
            .with_user(officer)
            .create(
                {"name": "a.csv", "file": base64.b64encode(b"Nom;Type\nA;mutual\n")}
            )
        )
        import_.action_check()
        self.run_all(import_)
        self.assertEqual(self.found("A").create_uid, officer)
        for group in ("expert", "coordinator", "accountant"):
            with self.subTest(group), self.assertRaises(AccessError):
                import_.with_user(self.user(f"{group}_of_test", group)).read(["state"])
        auditor = self.user("auditor_of_test", "auditor")
        self.assertEqual(import_.with_user(auditor).read(["state"])[0]["state"], "done")
        with self.assertRaises(AccessError):
            import_.with_user(auditor).write({"remarks": "A"})

    def test_malformed_website(self):
        import_ = self.check(
            "Nom;Site Web\nA;http://[abc\nB;https://b.example:x\nC;c.example\n"
        )
        self.assertEqual(
            import_.line_ids.mapped("outcome"), ["refuse", "refuse", "create"]
        )
        self.assertIn("not the address of a website", import_.line_ids[0].message)
        self.run_all(import_)
        self.assertTrue(self.found("C"))

    def test_a_row_that_cannot_be_recorded_stops_no_other(self):
        """Whatever passes the dry run and that Odoo or the database then refuses."""
        Partner = type(self.env["res.partner"])
        create = Partner.create

        def failing(records, vals_list):
            names = {vals.get("name") for vals in vals_list}
            if "A" in names:
                raise ValueError("A")
            if "B" in names:
                records.env.cr.execute("SELECT 'B'::int")
            return create(records, vals_list)

        import_ = self.check("Nom\nA\nB\nC\n")
        import_.user_id.lang = "en_US"  # what is said is in the user's language
        with (
            patch.object(Partner, "create", failing),
            mute_logger("odoo.sql_db"),
        ):
            self.run_all(import_)
        self.assertEqual(
            import_.line_ids.mapped("state"), ["refused", "refused", "done"]
        )
        self.assertIn("cannot be recorded", import_.line_ids[0].message)
        self.assertTrue(self.found("C"))

    def test_an_import_that_fails_does_not_stop_the_next(self):
        first, second = self.check("Nom\nA\n"), self.check("Nom\nB\n")
        first.action_run()
        second.action_run()
        Import = type(first)
        process = Import._process

        def failing(import_, lines):
            if import_ == first:
                raise RuntimeError("A")
            process(import_, lines)

        with (
            patch.object(Import, "_process", failing),
            patch.object(
                type(self.env["ir.cron"]), "_commit_progress", return_value=60
            ),
            mute_logger(
                "odoo.addons.consortium_base.models.consortium_organization_import"
            ),
        ):
            self.env["consortium.organization.import"]._cron_run()
        self.assertEqual((first.state, second.state), ("running", "done"))
        self.assertTrue(self.found("B"))

    def test_nobody_imports_in_the_name_of_another(self):
        officer = self.user("officer_of_test", "membership_officer")
        manager = self.user("manager_of_test", "manager")
        Import = self.env["consortium.organization.import"].with_user(officer)
        file = base64.b64encode(b"Nom;Type\nA;mutual\n")
        values = {"name": "a.csv", "file": file}
        import_ = Import.with_context(default_user_id=manager.id).create(
            {**values, "state": "running", "user_id": manager.id}
        )
        self.assertEqual((import_.state, import_.user_id), ("draft", officer))
        for forged in ({"state": "running"}, {"user_id": manager.id}):
            with self.assertRaisesRegex(UserError, "by its buttons"):
                import_.write(forged)
        line = {"number": 2, "name": "Faux", "data": {"name": "Faux"}}
        with self.assertRaises(AccessError):
            import_.write({"line_ids": [(0, 0, line)]})
        with self.assertRaises(AccessError):
            Import.create({**values, "line_ids": [(0, 0, line)]})
        import_.action_check()
        with self.assertRaises(AccessError):
            import_.line_ids.write({"data": {"name": "Faux"}})

    def test_actions(self):
        import_ = self.check("Nom\nA\n")
        action = import_.with_context(consortium_outcome="create").action_open_lines()
        self.assertEqual(action["context"], {"search_default_create": 1})
        with self.assertRaisesRegex(UserError, "no such file"):
            import_.with_context(consortium_file="file").action_download()
