import re

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation

from ..models.consortium_satisfaction_report import ENOUGH
from .agreement_common import AgreementCommon

YES = {"recommend": True, "results": True, "continue": True}


@tagged("post_install", "-at_install")
class TestSatisfaction(AgreementCommon, HttpCase):
    def closed(self, **values):
        order = self.running(**values)
        wizard = (
            self.env["consortium.agreement.close"]
            .with_user(self.coordinator)
            .create({"order_id": order.id, "note": "<p>Bien terminé</p>"})
        )
        wizard.action_close()
        return order

    def invitation(self, order):
        return self.env["consortium.satisfaction.invitation"].search(
            [("order_id", "=", order.id)]
        )

    def answer(self, order, answers=None, **values):
        answers = answers or YES
        invitation = self.invitation(order).with_user(self.signatory)
        return invitation._answer(dict(answers), **values)

    def entries(self):
        return self.env["survey.user_input"].search(
            [("satisfaction_month", "!=", False)]
        )

    def report(self, **domain):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["consortium.satisfaction.report"].search(
            [(name, "=", value) for name, value in domain.items()]
        )

    # Closing

    def test_closing_asks(self):
        order = self.closed()
        self.assertEqual(order.agreement_state, "closed")
        self.assertEqual(order.closed_on, self.today)
        self.assertEqual(order.project_id.task_ids.state, "1_done")
        invitation = self.invitation(order)
        self.assertEqual(invitation.expertise_id, self.law)
        self.assertIn(
            self.person,
            order.message_ids.partner_ids,
        )

    def test_one_question_a_field(self):
        order = self.proposed(options=(60,))
        order.order_line.filtered("is_agreement_option")._choose_option(True)
        self.sign(order)
        order.with_user(self.manager).action_countersign()
        order.with_user(self.coordinator)._close("<p>Fini</p>")
        self.assertEqual(self.invitation(order).expertise_id, self.law | self.finance)
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self.invitation(order)[0].copy()

    def test_closed_once(self):
        order = self.closed()
        with self.assertRaisesRegex(UserError, "running"):
            order.with_user(self.coordinator)._close("<p>Encore</p>")

    def test_not_closed_with_an_amendment_on_its_way(self):
        order = self.running()
        self.env["consortium.agreement.version"].create({"order_id": order.id})
        with self.assertRaisesRegex(UserError, "on its way"):
            order.with_user(self.coordinator).action_close_agreement()

    def test_achievements_and_deliverables(self):
        order = self.running()
        deliverable = (
            self.env["ir.attachment"]
            .with_user(self.coordinator)
            .create({"name": "charte.txt", "raw": b"charte"})
        )
        wizard = (
            self.env["consortium.agreement.close"]
            .with_user(self.coordinator)
            .create(
                {
                    "order_id": order.id,
                    "note": "<p>Bien</p>",
                    "deliverable_ids": [(4, deliverable.id)],
                    "line_ids": [
                        (
                            0,
                            0,
                            {
                                "name": "Charte de gouvernance",
                                "summary": "<p>Modèle éprouvé</p>",
                                "expertise_id": self.law.id,
                                "is_shareable": True,
                            },
                        )
                    ],
                }
            )
        )
        wizard.action_close()
        achievement = order.achievement_ids
        self.assertEqual(achievement.name, "Charte de gouvernance")
        found = (
            self.env["consortium.achievement"]
            .with_user(self.expert_user)
            .search([("summary_text", "ilike", "modele eprouve")])
        )
        self.assertEqual(found, achievement)
        self.assertFalse(achievement.organization_name, "anonymised")
        self.login(self.signatory)
        page = self.url_open(f"/my/agreements/{order.id}").text
        self.assertIn("charte.txt", page)
        self.assertIn("Bien", page)
        path = f"/my/agreements/{order.id}/files/{deliverable.id}"
        self.assertEqual(self.url_open(path).content, b"charte")
        other = self.env["ir.attachment"].create(
            {"name": "x", "raw": b"x", "res_model": "sale.order", "res_id": order.id}
        )
        forged = f"/my/agreements/{order.id}/files/{other.id}"
        self.assertEqual(self.url_open(forged).status_code, 404)
        self.login(self.other_signatory)
        self.assertEqual(self.url_open(path).status_code, 404)
        answer = self.url_open(f"/web/content/{deliverable.id}")
        self.assertEqual(answer.status_code, 404)

    def test_achievements_by_role(self):
        mine, kept = (
            self.env["consortium.achievement"]
            .with_user(self.expert_user)
            .create(
                [
                    {
                        "name": "Partagée",
                        "expertise_id": self.law.id,
                        "is_shareable": True,
                    },
                    {"name": "Gardée", "expertise_id": self.law.id},
                ]
            )
        )
        other = self.env["res.users"].create(
            {
                "name": "Autre",
                "login": "autre_expert",
                "group_ids": [(4, self.env.ref("consortium_base.group_expert").id)],
            }
        )
        both = mine | kept
        self.assertEqual(both.with_user(other)._filtered_access("read"), mine)
        self.assertFalse(both.with_user(other)._filtered_access("write"))
        self.assertEqual(
            both.with_user(self.coordinator)._filtered_access("write"), both
        )
        self.assertEqual(
            both.with_user(self.employee("auditor"))._filtered_access("read"), both
        )

    # Answers

    def test_answered_once(self):
        order = self.closed()
        entry = self.answer(order, comments="Merci")
        self.assertEqual(entry.satisfaction_yes, 3)
        self.assertEqual(entry.satisfaction_agreement_id, order)
        self.assertEqual(entry.partner_id, self.person)
        self.assertEqual(len(entry.user_input_line_ids), 4)
        with self.assertRaisesRegex(UserError, "already answered"):
            self.answer(order)

    def test_who_answers(self):
        """Whoever acts for the member or for who is served; reading, or paying for, the
        agreement is not enough."""
        third = self.env["res.partner"].create(
            {"name": "Fonds Cigale", "is_company": True}
        )
        payer = self.env["res.partner"].create(
            {"name": "Paul Payeur", "email": "paul@cigale.example"}
        )
        self.mandate(payer, third, scope_billing=True)
        payer = self.user_of(payer)
        payer.password = payer.login
        order = self.closed(
            partner_invoice_id=third.id, beneficiary_id=self.organization_b.id
        )
        invitation = self.invitation(order)
        path = f"/my/satisfaction/{invitation.id}"
        auditor = self.employee("auditor")
        auditor.password = auditor.login
        self.coordinator.password = self.coordinator.login
        for user in (payer, self.coordinator, auditor, self.manager, self.expert_user):
            with self.assertRaises(AccessError):
                invitation.with_user(user).sudo()._answer(dict(YES))
        for user in (payer, self.coordinator, auditor):
            self.login(user)
            self.assertEqual(self.url_open(path).status_code, 404, user.login)
        self.assertTrue(order.with_user(payer)._filtered_access("read"))
        self.assertFalse(invitation.with_user(payer)._filtered_access("read"))
        self.assertEqual(invitation.state, "sent")
        self.login(self.other_signatory)
        self.assertEqual(self.url_open(path).status_code, 200)
        invitation.with_user(self.other_signatory)._answer(dict(YES))
        self.assertEqual(invitation.state, "answered")

    def test_a_mandate_to_pay_does_not_answer(self):
        order = self.closed()
        self.sign_mandate.write({"scope_sign": False, "scope_request": False})
        self.env.cr.cache.clear()
        self.env.invalidate_all()
        self.assertTrue(order.with_user(self.signatory)._filtered_access("read"))
        with self.assertRaises(AccessError):
            self.invitation(order).with_user(self.signatory)._answer(dict(YES))

    def test_every_statement_is_answered(self):
        order = self.closed()
        with self.assertRaisesRegex(UserError, "yes or no"):
            self.answer(order, {"recommend": True, "results": False})
        self.assertEqual(self.invitation(order).state, "sent")

    def test_anonymous_keeps_nothing_that_tells_who(self):
        order = self.closed()
        entry = self.answer(order, comments="Franc", anonymous=True)
        self.assertFalse(entry.satisfaction_agreement_id)
        self.assertFalse(entry.partner_id)
        self.assertFalse(entry.email)
        self.assertFalse(entry.nickname)
        self.env.flush_all()
        for table, column in (
            ("survey_user_input", "id"),
            ("survey_user_input_line", "user_input_id"),
        ):
            self.env.cr.execute(
                f"SELECT create_uid, write_uid, create_date, write_date FROM {table} "  # noqa: S608
                f"WHERE {column} = %s",
                (entry.id,),
            )
            for created_by, written_by, created, written in self.env.cr.fetchall():
                self.assertNotIn(self.signatory.id, (created_by, written_by))
                self.assertEqual((created.day, created.hour), (1, 0))
                self.assertEqual((written.day, written.hour), (1, 0))
        invitation = self.invitation(order)
        self.assertEqual(invitation.state, "answered")
        self.assertNotIn("write_date", invitation._fields)

    def test_a_low_answer_raises_an_activity(self):
        order = self.closed()
        self.answer(order, {**YES, "results": False})
        self.assertEqual(order.activity_ids.user_id, self.coordinator)

    def test_an_anonymous_low_answer_does_not_name_the_agreement(self):
        self.law.manager_id = self.manager
        order = self.closed()
        self.answer(order, {**YES, "results": False}, anonymous=True)
        self.assertFalse(order.activity_ids)
        activity = self.law.activity_ids
        self.assertEqual(activity.user_id, self.manager)
        self.assertNotIn(order.name, f"{activity.summary} {activity.note}")

    def test_reminded_once_then_over(self):
        order = self.closed()
        invitation = self.invitation(order)
        invitation.sent_on = self.day(-10)
        count = len(order.message_ids)
        self.remind()
        self.assertTrue(invitation.reminded)
        self.remind()
        self.assertEqual(len(order.message_ids), count + 1)
        invitation.sent_on = self.day(-61)
        with self.assertRaisesRegex(UserError, "time to answer is over"):
            self.answer(order)
        self.remind()
        self.assertEqual(invitation.state, "expired")

    def remind(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "consortium_services.ir_cron_satisfaction"
            ).method_direct_trigger()
        self.env.invalidate_all()

    # Results

    def record(self, count, month="2019-05-01", yes=3, expertise=None):
        survey = self.env.ref("consortium_services.survey_satisfaction")
        self.env["survey.user_input"].create(
            [
                {
                    "survey_id": survey.id,
                    "state": "done",
                    "satisfaction_month": month,
                    "satisfaction_expertise_id": (expertise or self.law).id,
                    "satisfaction_company_id": self.env.company.id,
                    "satisfaction_yes": yes,
                    "satisfaction_recommend": yes > 0,
                    "satisfaction_results": yes > 1,
                    "satisfaction_continue": yes > 2,
                }
                for _number in range(count)
            ]
        )

    def test_fewer_than_five_tell_nothing(self):
        self.record(ENOUGH - 1)
        self.assertFalse(self.report(key_name=self.law.name))
        self.record(1, yes=1)
        row = self.report(key_name=self.law.name)
        self.assertEqual((row.answers, row.satisfied), (5, 4))
        self.assertAlmostEqual(row.satisfied_percent, 80)
        self.assertAlmostEqual(row.recommend_percent, 100)

    def test_by_field_month_and_year(self):
        self.record(5)
        self.record(4, "2019-06-01", expertise=self.finance)
        self.assertFalse(self.report(key_name=self.finance.name))
        self.assertEqual(self.report(dimension="year").answers, 9)
        # The four others would be the nine less these five.
        self.assertFalse(self.report(key_name=self.law.name))
        self.assertFalse(self.report(dimension="month"))
        self.record(1, "2019-06-01", expertise=self.finance)
        self.assertEqual(
            self.report(dimension="month").mapped("key_name"), ["2019-05", "2019-06"]
        )
        self.assertEqual(len(self.report(dimension="field")), 2)

    def test_nothing_comes_out_by_subtraction(self):
        third, fourth = self.env["consortium.expertise"].create(
            [{"name": f"Champ {n}", "code": f"T-{n}"} for n in (3, 4)]
        )
        self.record(3)
        self.record(7, expertise=self.finance)
        self.record(9, expertise=third)
        self.assertEqual(self.report(dimension="field").key_name, third.name)
        self.record(2, expertise=fourth)
        # Three and two are five: nobody is alone in what is not shown.
        self.assertEqual(
            set(self.report(dimension="field").mapped("key_name")),
            {self.finance.name, third.name},
        )
        # Nobody knows the kind of any of them: nothing is shown, nothing comes out.
        self.assertFalse(self.report(dimension="kind"))

    def test_who_reads_answers(self):
        self.record(5)
        report = self.env["consortium.satisfaction.report"]
        self.assertTrue(report.with_user(self.coordinator).search([]))
        for user in (self.coordinator, self.manager, self.expert_user, self.signatory):
            self.assertFalse(
                self.env["survey.user_input"].with_user(user).has_access("read")
            )
        self.assertFalse(report.with_user(self.signatory).has_access("read"))

    # The page

    def login(self, user):
        self.authenticate(user.login, user.login)

    def post(self, path, **data):
        page = self.url_open(path).text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)
        return self.url_open(f"{path}/answer", data={"csrf_token": token, **data})

    def test_page(self):
        order = self.closed()
        path = f"/my/satisfaction/{self.invitation(order).id}"
        self.login(self.signatory)
        self.assertIn(path, self.url_open(f"/my/agreements/{order.id}").text)
        answer = self.post(path, recommend="yes", comments="Presque <b>tout</b>")
        self.assertIn("o_satisfaction_error", answer.text)
        self.assertIn("Presque &lt;b&gt;tout", answer.text)
        answer = self.post(
            path, **{"recommend": "yes", "results": "yes", "continue": "no"}
        )
        self.assertIn("o_satisfaction_thanks", answer.text)
        self.assertEqual(self.entries()[-1:].satisfaction_yes, 2)
        self.assertNotIn(path, self.url_open(f"/my/agreements/{order.id}").text)
