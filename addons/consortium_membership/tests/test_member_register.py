import io
from datetime import date

import openpyxl
from odoo.exceptions import UserError
from odoo.tests import Form, HttpCase, tagged

from .common_members import MemberCommon


@tagged("post_install", "-at_install")
class TestMemberRegister(MemberCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.alize.write(
            {
                "street": "12, rue du Quai",
                "city": "Rimouski",
                "company_registry": "1142000000",
                "email": "info@alize.example",
            }
        )
        cls.first = cls.admit(cls.alize, "2016-03-01")
        cls.second = cls.admit(cls.boreale, "2017-03-01", category=cls.auxiliary)
        cls.gone = cls.admit(cls.organization("Coop Partie"), "2016-03-01")
        cls.gone._end(date(2018, 6, 30), "resignation")

    def register(self, report="members", day="2019-06-30", **values):
        return self.membership_model._register_on(report, day, **values)

    def names(self, register):
        return [row["name"] for row in register["rows"]]

    def test_members_of_a_date(self):
        self.assertEqual(self.names(self.register()), ["Coopérative Alizé"])
        self.assertEqual(
            self.names(self.register(day="2018-06-30")),
            ["Coopérative Alizé", "Coop Partie"],
        )
        self.assertFalse(self.register(day="2016-02-29")["rows"])

    def test_those_who_left_stay(self):
        register = self.register(departed=True)
        self.assertEqual(self.names(register), ["Coopérative Alizé", "Coop Partie"])
        row = register["rows"][1]
        self.assertEqual(row["end"], date(2018, 6, 30))
        self.assertEqual(row["status"], "Former member")
        self.assertEqual(row["reason"], "Resignation")

    def test_columns_of_the_law(self):
        register = self.register()
        row = register["rows"][0]
        self.assertEqual(row["number"], self.first.number)
        self.assertEqual(row["address"], "12, rue du Quai\nRimouski")
        self.assertEqual(row["resolution"], self.admission.number)
        self.assertEqual(row["neq"], "1142000000")
        keys = [key for key, _label in register["columns"]]
        for key in ("name", "address", "category", "start", "resolution", "status"):
            self.assertIn(key, keys)

    def test_auxiliary_members_apart(self):
        register = self.register("others")
        self.assertEqual(self.names(register), ["Mutuelle Boréale"])
        self.assertEqual(register["rows"][0]["type"], "Auxiliary member")

    def test_register_unchanged_by_later_operations(self):
        before = self.register(day="2018-12-31")
        self.first._change_category(self.support, "2019-01-01", self.admission)
        self.second._end(date(2019, 6, 30), "resignation")
        self.admit(self.organization("Nouvelle"), "2019-02-01")
        after = self.register(day="2018-12-31")
        self.assertEqual(before, after)

    def test_voting_list(self):
        self.representative(self.alize)
        register = self.register("voting", day=self.today)
        self.assertEqual(self.names(register), ["Coopérative Alizé"])
        self.assertEqual(register["rows"][0]["representative"], "Aline Tremblay")

    def test_voting_list_without_the_suspended(self):
        suspension = self.env["consortium.suspension"].create(
            {
                "partner_id": self.alize.id,
                "notice_date": "2019-05-01",
                "date_start": "2019-06-01",
                "date_end": "2019-06-30",
                "resolution_id": self.resolution("expulsion", "2019-05-20").id,
            }
        )
        suspension.action_decide()
        register = self.register("voting", day="2019-06-15")
        self.assertFalse(register["rows"])
        self.assertIn("Coopérative Alizé", register["remarks"][0])
        self.assertTrue(self.register("voting", day="2019-07-01")["rows"])
        member = self.register("members", day="2019-06-15")["rows"][0]
        self.assertEqual(member["status"], "Suspended")

    def test_voting_list_says_who_has_nobody(self):
        remarks = self.register("voting")["remarks"]
        self.assertIn("No representative", remarks[0])

    def test_voting_list_says_who_votes_twice(self):
        self.representative(self.alize)
        other = self.organization("Autre")
        self.admit(other, "2016-03-01")
        person = self.alize.representative_ids.person_id
        self.env["consortium.representation"].create(
            {
                "person_id": person.id,
                "organization_id": other.id,
                "date_start": "2016-03-01",
                "scope_vote": True,
            }
        )
        remarks = self.register("voting", day=self.today)["remarks"]
        self.assertTrue(any("votes for" in remark for remark in remarks))

    def test_counts(self):
        counts = dict(self.register(day="2018-06-30")["counts"])
        self.assertEqual(counts, {"Total": 2, "Test user": 2})
        texts = self.register(day="2018-06-30")["totals"]
        self.assertEqual(texts, ["Total: 2", "Test user: 2"])

    def test_who_reads_addresses(self):
        for group, expected in (
            ("membership_officer", True),
            ("manager", True),
            ("auditor", True),
            ("accountant", False),
            ("expert", False),
            ("coordinator", False),
        ):
            user = self.employee(group)
            register = self.membership_model.with_user(user)._register_on(
                "members", "2019-06-30"
            )
            keys = [key for key, _label in register["columns"]]
            self.assertEqual("address" in keys, expected, group)
            self.assertEqual(len(register["rows"]), 1, group)

    def test_an_employee_who_sits_on_the_board_reads_addresses(self):
        user = self.employee("expert")
        self.env["consortium.office"].create(
            {"person_id": user.partner_id.id, "date_start": "2016-01-01"}
        )
        model = self.membership_model.with_user(user)
        keys = [key for key, _l in model._register_on("members", self.today)["columns"]]
        self.assertIn("address", keys)

    def test_screen(self):
        officer = self.employee("membership_officer")
        model = self.env["consortium.member.register"].with_user(officer)
        form = Form(model)
        form.date = "2018-06-30"
        self.assertIn("Coop Partie", form.body)
        form.date = "2019-06-30"
        self.assertNotIn("Coop Partie", form.body)
        form.report = "others"
        self.assertIn("Mutuelle Boréale", form.body)

    def test_list_of_the_date(self):
        screen = self.env["consortium.member.register"].create({"date": "2018-06-30"})
        action = screen.action_list()
        found = self.membership_model.with_context(**action["context"]).search(
            [*action["domain"], ("in_force", "=", True)]
        )
        self.assertEqual(found.ids, (self.first | self.gone).ids)

    def test_pdf(self):
        screen = self.env["consortium.member.register"].create({"date": "2018-06-30"})
        reports = self.env["ir.actions.report"].with_context(
            force_report_rendering=True
        )
        content, kind = reports._render_qweb_pdf(
            "consortium_membership.report_member_register", screen.ids
        )
        self.assertEqual(kind, "pdf")
        self.assertTrue(content.startswith(b"%PDF"))

    def test_query_budget(self):
        """A register of three or of sixty: as many queries."""

        def queries():
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.register()
            return self.env.cr.sql_log_count - start

        queries()
        few = queries()
        for index in range(60):
            self.admit(self.organization(f"Org {index}"), "2016-03-01")
        self.assertLessEqual(queries(), few + 1)
        self.assertLess(few, 40)

    def test_alert_on_the_minimum(self):
        codes = [c for c, _s in self.membership_model._alerts(date(2019, 6, 30))]
        self.assertIn("minimum", codes)
        for index in range(8):
            self.admit(self.organization(f"Org {index}"), "2016-03-01")
        codes = [c for c, _s in self.membership_model._alerts(date(2019, 6, 30))]
        self.assertNotIn("minimum", codes)

    def test_alert_on_the_liaison_committee(self):
        for index in range(50):
            self.admit(
                self.organization(f"Org {index}"), "2018-03-01", category=self.auxiliary
            )
        alerts = dict(self.membership_model._alerts(date(2019, 6, 30)))
        self.assertIn("51 worker and auxiliary", alerts["liaison"])
        self.env.company.has_liaison_committee = True
        alerts = dict(self.membership_model._alerts(date(2019, 6, 30)))
        self.assertNotIn("liaison", alerts)

    def test_alerts_make_one_activity(self):
        officer = self.employee("membership_officer")
        self.assertTrue(officer)
        self.membership_model._cron_alerts()
        partner = self.env.company.partner_id
        count = len(partner.activity_ids)
        self.assertTrue(count)
        self.membership_model._cron_alerts()
        self.assertEqual(len(partner.activity_ids), count)


@tagged("post_install", "-at_install")
class TestMemberRegisterFile(MemberCommon, HttpCase):
    def open(self, user, query="report=members&date=2019-06-30"):
        self.authenticate(user.login, user.login)
        return self.url_open(f"/consortium/members.xlsx?{query}")

    def test_spreadsheet(self):
        self.alize.name = "=SOMME(A1)"
        self.admit(self.alize, "2016-03-01")
        answer = self.open(self.employee("membership_officer"))
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
        titles = ("Register of Members", "Registre des membres")
        self.assertIn(sheet["A1"].value, titles)
        self.assertEqual(sheet["B5"].value, "=SOMME(A1)")
        self.assertEqual(sheet["B5"].data_type, "s")

    def test_spreadsheet_of_what_there_is_not(self):
        user = self.employee("membership_officer")
        for query in ("report=nothing", "date=tomorrow", "company=999999", "company=x"):
            self.assertEqual(self.open(user, query).status_code, 404, query)

    def test_spreadsheet_is_not_for_the_portal(self):
        user = self.representative(self.alize)
        self.assertEqual(self.open(user).status_code, 404)


@tagged("post_install", "-at_install")
class TestBulk(MemberCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.network = cls.organization(
            "Fédération", organization_kind_id=cls.kind_network.id
        )
        cls.members = cls.env["res.partner"]
        for index in range(4):
            partner = cls.organization(f"Membre {index}")
            cls.members |= partner
            cls.env["consortium.affiliation"].create(
                {
                    "organization_id": partner.id,
                    "network_id": cls.network.id,
                    "date_start": "2015-01-01",
                    "date_end": "2019-12-31" if index == 3 else False,
                }
            )

    def bulk(self, **values):
        return self.env["consortium.membership.bulk"].create(
            {
                "network_id": self.network.id,
                "category_id": self.auxiliary.id,
                "date": "2019-06-30",
                "resolution_id": self.admission.id,
                "has_undertaken": True,
                **values,
            }
        )

    def test_dry_run_writes_nothing(self):
        self.admit(self.members[0], "2018-01-01")
        bulk = self.bulk()
        bulk.action_check()
        self.assertEqual(bulk.count_to_admit, 3)
        problems = {line.partner_id: line.problem for line in bulk.line_ids}
        self.assertIn("Member since 2018-01-01", problems[self.members[0]])
        self.assertFalse(self.env["consortium.membership.application"].search([]))

    def test_network_of_the_date(self):
        bulk = self.bulk(date="2020-01-01")
        bulk.action_check()
        self.assertEqual(bulk.line_ids.partner_id, self.members[:3])

    def test_admission(self):
        bulk = self.bulk()
        bulk.action_check()
        bulk.line_ids[0].chosen = False
        bulk.action_admit()
        admitted = self.on("2019-06-30")
        self.assertEqual(len(admitted), 3)
        numbers = sorted(admitted.mapped("number"))
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + 3)))
        self.assertEqual(set(admitted.application_id.mapped("source")), {"bulk"})

    def test_undertakings_were_received(self):
        bulk = self.bulk(has_undertaken=False)
        bulk.action_check()
        with self.assertRaisesRegex(UserError, "have undertaken"):
            bulk.action_admit()
        self.assertFalse(self.on("2019-06-30"))

    def test_kind_that_is_not_eligible(self):
        self.auxiliary.organization_kind_ids = self.kind_network
        bulk = self.bulk()
        bulk.action_check()
        self.assertFalse(bulk.count_to_admit)
        with self.assertRaisesRegex(UserError, "nobody is to be admitted"):
            bulk.action_admit()

    def test_needs_a_resolution(self):
        bulk = self.bulk(resolution_id=False)
        bulk.action_check()
        with self.assertRaisesRegex(UserError, "must cite one resolution"):
            bulk.action_admit()
        self.assertFalse(self.on("2019-06-30"))

    def test_needs_the_dry_run(self):
        with self.assertRaisesRegex(UserError, "Look first"):
            self.bulk().action_admit()

    def test_queries_follow_the_work_not_the_archive(self):
        """As many queries when there are sixty members more already."""

        def queries():
            bulk = self.bulk()
            bulk.action_check()
            self.env.flush_all()
            savepoint = self.env.cr.savepoint(flush=True)
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            bulk.action_admit()
            self.env.flush_all()
            count = self.env.cr.sql_log_count - start
            savepoint.close(rollback=True)
            self.env.invalidate_all()
            return count

        queries()
        few = queries()
        for index in range(60):
            self.admit(self.organization(f"Org {index}"), "2016-03-01")
        self.assertLessEqual(queries(), few + 2)
