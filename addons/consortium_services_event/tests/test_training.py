import re
from unittest.mock import patch

from odoo import fields
from odoo.addons.consortium_base.tests.common import GovernanceCommon
from odoo.addons.consortium_services.tests.common_requests import serve_everybody
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestTraining(GovernanceCommon, HttpCase):
    """Aline, of Alizé, may request; two trainings, one of which is for staff."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "lang": "en_US"})
        serve_everybody(cls)
        cls.field = cls.env["consortium.expertise"].create(
            {"code": "TFORM", "name": "Formation d'essai", "kind": "training"}
        )
        now = fields.Datetime.now()
        cls.training, cls.internal = cls.env["event.event"].create(
            [
                {
                    "name": "Lire un bilan",
                    "is_training": True,
                    "expertise_id": cls.field.id,
                    "date_begin": fields.Datetime.add(now, days=5),
                    "date_end": fields.Datetime.add(now, days=5, hours=3),
                    "seats_limited": True,
                    "seats_max": 3,
                },
                {
                    "name": "Réunion interne",
                    "date_begin": fields.Datetime.add(now, days=5),
                    "date_end": fields.Datetime.add(now, days=5, hours=3),
                },
            ]
        )
        cls.mandate_a = cls.mandate(scope_request=True)
        cls.aline = cls.user_of(cls.person)
        cls.aline.password = cls.aline.login
        cls.coordinator = new_test_user(
            cls.env,
            "training_coordinator",
            groups="consortium_base.group_coordinator",
            lang="en_US",
        )

    def register(self, *people):
        return (
            self.training.with_user(self.aline)
            .with_context(lang="en_US")
            ._register_from_portal(self.organization_a, list(people))
        )

    def past(self):
        now = fields.Datetime.now()
        self.training.write(
            {
                "date_begin": fields.Datetime.subtract(now, days=2, hours=3),
                "date_end": fields.Datetime.subtract(now, days=2),
            }
        )

    def prepared(self):
        project = self.env["project.project"].create(
            {"name": "Formations", "allow_timesheets": True}
        )
        self.training.task_id = self.env["project.task"].create(
            {"name": "Bilan", "project_id": project.id}
        )
        self.training.trainer_ids = self.env["hr.employee"].create(
            [{"name": "Formatrice"}, {"name": "Formateur"}]
        )

    # Registration

    def test_registered_once(self):
        self.register(("Bob", "bob@alize.example"), ("", ""))
        self.register(("Bob", "BOB@alize.example"))
        self.assertEqual(self.training.registration_ids.mapped("name"), ["Bob"])
        self.assertEqual(self.training.registration_ids.partner_id, self.organization_a)

    def test_confirmed_by_the_queue(self):
        """Core sends at once and commits: amid a registration it would fail, and people
        would wait for the mail server."""
        job = self.env.ref("event.event_mail_scheduler")
        triggers = self.env["ir.cron.trigger"]
        mine = [("cron_id", "=", job.id)]
        before = triggers.search_count(mine)
        mail = self.env.registry["event.mail"]
        with patch.object(mail, "execute") as sent:
            seat = self.register(("Bob", "bob@alize.example"))
        sent.assert_not_called()
        self.assertEqual(seat.state, "open")
        self.assertTrue(self.training.event_mail_ids)
        self.assertGreater(triggers.search_count(mine), before)

    def test_no_more_places_than_there_are(self):
        self.register(("A", "a@x.example"), ("B", "b@x.example"))
        with self.assertRaisesRegex(UserError, "Only 1 places"):
            self.register(("C", "c@x.example"), ("D", "d@x.example"))
        self.register(("C", "c@x.example"))
        with self.assertRaises(UserError):
            self.register(("D", "d@x.example"))
        self.assertEqual(len(self.training.registration_ids), 3)

    def test_bad_input(self):
        with self.assertRaisesRegex(UserError, "at least one person"):
            self.register(("", " "))
        with self.assertRaisesRegex(UserError, "Bob"):
            self.register(("Bob", "pas une adresse"))
        with self.assertRaisesRegex(UserError, "At most 20"):
            self.register(*[(f"P{n}", f"p{n}@x.example") for n in range(30)])
        self.assertFalse(self.training.registration_ids)

    def test_who_is_not_served_does_not_register(self):
        """A mandate may outlive what the organization is served by."""
        partners = self.env.registry["res.partner"]
        with patch.object(
            partners, "_why_not_served", lambda self, date: f"{self.name}, {date}: non"
        ):
            with self.assertRaisesRegex(UserError, f"Alizé, {self.today}: non"):
                self.register(("Bob", "bob@alize.example"))
            self.authenticate(self.aline.login, self.aline.login)
            answer = self.post(name="Bob", email="bob@alize.example")
            self.assertEqual(answer.status_code, 422)
            self.assertIn("o_training_error", answer.text)
        self.assertFalse(self.training.registration_ids)

    def test_the_one_for_staff_is_not_registered_for(self):
        with self.assertRaises(AccessError):
            self.internal.with_user(self.aline)._register_from_portal(
                self.organization_a, [("Bob", "bob@x.example")]
            )

    # Hours

    def test_hours_of_each_trainer_once(self):
        self.prepared()
        with self.assertRaisesRegex(UserError, "still to come"):
            self.training.with_user(self.coordinator).action_enter_hours()
        self.past()
        training = self.training.with_user(self.coordinator)
        training.action_enter_hours()
        training.action_enter_hours()
        lines = self.training.task_id.timesheet_ids
        self.assertEqual(lines.mapped("unit_amount"), [3.0, 3.0])
        self.assertEqual(lines.employee_id, self.training.trainer_ids)
        self.assertTrue(self.training.hours_entered_on)

    def test_hours_are_of_the_day_where_it_is_held(self):
        self.prepared()
        self.training.write(
            {
                "date_tz": "America/Toronto",
                # An evening of June; the next day in UTC, and the next fiscal year.
                "date_begin": "2019-07-01 00:00:00",
                "date_end": "2019-07-01 02:00:00",
            }
        )
        self.training.with_user(self.coordinator).action_enter_hours()
        dates = set(self.training.task_id.timesheet_ids.mapped("date"))
        self.assertEqual({str(date) for date in dates}, {"2019-06-30"})

    def test_hours_need_trainers_and_a_task(self):
        self.past()
        with self.assertRaisesRegex(UserError, "Choose the trainers"):
            self.training.with_user(self.coordinator).action_enter_hours()

    # The portal

    def test_a_cancelled_training_is_not_shown(self):
        self.authenticate(self.aline.login, self.aline.login)
        self.assertIn("Lire un bilan", self.url_open("/my/trainings").text)
        self.training.kanban_state = "cancel"
        self.assertNotIn("Lire un bilan", self.url_open("/my/trainings").text)
        page = self.url_open(f"/my/trainings/{self.training.id}")
        self.assertEqual(page.status_code, 404)

    # Who reads what

    def test_a_representative_reads_trainings_and_its_registrations(self):
        seats = self.env["event.registration"].create(
            [
                {"event_id": self.training.id, "partner_id": partner.id, "name": "X"}
                for partner in (self.organization_a, self.organization_b)
            ]
        )
        events = self.training + self.internal
        self.assertEqual(
            events.with_user(self.aline)._filtered_access("read"), self.training
        )
        self.assertEqual(seats.with_user(self.aline)._filtered_access("read"), seats[0])
        with self.assertRaises(AccessError):
            self.training.with_user(self.aline).read(["registration_ids"])
        with self.assertRaises(AccessError):
            seats[0].with_user(self.aline).write({"name": "Y"})

    def test_a_contact_without_a_mandate_reads_none(self):
        contact = self.env["res.partner"].create({"name": "Bruno"})
        user = self.portal_user("bruno-training", contact)
        self.assertFalse(self.training.with_user(user)._filtered_access("read"))
        self.authenticate(user.login, user.login)
        self.assertEqual(self.url_open("/my/trainings").status_code, 404)

    def test_the_auditor_reads(self):
        auditor = new_test_user(
            self.env, "training_auditor", groups="consortium_base.group_auditor"
        )
        self.assertEqual(self.training.with_user(auditor).name, "Lire un bilan")
        with self.assertRaises(AccessError):
            self.training.with_user(auditor).action_enter_hours()

    # Portal

    def post(self, **values):
        path = f"/my/trainings/{self.training.id}"
        page = self.url_open(path).text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)
        return self.url_open(f"{path}/register", data={"csrf_token": token, **values})

    def test_pages(self):
        self.authenticate(self.aline.login, self.aline.login)
        page = self.url_open("/my/trainings").text
        self.assertIn("Lire un bilan", page)
        self.assertNotIn("Réunion interne", page)
        answer = self.url_open(f"/my/trainings/{self.internal.id}")
        self.assertEqual(answer.status_code, 404)

    def test_register_in_the_portal(self):
        self.env["event.registration"].create(
            {
                "event_id": self.training.id,
                "partner_id": self.organization_b.id,
                "name": "Secret de Boréale",
            }
        )
        self.authenticate(self.aline.login, self.aline.login)
        answer = self.post(name=["Bob", ""], email=["bob@alize.example", ""])
        self.assertIn("o_registered", answer.text)
        self.assertIn("bob@alize.example", answer.text)
        self.assertNotIn("Secret de Boréale", answer.text)
        answer = self.post(name="<script>alert(1)</script>", email="")
        self.assertEqual(answer.status_code, 422)
        self.assertIn("o_training_error", answer.text)
        self.assertNotIn("<script>alert(1)", answer.text)

    def cancel(self, seat):
        path = f"/my/trainings/{self.training.id}"
        token = re.search(
            r'name="csrf_token" value="([^"]+)"', self.url_open(path).text
        ).group(1)
        return self.url_open(
            f"{path}/registrations/{seat.id}/cancel", data={"csrf_token": token}
        )

    def test_cancelled_in_the_portal_once(self):
        self.register(("Bob", "bob@alize.example"), ("Zoé", "zoe@alize.example"))
        seats = self.training.registration_ids.sorted("name")
        self.authenticate(self.aline.login, self.aline.login)
        page = self.url_open(f"/my/trainings/{self.training.id}").text
        self.assertEqual(page.count("o_cancel_registration"), 2)
        self.assertIn("o_cancelled", self.cancel(seats[0]).text)
        self.cancel(seats[0])
        self.assertEqual(seats.mapped("state"), ["cancel", "open"])
        told = self.training.message_ids.filtered(lambda m: "Bob" in (m.body or ""))
        self.assertEqual(len(told), 1)
        self.assertEqual(self.training.seats_available, 2)
        self.register(("Bob", "bob@alize.example"))
        self.assertEqual(len(self.training.registration_ids), 3)

    def test_the_registration_of_another_is_not_found(self):
        seat = self.env["event.registration"].create(
            {
                "event_id": self.training.id,
                "partner_id": self.organization_b.id,
                "name": "Secret de Boréale",
            }
        )
        self.authenticate(self.aline.login, self.aline.login)
        self.assertEqual(self.cancel(seat).status_code, 404)
        self.assertEqual(seat.state, "open")

    def test_what_has_begun_is_not_cancelled_in_the_portal(self):
        seat = self.register(("Bob", "bob@alize.example"))
        now = fields.Datetime.now()
        self.training.date_begin = fields.Datetime.subtract(now, hours=1)
        self.authenticate(self.aline.login, self.aline.login)
        page = self.url_open(f"/my/trainings/{self.training.id}").text
        self.assertNotIn("o_cancel_registration", page)
        self.assertEqual(self.cancel(seat).status_code, 422)
        self.assertEqual(seat.state, "open")

    def test_registering_asks_for_the_mandate_to_request(self):
        self.mandate_a.write({"scope_request": False, "scope_billing": True})
        self.authenticate(self.aline.login, self.aline.login)
        page = self.url_open(f"/my/trainings/{self.training.id}").text
        self.assertIn("Lire un bilan", page)
        self.assertNotIn("o_register_form", page)

    def test_queries_do_not_grow_with_the_trainings(self):
        self.authenticate(self.aline.login, self.aline.login)

        def queries():
            self.env.flush_all()
            self.url_open("/my/trainings")
            before = self.cr.sql_log_count
            self.url_open("/my/trainings")
            return self.cr.sql_log_count - before

        few = queries()
        for number in range(20):
            self.training.copy({"name": f"Formation {number}"})
        self.assertLessEqual(queries(), few)
        self.assertLessEqual(few, 40)

    def test_its_form_opens(self):
        """A form shows all of the event, its questions, too."""
        for group in ("expert", "coordinator", "auditor"):
            user = self.employee(group)
            with self.subTest(group):
                form = Form(self.training.with_user(user), view="event.view_event_form")
                self.assertEqual(form.name, self.training.name)
